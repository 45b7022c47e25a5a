"""One till's conversation with the server: sign-in, deadlines, and errors in our own words."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests import Response

from sync.link import NotSignedIn, PositionLost, TillRevoked, Unreachable
from sync.wire import API, SERVER_TIME_HEADER, Problem
from sync.wire.admission import Challenge, Session, SessionRequest
from vouchers.errors import InvariantError, OperatingError, Reason, Refused

Answer = TypeVar("Answer")

BATCH_TIMEOUT_S = (3.0, 15.0)
STREAM_TIMEOUT_S = (3.0, 12.0)
"""The stream shows a sign of life every 5 s; twice that without one is a dead line."""

_REFUSALS = {reason.value for reason in Reason}
_OUR_MISTAKES = {"conflict", "gone"}


class Conversation:
    """Requests of one enrolled till; may be used from several threads.

    `deadline_ms` bounds what a visitor waits for, `patience_s` (to connect, to answer) everything
    else. `on_contact` hears the server's clock and this machine's lead over it in ms after each
    answer, `on_revoked` that the server has shut this till out. Of several `urls` the first that
    answers is used until it fails.
    """

    def __init__(
        self,
        urls: list[str],
        till_id: str,
        key: Ed25519PrivateKey,
        *,
        deadline_ms: int = 800,
        patience_s: tuple[float, float] = BATCH_TIMEOUT_S,
        on_contact: Callable[[datetime, int], None] = lambda _time, _skew: None,
        on_revoked: Callable[[], None] = lambda: None,
    ) -> None:
        self._urls = list(urls)
        self._till_id, self._key = till_id, key
        self._counter_timeout_s = (deadline_ms / 2000, deadline_ms / 1000)
        self._patience_s = patience_s
        self._on_contact, self._on_revoked = on_contact, on_revoked
        self._heard_revoked = False
        self._token = ""
        self._threads = threading.local()

    def ask(
        self,
        method: str,
        path: str,
        wanted: type[Answer],
        *,
        query: dict[str, Any] | None = None,
        body: object = None,
        at_counter: bool = False,
    ) -> Answer:
        """The answer of type `wanted`. Raises Unreachable, NotSignedIn, PositionLost, Refused."""
        response = self._send(method, path, query=query, body=body, at_counter=at_counter)
        return None if wanted is type(None) else read_answer(response, wanted)

    def token(self) -> str:
        """The bearer token of this conversation; signs in where there is none yet."""
        if not self._token:
            self._sign_in(self._patience_s)
        return self._token

    def sign_in_anew(self) -> None:
        """Ask for a new token, whatever there is. Raises TillRevoked, NotSignedIn, Unreachable."""
        self._sign_in(self._patience_s)

    def lines(self, path: str, query: dict[str, Any]) -> Iterator[bytes]:
        """The lines of a long-lived answer as they come. Raises Unreachable when it breaks."""
        response = self._send("GET", path, query=query, stream=True)
        try:
            yield from response.iter_lines(chunk_size=None)
        except requests.RequestException as broken:
            raise Unreachable(str(broken)) from broken
        finally:
            response.close()
        raise Unreachable("the stream ended")

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: object = None,
        at_counter: bool = False,
        stream: bool = False,
    ) -> Response:
        timeout = self._counter_timeout_s if at_counter else self._patience_s
        data = None if body is None else msgspec.json.encode(body)
        for fresh in (False, True):
            if not self._token or fresh:
                self._sign_in(timeout)
            response = self._http(
                method,
                path,
                params=query,
                data=data,
                headers={"Authorization": f"Bearer {self._token}"},
                stream=stream,
                timeout=STREAM_TIMEOUT_S if stream else timeout,
            )
            if response.status_code != requests.codes.unauthorized:
                break
        if not response.ok:
            raise problem_of(response)
        return response

    def _sign_in(self, timeout: tuple[float, float]) -> None:
        asked = self._http("POST", "/sessions/challenges", timeout=timeout)
        if not asked.ok:
            raise problem_of(asked)
        challenge = read_answer(asked, Challenge).challenge
        request = SessionRequest(
            till_id=self._till_id,
            challenge=challenge,
            signature=self._key.sign(challenge.encode()).hex(),
            heard_revoked=self._heard_revoked,
        )
        data = msgspec.json.encode(request)
        answer = self._http("POST", "/sessions", data=data, timeout=timeout)
        if not answer.ok:
            raise self._refused(answer, timeout)
        self._token = read_answer(answer, Session).token

    def _refused(self, answer: Response, timeout: tuple[float, float]) -> Exception:
        """Why the till is not let in. That it is shut out is written down, and then confirmed."""
        error = problem_of(answer)
        if isinstance(error, TillRevoked) and not self._heard_revoked:
            self._on_revoked()
            self._heard_revoked = True
            with suppress(OperatingError):
                self._sign_in(timeout)
        return error

    def _http(self, method: str, path: str, **arguments: Any) -> Response:
        url = self._urls[0]
        sent_at = time.time()
        try:
            response = self._session(url).request(method, url + API + path, **arguments)
        except requests.RequestException as failure:
            self._urls.append(self._urls.pop(0))
            raise Unreachable(type(failure).__name__) from failure
        self._tell_contact(response, sent_at)
        return response

    def _session(self, url: str) -> requests.Session:
        """This thread's own session with that address."""
        sessions: dict[str, requests.Session] = self._threads.__dict__
        if url not in sessions:
            sessions[url] = _new_session(url)
        return sessions[url]

    def _tell_contact(self, response: Response, sent_at: float) -> None:
        server_ms = response.headers.get(SERVER_TIME_HEADER, "")
        if server_ms.isdigit():
            here_ms = int((sent_at + time.time()) * 500)  # half-way there and back
            server_time = datetime.fromtimestamp(int(server_ms) / 1000, UTC)
            self._on_contact(server_time, here_ms - int(server_ms))


def _new_session(url: str) -> requests.Session:
    """A session that takes proxy and certificates from its surroundings once, not each time, and
    never a password: a .netrc file would put its own in place of our token."""
    session = requests.Session()
    surroundings = session.merge_environment_settings(url, {}, None, None, None)
    session.trust_env = False
    session.proxies, session.verify = surroundings["proxies"], surroundings["verify"]
    session.headers["Content-Type"] = "application/json"
    return session


def read_answer(response: Response, wanted: type[Answer]) -> Answer:
    """The answer's body. Raises Unreachable for one cut short, or not from our server at all."""
    try:
        return msgspec.json.decode(response.content, type=wanted)
    except (msgspec.MsgspecError, requests.RequestException) as damage:
        raise Unreachable(f"unreadable answer: {damage}") from damage


def problem_of(response: Response) -> Exception:
    """The typed error for an error answer."""
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
    except (msgspec.MsgspecError, requests.RequestException):
        return Unreachable(f"HTTP {response.status_code}")
    if problem.word == "till-revoked":
        return TillRevoked()
    if problem.word == "position-lost":
        return PositionLost()
    reason = problem.word.replace("-", "_")
    if reason in _REFUSALS:
        return Refused(Reason(reason), balance=problem.balance)
    return _by_status(response.status_code, problem)


def _by_status(status: int, problem: Problem) -> Exception:
    if status in (401, 403):
        return NotSignedIn(problem.detail)
    if problem.word == "not-found":  # a server put back from a backup does not know it any more
        return Refused(Reason.UNKNOWN, "unknown_at_server")
    if status >= 500 or status == 429:
        return Unreachable(problem.title)
    if status == 409 and problem.word not in _OUR_MISTAKES:  # a rule that only newer tills know
        return Refused(Reason.NOT_ALLOWED, "refused_by_newer_server", said=problem.title)
    return InvariantError(f"the server says {problem.status} {problem.title}: {problem.detail}")
