"""The line between tills and server: it drops, repeats, delays, reorders and cuts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from requests.structures import CaseInsensitiveDict
from starlette.responses import Response as Answer

from sync.answers import problem_of
from sync.conversation import STREAM_SILENCE_S, Conversation
from sync.exchange import Answer as HttpAnswer
from sync.exchange import Deadline
from sync.link import Unreachable
from sync.wire import API, SERVER_TIME_HEADER
from tests.simulation.central import Call, Central, ServerDown
from tests.simulation.nature import CHANGES_AT_ONCE, WorldClock


@dataclass
class Weather:
    """How often, of all messages, the line does what."""

    drop_request: float = 0.0
    drop_answer: float = 0.0
    delay_request: float = 0.0
    repeat_request: float = 0.0
    cut_answer: float = 0.0


@dataclass
class Network:
    """Carries calls to the server. `late` are messages still under way: they may yet arrive.

    `witness` sees every call before the server does, and every answer, whether or not it arrives.
    """

    server: Central
    clock: WorldClock
    chance: Random
    witness: Callable[[Call, Answer | None], None]
    weather: Weather = field(default_factory=Weather)
    late: list[Call] = field(default_factory=list)

    def carry(self, call: Call) -> Answer:
        """There and back. Raises Unreachable; the server may have acted all the same."""
        self.clock.advance(self.chance.uniform(0.005, 0.3))
        if self._happens(self.weather.drop_request):
            raise Unreachable("request lost")
        if self._happens(self.weather.delay_request):
            self.late.append(call)
            raise Unreachable("request delayed")
        if self._happens(self.weather.repeat_request):
            self.late.append(call)
        answer = self._deliver(call)
        self.clock.advance(self.chance.uniform(0.005, 0.3))
        if self._happens(self.weather.drop_answer):
            raise Unreachable("answer lost")
        if self._happens(self.weather.cut_answer):
            answer.body = answer.body[: int(self.chance.random() * len(answer.body))]
        return answer

    def deliver_late(self) -> None:
        """One of the messages under way arrives; nobody waits for its answer any more."""
        if self.late:
            call = self.late.pop(self.chance.randrange(len(self.late)))
            try:
                self._deliver(call)
            except Unreachable:
                self.late.append(call)

    def _deliver(self, call: Call) -> Answer:
        self.witness(call, None)
        try:
            answer = self.server.answer(call)
        except ServerDown:
            raise Unreachable("server down") from None
        self.witness(call, answer)
        return answer

    def _happens(self, how_often: float) -> bool:
        return self.chance.random() < how_often


class SimulatedConversation(Conversation):
    """The till's real conversation, with the simulated network in place of its sockets.

    `breathe` is told before each call and after each answer: there the process may end, or
    other threads of it may run.
    """

    def __init__(
        self,
        till_id: str,
        key: Any,
        *,
        network: Network,
        plugged_in: Callable[[], bool],
        now: Callable[[], datetime],
        breathe: Callable[[str], None],
        on_contact: Callable[[datetime, int], None],
    ) -> None:
        super().__init__(["sim://server"], till_id, key)
        self._network, self._plugged_in = network, plugged_in
        self._now, self._breathe, self._heard = now, breathe, on_contact

    def _http(self, method: str, path: str, deadline: Deadline, **arguments: Any) -> HttpAnswer:
        query = dict(arguments.get("params") or {})
        if path in ("/feed", "/incidents"):
            query["limit"] = CHANGES_AT_ONCE
        self._breathe(f"before {method} {path}")
        if not self._plugged_in():
            raise Unreachable("no cable")
        headers = {"Content-Type": "application/json", **arguments.get("headers", {})}
        answer = self._network.carry(
            Call(method, API + path, query, headers, arguments.get("data") or b"", self._till_id)
        )
        self._breathe(f"after {method} {path}")
        server_ms = self._network.clock.now_ms
        here_ms = int(self._now().timestamp() * 1000)
        self._heard(datetime.fromtimestamp(server_ms / 1000, UTC), here_ms - server_ms)
        told = CaseInsensitiveDict({SERVER_TIME_HEADER: str(server_ms)})
        return HttpAnswer(answer.status_code, bytes(answer.body), told)

    def _lines(self, path: str, query: dict[str, Any]) -> Iterator[bytes]:
        deadline = Deadline.within(STREAM_SILENCE_S, connect_s=STREAM_SILENCE_S)
        answer = self._http("GET", path, deadline, params=query, headers=self._bearer())
        if not answer.ok:
            raise problem_of(answer, url="sim://server")
        yield from answer.body.splitlines()
        raise Unreachable("the stream ended")


def hold_id_of(call: Call) -> UUID:
    """The hold a release is about."""
    return UUID(call.path.rsplit("/", 1)[1])
