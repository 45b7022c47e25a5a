"""Waiting for one card, for scripts and for dialogs that need nothing else."""

from queue import Empty, SimpleQueue

from cardreader.errors import NoCard
from cardreader.protocols import CardReader, CardSeen, ReaderEvent


def wait_for_card(readers: CardReader, wanted: str | None, timeout_ms: int) -> CardSeen:
    """The next card on the reader `wanted`, or on any; one that lies there already counts.

    Raises NoCard when none comes in time, CardsNotInstalled or CardServiceAway at once when
    there can be none.
    """
    readers.list_readers()
    events: SimpleQueue[ReaderEvent] = SimpleQueue()
    stop = readers.watch(events.put)
    try:
        while True:
            event = events.get(timeout=timeout_ms / 1000)
            if isinstance(event, CardSeen) and wanted in (None, event.reader):
                return event
    except Empty:
        raise NoCard(wanted or "") from None
    finally:
        stop()
