"""What an answer says: a value of ours, a problem of ours, or nothing that our server would say."""

import re
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec
from requests import codes

from sync.exchange import Answer
from sync.link import Fault, NotSignedIn, PositionLost, TillRevoked, Unreachable
from sync.wire import SERVER_TIME_HEADER, Problem
from vouchers.errors import OperatingError, Reason, Refused

Wanted = TypeVar("Wanted")

OUR_PROBLEMS = "/problems/"
_REFUSALS = {reason.value for reason in Reason}
_OUR_MISTAKES = {"conflict", "gone"}
_MOMENT_MS = re.compile("[0-9]{13}", re.ASCII)  # from 2001 to 2286


class ServerClock(NamedTuple):
    """What time it was at the server, twice."""

    ms: int
    time: datetime


def server_clock(answer: Answer) -> ServerClock | None:
    """The server's clock; None where somebody else has answered."""
    said = answer.headers.get(SERVER_TIME_HEADER, "")
    if not _MOMENT_MS.fullmatch(said):
        return None
    return ServerClock(int(said), datetime.fromtimestamp(int(said) / 1000, UTC))


def read(answer: Answer, wanted: type[Wanted], url: str) -> Wanted:
    """The answer's value; of type None, that our server has done what was asked.

    Raises what problem_of says, and Unreachable for an answer that is not our server's.
    """
    if not 200 <= answer.status < 300:
        raise problem_of(answer, url)
    if wanted is type(None):
        _check_done(answer, url)
    try:
        return msgspec.json.decode(answer.body or b"null", type=wanted)
    except (ValueError, RecursionError) as damage:  # MsgspecError and UnicodeError among them
        raise unreadable(damage, url) from damage


def unreadable(damage: Exception, url: str = "") -> Unreachable:
    """The typed error for something that our server would not have said."""
    return Unreachable(f"{type(damage).__name__}: {damage}"[:200], Fault.NOT_OUR_SERVER, url=url)


def problem_of(answer: Answer, url: str) -> OperatingError:
    """The typed error for an error answer. One that is not ours is a proxy's, whatever it says."""
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except (ValueError, RecursionError):
        return Unreachable(f"HTTP {answer.status}", Fault.PROXY, url=url)
    if not problem.type.startswith(OUR_PROBLEMS):
        return Unreachable(f"HTTP {answer.status}", Fault.PROXY, url=url)
    if problem.word == "till-revoked":
        return TillRevoked()
    if problem.word == "position-lost":
        return PositionLost()
    reason = problem.word.replace("-", "_")
    if reason in _REFUSALS:
        return Refused(Reason(reason), balance=problem.balance)
    return _by_status(answer.status, problem, url)


def _by_status(status: int, problem: Problem, url: str) -> OperatingError:
    if status in (codes.unauthorized, codes.forbidden):
        return NotSignedIn(problem.detail)
    if problem.word == "not-found":  # a server put back from a backup does not know it any more
        return Refused(Reason.UNKNOWN, "unknown_at_server")
    if status >= 500 or status == codes.too_many_requests:
        return Unreachable(problem.title, Fault.IN_TROUBLE, url=url)
    if status == codes.conflict and problem.word not in _OUR_MISTAKES:
        # A rule that only newer tills know.
        return Refused(Reason.NOT_ALLOWED, "refused_by_newer_server", said=problem.title)
    why = f"{problem.status} {problem.title}: {problem.detail}"
    return Unreachable(why, Fault.MISUNDERSTOOD, url=url)


def _check_done(answer: Answer, url: str) -> None:
    """A log-in page would say 200 as well, and nothing would have been done at the server."""
    if answer.status != codes.no_content or server_clock(answer) is None:
        raise Unreachable(f"HTTP {answer.status}", Fault.NOT_OUR_SERVER, url=url)
