"""What became of a job that was sent to a printer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from vouchers.errors import OperatingError


class Outcome(StrEnum):
    """What became of bytes that were sent."""

    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class PrintResult:
    """`cause` says why it is in doubt, or what interrupted a job that came out in the end."""

    outcome: Outcome
    cause: OperatingError | None = None


OnTrouble = Callable[[OperatingError | None], None]
"""Told when a job stops in the middle (paper out), and with None when it goes on."""
