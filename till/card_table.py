"""The card reader beside the till's window (till.ui.session.CardTable)."""

from collections.abc import Callable

from cardreader.errors import NoCard
from cardreader.protocols import CardReader, CardSeen, CardTaken, ReaderEvent, ReadersChanged
from resources.texts import Texts
from till.card_workflows import CardWorkflows
from till.cards import CardDesk
from till.ui.session import Level, Light


class ReaderTable:
    """Watches the readers from `start` to `stop`, and knows the card that was held to one last."""

    def __init__(
        self,
        desk: CardDesk,
        readers: CardReader,
        texts: Callable[[], Texts],
        on_change: Callable[[], None],
    ) -> None:
        self._workflows = CardWorkflows(desk, self._lying)
        self._readers = readers
        self._texts, self._on_change = texts, on_change
        self._seen: CardSeen | None = None
        self._known: ReadersChanged | None = None
        self._had_reader = False
        self._on_tap: Callable[[bool], None] = lambda _came: None
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to watch."""
        self._stop = self._readers.watch(self._on_event)

    def stop(self) -> None:
        """No more taps."""
        self._stop()

    def light(self) -> Light | None:
        """See CardTable."""
        if not self._had_reader:
            return None
        if self._known is not None and self._known.readers:
            return Light(Level.ACCEPTED, self._texts().say("reader_ready"))
        return Light(Level.ATTENTION, self._texts().say("reader_none"))

    def listen(self, on_tap: Callable[[bool], None]) -> None:
        """See CardTable."""
        self._on_tap = on_tap

    @property
    def workflows(self) -> CardWorkflows:
        """See CardTable."""
        return self._workflows

    def _lying(self) -> CardSeen:
        if self._seen is None:
            raise NoCard("")
        return self._seen

    def _on_event(self, event: ReaderEvent) -> None:
        match event:
            case CardSeen():
                self._seen = event
                self._on_tap(True)
            case CardTaken(reader):
                if self._seen is not None and self._seen.reader == reader:
                    self._seen = None
                    self._on_tap(False)
            case ReadersChanged():
                self._known = event
                self._had_reader = self._had_reader or bool(event.readers)
                self._on_change()
