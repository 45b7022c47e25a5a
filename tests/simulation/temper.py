"""How often things happen in one world. Each world draws its own, so that between them the
worlds try combinations nobody would think of; in some, a kind of trouble never happens."""

from dataclasses import dataclass
from random import Random

from tests.simulation.network import Weather

EVENTS = {
    "counter": 30.0,
    "reporting": 9.0,
    "following": 9.0,
    "network": 4.0,
    "server": 3.0,
    "time_passes": 3.0,
    "a_year_passes": 0.3,
    "cable": 2.0,
    "clock_jumps": 1.0,
    "power": 1.0,
    "backup": 1.0,
    "restore": 0.5,
    "clone": 0.3,
    "newcomer": 0.7,
    "duty_stolen": 0.3,
    "revoked": 0.4,
    "settle": 5.0,
}
SERVER_EVENTS = {"crash": 2.0, "sweep": 2.0, "catalogue": 0.5, "backup": 1.0, "restore": 1.0}
COUNTER_STEPS = {
    "sell": 4.0,
    "look_up": 3.0,
    "take": 6.0,
    "redeem": 12.0,
    "pay": 9.0,
    "give_up": 2.0,
    "correct": 2.0,
    "override": 1.0,
    "settle": 1.0,
    "block": 0.5,
}
NEVER_RARELY_OFTEN = (0.0, 0.5, 1.0, 1.0, 3.0)
ALWAYS = frozenset({"counter", "reporting", "following", "server", "sell", "redeem", "pay"})


@dataclass
class Temper:
    """The odds of one world; those of interruptions are per place where one is possible."""

    tills: int
    weather: Weather
    power_cut: float
    server_crash: float
    meanwhile: float
    together: float
    repair: float
    events: dict[str, float]
    server_events: dict[str, float]
    counter_steps: dict[str, float]

    @classmethod
    def drawn_by(cls, chance: Random) -> "Temper":
        """A new one."""
        return cls(
            tills=chance.choice((1, 2, 2, 3)),
            weather=Weather(
                drop_request=chance.choice((0, 0, 0.05, 0.2)),
                drop_answer=chance.choice((0, 0, 0.05, 0.2)),
                delay_request=chance.choice((0, 0, 0.05, 0.2)),
                repeat_request=chance.choice((0, 0, 0.1, 0.3)),
                cut_answer=chance.choice((0, 0, 0.05, 0.15)),
            ),
            power_cut=chance.choice((0, 0, 0.005, 0.02)),
            server_crash=chance.choice((0, 0, 0.01, 0.04)),
            meanwhile=chance.choice((0, 0.02, 0.1, 0.2)),
            together=chance.choice((0, 0.1, 0.3)),
            repair=chance.choice((0.05, 0.2, 0.4)),
            events=_drawn(EVENTS, chance),
            server_events=_drawn(SERVER_EVENTS, chance),
            counter_steps=_drawn(COUNTER_STEPS, chance),
        )

    def next_event(self, chance: Random) -> str:
        """What happens next."""
        return chance.choices(list(self.events), list(self.events.values()))[0]

    def next_at_counter(self, chance: Random, *, sold: bool, sale_open: bool, found: bool) -> str:
        """What a cashier does next, of what makes sense."""
        idle = set() if sold else {"look_up", "redeem", "override", "correct", "block"}
        idle |= set() if sale_open else {"pay", "give_up"}
        idle |= set() if found else {"take"}
        odds = {name: odd for name, odd in self.counter_steps.items() if name not in idle}
        return chance.choices(list(odds), list(odds.values()))[0]

    def next_server_event(self, chance: Random) -> str:
        """What the server meets with; where nothing is left to choose from, a crash."""
        weights = list(self.server_events.values())
        return chance.choices(list(self.server_events), weights)[0] if any(weights) else "crash"


def _drawn(usual: dict[str, float], chance: Random) -> dict[str, float]:
    return {
        name: weight * (1.0 if name in ALWAYS else chance.choice(NEVER_RARELY_OFTEN))
        for name, weight in usual.items()
    }
