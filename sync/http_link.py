"""The line to the server over HTTP: each call of ServerLink is one request."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Raw

from process.threads import LastingThread
from sync.answers import unreadable
from sync.changes import AnyChange, ChangesRead, RawPage, read_change, read_page
from sync.conversation import Conversation
from sync.wire.booking import (
    AccountPage,
    BatchAnswer,
    EntryBatch,
    EntryPage,
    Hold,
    HoldRequest,
    Standing,
    StatusChange,
)
from sync.wire.cards import CardHistory, CardKeys, CardReport
from sync.wire.feed import SHUT_OUT, SNAPSHOT_PAGE_MAX, SnapshotPage, VenueState, VenueUsers
from sync.wire.incidents import Exposure, IncidentPage, Settled, Settlement
from vouchers.ledger import LedgerEntry
from vouchers.people import User
from vouchers.reading import UNREADABLE, JsonReader

T = TypeVar("T")


class PageAhead:
    """Fetches the next page of a snapshot while the last one is being written."""

    def __init__(self, fetch_page: Callable[[UUID | None, tuple[str, ...]], SnapshotPage]) -> None:
        self._fetch_page = fetch_page
        self._coming: tuple[UUID, Future[SnapshotPage]] | None = None

    def fetch(self, after: UUID, origins: tuple[str, ...]) -> None:
        """Begin; a page nobody asks for is dropped."""
        page: Future[SnapshotPage] = Future()
        self._coming = after, page
        LastingThread("snapshot-ahead", partial(self._run, after, origins, page)).start()

    def take(self, after: UUID | None) -> SnapshotPage | None:
        """The page fetched ahead; None when another one was, or when it did not come."""
        coming, self._coming = self._coming, None
        if coming is None or coming[0] != after or coming[1].exception() is not None:
            return None
        return coming[1].result()

    def _run(self, after: UUID, origins: tuple[str, ...], page: Future[SnapshotPage]) -> None:
        try:
            page.set_result(self._fetch_page(after, origins))
        except Exception as error:  # noqa: BLE001 whoever takes the page hears of it
            page.set_exception(error)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as damage:
        raise unreadable(damage) from damage


_VENUE = JsonReader[VenueState](VenueState, "products", "users", "issuer_keys", "campaigns")
_ACCOUNTS = JsonReader[SnapshotPage](SnapshotPage, "accounts")
_INCIDENTS = JsonReader[IncidentPage](IncidentPage, "incidents")


class HttpLink:
    """A ServerLink over one till's conversation with the server."""

    def __init__(self, server: Conversation) -> None:
        self._server = server
        self._ahead = PageAhead(self._page)

    def push(self, entries: list[LedgerEntry]) -> BatchAnswer:
        """See ServerLink."""
        body = EntryBatch(entries=entries)
        return self._server.ask("POST", "/entries", BatchAnswer, body=body)

    def hold(self, request: HoldRequest) -> Hold:
        """See ServerLink."""
        return self._server.ask("POST", "/holds", Hold, body=request, at_counter=True)

    def release(self, hold_id: UUID) -> None:
        """See ServerLink."""
        self._server.ask("DELETE", f"/holds/{hold_id}", type(None))

    def find(
        self,
        *,
        code_digest: str = "",
        last4: str = "",
        reference: str = "",
        unheard_of: bool = False,
    ) -> AccountPage:
        """See ServerLink."""
        asked = {
            "code_digest": code_digest,
            "last4": last4,
            "reference": reference,
            "unheard_of": "true" if unheard_of else "",
        }
        wanted = {name: value for name, value in asked.items() if value}
        return self._server.ask("GET", "/accounts", AccountPage, query=wanted, at_counter=True)

    def standing(self, standing: Standing) -> AccountPage:
        """See ServerLink."""
        query = {"standing": standing.value, "unheard_of": "true"}
        return self._server.ask("GET", "/accounts", AccountPage, query=query)

    def entries(self, voucher_id: UUID, after: int = 0) -> EntryPage:
        """See ServerLink."""
        path = f"/accounts/{voucher_id}/entries"
        return self._server.ask("GET", path, EntryPage, query={"after": after}, at_counter=True)

    def changes(self, after: int) -> ChangesRead:
        """See ServerLink."""
        page = self._server.ask("GET", "/feed", RawPage, query={"after": after})
        with _readable():
            return read_page(page)

    def snapshot(self, after: UUID | None, origins: tuple[str, ...] = ()) -> SnapshotPage:
        """See ServerLink."""
        page = self._ahead.take(after) or self._page(after, origins)
        if page.next is not None:
            self._ahead.fetch(page.next, origins)
        return page

    def venue(self) -> VenueState:
        """See ServerLink."""
        return self._as_far_as_can_be("/venue", _VENUE)

    def users(self) -> list[User]:
        """See ServerLink."""
        return self._server.ask("GET", "/users", VenueUsers, at_counter=True).users

    def incidents(self, after: UUID | None = None) -> IncidentPage:
        """See ServerLink."""
        query = {"after": after} if after else {}
        return self._as_far_as_can_be("/incidents", _INCIDENTS, query)

    def settle(self, incident_id: UUID, settlement: Settlement) -> Settled:
        """See ServerLink."""
        path = f"/incidents/{incident_id}/settlement"
        return self._server.ask("POST", path, Settled, body=settlement)

    def report_card(self, report: CardReport) -> CardHistory:
        """See ServerLink."""
        return self._server.ask("POST", "/card-reports", CardHistory, body=report)

    def card_keys(self) -> CardKeys:
        """See ServerLink."""
        return self._server.ask("GET", "/card-keys", CardKeys)

    def set_status(self, voucher_id: UUID, change: StatusChange) -> None:
        """See ServerLink."""
        self._server.ask("POST", f"/accounts/{voucher_id}/status", type(None), body=change)

    def exposure(self) -> Exposure:
        """See ServerLink."""
        return self._server.ask("GET", "/exposure", Exposure)

    def _page(self, after: UUID | None, origins: tuple[str, ...]) -> SnapshotPage:
        asked = {
            "limit": SNAPSHOT_PAGE_MAX,
            "after": after,
            "origins": ",".join(origins),
        }
        query = {name: value for name, value in asked.items() if value}
        return self._as_far_as_can_be("/snapshot", _ACCOUNTS, query)

    def _as_far_as_can_be(
        self, path: str, reader: JsonReader[T], query: dict[str, Any] | None = None
    ) -> T:
        """What the server tells all tills: one bad part of it must not keep them from the rest."""
        answer = self._server.ask("GET", path, Raw, query=query)
        with _readable():
            return reader.read(answer)

    def stream(self, after: int) -> Iterator[AnyChange | None]:
        """See ServerLink. Server-sent events: data lines are changes, comments signs of life."""
        for line in self._server.lines("/feed/stream", {"after": after}):
            if line.startswith(b"data:"):
                with _readable():
                    change = read_change(line[5:])
                yield change
            elif line == SHUT_OUT:
                self._server.sign_in_anew()
            elif line.startswith(b":"):
                yield None
