"""What every workflow at the counter stands on: the books, the line, the clock, the keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sync.line import Line
from sync.link import NotSignedIn, ServerLink, Unreachable
from till.counter.clock import Clock, local_day, trustworthy_now
from till.store import settings
from till.store.database import Database, Work
from till.store.secrets import TillKeys
from till.store.settings import Identity
from vouchers.catalogue import Catalogue
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.ledger import Basis, LedgerEntry
from vouchers.voucher import Account


class NotEnrolled(OperatingError):
    """This till has no identity or no catalogue yet: nothing can be sold."""

    def __init__(self) -> None:
        super().__init__("till_not_enrolled")


@dataclass(frozen=True)
class Desk:
    """Shared by the workflows. `reported` is called after entries were added to the outbox."""

    database: Database
    server: ServerLink
    line: Line
    clock: Clock
    keys: TillKeys
    reported: Callable[[], None] = lambda: None

    def catalogue(self, work: Work) -> Catalogue:
        """What the venue sells. Raises NotEnrolled before the first contact."""
        found = settings.catalogue.get(work)
        if found is None:
            raise NotEnrolled
        return found

    def identity(self, work: Work) -> Identity:
        """Who this till is. Raises NotEnrolled."""
        found = settings.identity.get(work)
        if found is None:
            raise NotEnrolled
        return found

    def check_in_service(self, work: Work) -> None:
        """Raise Refused (revoked) once this till knows that it is shut out."""
        if settings.revoked.get(work) is not None:
            raise Refused(Reason.REVOKED, "till_revoked")

    def now(self, work: Work) -> datetime:
        """The last trustworthy time (UTC), by which vouchers expire."""
        return trustworthy_now(
            self.clock.now(), settings.clock_skew_ms.get(work), settings.last_contact.get(work)
        )

    def today(self, work: Work) -> date:
        """The calendar day at the venue, by the last trustworthy time."""
        return local_day(self.now(work), self.catalogue(work).venue.timezone)

    @property
    def basis(self) -> Basis:
        """How what happens now is allowed: ONLINE while the server answers, else OFFLINE."""
        return Basis.ONLINE if self.line.state.online else Basis.OFFLINE

    def find_at_server(
        self,
        *,
        code_digest: str = "",
        last4: str = "",
        reference: str = "",
        unheard_of: bool = False,
    ) -> list[Account] | None:
        """The accounts the server knows by one of the three; None while it does not answer.

        With `unheard_of`, also those of vouchers whose sale nobody has reported.
        """
        if not self.line.state.online:
            return None
        try:
            page = self.server.find(
                code_digest=code_digest, last4=last4, reference=reference, unheard_of=unheard_of
            )
        except (Unreachable, NotSignedIn) as away:
            self.line.failed(away)
            return None
        return page.accounts

    def entries_at_server(self, voucher_id: UUID) -> Iterator[LedgerEntry]:
        """The server's entries of an account, oldest first, fetched as they are read.

        Raises Unreachable, NotSignedIn, Refused (unknown).
        """
        after: int | None = 0
        while after is not None:
            page = self.server.entries(voucher_id, after)
            yield from page.entries
            after = page.next
