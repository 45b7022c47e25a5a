"""Which day it is at a venue: a voucher's last day ends there, not in Greenwich."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from server.storage.database import reading
from server.storage.tables import organisations
from vouchers.catalogue import zone_named

REMEMBERED_S = 60


class VenueDays:
    """The date at each organisation's venue; its time zone is looked up once a minute."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._zones: dict[str, tuple[float, ZoneInfo]] = {}

    def today(self, organisation: str, at_ms: int) -> date:
        """The local date at `at_ms`."""
        known_at, zone = self._zones.get(organisation, (None, None))
        if zone is None or known_at is None or time.monotonic() > known_at + REMEMBERED_S:
            zone = self._look_up(organisation)
            self._zones[organisation] = (time.monotonic(), zone)
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).date()

    def _look_up(self, organisation: str) -> ZoneInfo:
        query = sa.select(organisations.c.timezone).where(
            organisations.c.organisation == organisation
        )
        with reading(self._engine) as connection:
            return zone_named(connection.scalar(query) or "UTC")
