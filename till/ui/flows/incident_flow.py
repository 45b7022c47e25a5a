"""Incidents: read by a supervisor, settled at the server, by two people when much is at stake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from sync.link import NotSignedIn, Unreachable
from till.ui.flows.supervised_flow import SupervisedFlow
from till.ui.runner import LOOK_UPS, Runner
from vouchers.errors import OperatingError, Reason, Refused

if TYPE_CHECKING:
    from sync.wire.booking import Standing
    from sync.wire.incidents import Exposure, Settled, SettlementAction
    from till.counter.counter import Counter
    from till.counter.incidents import Case
    from till.store.ledger import Parked
    from vouchers.money import Money
    from vouchers.people import User

ACTION = "incidents"
"""What the audit calls it."""


@dataclass(frozen=True)
class Wish:
    """How a supervisor wants to settle a case."""

    case: Case
    action: SettlementAction
    reason: str
    amount: Money | None = None
    second: User | None = None


@dataclass(frozen=True)
class Stake:
    """What the venue stands to lose; None while the server is away, then what this till may
    still accept by itself; and what it keeps because the server did not take it.
    """

    exposure: Exposure | None
    still_offline: Money
    parked: list[Parked]


class IncidentFlow(SupervisedFlow):
    """Incidents are listed, read and settled. Signals carry values: `listed` a list of Cases,
    `staked` a Stake, `consists` the Accounts behind a sum, `read` a Case, `settled` the Wish and
    the Settled, `second_wanted` the Wish that needs another supervisor.
    """

    listed = Signal(object)
    staked = Signal(object)
    read = Signal(object)
    consists = Signal(object)
    settled = Signal(object, object)
    second_wanted = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, user: User) -> None:
        super().__init__(counter, runner, user, ACTION)

    def refresh(self) -> None:
        """Read what is open and what is at stake; `listed` and `staked` follow."""
        cases = self._counter.incidents.cases
        self._runner.run(cases, self.listed.emit, self.refused.emit)
        stake = partial(_stake, self._counter)
        self._runner.run(stake, self.staked.emit, self.refused.emit, on=LOOK_UPS)

    def show_behind(self, standing: Standing) -> None:
        """Read which accounts a sum consists of; `consists` or `refused` follows."""
        read = partial(self._counter.incidents.behind, standing)
        self._runner.run(read, self.consists.emit, self.refused.emit, on=LOOK_UPS)

    def open(self, case: Case) -> None:
        """Read one with its entry; `read` follows."""
        read = partial(self._counter.incidents.read, case)
        self._runner.run(read, self.read.emit, self.refused.emit, on=LOOK_UPS)

    def settle(self, wish: Wish) -> None:
        """Settle one; `settled`, `second_wanted` or `refused` follows."""
        if self.supervisor is None:
            self.refused.emit(Refused(Reason.NOT_ALLOWED, "supervisor_pin_wrong"))
            return
        settle = partial(_settle, self._counter, self.supervisor, wish)
        self._runner.run(
            settle,
            lambda answer: self.settled.emit(wish, answer),
            lambda error: self._on_not_settled(wish, error),
            on=LOOK_UPS,
        )

    def noted(self, settled: Settled) -> None:
        """The enrolment code has been written down: nobody needs to ask for it again."""
        noted = partial(self._counter.incidents.enrolment_noted, settled.incident)
        self._runner.run(noted, lambda _: self.refresh(), self.refused.emit)

    def agree(self, wish: Wish, second: User, pin: str) -> None:
        """A second supervisor agrees with their PIN, and it is settled; see settle."""
        sign = partial(self._counter.sign_in.agree, second.user_id, pin)
        agreed = replace(wish, second=second)
        self._runner.run(sign, lambda _: self.settle(agreed), self.refused.emit)

    def _on_not_settled(self, wish: Wish, error: OperatingError) -> None:
        if isinstance(error, Refused) and error.reason is Reason.FOUR_EYES and wish.second is None:
            self.second_wanted.emit(wish)
        else:
            self.refused.emit(error)


def _stake(counter: Counter) -> Stake:
    still, parked = counter.status().still_offline, counter.incidents.parked()
    try:
        return Stake(counter.incidents.exposure(), still, parked)
    except (Unreachable, NotSignedIn):
        return Stake(None, still, parked)


def _settle(counter: Counter, supervisor: User, wish: Wish) -> Settled:
    try:
        return counter.incidents.settle(
            wish.case.incident,
            wish.action,
            supervisor=supervisor,
            reason=wish.reason,
            amount=wish.amount,
            second=wish.second,
        )
    except Unreachable as away:
        counter.desk.line.failed(away)
        raise OperatingError("incident_settle_unanswered") from away
