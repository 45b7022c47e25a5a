"""Which slot of a reader takes a visitor's card: a contactless field, never a SAM or chip slot.

PC/SC names slots, it does not type them. The words below are those of the makers' drivers
(ACS, HID, Identiv, Springcard, Feitian); a slot that says nothing is taken for a field.
"""

import re
from enum import StrEnum


class Slot(StrEnum):
    """What kind of slot a PC/SC reader name stands for."""

    FIELD = "field"
    CONTACT = "contact"
    SAM = "sam"


_WORDS = (
    (Slot.SAM, re.compile(r"\b(SAM|SIM)\d*\b", re.IGNORECASE)),
    (Slot.FIELD, re.compile(r"\bPICC\b|contactless|\bCL\b|\d{4}CL\b|\bNFC\b", re.IGNORECASE)),
    (Slot.CONTACT, re.compile(r"\bICC\b|\bcontact\b|\bCT\b|smart ?card slot", re.IGNORECASE)),
)


def slot_of(reader: str) -> Slot:
    """The kind of slot behind a PC/SC reader name."""
    return next((slot for slot, words in _WORDS if words.search(reader)), Slot.FIELD)
