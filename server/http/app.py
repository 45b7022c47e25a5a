"""The ASGI application of one worker."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server.http import (
    cards_api,
    feed_api,
    health_api,
    incidents_api,
    ledger_api,
    sign_in_api,
    visitors_api,
)
from server.http.openapi import openapi_document
from server.http.operation import Operation, problem_response
from server.http.services import Services
from server.problems import problem
from server.storage.database import now_ms
from sync.wire import SERVER_TIME_HEADER

GZIP_FROM_BYTES = 1_000
GZIP_LEVEL = 3
"""Beyond it a snapshot costs twice the time to become a tenth smaller."""

OPERATIONS: list[Operation[Any, Any]] = [
    *sign_in_api.OPERATIONS,
    *ledger_api.OPERATIONS,
    *feed_api.OPERATIONS,
    *incidents_api.OPERATIONS,
    *cards_api.OPERATIONS,
    *visitors_api.OPERATIONS,
    *health_api.OPERATIONS,
]

log = logging.getLogger(__name__)


def make_app(engine: sa.Engine) -> Starlette:
    """The application on a migrated database."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        services = Services(engine, openapi_document(OPERATIONS))
        app.state.services = services
        await services.start()
        gc.freeze()  # what lives as long as the worker need not be looked through again
        yield
        await services.stop()
        gc.unfreeze()

    return Starlette(
        routes=[_route(operation) for operation in (*OPERATIONS, health_api.OPENAPI)],
        lifespan=lifespan,
        exception_handlers={HTTPException: _no_such_operation},
    )


@dataclass(frozen=True)
class _Endpoint:
    """An operation as an ASGI application; every answer tells the server's clock, so that tills
    can measure their skew."""

    operation: Operation[Any, Any]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive, send)
        try:
            response = await self.operation.respond(request, request.app.state.services)
        except Exception:
            log.exception("%s failed", self.operation.name)
            response = problem_response(problem("internal"))
        await _at_this_time(response)(scope, receive, send)


def _route(operation: Operation[Any, Any]) -> Route:
    # Only what tills read is ever long; a layer less is felt by every redemption.
    app: ASGIApp = _Endpoint(operation)
    if operation.method == "GET":
        app = GZipMiddleware(app, minimum_size=GZIP_FROM_BYTES, compresslevel=GZIP_LEVEL)
    return Route(operation.path, app, methods=[operation.method], name=operation.name)


def _at_this_time(response: Response) -> Response:
    response.headers[SERVER_TIME_HEADER] = str(now_ms())
    return response


async def _no_such_operation(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    word = "wrong-method" if status == 405 else "not-found"
    return _at_this_time(problem_response(problem(word), headers))
