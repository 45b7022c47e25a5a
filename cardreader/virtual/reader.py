"""A reader in this very process, for trying the till where there is no PC/SC at all."""

from collections.abc import Callable

from cardreader.errors import NoAnswer, NoCard, ReaderGone
from cardreader.protocols import CardSeen, CardTaken, ReaderEvent, ReadersChanged
from cardreader.virtual.chip import Chip
from cardreader.virtual.mishaps import Mishap, Plan

NAME = "Simulated reader"


class SimulatedCard:
    """A tap of a chip, over when the card is pulled."""

    def __init__(self, chip: Chip, plan: Plan | None, pulled: Callable[[], None]) -> None:
        self._chip = chip
        self._plan = plan
        self._pulled = pulled
        self._exchanges = 0
        self.gone = False
        chip.power()

    def transmit(self, apdu: bytes) -> bytes:
        """One exchange, or the mishap that was planned for it. Raises NoAnswer."""
        if self.gone:
            raise NoAnswer("pulled")
        self._exchanges += 1
        if self._plan is None or self._plan.at != self._exchanges:
            return self._chip.exchange(apdu)
        if self._plan.mishap is Mishap.PULL_AFTER:
            self._chip.exchange(apdu)
        self._pulled()
        raise NoAnswer(self._plan.mishap)

    def close(self) -> None:
        """Power the chip down."""
        self.gone = True
        self._chip.power()


class SimulatedReader:
    """Fulfils `CardReader`; `tap` and `pull` move the card and report on the caller's thread."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[ReaderEvent], None]] = []
        self._chip: Chip | None = None
        self._plan: Plan | None = None
        self._held: SimulatedCard | None = None

    def tap(self, chip: Chip, plan: Plan | None = None) -> None:
        """Hold a card to the reader; `plan` takes it away in the middle of what follows."""
        self.pull()
        self._chip, self._plan = chip, plan
        self._report(CardSeen(NAME, chip.atr))

    def pull(self) -> None:
        """Take the card away."""
        if self._held is not None:
            self._held.close()
        if self._chip is not None:
            self._chip, self._held = None, None
            self._report(CardTaken(NAME))

    def list_readers(self) -> list[str]:
        """Always the one."""
        return [NAME]

    def connect(self, reader: str) -> SimulatedCard:
        """The card held to it. Raises ReaderGone, NoCard."""
        if reader != NAME:
            raise ReaderGone(reader)
        if self._chip is None:
            raise NoCard(reader)
        plan, self._plan = self._plan, None
        self._held = SimulatedCard(self._chip, plan, self.pull)
        return self._held

    def watch(self, on_event: Callable[[ReaderEvent], None]) -> Callable[[], None]:
        """Report from now on, what is there first."""
        self._listeners.append(on_event)
        on_event(ReadersChanged((NAME,)))
        if self._chip is not None:
            on_event(CardSeen(NAME, self._chip.atr))
        return lambda: self._listeners.remove(on_event)

    def _report(self, event: ReaderEvent) -> None:
        for listener in list(self._listeners):
            listener(event)
