"""One request and its answer, bounded in time and size, with somebody who may not be our server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, Self

from requests import Response, codes
from requests.structures import CaseInsensitiveDict
from urllib3.util import Timeout

from sync.bounded import TimedSession, renew
from sync.faults import unreachable
from sync.link import Fault, Unreachable
from vouchers.errors import TillError

ANSWER_BYTES_MAX = 32 * 2**20
"""More than any page of a snapshot or any catalogue with its pictures takes, unpacked."""

PIECE_BYTES = 64 * 1024
REDIRECTS = range(300, 400)
SIGNS_OF_LIFE = (b"data:", b":")
"""How a line of server-sent events begins that says something, or only that somebody is there."""


class Answer(NamedTuple):
    """What came back, whole."""

    status: int
    body: bytes
    headers: "CaseInsensitiveDict[str]"

    @property
    def ok(self) -> bool:
        """Whether it says that the request went well."""
        return 200 <= self.status < 300


class Deadline(NamedTuple):
    """When all of an answer must be here (time.monotonic), and how long connecting may take."""

    ends_at: float
    connect_s: float

    @classmethod
    def within(cls, whole_s: float, connect_s: float) -> Self:
        """So many seconds from now."""
        return cls(time.monotonic() + whole_s, connect_s)

    @property
    def left_s(self) -> float:
        """The seconds that are left; none below zero."""
        return max(0.0, self.ends_at - time.monotonic())


class Exchanges:
    """Requests to a server; may be used from several threads.

    Whatever goes wrong is Unreachable, and says what: no answer within the deadline, one that is
    cut short, too large, compressed in a way that was not asked for, or sends us elsewhere.
    """

    def __init__(self) -> None:
        self._threads = threading.local()
        self._streams: set[Response] = set()
        self._under_way: dict[TimedSession, float] = {}

    def send(
        self, method: str, server: str, path: str, deadline: Deadline, **arguments: Any
    ) -> Answer:
        """The answer, if all of it is here before the deadline. Raises Unreachable."""
        if deadline.left_s <= 0:
            raise Unreachable("", Fault.TOO_SLOW, url=server)
        session = self._session(server)
        self._under_way[session] = time.monotonic()
        try:
            with _translated(server):
                response = self._open(method, server, path, deadline, **arguments)
                return _whole(response, server, deadline)
        finally:
            del self._under_way[session]

    def lines(
        self,
        server: str,
        path: str,
        *,
        silence_s: float,
        refusal: Callable[[Answer], Exception],
        **arguments: Any,
    ) -> Iterator[bytes]:
        """The lines of an answer without an end, as they come. Raises what `refusal` makes of
        one that says no, and Unreachable when no line is finished for `silence_s`, or it ends.
        """
        deadline = Deadline.within(silence_s, connect_s=silence_s / 2)
        with _translated(server):
            response = self._open("GET", server, path, deadline, **arguments)
            if response.status_code != codes.ok:
                raise refusal(_whole(response, server, deadline))
            self._streams.add(response)
            try:
                yield from _lines(response, server)
            finally:
                self._streams.discard(response)
                response.close()
        raise Unreachable("the stream ended", Fault.BROKEN_OFF, url=server)

    def give_up_begun_before(self, moment: float) -> None:
        """End the requests that were sent before then (time.monotonic) and have no answer yet:
        for whoever waits for one, the line has broken off.
        """
        for session, began_at in list(self._under_way.items()):
            if began_at < moment:
                session.hang_up()

    def hang_up(self) -> None:
        """End all streams: whoever follows one hears of it at once, and may begin anew."""
        for response in list(self._streams):
            with suppress(Exception):  # it may end by itself in this very moment
                response.raw.shutdown()

    def _open(
        self, method: str, server: str, path: str, deadline: Deadline, **arguments: Any
    ) -> Response:
        left_s = deadline.left_s
        timeout = Timeout(connect=min(deadline.connect_s, left_s), read=left_s, total=left_s)
        response = self._session(server).request(
            method,
            server + path,
            stream=True,
            allow_redirects=False,
            timeout=timeout,  # type: ignore[arg-type]  # handed on to urllib3 as it is
            **arguments,
        )
        if response.status_code in REDIRECTS:
            response.close()
            location = response.headers.get("Location", "")
            why = f"HTTP {response.status_code}"
            raise Unreachable(why, Fault.REDIRECT, url=server, location=location)
        return response

    def _session(self, server: str) -> TimedSession:
        """This thread's own session with that server."""
        sessions: dict[str, TimedSession] = self._threads.__dict__
        if server not in sessions:
            try:
                sessions[server] = _new_session(server)
            except ValueError as nonsense:
                raise Unreachable(str(nonsense), Fault.ADDRESS, url=server) from nonsense
        return sessions[server]


def _new_session(server: str) -> TimedSession:
    """A session that takes proxy and certificates from its surroundings once, not each time, and
    never a password: a .netrc file would put its own in place of our token."""
    session = TimedSession()
    surroundings = session.merge_environment_settings(server, {}, None, None, None)
    session.trust_env = False
    session.proxies, session.verify = surroundings["proxies"], surroundings["verify"]
    session.headers.update({"Content-Type": "application/json", "Accept-Encoding": "gzip"})
    return session


def _whole(response: Response, server: str, deadline: Deadline) -> Answer:
    """The answer with all of its body, unpacked piece by piece."""
    body = bytearray()
    try:
        _check_encoding(response, server)
        while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
            body += piece
            if len(body) > ANSWER_BYTES_MAX:
                raise Unreachable("the answer has no end", Fault.NOT_OUR_SERVER, url=server)
            if deadline.left_s <= 0:
                raise Unreachable("", Fault.TOO_SLOW, url=server)
    finally:
        response.close()
    return Answer(response.status_code, bytes(body), response.headers)


def _lines(response: Response, server: str) -> Iterator[bytes]:
    _check_encoding(response, server)
    begun = bytearray()
    while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
        begun += piece
        if b"\n" in piece:
            *finished, begun = begun.split(b"\n")
            if any(line.startswith(SIGNS_OF_LIFE) for line in finished):
                renew(response)
            for line in finished:
                yield bytes(line).rstrip(b"\r")
        if len(begun) > ANSWER_BYTES_MAX:
            raise Unreachable("a line has no end", Fault.NOT_OUR_SERVER, url=server)


def _check_encoding(response: Response, server: str) -> None:
    """Packed several times over, a few bytes can unpack to more than any machine can hold."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "gzip", "identity"):
        raise Unreachable(f"packed as {encoding[:40]}", Fault.NOT_OUR_SERVER, url=server)


@contextmanager
def _translated(server: str) -> Iterator[None]:
    try:
        yield
    except TillError:
        raise
    except Exception as error:
        # All that a library raises while it talks to a stranger is that stranger's doing.
        raise unreachable(error, server) from error
