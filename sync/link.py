"""The line to the server, as the till sees it. sync.http_link is the real one."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sync.changes import AnyChange, ChangesRead
from sync.wire.booking import (
    AccountPage,
    BatchAnswer,
    EntryPage,
    Hold,
    HoldRequest,
    Standing,
    StatusChange,
)
from sync.wire.cards import CardHistory, CardKeys, CardReport
from sync.wire.feed import SnapshotPage, VenueState
from sync.wire.incidents import Exposure, IncidentPage, Settled, Settlement
from vouchers.errors import OperatingError, Sentence
from vouchers.ledger import LedgerEntry
from vouchers.people import User


class Fault(StrEnum):
    """Why there is no answer of the server; each has its sentence in resources/translations."""

    SILENT = "silent"
    NO_ANSWER = "no_answer"
    NAME_UNKNOWN = "name_unknown"
    TOO_SLOW = "too_slow"
    BROKEN_OFF = "broken_off"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    NO_CA_FILE = "no_ca_file"
    REDIRECT = "redirect"
    PROXY = "proxy"
    NOT_OUR_SERVER = "not_our_server"
    IN_TROUBLE = "in_trouble"
    MISUNDERSTOOD = "misunderstood"
    ADDRESS = "address"
    UNEXPECTED = "unexpected"


class Unreachable(OperatingError):
    """No answer: the server may or may not have acted. Only the same id may be tried again.

    `fault` says what is wrong with `url`, `why` the same for whoever looks after the network;
    `location` is where a redirect leads.
    """

    def __init__(
        self, why: str = "", fault: Fault = Fault.SILENT, *, url: str = "", location: str = ""
    ) -> None:
        cause = Sentence(f"line_{fault}", {"why": why, "url": url, "location": location})
        super().__init__("server_unreachable", cause=cause)
        self.fault, self.cause, self.location = fault, cause, location


class NotSignedIn(OperatingError):
    """The server does not know this till any more (revoked, or another database)."""

    def __init__(self, why: str = "") -> None:
        super().__init__("till_not_signed_in", why=why)


class TillRevoked(NotSignedIn):
    """The server has shut this till out: whatever it sold now, nobody else would know of."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.key, self.details = "till_revoked", {}


class PositionLost(OperatingError):
    """The server keeps no changes as old as this till's position: load a new snapshot."""

    def __init__(self) -> None:
        super().__init__("feed_position_lost")


class ServerLink(Protocol):
    """Every call raises Unreachable when no answer came, NotSignedIn when it is not let in."""

    def push(self, entries: list[LedgerEntry]) -> BatchAnswer:
        """Report facts, at most BATCH_ENTRIES_MAX, in the order of their sequence."""

    def hold(self, request: HoldRequest) -> Hold:
        """Ask for an amount. Raises Refused; the same id gets the same answer for ever."""

    def release(self, hold_id: UUID) -> None:
        """Give a hold back; one that is gone is no error."""

    def find(
        self,
        *,
        code_digest: str = "",
        last4: str = "",
        reference: str = "",
        unheard_of: bool = False,
    ) -> AccountPage:
        """Look accounts up by one of the three; balances have holds taken off.

        With `unheard_of`, also those of vouchers whose sale nobody has reported.
        """

    def standing(self, standing: Standing) -> AccountPage:
        """The first accounts that a sum of the exposure consists of."""

    def entries(self, voucher_id: UUID, after: int = 0) -> EntryPage:
        """The entries of an account, oldest first."""

    def changes(self, after: int) -> ChangesRead:
        """What changed after a feed position. Raises PositionLost."""

    def stream(self, after: int) -> Iterator[AnyChange | None]:
        """The same as it happens; None is a sign of life. Raises PositionLost."""

    def snapshot(self, after: UUID | None, origins: tuple[str, ...] = ()) -> SnapshotPage:
        """The next part of all accounts; `origins` are what the asking till was before."""

    def incidents(self, after: UUID | None = None) -> IncidentPage:
        """The open incidents, oldest first."""

    def settle(self, incident_id: UUID, settlement: Settlement) -> Settled:
        """Settle one. Raises Refused (four_eyes, settled_already, not_allowed, amount)."""

    def report_card(self, report: CardReport) -> CardHistory:
        """Say what is on a card and what is in doubt; the answer is what others know."""

    def card_keys(self) -> CardKeys:
        """The keys of the venue's cards, as far as this till may have them."""

    def set_status(self, voucher_id: UUID, change: StatusChange) -> None:
        """Block an account or let it be used again. Raises Refused (unknown, not_allowed)."""

    def exposure(self) -> Exposure:
        """What the venue stands to lose, and what is out."""

    def users(self) -> list[User]:
        """Who may sign in at this moment, within the deadline of what a visitor waits for."""

    def venue(self) -> VenueState:
        """All shared documents."""
