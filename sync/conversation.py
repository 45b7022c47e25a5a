"""One till's conversation with the server: sign-in, deadlines, and answers in our own words."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests import codes

from sync.answers import problem_of, read, server_clock
from sync.exchange import Answer, Deadline, Exchanges
from sync.link import NotSignedIn, TillRevoked, Unreachable
from sync.wire import API
from sync.wire.admission import Challenge, Session, SessionRequest
from vouchers.errors import OperatingError

Wanted = TypeVar("Wanted")

PATIENCE_S = (3.0, 15.0)
SIGN_OF_LIFE_S = 3.0
STREAM_SILENCE_S = 4.0
"""The stream shows a sign of life every 1.5 s; two of them missed are a dead line."""


class Conversation:
    """Requests of one enrolled till; may be used from several threads.

    `deadline_ms` bounds all that a visitor waits for, sign-in included, and `patience_s` (to
    connect, for all of it) every other request. `on_contact` hears the server's clock and this
    machine's lead over it in ms after each answer, `on_revoked` that the server has shut this
    till out. Of several `urls` the first that answers is used until it fails.

    After a failure something small is asked first: a line that swallows requests is noticed
    within SIGN_OF_LIFE_S and not after a whole report's patience. Once that is answered, what was
    under way when the line failed is given up: it may hang on a connection that nobody serves any
    more, and goes again with the same ids. So the till is back soon.
    """

    def __init__(
        self,
        urls: list[str],
        till_id: str,
        key: Ed25519PrivateKey,
        *,
        deadline_ms: int = 800,
        patience_s: tuple[float, float] = PATIENCE_S,
        on_contact: Callable[[datetime, int], None] = lambda _time, _skew: None,
        on_revoked: Callable[[], None] = lambda: None,
    ) -> None:
        self._urls = tuple(urls)
        self._till_id, self._key = till_id, key
        self._counter_patience_s = deadline_ms / 2000, deadline_ms / 1000
        self._patience_s = patience_s
        self._on_contact, self._on_revoked = on_contact, on_revoked
        self._heard_revoked = False
        self._token = ""
        self._failed_at: float | None = None
        self._well_at = 0.0
        self._exchanges = Exchanges()

    def ask(
        self,
        method: str,
        path: str,
        wanted: type[Wanted],
        *,
        query: dict[str, Any] | None = None,
        body: object = None,
        at_counter: bool = False,
    ) -> Wanted:
        """The answer of type `wanted`. Raises Unreachable, NotSignedIn, PositionLost, Refused."""
        deadline = self._deadline(self._counter_patience_s if at_counter else self._patience_s)
        data = None if body is None else msgspec.json.encode(body)
        for fresh in (False, True):
            if fresh or not self._token:
                self._sign_in(deadline)
            answer = self._http(
                method, path, deadline, params=query, data=data, headers=self._bearer()
            )
            if answer.status != codes.unauthorized:
                break
        return self._read(answer, wanted)

    def token(self) -> str:
        """The bearer token of this conversation; signs in where there is none yet."""
        if not self._token:
            self.sign_in_anew()
        return self._token

    def sign_in_anew(self) -> None:
        """Ask for a new token, whatever there is. Raises TillRevoked, NotSignedIn, Unreachable."""
        self._sign_in(self._deadline(self._patience_s))

    def lines(self, path: str, query: dict[str, Any]) -> Iterator[bytes]:
        """The lines of a long-lived answer as they come. Raises Unreachable when it breaks."""
        self.token()
        try:
            yield from self._lines(path, query)
        except NotSignedIn:  # before the first line: the token has grown too old
            self.sign_in_anew()
            yield from self._lines(path, query)

    def _lines(self, path: str, query: dict[str, Any]) -> Iterator[bytes]:
        server = self._urls[0]
        try:
            yield from self._exchanges.lines(
                server,
                API + path,
                silence_s=STREAM_SILENCE_S,
                refusal=partial(problem_of, url=server),
                params=query,
                headers=self._bearer(),
            )
        except Unreachable:
            self._failed_at = time.monotonic()
            raise

    def _sign_in(self, deadline: Deadline) -> None:
        asked = self._http("POST", "/sessions/challenges", deadline)
        challenge = self._read(asked, Challenge).challenge
        request = SessionRequest(
            till_id=self._till_id,
            challenge=challenge,
            signature=self._key.sign(challenge.encode()).hex(),
            heard_revoked=self._heard_revoked,
        )
        data = msgspec.json.encode(request)
        answer = self._http("POST", "/sessions", deadline, data=data)
        try:
            self._token = self._read(answer, Session).token
        except TillRevoked:
            self._confirm_revoked(deadline)
            raise

    def _confirm_revoked(self, deadline: Deadline) -> None:
        """That the till is shut out is written down first, and then the server hears of that."""
        if not self._heard_revoked:
            self._on_revoked()
            self._heard_revoked = True
            with suppress(OperatingError):
                self._sign_in(deadline)

    def _http(self, method: str, path: str, deadline: Deadline, **arguments: Any) -> Answer:
        """One exchange; where the last one failed, a small one before it."""
        server, failed_at = self._urls[0], self._failed_at
        began_at, sent_at = time.monotonic(), time.time()
        try:
            if failed_at is not None:
                soon = Deadline.within(min(SIGN_OF_LIFE_S, deadline.left_s), deadline.connect_s)
                self._exchanges.send("GET", server, f"{API}/health", soon)
                sent_at = time.time()
            answer = self._exchanges.send(method, server, API + path, deadline, **arguments)
        except Unreachable:
            if began_at >= self._well_at:  # else the line was found well in the meantime
                self._fail()
            raise
        if failed_at is not None and failed_at == self._failed_at:
            self._failed_at, self._well_at = None, time.monotonic()
            self._exchanges.give_up_begun_before(failed_at)
        if clock := server_clock(answer):
            here_ms = int((sent_at + time.time()) * 500)  # half-way there and back
            self._on_contact(clock.time, here_ms - clock.ms)
        return answer

    def _fail(self) -> None:
        """Another address is tried next; the stream goes the same way as what has just failed."""
        self._failed_at = time.monotonic()
        self._urls = (*self._urls[1:], self._urls[0])
        self._exchanges.hang_up()

    def _read(self, answer: Answer, wanted: type[Wanted]) -> Wanted:
        try:
            return read(answer, wanted, self._urls[0])
        except Unreachable:
            self._fail()
            raise

    def _deadline(self, patience_s: tuple[float, float]) -> Deadline:
        connect_s, whole_s = patience_s
        return Deadline.within(whole_s, connect_s)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}
