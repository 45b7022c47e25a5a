"""Master keys of an organisation's cards: made here, handed to its tills when they enrol."""

import secrets

import msgspec
import sqlalchemy as sa

from server.errors import NotPossible
from server.storage.tables import organisations
from sync.wire.cards import CardKeys, CardKeySet

DEBIT_ROLES = ("debit", "proof")
ROLES = ("card", "application", "load", *DEBIT_ROLES)
KEY_BYTES = 16
SETS_MAX = 255
_SYSTEM_BYTES = 8
"""AN10922 leaves 6 to 21 bytes for the system identifier."""


def new_card_keys() -> str:
    """The first key set of a new organisation, as kept in its row."""
    return _packed(CardKeys(system=secrets.token_hex(_SYSTEM_BYTES), sets=[_new_set(1)], current=1))


def card_keys(connection: sa.Connection, organisation: str, *, debit_only: bool) -> CardKeys:
    """The keys a till of the organisation is told. Raises NotPossible."""
    keys = _load(connection, organisation)
    if not debit_only:
        return keys
    for known in keys.sets:
        known.masters = {role: known.masters[role] for role in DEBIT_ROLES}
    return keys


def rotate_card_keys(connection: sa.Connection, organisation: str) -> int:
    """Begin a new key set, which cards get as they come by; its number. Raises NotPossible."""
    keys = _load(connection, organisation)
    number = max(known.number for known in keys.sets) + 1
    if number > SETS_MAX:
        raise NotPossible("card_key_sets_used_up", most=SETS_MAX)
    keys.sets.append(_new_set(number))
    keys.current = number
    connection.execute(
        sa.update(organisations)
        .where(organisations.c.organisation == organisation)
        .values(card_keys=_packed(keys))
    )
    return number


def _load(connection: sa.Connection, organisation: str) -> CardKeys:
    packed = connection.scalar(
        sa.select(organisations.c.card_keys).where(organisations.c.organisation == organisation)
    )
    if packed is None:
        raise NotPossible("organisation_unknown", organisation=organisation)
    return msgspec.json.decode(packed, type=CardKeys)


def _new_set(number: int) -> CardKeySet:
    return CardKeySet(number=number, masters={role: secrets.token_hex(KEY_BYTES) for role in ROLES})


def _packed(keys: CardKeys) -> str:
    return msgspec.json.encode(keys).decode()
