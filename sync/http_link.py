"""The line to the server over HTTP: each call of ServerLink is one request."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from uuid import UUID

import msgspec

from sync import wire
from sync.changes import AnyChange, ChangesRead, RawPage, read_change, read_page
from sync.conversation import Conversation
from sync.link import Unreachable
from vouchers.ledger import LedgerEntry


class PageAhead:
    """Fetches the next page of a snapshot while the last one is being written."""

    def __init__(
        self, fetch_page: Callable[[UUID | None, tuple[str, ...]], wire.SnapshotPage]
    ) -> None:
        self._fetch_page = fetch_page
        self._coming: tuple[UUID, Future[wire.SnapshotPage]] | None = None

    def fetch(self, after: UUID, origins: tuple[str, ...]) -> None:
        """Begin; a page nobody asks for is dropped."""
        page: Future[wire.SnapshotPage] = Future()
        self._coming = after, page
        threading.Thread(
            target=self._run, args=(after, origins, page), name="snapshot-ahead", daemon=True
        ).start()

    def take(self, after: UUID | None) -> wire.SnapshotPage | None:
        """The page fetched ahead; None when another one was, or when it did not come."""
        coming, self._coming = self._coming, None
        if coming is None or coming[0] != after or coming[1].exception() is not None:
            return None
        return coming[1].result()

    def _run(self, after: UUID, origins: tuple[str, ...], page: Future[wire.SnapshotPage]) -> None:
        try:
            page.set_result(self._fetch_page(after, origins))
        except Exception as error:  # noqa: BLE001 whoever takes the page hears of it
            page.set_exception(error)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except msgspec.MsgspecError as damage:
        raise Unreachable(f"unreadable change: {damage}") from damage


class HttpLink:
    """A ServerLink over one till's conversation with the server."""

    def __init__(self, server: Conversation) -> None:
        self._server = server
        self._ahead = PageAhead(self._page)

    def push(self, entries: list[LedgerEntry]) -> wire.BatchAnswer:
        """See ServerLink."""
        body = wire.EntryBatch(entries=entries)
        return self._server.ask("POST", "/entries", wire.BatchAnswer, body=body)

    def hold(self, request: wire.HoldRequest) -> wire.Hold:
        """See ServerLink."""
        return self._server.ask("POST", "/holds", wire.Hold, body=request, at_counter=True)

    def release(self, hold_id: UUID) -> None:
        """See ServerLink."""
        self._server.ask("DELETE", f"/holds/{hold_id}", type(None))

    def find(
        self, *, code_digest: str = "", last4: str = "", reference: str = ""
    ) -> wire.AccountPage:
        """See ServerLink."""
        asked = {"code_digest": code_digest, "last4": last4, "reference": reference}
        wanted = {name: value for name, value in asked.items() if value}
        return self._server.ask("GET", "/accounts", wire.AccountPage, query=wanted, at_counter=True)

    def entries(self, voucher_id: UUID, after: int = 0) -> wire.EntryPage:
        """See ServerLink."""
        path = f"/accounts/{voucher_id}/entries"
        return self._server.ask(
            "GET", path, wire.EntryPage, query={"after": after}, at_counter=True
        )

    def changes(self, after: int) -> ChangesRead:
        """See ServerLink."""
        page = self._server.ask("GET", "/feed", RawPage, query={"after": after})
        with _readable():
            return read_page(page)

    def snapshot(self, after: UUID | None, origins: tuple[str, ...] = ()) -> wire.SnapshotPage:
        """See ServerLink."""
        page = self._ahead.take(after) or self._page(after, origins)
        if page.next is not None:
            self._ahead.fetch(page.next, origins)
        return page

    def venue(self) -> wire.VenueState:
        """See ServerLink."""
        return self._server.ask("GET", "/venue", wire.VenueState)

    def incidents(self, after: UUID | None = None) -> wire.IncidentPage:
        """See ServerLink."""
        query = {"after": after} if after else {}
        return self._server.ask("GET", "/incidents", wire.IncidentPage, query=query)

    def settle(self, incident_id: UUID, settlement: wire.Settlement) -> wire.Settled:
        """See ServerLink."""
        path = f"/incidents/{incident_id}/settlement"
        return self._server.ask("POST", path, wire.Settled, body=settlement)

    def report_card(self, report: wire.CardReport) -> wire.CardHistory:
        """See ServerLink."""
        return self._server.ask("POST", "/card-reports", wire.CardHistory, body=report)

    def card_keys(self) -> wire.CardKeys:
        """See ServerLink."""
        return self._server.ask("GET", "/card-keys", wire.CardKeys)

    def set_status(self, voucher_id: UUID, change: wire.StatusChange) -> None:
        """See ServerLink."""
        self._server.ask("POST", f"/accounts/{voucher_id}/status", type(None), body=change)

    def exposure(self) -> wire.Exposure:
        """See ServerLink."""
        return self._server.ask("GET", "/exposure", wire.Exposure)

    def _page(self, after: UUID | None, origins: tuple[str, ...]) -> wire.SnapshotPage:
        asked = {
            "limit": wire.SNAPSHOT_PAGE_MAX,
            "after": after,
            "origins": ",".join(origins),
        }
        query = {name: value for name, value in asked.items() if value}
        return self._server.ask("GET", "/snapshot", wire.SnapshotPage, query=query)

    def stream(self, after: int) -> Iterator[AnyChange | None]:
        """See ServerLink. Server-sent events: data lines are changes, comments signs of life."""
        for line in self._server.lines("/feed/stream", {"after": after}):
            if line.startswith(b"data:"):
                with _readable():
                    change = read_change(line[5:])
                yield change
            elif line.startswith(b":"):
                yield None
