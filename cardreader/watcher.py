"""Noticing cards and readers as they come and go, through every restart of the service."""

import threading
from collections.abc import Callable
from contextlib import suppress

from cardreader.errors import CardServiceAway, CardsNotInstalled
from cardreader.pcsc import Context, check, context_of_its_own, reader_names, scard
from cardreader.protocols import CardSeen, CardTaken, ReaderEvent, ReadersChanged
from cardreader.slots import Slot, slot_of
from process.threads import LastingThread

PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
"""The pseudo-reader that changes when a reader is plugged in or out."""

SERVICE_RETRY_S = 0.5
QUIET_MS = 60_000  # wakes once a minute, for drivers that lose a cancellation

_EVENTS_SHIFT = 16  # the upper half of a state counts insertions and removals


class ReaderWatch:
    """Reports events from a thread of its own, from `start` to `stop`.

    pyscard's own monitor ends for good when the service restarts, so this one asks the service
    itself and makes a new context after any error. Without pyscard it reports no service.
    """

    def __init__(self, on_event: Callable[[ReaderEvent], None]) -> None:
        self._report = on_event
        self._stopping = threading.Event()
        self._context: Context | None = None
        self._states: dict[str, int] = {}
        self._present: set[str] = set()
        self._told: ReadersChanged | None = None
        self._thread = LastingThread("card readers", self._run)

    def start(self) -> None:
        """Begin; what is there already is reported first."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it. Not to be called from an event."""
        self._stopping.set()
        self._thread.end()
        while self._thread.alive:
            if (context := self._context) is not None:
                with suppress(scard().error):
                    scard().SCardCancel(context)
            self._thread.join(0.02)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with context_of_its_own() as self._context:
                    self._watch(self._context)
            except CardsNotInstalled:
                self._tell((), service=False)
                return
            except CardServiceAway:
                self._context = None
                self._forget(list(self._states))
                self._after_a_loss()

    def _after_a_loss(self) -> None:
        """Tell that the service is away, unless it is there again at once."""
        try:
            with context_of_its_own():
                return
        except CardServiceAway:
            self._tell((), service=False)
            self._stopping.wait(SERVICE_RETRY_S)

    def _watch(self, context: Context) -> None:
        self._states = {}
        plug_state = 0
        while not self._stopping.is_set():
            self._follow_readers(reader_names(context))
            asked = [(PLUG_AND_PLAY, plug_state), *self._states.items()]
            for name, state, atr in self._next_change(context, asked):
                if name == PLUG_AND_PLAY:
                    plug_state = state & ~scard().SCARD_STATE_CHANGED
                else:
                    self._follow_card(name, state, bytes(atr))

    def _next_change(
        self, context: Context, asked: list[tuple[str, int]]
    ) -> list[tuple[str, int, list[int]]]:
        api = scard()
        code, states = api.SCardGetStatusChange(context, QUIET_MS, asked)
        if code in (api.SCARD_E_TIMEOUT, api.SCARD_E_CANCELLED, api.SCARD_E_UNKNOWN_READER):
            return []  # a reader that vanished meanwhile is missing in the next list
        check(code, reader="")
        return [state for state in states if state[1] & api.SCARD_STATE_CHANGED]

    def _follow_readers(self, names: list[str]) -> None:
        fields = [name for name in names if slot_of(name) is Slot.FIELD]
        self._forget([name for name in self._states if name not in fields])
        for name in fields:
            self._states.setdefault(name, scard().SCARD_STATE_UNAWARE)
        self._tell(tuple(fields), service=True)

    def _follow_card(self, name: str, state: int, atr: bytes) -> None:
        """Between two looks a card may have gone and come: then the counter moved by two."""
        api = scard()
        before = self._states[name]
        self._states[name] = state & ~api.SCARD_STATE_CHANGED
        moved = (state >> _EVENTS_SHIFT) - (before >> _EVENTS_SHIFT)
        swapped = before != api.SCARD_STATE_UNAWARE and moved >= 2
        present = bool(state & api.SCARD_STATE_PRESENT)
        if name in self._present and (not present or swapped):
            self._take(name)
        if present and name not in self._present:
            self._present.add(name)
            self._report(CardSeen(name, atr))

    def _forget(self, names: list[str]) -> None:
        for name in names:
            self._states.pop(name, None)
            if name in self._present:
                self._take(name)

    def _take(self, name: str) -> None:
        self._present.discard(name)
        self._report(CardTaken(name))

    def _tell(self, readers: tuple[str, ...], *, service: bool) -> None:
        """Once per change."""
        now = ReadersChanged(readers, service)
        if now != self._told:
            self._told = now
            self._report(now)
