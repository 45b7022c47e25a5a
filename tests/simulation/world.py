"""A world of several tills and a server, in which everything that happens follows from a seed."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import Self

from msgspec.structs import replace
from starlette.responses import Response

from server.storage.venues import save_catalogue
from tests.simulation import files
from tests.simulation.auditor import Auditor
from tests.simulation.central import ORGANISATION, Call, Central
from tests.simulation.counter_steps import TROUBLE, Counter
from tests.simulation.machine import Machine, Process
from tests.simulation.mishaps import Mishaps
from tests.simulation.nature import PowerCut, WorldClock, governed_by
from tests.simulation.network import Network
from tests.simulation.promises import Promises
from tests.simulation.temper import Temper
from tests.simulation.till_rules import Limits
from tests.simulation.venue import catalogue
from tests.simulation.violation import Violation, require
from vouchers.errors import Refused

ROUNDS_TO_AGREE = 2
COUNTER, REPORTING, FOLLOWING = "counter", "reporting", "following"
"""The threads of a till: each does one thing at a time, beside the others."""


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
        self._catalogue = catalogue(self.chance)

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
            lambda connection: save_catalogue(connection, ORGANISATION, self._catalogue)
        )
        self.promises = Promises()
        self.network = Network(self.server, self.clock, self.chance, self._witness)
        limits = self._catalogue.offline_limits
        self.auditor = Auditor(
            self.server.file,
            self.clock,
            self.promises,
            Limits(
                max(limits.per_voucher.minor, limits.unknown_signed.minor), limits.per_till.minor
            ),
        )
        self.counter = Counter(self.chance, self.promises)
        self.mishaps = Mishaps(self.chance, self.clock, self.promises, self.auditor)
        self.machines = [self._new_till(number) for number in range(self.temper.tills)]
        self._spare = list(range(self.temper.tills, files.TILLS_MAX))

    def __exit__(self, *_failure: object) -> None:
        self._stack.close()
        self.auditor.close()
        for machine in self.machines:
            machine.stop()
        self.server.stop()

    def step(self) -> None:
        """Something happens; afterwards every rule holds. Raises Violation."""
        self._repair()
        self._next_event()()
        self.auditor.check(self.machines)

    def heal(self) -> None:
        """The network is there, the clocks are right, and nobody stands at a counter any more.
        Within ROUNDS_TO_AGREE everybody agrees. Raises Violation."""
        self.tell("all heals")
        self._calm = True
        self.network.weather = type(self.network.weather)()
        if self.server.process is None:
            self.server.start()
        for machine in self.machines:
            machine.plugged_in, machine.clock.wrong = True, type(machine.clock.wrong)()
            if machine.process is None:
                machine.start()
            close = self.chance.choice((self.counter.pay, self.counter.give_up))
            self._act(machine, COUNTER, close)
        while self.network.late:
            self.network.deliver_late()
        for _ in range(ROUNDS_TO_AGREE):
            for machine in self.machines:
                self._act(machine, REPORTING, self._report)
                self._act(machine, FOLLOWING, partial(self._follow, signs=0))
        kept = all(machine.disk_kept for machine in self.machines)
        self.auditor.check_agreement(self.machines, disks_kept=kept)

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
        lanes = (COUNTER, REPORTING, FOLLOWING)
        if other is not till or self.chance.random() < 0.5:
            self._act(other, *self._till_step(self.chance.choice(lanes)))

    def _server_breathes(self, where: str) -> None:
        if self._calm:
            return
        asked_together = where == "before the server books" and len(self._busy) < 3
        if asked_together and self.chance.random() < self.temper.together:
            self._act(self.chance.choice(self.machines), COUNTER, self.counter.redeem)
        if self.chance.random() < self.temper.server_crash:
            self.tell(f"the server dies {where}")
            raise PowerCut

    def _witness(self, call: Call, answer: Response | None) -> None:
        self.auditor.witness(call, answer)

    # Steps.

    def _repair(self) -> None:
        """People and programs put right what they can: plug in, start again, get in touch."""
        if self.server.process is None and self.chance.random() < 0.2:
            self.server.start()
            self.tell("the server starts")
        for till in self.machines:
            if self.chance.random() >= self.temper.repair:
                continue
            if till.process is None:
                self._start(till)
            elif not till.plugged_in:
                self.tell(f"{till.name} {self.mishaps.cable(till)}")
            elif not till.process.line.state.online:
                self._act(till, FOLLOWING, partial(self._follow, signs=0))

    def _next_event(self) -> Callable[[], None]:
        name = self.temper.next_event(self.chance)
        if name == "server":
            return self._server_event
        if name == "network":
            return self.network.deliver_late
        till = self.chance.choice(self.machines)
        if name in ("counter", "reporting", "following"):
            if till.process is None:
                return partial(self._start, till)
            return lambda: self._act(till, *self._till_step(name))
        return lambda: self._mishap(name, till)

    def _till_step(self, lane: str) -> tuple[str, Callable[[Process], str]]:
        if lane == REPORTING:
            return lane, self._report
        if lane == FOLLOWING:
            return lane, partial(self._follow, signs=self.chance.randrange(3))
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

    def _act(self, machine: Machine, lane: str, step: Callable[[Process], str]) -> None:
        """Let one thread of a till do a step, if it is free to."""
        process = machine.process
        if process is None or (machine.name, lane) in self._busy:
            return
        here = len(self.story)
        self._busy.add((machine.name, lane))
        try:
            told = step(process)
        except PowerCut:
            told = "is dead"
            self._bury(machine, process)
        except Refused as refusal:
            told = f"is refused: {refusal}"
        except TROUBLE as trouble:
            told = f"cannot: {trouble}"
        except Violation:
            raise
        except Exception as mistake:
            raise Violation("no step fails by our own mistake", repr(mistake)) from mistake
        finally:
            self._busy.discard((machine.name, lane))
        nested = self.story[here:]
        del self.story[here:]
        self.tell(f"{machine.name} {told}")
        self.story += nested

    def _report(self, process: Process) -> str:
        process.report()
        return "reports what waits"

    def _follow(self, process: Process, signs: int) -> str:
        process.follow(signs)
        return "follows the server"

    def _bury(self, machine: Machine, process: Process) -> None:
        if machine.process is process:
            machine.stop()
            self.counter.resolve(machine, process)

    def _start(self, machine: Machine) -> None:
        try:
            machine.start()
            self.tell(f"{machine.name} starts")
        except PowerCut:
            machine.stop()
            self.tell(f"{machine.name} dies as it starts")

    def _mishap(self, name: str, till: Machine) -> None:
        match name:
            case "power":
                if till.process is not None:
                    self._bury(till, till.process)
                self.tell(f"{till.name} loses power")
            case "time_passes" | "a_year_passes":
                self.tell(getattr(self.mishaps, name)())
            case "clone":
                self._clone(till)
            case "newcomer":
                if self._spare:
                    self.machines.append(self._new_till(self._spare.pop()))
                    self._start(self.machines[-1])
            case _:
                if name == "restore" and till.process is not None and till.backup is not None:
                    self._bury(till, till.process)
                self.tell(f"{till.name} {getattr(self.mishaps, name)(till)}")

    def _clone(self, till: Machine) -> None:
        if any("twin" in machine.name for machine in self.machines):
            return
        twin = self._machine(f"twin of {till.name}", self._folder / f"{till.folder.name}-twin")
        self.tell(f"{till.name} {self.mishaps.copy_disk(till, twin)}")
        self.machines.append(twin)
        self._start(twin)

    def _server_event(self) -> None:
        if self.server.process is None:
            self.server.start()
            self.tell("the server starts")
            return
        match self.temper.next_server_event(self.chance):
            case "crash":
                self.server.stop()
                self.tell("the server loses power")
            case "sweep":
                self.tell(self.mishaps.feed_swept(self.server))
            case _:
                newer = replace(self._catalogue, version=self._catalogue.version + 1)
                self._catalogue = newer
                self.tell(self.mishaps.catalogue_changes(self.server, newer))

    def _open(self) -> None:
        """The morning: the server runs, and most tills have been told what the venue sells."""
        self.server.start()
        for machine in self.machines:
            machine.start()
        self._act(self.machines[0], FOLLOWING, partial(self._follow, signs=0))
        self._act(self.machines[0], COUNTER, self.counter.sell)
        for machine in self.machines[: self.chance.randint(1, len(self.machines))]:
            self._act(machine, REPORTING, self._report)
            self._act(machine, FOLLOWING, partial(self._follow, signs=0))
        self._calm = False
        self.network.weather = self.temper.weather
        require(self.server.process is not None, "the server starts")

    def _new_till(self, number: int) -> Machine:
        folder = self._folder / f"till{number}"
        files.fresh_copy(self._templates / f"till{number}", folder)
        return self._machine(f"till {number}", folder)

    def _machine(self, name: str, folder: Path) -> Machine:
        return Machine(name, folder, self.clock, self.network, self)
