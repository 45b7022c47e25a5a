"""Incidents: the screens a supervisor walks through, wired to their flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.ui.incident_words import left_open, till_name
from till.ui.look import Message
from till.ui.screens.approve import ApproveScreen
from till.ui.screens.enrolment_code import EnrolmentCodeScreen
from till.ui.screens.incident import IncidentScreen
from till.ui.screens.incidents import IncidentsScreen
from till.ui.screens.second import SecondScreen
from till.ui.screens.settle import SettleScreen
from till.ui.session import Level
from till.ui.stage import HOME, Stage

if TYPE_CHECKING:
    from sync.wire.incidents import Settled, SettlementAction
    from till.counter.counter import Status
    from till.counter.incidents import Case
    from till.ui.flows.incident_flow import IncidentFlow, Wish
    from vouchers.errors import OperatingError
    from vouchers.people import User

LIST = "incidents"
PIN, ONE, SETTLE, SECOND, CODE = (f"{LIST}/{part}" for part in ("pin", "1", "do", "2nd", "code"))


class IncidentScreens(QObject):
    """The list, one incident, settling it, four eyes, and the enrolment code.

    `accounts_wanted` carries the Accounts that a sum on the list consists of.
    """

    accounts_wanted = Signal(object)

    def __init__(self, stage: Stage, flow: IncidentFlow, people: list[User], currency: str) -> None:
        super().__init__(stage)
        look = stage.look
        self._stage, self._flow = stage, flow
        self._open_count = 0
        self._noted: Settled | None = None
        self._pin = ApproveScreen(look)
        say = look.say
        self._pin.ask(say("incidents_pin_what"), say("incidents_pin_why"), say("incidents_pin"))
        self._list = IncidentsScreen(look)
        self._one = IncidentScreen(look, people)
        self._settle = SettleScreen(look, currency)
        self._second = SecondScreen(look, people)
        self._code = EnrolmentCodeScreen(look)
        self._add_screens()
        self._connect_flow()

    def enter(self) -> None:
        """Go to the incidents, by way of a supervisor's PIN for a cashier."""
        self._stage.slot.clear()
        if self._flow.supervisor is None:
            self._pin.clear()
            self._stage.go(PIN)
        else:
            self._to_list()

    def show_status(self, status: Status) -> None:
        """The line comes and goes, and incidents are opened and settled elsewhere."""
        offline = None
        if not status.online:
            text = self._stage.look.say("incidents_offline", since=status.since)
            offline = Message(Level.ATTENTION, text)
        self._one.show_line(offline)
        if status.incidents != self._open_count and self._stage.place == LIST:
            self._flow.refresh()
        self._open_count = status.incidents

    def _add_screens(self) -> None:
        places = {
            PIN: (self._pin, HOME),
            LIST: (self._list, HOME),
            ONE: (self._one, LIST),
            SETTLE: (self._settle, ONE),
            SECOND: (self._second, SETTLE),
            CODE: (self._code, LIST),
        }
        for place, (screen, back) in places.items():
            self._stage.add(place, screen)
            screen.left.connect(lambda back=back: self._back_to(back))
        self._pin.entered.connect(self._on_pin)
        self._list.chosen.connect(self._on_chosen)
        self._list.summed.connect(self._flow.show_behind)
        self._flow.consists.connect(self.accounts_wanted)
        self._list.finished.connect(lambda: self._stage.go(HOME))
        self._one.chosen.connect(self._on_action)
        self._one.finished.connect(self._to_list)
        self._settle.settling.connect(self._on_settling)
        self._second.agreed.connect(self._on_agreed)
        self._code.finished.connect(self._on_code_noted)

    def _connect_flow(self) -> None:
        self._flow.opened.connect(self._to_list)
        self._flow.listed.connect(self._list.show_cases)
        self._flow.staked.connect(self._list.show_stake)
        self._flow.read.connect(self._on_read)
        self._flow.settled.connect(self._on_settled)
        self._flow.second_wanted.connect(self._on_second_wanted)
        self._flow.refused.connect(self._on_refused)
        self._stage.moved.connect(self._on_moved)

    def _to_list(self) -> None:
        if self._flow.supervisor is None:
            self.enter()
            return
        self._list.clear()
        self._flow.refresh()
        self._stage.go(LIST)

    def _back_to(self, place: str) -> None:
        self._stage.slot.clear()
        if place == LIST:
            self._to_list()
        else:
            self._settle.set_ready(True)
            self._stage.go(place)

    def _on_pin(self, pin: str) -> None:
        self._stage.slot.clear()
        self._flow.approve(pin)

    def _on_chosen(self, case: Case) -> None:
        self._stage.slot.clear()
        self._one.show_case(case)
        self._stage.go(ONE)
        self._flow.open(case)

    def _on_read(self, case: Case) -> None:
        if self._stage.place == ONE:
            self._one.show_case(case)

    def _on_action(self, case: Case, action: SettlementAction) -> None:
        self._stage.slot.clear()
        self._settle.begin(case, action)
        self._stage.go(SETTLE)

    def _on_settling(self, wish: Wish) -> None:
        self._stage.slot.clear()
        self._flow.settle(wish)

    def _on_second_wanted(self, wish: Wish) -> None:
        if self._flow.supervisor is not None:
            self._second.begin(wish, self._flow.supervisor.user_id)
            self._stage.go(SECOND)

    def _on_agreed(self, wish: Wish, second: User, pin: str) -> None:
        self._stage.slot.clear()
        self._flow.agree(wish, second, pin)

    def _on_settled(self, wish: Wish, settled: Settled) -> None:
        look = self._stage.look
        if settled.enrolment_code:
            self._noted = settled
            self._code.show_code(settled.enrolment_code, till_name(look, wish.case))
            self._stage.go(CODE)
        else:
            self._to_list()
        if settled.incident.settled_at is None:
            text = left_open(look, wish.case, wish.action, wish.amount)
            self._stage.say(Message(Level.ATTENTION, text))
            return
        what = look.say(f"settle_{wish.action.value}")
        self._stage.say(Message(Level.ACCEPTED, look.say("incident_settled_now", what=what)))

    def _on_code_noted(self) -> None:
        if self._noted is not None:
            self._flow.noted(self._noted)
            self._noted = None
        self._to_list()

    def _on_refused(self, error: OperatingError) -> None:
        self._settle.set_ready(True)
        self._stage.refuse(error)

    def _on_moved(self, place: str) -> None:
        if place != CODE:
            self._code.forget()
        if place.partition("/")[0] != LIST:
            self._flow.close()
