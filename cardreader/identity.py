"""Who a card says it is."""

from cardreader.desfire.desfire import UID_BYTES, Desfire
from cardreader.errors import NoAnswer
from cardreader.protocols import Card
from vouchers.errors import Reason, Refused

GET_UID = bytes.fromhex("FFCA000000")
"""Answered by the reader itself (PC/SC part 3, section 3.2.2.1.3)."""

_RANDOM_FIRST_BYTE = 0x08  # ISO/IEC 14443-3: a UID made anew at every power-up
_OK = b"\x90\x00"


def card_uid(card: Card) -> bytes:
    """The UID the card shows; anybody can imitate one. Raises Refused for a random UID.

    Readers that do not answer for the card are passed over by asking the card (GetVersion).
    """
    answer = card.transmit(GET_UID)
    uid = answer[:-2] if answer[-2:] == _OK else Desfire(card).version().uid
    if not any(uid) or (len(uid) != UID_BYTES and uid[0] == _RANDOM_FIRST_BYTE):
        raise Refused(Reason.NOT_ALLOWED, "card_uid_random")
    if len(uid) < 4:
        raise NoAnswer("uid")
    return uid
