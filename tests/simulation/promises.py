"""What the tills have promised their visitors: the world's own log, kept outside all files."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class SoldVoucher:
    """A voucher in a visitor's hand."""

    voucher_id: UUID
    value: int
    code: str
    proof: str


@dataclass(frozen=True)
class Promise:
    """One movement somebody was told of; debits are negative."""

    entry_id: UUID
    kind: str
    voucher_id: UUID
    amount: int


@dataclass(frozen=True)
class Settled:
    """What a supervisor asked for; `amount` is that of an adjustment, in minor units."""

    action: str
    actor: str
    second: str
    amount: int


@dataclass
class Promises:
    """All that was promised, and what the server has said.

    `given_up` went down with a disk, or was hidden by a thief: it may be missing everywhere,
    though it must not turn up with other content. `settlements` are those that
    supervisors asked for, `answered` is what each hold was told first. `shut_out` are the tills
    that must not be let in, `may_be_blocked` the vouchers somebody asked to block. `taken` are the
    sales for which a cashier took money, by the till whose disk knows of them.
    """

    made: dict[UUID, Promise] = field(default_factory=dict)
    vouchers: list[SoldVoucher] = field(default_factory=list)
    given_up: set[UUID] = field(default_factory=set)
    acknowledged: set[UUID] = field(default_factory=set)
    released: set[UUID] = field(default_factory=set)
    settlements: dict[UUID, Settled] = field(default_factory=dict)
    shut_out: set[str] = field(default_factory=set)
    may_be_blocked: set[UUID] = field(default_factory=set)
    restores: int = 0
    answered: dict[str, str] = field(default_factory=dict)
    taken: dict[str, set[str]] = field(default_factory=dict)

    def money_taken(self, till: str, sale_id: UUID) -> None:
        self.taken.setdefault(till, set()).add(sale_id.hex)

    def add(self, promise: Promise) -> None:
        self.made[promise.entry_id] = promise

    def server_put_back(self, entries: set[UUID], requests: set[str], revoked: set[str]) -> None:
        """The server knows only what is in its backup; what it said since binds it no more."""
        self.restores += 1
        self.acknowledged &= entries
        self.released.clear()
        self.answered = {asked: said for asked, said in self.answered.items() if asked in requests}
        self.shut_out &= revoked
