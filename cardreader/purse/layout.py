"""What stands where on a purse card."""

import struct
from uuid import UUID

from msgspec import Struct

from cardreader.desfire.desfire import Desfire
from cardreader.keys import Role
from vouchers.errors import Reason, Refused
from vouchers.money import Money

APPLICATION = bytes.fromhex("565450")
KEY_NUMBERS = {Role.APPLICATION: 0, Role.LOAD: 1, Role.DEBIT: 2}

VALUE_FILE, LOG_FILE = 1, 2
VALUE_RIGHTS = bytes.fromhex("102F")
"""Read (and debit) key 2, no limited credit, read-write (credit) key 1, change key 0."""

LOG_RIGHTS = bytes.fromhex("1022")
"""Read and write key 2, read-write key 1, change key 0."""

LOG_RECORDS = 8
LOG_PLACES = LOG_RECORDS + 1  # a cyclic file keeps one place for the record not yet committed

APPLICATION_SETTINGS = 0x0B
"""Only its master key changes keys or files; files may be listed; settings may change."""

COUNTER_MAX = 2**32 - 1
VALUE_MAX = 2**31 - 1

_RECORD = struct.Struct("<16sIiI3sB")
RECORD_BYTES = _RECORD.size
_LAYOUT = 1


class PurseRecord(Struct, frozen=True):
    """One movement as the card remembers it; number `counter` in the card's life.

    `amount` is signed, `balance_after` includes it. The record with counter 0 was written when
    the card was made and moved nothing.
    """

    movement_id: UUID
    counter: int
    amount: Money
    balance_after: Money

    def packed(self) -> bytes:
        """As it stands on the card, 32 bytes."""
        return _RECORD.pack(
            self.movement_id.bytes,
            self.counter,
            self.amount.minor,
            self.balance_after.minor,
            self.amount.currency.encode("ascii"),
            _LAYOUT,
        )

    @classmethod
    def unpacked(cls, data: bytes) -> "PurseRecord":
        """Raises ValueError for what this layout never wrote."""
        movement, counter, amount, balance, currency, layout = _RECORD.unpack(data)
        if layout != _LAYOUT:
            raise ValueError(f"record layout {layout}")
        name = currency.decode("ascii")
        return cls(UUID(bytes=movement), counter, Money(amount, name), Money(balance, name))


def read_log(desfire: Desfire, count: int) -> list[PurseRecord]:
    """The newest `count` records, newest first. Raises Refused for another layout's records."""
    packed = desfire.read_records(LOG_FILE, count, RECORD_BYTES)
    try:
        return [PurseRecord.unpacked(record) for record in reversed(packed)]
    except ValueError as other:
        raise Refused(Reason.NOT_ALLOWED, "card_foreign") from other
