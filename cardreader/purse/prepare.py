"""Making a purse of a factory-blank card, and giving a purse new keys.

Both are one list of steps. Each step looks at the card first and does only what is missing, so
that a card taken away at any moment is simply prepared again: nothing but the venue's master
keys is needed to find the way back (docs/decisions/0303-preparing-cards.md).
"""

import secrets
from collections.abc import Callable
from enum import StrEnum

from cardreader.desfire.desfire import UID_BYTES, Desfire
from cardreader.desfire.handshake import Random, Scheme
from cardreader.desfire.link import PICC
from cardreader.desfire.status import CardSaidNo
from cardreader.identity import card_uid
from cardreader.keys import UNSET_VERSION, KeyRing, Role
from cardreader.protocols import Card
from cardreader.purse.layout import (
    APPLICATION,
    APPLICATION_SETTINGS,
    CARD_SETTINGS,
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

_FACTORY_DES, _UNSET_AES = bytes(8), bytes(16)


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
    preparation.own_card()
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
        self._uid = uid
        self._ring = ring

    def own_card(self) -> None:
        """Replace the card's factory key, so that nobody else can delete its applications."""
        desfire = self._desfire
        try:
            desfire.select(PICC)
            version = desfire.key_version(0)
        except CardSaidNo as no:
            raise Refused(Reason.NOT_ALLOWED, "card_not_desfire") from no
        if version == UNSET_VERSION:
            self._enter_blank()
        else:
            self._enter(Role.CARD, PICC, 0, version)
        if version != self._ring.current:
            desfire.change_key(0, self._key(Role.CARD, PICC), self._ring.current)
            self._enter(Role.CARD, PICC, 0, self._ring.current)
        if desfire.key_settings() != CARD_SETTINGS:
            desfire.change_key_settings(CARD_SETTINGS)

    def make_application(self) -> None:
        """The purse's application, still under unset keys."""
        if APPLICATION not in self._desfire.application_ids():
            count = len(KEY_NUMBERS)
            self._desfire.create_application(APPLICATION, APPLICATION_SETTINGS, count)
        self._desfire.select(APPLICATION)
        self._enter_application()

    def make_files(self) -> None:
        """Value and log, both without content."""
        there = self._desfire.file_ids()
        if VALUE_FILE not in there:
            self._desfire.create_value_file(VALUE_FILE, VALUE_RIGHTS, VALUE_MAX)
        if LOG_FILE not in there:
            self._desfire.create_cyclic_file(LOG_FILE, LOG_RIGHTS, RECORD_BYTES, LOG_PLACES)

    def change_keys(self) -> None:
        """All to the current set, the application's own last: it is what changes the others."""
        current = self._ring.current
        for role in (Role.LOAD, Role.DEBIT):
            number = KEY_NUMBERS[role]
            version = self._desfire.key_version(number)
            if version != current:
                old = self._key(role, APPLICATION, version)
                new = self._key(role, APPLICATION)
                self._desfire.change_key(number, new, current, old=old)
        if self._desfire.key_version(0) != current:
            self._desfire.change_key(0, self._key(Role.APPLICATION, APPLICATION), current)
            self._enter_application()

    def write_first_record(self, currency: str) -> None:
        """Record 0: without it no till takes the card for a purse."""
        if _records_kept(self._desfire.file_settings(LOG_FILE)):
            return
        self._enter(Role.LOAD, APPLICATION, KEY_NUMBERS[Role.LOAD], self._ring.current)
        nothing = Money.zero(currency)
        first = PurseRecord(new_id(), 0, nothing, nothing)
        self._desfire.write_record(LOG_FILE, first.packed())
        self._desfire.commit()

    def _enter_blank(self) -> None:
        """A card with other applications belongs to somebody, whatever its key."""
        if set(self._desfire.application_ids()) - {APPLICATION}:
            raise Refused(Reason.NOT_ALLOWED, "card_not_blank")
        try:
            self._desfire.authenticate(0, _FACTORY_DES, Scheme.ISO_DES)
        except CardSaidNo as no:
            raise Refused(Reason.NOT_ALLOWED, "card_not_blank") from no

    def _enter_application(self) -> None:
        self._enter(Role.APPLICATION, APPLICATION, 0, self._desfire.key_version(0))

    def _enter(self, role: Role, application: bytes, number: int, version: int) -> None:
        key = self._key(role, application, version)
        try:
            self._desfire.authenticate(number, key)
        except CardSaidNo as no:
            raise Refused(Reason.NOT_ALLOWED, "card_foreign") from no

    def _key(self, role: Role, application: bytes, version: int | None = None) -> bytes:
        if version == UNSET_VERSION:
            return _UNSET_AES
        number = self._ring.current if version is None else version
        return self._ring.key(role, self._uid, application, number)


def _records_kept(settings: bytes) -> int:
    """The number of records in the answer to GetFileSettings of a record file."""
    return int.from_bytes(settings[10:13], "little")
