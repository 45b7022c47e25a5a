"""The ASGI application of one worker."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
from server.storage.database import now_ms, open_engine
from sync.wire import SERVER_TIME_HEADER

DATABASE_VARIABLE = "VOUCHER_SERVER_DATABASE"
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


def worker_app() -> Starlette:
    """The application of a worker process, which is told its database by the environment."""
    return make_app(open_engine(os.environ[DATABASE_VARIABLE]))


def make_app(engine: sa.Engine) -> Starlette:
    """The application on a migrated database."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        services = Services(engine, openapi_document(OPERATIONS))
        app.state.services = services
        await services.start()
        yield
        await services.stop()

    return Starlette(
        routes=[_route(operation) for operation in (*OPERATIONS, health_api.OPENAPI)],
        lifespan=lifespan,
        middleware=[
            Middleware(ServerTime),
            Middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES, compresslevel=GZIP_LEVEL),
        ],
        exception_handlers={HTTPException: _no_such_operation},
    )


class ServerTime:
    """Tells the server's clock with every answer, so that tills can measure their skew."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the header added."""

        async def send_with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((_TIME_HEADER, b"%d" % now_ms()))
            await send(message)

        await self._app(scope, receive, send_with_time)


_TIME_HEADER = SERVER_TIME_HEADER.lower().encode()


def _route(operation: Operation[Any, Any]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await operation.respond(request, request.app.state.services)
        except Exception:
            log.exception("%s failed", operation.name)
            return problem_response(problem("internal"))

    return Route(operation.path, endpoint, methods=[operation.method], name=operation.name)


async def _no_such_operation(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    word = "wrong-method" if status == 405 else "not-found"
    return problem_response(problem(word), headers)
