"""Cards: their keys, and what tills saw on them."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from vouchers.money import Money


class CardKeySet(Struct, kw_only=True):
    """Master keys of cards (AES-128, hexadecimal) by what they open, under one number."""

    number: Annotated[int, Meta(ge=1, le=255)]
    masters: dict[str, Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]]

    def __repr__(self) -> str:
        return f"CardKeySet({self.number}, {sorted(self.masters)})"


class CardKeys(Struct, kw_only=True):
    """All key sets in use; new cards get the one numbered `current`. `system` is hexadecimal.

    A till that only redeems is told the keys to debit and to prove, and no others.
    """

    system: Annotated[str, Meta(pattern="^[0-9a-f]{12,42}$")]
    sets: list[CardKeySet]
    current: int


class CardRecord(Struct, frozen=True, kw_only=True):
    """A movement as a purse card remembers it: the `counter`-th in its life.

    `entry_id` is that of its ledger entry, whether that has been reported or not.
    """

    entry_id: UUID
    counter: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    amount: Money
    balance: Money


class CardReport(Struct, kw_only=True, omit_defaults=True):
    """What a till saw on a purse card, and which of its own movements on it are in doubt.

    `never_happened` are earlier doubts, its own or another till's, of which it knows by now. The
    answer holds what is known from number `asks_from` on.
    """

    voucher_id: UUID
    records: Annotated[list[CardRecord], Meta(max_length=20)] = []
    doubts: Annotated[list[CardRecord], Meta(max_length=100)] = []
    never_happened: Annotated[list[UUID], Meta(max_length=100)] = []
    asks_from: Annotated[int, Meta(ge=0, le=2**32)] = 0


class CardHistory(Struct, kw_only=True, omit_defaults=True):
    """What all tills of the venue have seen on a purse card or reported of it, oldest first.

    `doubts` are movements of which some till does not know yet whether they happened: whoever
    looks at the card after this answer can tell. `never_happened` are those of which somebody
    has told so.
    """

    records: list[CardRecord]
    doubts: list[CardRecord] = []
    never_happened: list[UUID] = []
