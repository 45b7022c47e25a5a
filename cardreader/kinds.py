"""The kinds of card the till treats differently."""

from enum import StrEnum


class CardKind(StrEnum):
    """Kinds of card as far as the till treats them differently."""

    PURSE = "purse"
    DESFIRE_KEY = "desfire_key"
    DESFIRE = "desfire"
    NTAG_424 = "ntag_424"
    CLASSIC = "classic"
    PLUS = "plus"
    ULTRALIGHT = "ultralight"
    BANK = "bank"
    UNKNOWN = "unknown"
