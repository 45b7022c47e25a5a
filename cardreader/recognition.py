"""What lies on the reader: told by its power-up answer and by what it says of itself."""

from contextlib import suppress

from cardreader.desfire.desfire import Desfire
from cardreader.desfire.framing import NotDesfire
from cardreader.desfire.status import CardSaidNo
from cardreader.key_cards import KEY_APPLICATION
from cardreader.kinds import CardKind
from cardreader.protocols import Card
from cardreader.purse.layout import APPLICATION as PURSE_APPLICATION

_STORAGE_HEAD = bytes.fromhex("8001804F0CA000000306")
_STORAGE_NAMES = {
    **dict.fromkeys((0x0001, 0x0002, 0x0026), CardKind.CLASSIC),
    **dict.fromkeys((0x0003, 0x003A, 0x003D), CardKind.ULTRALIGHT),  # NTAG 21x says Ultralight
    **dict.fromkeys(range(0x0036, 0x003A), CardKind.PLUS),
}
"""Card names of PC/SC part 3, supplemental document, section 2."""

_PRODUCTS = {0x01: CardKind.DESFIRE, 0x04: CardKind.NTAG_424}
"""Hardware types in GetVersion (MF2DLHX0, NT4H2421Gx)."""

_PAYMENT_DIRECTORY = bytes.fromhex("00A404000E325041592E5359532E444446303100")  # 2PAY.SYS.DDF01
_OK = b"\x90\x00"


def recognise(card: Card, atr: bytes) -> CardKind:
    """The kind of `card`, which said `atr` on power-up. Raises NoAnswer when it is gone.

    Nothing is read from a card that is not ours beyond what it tells everybody.
    """
    if atr[2:12] == _STORAGE_HEAD:
        return _STORAGE_NAMES.get(int.from_bytes(atr[13:15], "big"), CardKind.UNKNOWN)
    desfire = Desfire(card)
    kind = _product(desfire)
    if kind is CardKind.DESFIRE:
        return _use_of(desfire)
    if kind is CardKind.UNKNOWN and card.transmit(_PAYMENT_DIRECTORY)[-2:] == _OK:
        return CardKind.BANK
    return kind


def _product(desfire: Desfire) -> CardKind:
    try:
        return _PRODUCTS.get(desfire.version().product, CardKind.UNKNOWN)
    except (NotDesfire, CardSaidNo):
        return CardKind.UNKNOWN


def _use_of(desfire: Desfire) -> CardKind:
    uses = ((PURSE_APPLICATION, CardKind.PURSE), (KEY_APPLICATION, CardKind.DESFIRE_KEY))
    for application, kind in uses:
        with suppress(CardSaidNo):
            desfire.select(application)
            return kind
    return CardKind.DESFIRE
