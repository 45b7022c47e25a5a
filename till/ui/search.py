"""Finding products by what a cashier types of their names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vouchers.catalogue import Product

SIGNS_MIN = 2


def matching(products: list[Product], typed: str) -> list[Product]:
    """The products with every typed word in a title of any language; accents do not matter."""
    words = _plain(typed).split()
    if sum(map(len, words)) < SIGNS_MIN:
        return []
    return [
        product
        for product in products
        if any(all(word in _plain(title) for word in words) for title in product.title.values())
    ]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
