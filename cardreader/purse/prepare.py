"""Making a purse of a factory-blank card, and giving a purse new keys.

Both are one list of steps. Each step looks at the card first and does only what is missing, so
that a card taken away at any moment is simply prepared again: nothing but the venue's master
keys is needed to find the way back (docs/decisions/0303-preparing-cards.md).
"""

import secrets
from collections.abc import Callable
from enum import StrEnum

from cardreader.desfire.desfire import UID_BYTES, Desfire
from cardreader.desfire.handshake import Random
from cardreader.identity import card_uid
from cardreader.keys import KeyRing, Role
from cardreader.owning import Owner
from cardreader.protocols import Card
from cardreader.purse.layout import (
    APPLICATION,
    APPLICATION_SETTINGS,
    KEY_NUMBERS,
    LOG_FILE,
    LOG_PLACES,
    LOG_RIGHTS,
    RECORD_BYTES,
    VALUE_FILE,
    VALUE_MAX,
    VALUE_RIGHTS,
    PurseRecord,
)
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.money import Money


class Step(StrEnum):
    """What the progress view names, in this order."""

    RECOGNISE = "recognise"
    OWN = "own"
    APPLICATION = "application"
    FILES = "files"
    KEYS = "keys"
    FINISH = "finish"


def prepare(
    card: Card,
    ring: KeyRing,
    currency: str,
    on_step: Callable[[Step], None] = lambda _step: None,
    random: Random = secrets.token_bytes,
) -> str:
    """Bring a card to a working purse under the current keys; returns its UID.

    Takes a factory-blank card, one left half-way, one with older keys, and a finished one alike.
    A balance stays as it is. Raises Refused for a card that is neither blank nor ours, before
    anything is changed; NoAnswer when it went away: then prepare it again.
    """
    on_step(Step.RECOGNISE)
    uid = card_uid(card)
    if len(uid) != UID_BYTES:
        raise Refused(Reason.NOT_ALLOWED, "card_not_desfire")
    preparation = _Preparation(Desfire(card, random=random), uid, ring)
    on_step(Step.OWN)
    preparation.owner.own_card(APPLICATION)
    on_step(Step.APPLICATION)
    preparation.make_application()
    on_step(Step.FILES)
    preparation.make_files()
    on_step(Step.KEYS)
    preparation.change_keys()
    on_step(Step.FINISH)
    preparation.write_first_record(currency)
    return uid.hex()


class _Preparation:
    def __init__(self, desfire: Desfire, uid: bytes, ring: KeyRing) -> None:
        self._desfire = desfire
        self.owner = Owner(desfire, uid, ring)

    def make_application(self) -> None:
        """The purse's application, still under unset keys."""
        if APPLICATION not in self._desfire.application_ids():
            count = len(KEY_NUMBERS)
            self._desfire.create_application(APPLICATION, APPLICATION_SETTINGS, count)
        self._desfire.select(APPLICATION)
        version = self._desfire.key_version(0)
        self.owner.enter(Role.APPLICATION, APPLICATION, 0, version)

    def make_files(self) -> None:
        """Value and log, both without content."""
        there = self._desfire.file_ids()
        if VALUE_FILE not in there:
            self._desfire.create_value_file(VALUE_FILE, VALUE_RIGHTS, VALUE_MAX)
        if LOG_FILE not in there:
            self._desfire.create_cyclic_file(LOG_FILE, LOG_RIGHTS, RECORD_BYTES, LOG_PLACES)

    def change_keys(self) -> None:
        """All to the current set, the application's own last: it is what changes the others."""
        for role in (Role.LOAD, Role.DEBIT):
            self.owner.renew_other(role, APPLICATION, KEY_NUMBERS[role])
        self.owner.renew_own(Role.APPLICATION, APPLICATION)

    def write_first_record(self, currency: str) -> None:
        """Record 0: without it no till takes the card for a purse."""
        if _records_kept(self._desfire.file_settings(LOG_FILE)):
            return
        self.owner.enter(Role.LOAD, APPLICATION, KEY_NUMBERS[Role.LOAD], self.owner.current)
        nothing = Money.zero(currency)
        first = PurseRecord(new_id(), 0, nothing, nothing)
        self._desfire.write_record(LOG_FILE, first.packed())
        self._desfire.commit()


def _records_kept(settings: bytes) -> int:
    """The number of records in the answer to GetFileSettings of a record file."""
    return int.from_bytes(settings[10:13], "little")
