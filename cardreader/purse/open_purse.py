"""Opening the purse on a card that is in the field, and what is found there."""

from msgspec import Struct

from cardreader.desfire.desfire import Desfire
from cardreader.desfire.handshake import Random
from cardreader.desfire.status import CardSaidNo, Status
from cardreader.identity import card_uid
from cardreader.keys import UNSET_VERSION, KeyRing, Role
from cardreader.protocols import Card
from cardreader.purse.layout import (
    APPLICATION,
    KEY_NUMBERS,
    LOG_RECORDS,
    VALUE_FILE,
    PurseRecord,
    read_log,
)
from vouchers.errors import Reason, Refused
from vouchers.money import Money


class PurseView(Struct, frozen=True):
    """A purse as it stands: what may be spent, and its last movements, newest first."""

    uid: str
    balance: Money
    counter: int
    records: list[PurseRecord]


class OpenPurse:
    """A purse under an authenticated session; `newest` is the last movement it took part in."""

    def __init__(self, desfire: Desfire, uid: bytes, balance: int, newest: PurseRecord) -> None:
        self.desfire = desfire
        self.uid = uid.hex()
        self.newest = newest
        self.balance = Money(balance, newest.amount.currency)

    def log(self) -> list[PurseRecord]:
        """All the movements the card remembers, newest first."""
        return read_log(self.desfire, min(LOG_RECORDS, self.newest.counter + 1))

    def view(self) -> PurseView:
        """With all its records."""
        return PurseView(self.uid, self.balance, self.newest.counter, self.log())


def open_purse(card: Card, ring: KeyRing, role: Role, random: Random) -> OpenPurse:
    """Open the purse under the card's key for `role`.

    Raises Refused when it is not a finished purse of this venue, or when its value and its log
    contradict each other; NoAnswer when the card is gone. Nothing is changed.
    """
    uid = card_uid(card)
    desfire = Desfire(card, random=random)
    _enter(desfire, uid, ring, role)
    if desfire.real_uid() != uid:
        raise Refused(Reason.NOT_ALLOWED, "card_foreign")
    newest = _newest(desfire)
    balance = desfire.value(VALUE_FILE)
    if newest.balance_after.minor != balance:
        raise Refused(Reason.NOT_ALLOWED, "card_contradicts_itself", uid=uid.hex())
    return OpenPurse(desfire, uid, balance, newest)


def _enter(desfire: Desfire, uid: bytes, ring: KeyRing, role: Role) -> None:
    number = KEY_NUMBERS[role]
    try:
        desfire.select(APPLICATION)
        version = desfire.key_version(number)
    except CardSaidNo as no:
        raise Refused(Reason.NOT_ALLOWED, "card_not_a_purse") from no
    if version == UNSET_VERSION:
        raise Refused(Reason.NOT_ALLOWED, "card_unfinished")
    try:
        desfire.authenticate(number, ring.key(role, uid, APPLICATION, version))
    except CardSaidNo as no:
        raise Refused(Reason.NOT_ALLOWED, "card_foreign") from no


def _newest(desfire: Desfire) -> PurseRecord:
    try:
        return read_log(desfire, 1)[0]
    except CardSaidNo as no:
        if no.status == Status.BOUNDARY:  # the first record is the last step of making a card
            raise Refused(Reason.NOT_ALLOWED, "card_unfinished") from no
        raise
