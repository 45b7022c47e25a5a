"""A world of several tills and a server, in which everything that happens follows from a seed."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import Self

from starlette.responses import Response

from server.storage.venues import save_catalogue
from sync.link import Unreachable
from tests.simulation import files
from tests.simulation.auditor import Auditor
from tests.simulation.central import ORGANISATION, Call, Central
from tests.simulation.counter_steps import TROUBLE, Counter
from tests.simulation.events import Events
from tests.simulation.machine import COUNTER, FOLLOWING, REPORTING, Machine, Process
from tests.simulation.mishaps import Mishaps
from tests.simulation.nature import PowerCut, WorldClock, governed_by
from tests.simulation.network import Network
from tests.simulation.promises import Promises
from tests.simulation.record import Record
from tests.simulation.temper import Temper
from tests.simulation.till_rules import Limits
from tests.simulation.venue import catalogue
from tests.simulation.violation import Violation
from vouchers.errors import Refused

LANES = (COUNTER, REPORTING, FOLLOWING)


class World:
    """Owns the clock, the network, the machines and every crash. Use it as a context.

    `story` tells what has happened so far, one line for each step and what came between.
    """

    def __init__(self, seed: int, folder: Path, templates: Path) -> None:
        self.chance = Random(seed)
        self.temper = Temper.drawn_by(self.chance)
        self.story: list[str] = []
        self._templates, self._folder = templates, folder
        self._busy: set[tuple[str, str]] = set()
        self._calm = True
        self._stack = ExitStack()
        self.catalogue = catalogue(self.chance)

    def __enter__(self) -> Self:
        try:
            self._make()
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make(self) -> None:
        self.clock = WorldClock()
        self._stack.enter_context(governed_by(self.chance, self.clock))
        files.fresh_copy(self._templates / "server", self._folder / "server")
        self.server = Central(self._folder / "server", self._server_breathes)
        self.server.change(
            lambda connection: save_catalogue(connection, ORGANISATION, self.catalogue)
        )
        self.promises = Promises()
        self.network = Network(self.server, self.clock, self.chance, self._witness)
        limits = self.catalogue.offline_limits
        self.auditor = Auditor(
            self.server.file,
            self.clock,
            self.promises,
            Limits(
                max(limits.per_voucher.minor, limits.unknown_signed.minor), limits.per_till.minor
            ),
        )
        self.codes: dict[str, str] = {}
        self.counter = Counter(self.chance, self.promises, self._on_code)
        self._record = Record(self.promises)
        self._events = Events(self)
        self.mishaps = Mishaps(self.chance, self.clock, self.promises, self.auditor)
        self.machines = [self.new_till(number) for number in range(self.temper.tills)]
        self.spare = list(range(self.temper.tills, files.TILLS_MAX))

    def __exit__(self, *_failure: object) -> None:
        self._stack.close()
        self.auditor.close()
        for machine in self.machines:
            machine.stop()
        self.server.stop()

    def step(self) -> None:
        """Something happens; afterwards every rule holds. Raises Violation."""
        self._events.repair()
        self._events.next()
        self.auditor.check(self.machines)

    def heal(self) -> None:
        """The network is there, the clocks are right, and nobody stands at a counter any more.
        When each till has reported and then followed once, all agree; where the server was put back
        or a till enrolled anew, it first has to hear what the server has lost. Raises Violation."""
        self.tell("all heals")
        self._calm = True
        self.network.weather = type(self.network.weather)()
        if self.server.process is None:
            self.server.start()
        for machine in self.machines:
            self._mend(machine)
        while self.network.late:
            self.network.deliver_late()
        shut_out = [machine for machine in self.machines if not self.lets_in(machine)]
        for machine in shut_out:
            while not self.lets_in(machine):
                self.enrol_anew(machine)
            machine.start()
        hear_first = (FOLLOWING,) if shut_out or self.promises.restores else ()
        for lane in (*hear_first, REPORTING, FOLLOWING):
            step = self.report if lane == REPORTING else partial(self.follow, signs=0)
            for machine in self.machines:
                self.act(machine, lane, step)
        kept = all(machine.disk_kept for machine in self.machines)
        self.auditor.check_agreement(self.machines, disks_kept=kept)

    def _mend(self, machine: Machine) -> None:
        machine.plugged_in, machine.clock.wrong = True, type(machine.clock.wrong)()
        if machine.process is None:
            machine.start()
        self._close_sale(machine)
        while machine.ask("SELECT 1 FROM open_sales"):
            self.act(machine, COUNTER, self.counter.resume)
            self._close_sale(machine)

    def _close_sale(self, machine: Machine) -> None:
        """It is paid or given up; what is paid in parts, at the second go."""
        for _ in range(2):
            close = self.chance.choice((self.counter.pay, self.counter.give_up))
            self.act(machine, COUNTER, close)

    def tell(self, what: str) -> None:
        """Add to the story."""
        indent = "    " * len(self._busy)
        self.story.append(f"{self.clock.now_ms / 1000 % 1e6:10.1f} {indent}{what}")

    # What may happen between any two writes and messages: see machine.Fate.

    def may_die(self, till: Machine, where: str) -> None:
        """Raises PowerCut when this life of a till ends here."""
        if not self._calm and self.chance.random() < self.temper.power_cut:
            self.tell(f"{till.name} dies {where}")
            raise PowerCut

    def meanwhile(self, till: Machine) -> None:
        """Other threads of this till, or other tills, may do something now."""
        if self._calm or len(self._busy) > 1 or self.chance.random() >= self.temper.meanwhile:
            return
        other = self.chance.choice(self.machines)
        if other is not till or self.chance.random() < 0.5:
            self.act(other, *self.till_step(self.chance.choice(LANES)))

    def _server_breathes(self, where: str) -> None:
        if self._calm:
            return
        asked_together = where == "before the server books" and len(self._busy) < 3
        if asked_together and self.chance.random() < self.temper.together:
            self.act(self.chance.choice(self.machines), COUNTER, self.counter.redeem)
        if self.chance.random() < self.temper.server_crash:
            self.tell(f"the server dies {where}")
            raise PowerCut

    def _witness(self, call: Call, answer: Response | None) -> None:
        self.auditor.witness(call, answer)

    # Steps of tills.

    def till_step(self, lane: str) -> tuple[str, Callable[[Process], str]]:
        """What that thread of a till may do next, for `act`."""
        if lane == REPORTING:
            return lane, self.report
        if lane == FOLLOWING:
            return lane, partial(self.follow, signs=self.chance.randrange(3))
        return lane, self._at_counter

    def _at_counter(self, process: Process) -> str:
        """Whatever a cashier may do with what is on the counter."""
        name = self.temper.next_at_counter(
            self.chance,
            sold=bool(self.promises.vouchers),
            sale_open=process.sale is not None,
            found=process.found is not None,
        )
        told: str = getattr(self.counter, name)(process)
        return told

    def act(self, machine: Machine, lane: str, step: Callable[[Process], str]) -> None:
        """Let one thread of a till do a step, if it is free to."""
        process = machine.process
        if process is None or (machine.name, lane) in self._busy:
            return
        here = len(self.story)
        self._busy.add((machine.name, lane))
        try:
            told = self._told(machine, process, step)
        finally:
            self._busy.discard((machine.name, lane))
        meanwhile = self.story[here:]
        del self.story[here:]
        self.tell(f"{machine.name} {told}")
        self.story += meanwhile

    def _told(self, machine: Machine, process: Process, step: Callable[[Process], str]) -> str:
        try:
            return step(process)
        except PowerCut:
            self.bury(machine, process)
            return "is dead"
        except Refused as refusal:
            return f"is refused: {refusal}"
        except TROUBLE as trouble:
            return f"cannot: {trouble}"
        except Violation:
            raise
        except Exception as mistake:
            raise Violation("no step fails by our own mistake", repr(mistake)) from mistake

    def report(self, process: Process) -> str:
        """A step: report what waits."""
        process.report()
        return "reports what waits"

    def follow(self, process: Process, signs: int) -> str:
        """A step: catch up, and stay until the stream has shown `signs` signs of life."""
        process.follow(signs)
        return "follows the server"

    def bury(self, machine: Machine, process: Process) -> None:
        """This life of a till has ended; what it was about to promise is looked up on its disk."""
        if machine.process is process:
            machine.stop()
            self._record.resolve(machine, process)

    def lets_in(self, machine: Machine) -> bool:
        """Whether the server knows the till in this machine."""
        return self.server.lets_in(*machine.identity())

    def _on_code(self, till_id: str, code: str) -> None:
        """A code for that till: somebody types it in at one of the machines that think they are
        this till."""
        them = [machine for machine in self.machines if machine.identity()[0] == till_id]
        if them:
            self.codes[self.chance.choice(them).name] = code

    def enrol_anew(self, machine: Machine) -> None:
        """With the code somebody has noted; else an operator makes one."""
        code = self.codes.pop(machine.name, "") or self.mishaps.code_for(machine, self.server)
        try:
            machine.enrol_anew(code)
        except Unreachable as trouble:
            self.codes[machine.name] = code
            self.tell(f"{machine.name} cannot enrol anew: {trouble}")
        except Refused as refusal:
            self.tell(f"{machine.name} is refused: {refusal}")
        else:
            self.tell(f"{machine.name} enrols anew as {machine.identity()[0]}")

    def start(self, machine: Machine) -> None:
        """Switch a till on; it may lose power at once."""
        try:
            machine.start()
            self.tell(f"{machine.name} starts")
            self.act(machine, COUNTER, self.counter.resume)
        except PowerCut:
            machine.stop()
            self.tell(f"{machine.name} dies as it starts")

    def _open(self) -> None:
        """The morning: the server runs, and most tills have been told what the venue sells."""
        self.server.start()
        for machine in self.machines:
            machine.start()
        self.act(self.machines[0], FOLLOWING, partial(self.follow, signs=0))
        self.act(self.machines[0], COUNTER, self.counter.sell)
        for machine in self.machines[: self.chance.randint(1, len(self.machines))]:
            self.act(machine, REPORTING, self.report)
            self.act(machine, FOLLOWING, partial(self.follow, signs=0))
        self.server.back_up()
        self._calm = False
        self.network.weather = self.temper.weather

    def new_till(self, number: int) -> Machine:
        """A till as it was delivered: enrolled, and with nothing in it."""
        folder = f"till{number}"
        files.fresh_copy(self._templates / folder, self._folder / folder)
        return self.machine(f"till {number}", folder)

    def machine(self, name: str, folder: str) -> Machine:
        """A machine whose disk is in `folder`."""
        return Machine(name, self._folder / folder, self.clock, self.network, self)
