"""Cards as voucher accounts: which account belongs to which card, the same at every till.

A card's UID takes the place of a code. Its digest is keyed like a code's, under a prefix that
nobody can type, so that a UID written on paper never passes for the card.
"""

import hashlib
import hmac

from vouchers.codes import ALPHABET, voucher_id_of
from vouchers.money import Money
from vouchers.voucher import Voucher, VoucherKind

PURSE_PRODUCT = "purse-card"
_PREFIX = b"card\x00"
_SIGNS = 4


def card_digest(key: bytes, uid: str) -> str:
    """What stands for a card (its UID in hexadecimal) where a code's digest stands."""
    return hmac.new(key, _PREFIX + bytes.fromhex(uid), hashlib.sha256).hexdigest()


def card_name(digest: str) -> str:
    """Four signs to tell a card by on screen and paper; they say nothing of its UID."""
    number = int(digest[32:], 16)
    signs = ""
    for _ in range(_SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    return signs


def card_terms(key: bytes, uid: str, currency: str, title: str) -> Voucher:
    """The terms of a card's account; any till may issue them, they are always the same.

    It is worth nothing by itself: all its value comes with later entries.
    """
    digest = card_digest(key, uid)
    nothing = Money.zero(currency)
    return Voucher(
        voucher_id=voucher_id_of(digest),
        kind=VoucherKind.VALUE,
        code_digest=digest,
        last4=card_name(digest),
        product_id=PURSE_PRODUCT,
        title=title,
        price=nothing,
        value=nothing,
    )
