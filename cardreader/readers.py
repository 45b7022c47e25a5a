"""The readers of this machine."""

from collections.abc import Callable

from cardreader.pcsc import context_of_its_own, reader_names
from cardreader.pcsc_card import connect
from cardreader.protocols import Card, ReaderEvent
from cardreader.slots import Slot, slot_of
from cardreader.watcher import ReaderWatch


def list_readers() -> list[str]:
    """Names of the readers that can take a visitor's card; SAM and chip slots are left out.

    Raises CardsNotInstalled without pyscard, CardServiceAway without a running service.
    """
    with context_of_its_own() as context:
        return [name for name in reader_names(context) if slot_of(name) is Slot.FIELD]


class PcscReaders:
    """All PC/SC readers of this machine; fulfils `CardReader`."""

    def list_readers(self) -> list[str]:
        """See `list_readers`."""
        return list_readers()

    def connect(self, reader: str) -> Card:
        """See `pcsc_card.connect`."""
        return connect(reader)

    def watch(self, on_event: Callable[[ReaderEvent], None]) -> Callable[[], None]:
        """Start a `ReaderWatch`; what is returned stops it."""
        watch = ReaderWatch(on_event)
        watch.start()
        return watch.stop
