"""Voucher codes: 15 random signs and a check sign, shown XXXX-XXXX-XXXX-XXXX.

The alphabet has 31 signs (a prime, no 0 O 1 I L); the check sign catches every substitution,
every swap of any two places and every twin error (docs/decisions/0003-voucher-codes.md).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from vouchers.errors import Reason, Refused
from vouchers.scans import FRENCH_DIGITS, Layout, as_arriving, readings, unwrapped

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM_SIGNS = 15
CODE_SIGNS = RANDOM_SIGNS + 1
NEVER_USED = frozenset("0O1IL")
FOREIGN_SIGNS_MIN, FOREIGN_SIGNS_MAX = 6, 40
UNWANTED_WORDS = (
    *("ARSCH", "FUCK", "FCK", "NAZ", "SHT", "SEX", "HURE", "SAU", "TWAT", "CUNT", "DEPP", "WANK"),
    *("SS88", "HH88"),
)

_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_IGNORED = str.maketrans("", "", " -\t\u00a0\u2010\u2011\u2013")


@dataclass(frozen=True, slots=True, repr=False)
class VoucherCode:
    """A code as it stands on a voucher: money in clear, so it never shows in a log.

    `layout` tells that it was read through a scanner that does not know the layout of the machine,
    and put right.
    """

    text: str
    layout: Layout | None = None

    @property
    def last4(self) -> str:
        """The part that may be kept and shown."""
        return self.text[-4:]

    @property
    def grouped(self) -> str:
        """As printed: in groups of four. Codes of other systems stay as they are."""
        if not is_own(self.text):
            return self.text
        return "-".join(self.text[i : i + 4] for i in range(0, CODE_SIGNS, 4))

    def __repr__(self) -> str:
        return f"VoucherCode(…{self.last4})"

    __str__ = __repr__


def check_sign(signs: str) -> str:
    """The check sign for `signs`: p = (p + v) * 3 mod 31 over all, then -p mod 31."""
    p = 0
    for sign in signs:
        p = (p + _VALUE[sign]) * 3 % len(ALPHABET)
    return ALPHABET[-p % len(ALPHABET)]


def new_code() -> VoucherCode:
    """A code nobody has seen before (74 random bits) and nobody minds reading aloud."""
    while True:
        signs = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SIGNS))
        text = signs + check_sign(signs)
        if not _ambiguous(text) and not any(word in text for word in UNWANTED_WORDS):
            return VoucherCode(text)


def _ambiguous(text: str) -> bool:
    """Whether a scanner on a foreign layout would turn `text` into another complete code."""
    arriving = {as_arriving(text, layout) for layout in Layout}
    return any(other != text and is_own(other) for other in arriving)


def is_own(text: str) -> bool:
    """Whether `text` is a complete code of ours, check sign and all."""
    return (
        len(text) == CODE_SIGNS
        and all(sign in _VALUE for sign in text)
        and check_sign(text[:-1]) == text[-1]
    )


def parse_code(typed: str, *, foreign: bool = False) -> VoucherCode:
    """Read a typed or scanned code; forgives case, blanks and hyphens, what scanners put around
    it and the layouts they do not know (see scans), and guesses nothing else.

    With `foreign`, codes of other systems (6 to 40 printable characters) pass as they are.
    Raises Refused (mistyped) that names the kind of mistake.
    """
    for reading, layout in readings(typed):
        text = reading.translate(_IGNORED)
        if is_own(text):
            return VoucherCode(text, layout)
    plain = unwrapped(typed)
    if foreign and FOREIGN_SIGNS_MIN <= len(plain) <= FOREIGN_SIGNS_MAX:
        return _foreign(plain)
    text = plain.translate(_IGNORED).upper()
    raise Refused(Reason.MISTYPED, _mistake(text), signs=len(text), wanted=CODE_SIGNS)


def code_digest(key: bytes, code: VoucherCode) -> str:
    """What is kept of a code: HMAC-SHA256 under the organisation's key, in hexadecimal."""
    return hmac.new(key, code.text.encode(), hashlib.sha256).hexdigest()


def voucher_id_of(digest: str) -> UUID:
    """The id of the voucher with that code digest: the first 16 bytes as a UUIDv8 (RFC 9562).

    So every till of an organisation knows the id of a code it has never heard of, and what it
    books on it meets the voucher's own account.
    """
    return UUID(int=int(digest[:32], 16) & ~(0xF << 76 | 3 << 62) | 8 << 76 | 2 << 62)


def _foreign(text: str) -> VoucherCode:
    if not text.isprintable():
        raise Refused(Reason.MISTYPED, "mistyped_signs")
    return VoucherCode(text)


def _mistake(text: str) -> str:
    if FRENCH_DIGITS & set(text):
        return "mistyped_french"
    if NEVER_USED & set(text):
        return "mistyped_never_used"
    if any(sign not in _VALUE for sign in text):
        return "mistyped_signs"
    if len(text) != CODE_SIGNS:
        return "mistyped_length"
    return "mistyped_check"
