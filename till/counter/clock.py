"""What time it is, for people and for expiry dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from vouchers.catalogue import zone_named


class Clock(Protocol):
    """Where the time of day comes from; tests bring their own."""

    def now(self) -> datetime:
        """The time of day in UTC."""


class SystemClock:
    """The clock of this machine, right or wrong."""

    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)


def trustworthy_now(here: datetime, skew_ms: int | None, last_contact: datetime | None) -> datetime:
    """The best guess at the true time: this machine's clock, put right by what the server said.

    Never before the last time the server told us, whatever the clock shows.
    """
    corrected = here - timedelta(milliseconds=skew_ms or 0)
    return max(corrected, last_contact) if last_contact else corrected


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment at the venue."""
    return moment.astimezone(zone_named(timezone)).date()
