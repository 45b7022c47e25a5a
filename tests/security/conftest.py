"""A venue on a running server, attacked by clients that speak the wire without the till's code."""

from tests.server.conftest import (
    engine,
    organisation,
    postgres,
    shared_database,
    shared_url,
    venue,
)

__all__ = ["engine", "organisation", "postgres", "shared_database", "shared_url", "venue"]
