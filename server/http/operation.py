"""An operation of the API: declared once, it is routed, checked and documented."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.errors import PositionLost, StorageFull, StorageUnavailable
from server.problems import problem
from server.tills.sign_in import SignedIn
from sync.wire import Problem
from vouchers.open_enum import only_known_words

if TYPE_CHECKING:
    from server.http.services import Services

BODY_BYTES_MAX = 1024 * 1024
DRAINED_BYTES_MAX = 16 * BODY_BYTES_MAX
"""A sender that is cut off in the middle never reads why; this much is read and thrown away."""

PROBLEM_TYPE = "application/problem+json"


class Nothing(Struct, frozen=True):
    """No parameters, or no body."""


P = TypeVar("P", bound=Struct)
B = TypeVar("B", bound=Struct)

NOBODY = SignedIn("", "")


class ProblemFound(Exception):
    """Ends an operation with a problem."""

    def __init__(self, found: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(found.word)
        self.problem = found
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Call(Generic[P, B]):
    """One call of an operation: who calls, and what was understood of it."""

    services: "Services"
    till: SignedIn
    parameters: P
    body: B
    address: str


Answer = Struct | Response | None

_WORLD_FAILED: dict[type[Exception], str] = {
    PositionLost: "position-lost",
    StorageFull: "storage-full",
    StorageUnavailable: "unavailable",
}


@dataclass(frozen=True)
class Operation(Generic[P, B]):
    """What a path and method do.

    `parameters` names what comes by path and query, `answer` what goes back with `status`
    (204 without one); `problems` names those that are this operation's own.
    """

    method: str
    path: str
    name: str
    summary: str
    handler: Callable[[Call[P, B]], Awaitable[Answer]]
    parameters: type[P]
    body: type[B]
    answer: type[Struct] | None
    status: int = 200
    problems: tuple[str, ...] = ()
    signed_in: bool = True
    stream: bool = False
    _decoder: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_decoder", msgspec.json.Decoder(self.body))

    @property
    def takes_body(self) -> bool:
        """Whether a JSON body is asked for."""
        return self.body is not Nothing

    def possible_problems(self) -> tuple[str, ...]:
        """All problems a caller may meet here, for the documentation."""
        always = ("malformed", "wrong-method", "unavailable", "internal")
        sign_in = ("not-signed-in",) if self.signed_in else ()
        body = ("too-large", "wrong-content-type", "storage-full") if self.takes_body else ()
        return (*always, *sign_in, *body, *self.problems)

    async def respond(self, request: Request, services: "Services") -> Response:
        """Check the call, run it, and put its answer or its problem into words."""
        try:
            answer = await self._run(request, services)
        except ProblemFound as found:
            return problem_response(found.problem, found.headers)
        except (PositionLost, StorageFull, StorageUnavailable) as error:
            return problem_response(problem(_WORLD_FAILED[type(error)]))
        if isinstance(answer, Problem):
            return problem_response(answer)
        if answer is None:
            return Response(status_code=204)
        return answer if isinstance(answer, Response) else json_response(answer, self.status)

    async def _run(self, request: Request, services: "Services") -> Answer:
        till = services.caller(request.headers) if self.signed_in else NOBODY
        call = Call(
            services=services,
            till=till,
            parameters=self._parameters(request),
            body=await self._body(request),
            address=request.client.host if request.client else "",
        )
        return await self.handler(call)

    def _parameters(self, request: Request) -> P:
        given = {**request.query_params, **request.path_params}
        try:
            if any("\x00" in value for value in given.values()):
                raise ProblemFound(problem("malformed", "NUL is no character of ours."))
            return msgspec.convert(given, self.parameters, strict=False)
        except msgspec.ValidationError as error:
            raise ProblemFound(problem("malformed", str(error))) from error

    async def _body(self, request: Request) -> B:
        if not self.takes_body:
            return self.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise ProblemFound(problem("wrong-content-type"))
        raw = await read_limited(request)
        if b"\\u0000" in raw:
            raise ProblemFound(problem("malformed", "NUL is no character of ours."))
        try:
            with only_known_words():
                decoded: B = self._decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
            raise ProblemFound(problem("malformed", str(error)[:500])) from error
        return decoded


async def read_limited(request: Request) -> bytes:
    """The body, as long as it is at most BODY_BYTES_MAX."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > DRAINED_BYTES_MAX:
                break
            if size <= BODY_BYTES_MAX:
                parts.append(part)
    except ClientDisconnect as error:
        raise ProblemFound(problem("malformed", "The request broke off.")) from error
    if size > BODY_BYTES_MAX:
        raise ProblemFound(problem("too-large"), {"Connection": "close"})
    return b"".join(parts)


def json_response(value: Struct, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def problem_response(found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as problem+json."""
    body = msgspec.json.encode(found)
    return Response(body, found.status, headers=headers, media_type=PROBLEM_TYPE)
