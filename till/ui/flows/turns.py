"""One thing after the other: what is asked for while work is under way waits for its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from vouchers.errors import OperatingError

if TYPE_CHECKING:
    from till.ui.runner import Runner

Answer = TypeVar("Answer")


class Turns:
    """Runs steps on the UI thread in order; a step may hand work to the runner and so hold back
    those behind it. `on_error` is told what any of them raises.
    """

    def __init__(self, runner: Runner, on_error: Callable[[OperatingError], None]) -> None:
        self._runner = runner
        self._on_error = on_error
        self._working = False
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._working

    def take(self, step: Callable[[], None]) -> None:
        """Do `step` now, or as soon as everything asked for before is done."""
        self._waiting.append(step)
        self._go_on()

    def work(
        self,
        work: Callable[[], Answer],
        then: Callable[[Answer], None],
        on_error: Callable[[OperatingError], None] | None = None,
    ) -> None:
        """Called by a step: nothing else happens until `work` has answered."""
        self._working = True
        tell = on_error or self._on_error
        self._runner.run(
            work,
            lambda answer: self._done(lambda: then(answer)),
            lambda error: self._done(lambda: tell(error)),
        )

    def _done(self, then: Callable[[], None]) -> None:
        self._working = False
        then()
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and not self._working:
            try:
                self._waiting.popleft()()
            except OperatingError as refusal:
                self._on_error(refusal)
