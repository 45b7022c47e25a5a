"""Is the server alive, and its database with it?"""

from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from starlette.responses import Response

from server.http.operation import Call, Nothing, Operation
from sync.wire import API


class Health(Struct, frozen=True):
    """The server answers, and so does its database."""

    version: str
    database: str


async def health(call: Call[Nothing, Nothing]) -> Health:
    """Ask the database for a sign of life."""
    await call.services.read(lambda connection: connection.execute(sa.select(1)).scalar())
    return Health(version=version("voucher-till"), database=call.services.engine.dialect.name)


async def openapi(call: Call[Nothing, Nothing]) -> Response:
    """This API, described."""
    return Response(call.services.openapi, media_type="application/json")


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("GET", f"{API}/health", "health", "Whether the server and its database answer"),
        handler=health,
        parameters=Nothing,
        body=Nothing,
        answer=Health,
        signed_in=False,
    ),
]
OPENAPI = Operation(
    *("GET", f"{API}/openapi.json", "openapi", "This API as OpenAPI 3.1"),
    handler=openapi,
    parameters=Nothing,
    body=Nothing,
    answer=None,
    signed_in=False,
)
