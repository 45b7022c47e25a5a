"""Keys of the venue's cards: one set of master keys per rotation, one derived key per card.

A till holds only the roles it needs: one that only redeems has no load key at all.
"""

from enum import StrEnum

import msgspec
from msgspec import Struct

from cardreader.desfire.diversify import diversify
from vouchers.errors import Reason, Refused

UNSET_VERSION = 0
"""The key version of a key nobody has set yet: key set numbers start at 1."""

SET_NUMBER_MAX = 255


class Role(StrEnum):
    """What a key opens: the card itself, its purse as owner, loading, paying, or proof alone."""

    CARD = "card"
    APPLICATION = "application"
    LOAD = "load"
    DEBIT = "debit"
    PROOF = "proof"


class KeySet(Struct, frozen=True):
    """Master keys (AES-128) under one number, which stands on the cards as key version."""

    number: int
    masters: dict[Role, bytes]

    def __repr__(self) -> str:
        return f"KeySet({self.number}, {sorted(self.masters)})"


class KeyRing(Struct, frozen=True):
    """All key sets a till may meet; new keys come from the one numbered `current`.

    `system` is the system identifier of AN10922: 6 to 21 bytes, the same for all tills of an
    organisation and for no other.
    """

    system: bytes
    sets: list[KeySet]
    current: int

    def __repr__(self) -> str:
        return f"KeyRing({self.sets}, current={self.current})"

    def may(self, role: Role) -> bool:
        """Whether this till holds a current key for `role`."""
        return any(role in keys.masters for keys in self.sets if keys.number == self.current)

    def key(self, role: Role, uid: bytes, application: bytes, number: int) -> bytes:
        """The key of one card in set `number`. Raises Refused (not_allowed) when it is not held."""
        for keys in self.sets:
            if keys.number == number and role in keys.masters:
                return diversify(keys.masters[role], uid, application, self.system)
        known = any(keys.number == number for keys in self.sets)
        raise Refused(Reason.NOT_ALLOWED, "card_role_missing" if known else "card_keys_unknown")

    def sealed(self) -> str:
        """As text for the operating system's keyring; nothing else may ever hold it."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def unsealed(cls, text: str) -> "KeyRing":
        """What `sealed` made."""
        return msgspec.json.decode(text, type=cls)
