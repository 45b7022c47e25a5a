"""What happens next in a world: at a counter, to a machine, to the server."""

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.simulation.machine import COUNTER, FOLLOWING, Machine

if TYPE_CHECKING:
    from tests.simulation.world import World

SERVER_STARTS_AGAIN = 0.2
NOTICED = 0.5
"""How soon people see that a till is shut out."""


class Events:
    """Chooses by the world's temper, and lets it happen."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._chance, self._temper = world.chance, world.temper

    def repair(self) -> None:
        """People and programs put right what they can: start again, plug in, get in touch."""
        world = self._world
        if world.server.process is None and self._chance.random() < SERVER_STARTS_AGAIN:
            self._server_starts()
        for till in world.machines:
            if self._chance.random() >= self._temper.repair:
                continue
            if till.name in world.codes or self._is_shut_out(till):
                self._enrol_anew(till)
            elif till.process is None:
                world.start(till)
            elif not till.plugged_in:
                world.tell(f"{till.name} {world.mishaps.cable(till)}")
            elif not till.process.line.state.online:
                world.act(till, FOLLOWING, partial(world.follow, signs=0))

    def _is_shut_out(self, till: Machine) -> bool:
        return self._chance.random() < NOTICED and not self._world.lets_in(till)

    def _enrol_anew(self, till: Machine) -> None:
        world = self._world
        if till.process is not None:
            world.bury(till, till.process)
        world.enrol_anew(till)

    def next(self) -> None:
        """One event."""
        name = self._temper.next_event(self._chance)
        till = self._chance.choice(self._world.machines)
        match name:
            case "server":
                self._server_event()
            case "network":
                self._world.network.deliver_late()
            case "counter" | "reporting" | "following":
                self._at_till(till, name)
            case "clone":
                self._clone(till)
            case "newcomer":
                self._newcomer()
            case "settle":
                self._settle()
            case "revoked":
                told = self._world.mishaps.revoked(till, self._world.server)
                self._world.tell(f"{till.name} {told}")
            case _:
                self._mishap(name, till)

    def _at_till(self, till: Machine, lane: str) -> None:
        if till.process is None:
            self._world.start(till)
        else:
            self._world.act(till, *self._world.till_step(lane))

    def _mishap(self, name: str, till: Machine) -> None:
        world = self._world
        switched_off = name == "power" or (name == "restore" and till.backup is not None)
        if switched_off and till.process is not None:
            world.bury(till, till.process)
        if name in ("time_passes", "a_year_passes"):
            world.tell(getattr(world.mishaps, name)())
        else:
            told = "loses power" if name == "power" else getattr(world.mishaps, name)(till)
            world.tell(f"{till.name} {told}")

    def _clone(self, till: Machine) -> None:
        if any("twin" in machine.name for machine in self._world.machines):
            return
        twin = self._world.machine(f"twin of {till.name}", f"{till.folder.name}-twin")
        self._world.tell(f"{till.name} {self._world.mishaps.copy_disk(till, twin)}")
        self._world.machines.append(twin)
        self._world.start(twin)

    def _settle(self) -> None:
        """A supervisor goes to a till that knows of an incident."""
        known = "SELECT 1 FROM incidents LIMIT 1"
        them = [till for till in self._world.machines if till.process and till.ask(known)]
        if them:
            till = self._chance.choice(them)
            self._world.act(till, COUNTER, self._world.counter.settle)

    def _newcomer(self) -> None:
        if self._world.spare:
            self._world.machines.append(self._world.new_till(self._world.spare.pop()))
            self._world.start(self._world.machines[-1])

    def _server_event(self) -> None:
        world = self._world
        if world.server.process is None:
            self._server_starts()
            return
        match self._temper.next_server_event(self._chance):
            case "crash":
                world.server.stop()
                world.tell("the server loses power")
            case "sweep":
                world.tell(world.mishaps.feed_swept(world.server))
            case "backup":
                world.server.back_up()
                world.tell("the server is backed up")
            case "restore":
                world.tell(world.mishaps.server_put_back(world.server))
            case _:
                newer = replace(world.catalogue, version=world.catalogue.version + 1)
                world.catalogue = newer
                world.tell(world.mishaps.catalogue_changes(world.server, newer))

    def _server_starts(self) -> None:
        self._world.server.start()
        self._world.tell("the server starts")
