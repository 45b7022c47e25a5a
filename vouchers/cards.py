"""Cards as voucher accounts: which account belongs to which card, the same at every till.

A card's UID takes the place of a code. Its digest is keyed like a code's, under a prefix that
nobody can type, so that a UID written on paper never passes for the card. Cards that prove who
they are and bare UIDs have prefixes of their own: a copied UID never passes for the card it was
copied from.
"""

import hashlib
import hmac

from vouchers.codes import ALPHABET, voucher_id_of
from vouchers.money import Money
from vouchers.voucher import KeyLink, Voucher, VoucherKind

PURSE_PRODUCT, KEY_PRODUCT = "purse-card", "key-card"
LINKS_MAX = 1_000
"""How often one card can be tied to accounts in its life."""

_PREFIX, _KEY_PREFIX, _UID_PREFIX = b"card\x00", b"key\x00", b"uid\x00"
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


def key_digest(key: bytes, uid: str, place: int, *, proven: bool) -> str:
    """What stands for the link number `place` of a key card where a code's digest stands."""
    prefix = (_KEY_PREFIX if proven else _UID_PREFIX) + place.to_bytes(2, "big")
    return hmac.new(key, prefix + bytes.fromhex(uid), hashlib.sha256).hexdigest()


def key_terms(key: bytes, uid: str, link: KeyLink, currency: str, title: str) -> Voucher:
    """The terms of a link; all links of a card bear the same four signs."""
    digest = key_digest(key, uid, link.place, proven=link.proven)
    nothing = Money.zero(currency)
    return Voucher(
        voucher_id=voucher_id_of(digest),
        kind=VoucherKind.VALUE,
        code_digest=digest,
        last4=card_name(key_digest(key, uid, 0, proven=link.proven)),
        product_id=KEY_PRODUCT,
        title=title,
        price=nothing,
        value=nothing,
        key_card=link,
    )
