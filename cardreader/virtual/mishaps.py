"""What may befall a card in the middle of an operation."""

from dataclasses import dataclass
from enum import StrEnum


class Mishap(StrEnum):
    """What may befall an exchange."""

    PULL_BEFORE = "before"
    PULL_AFTER = "after"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Plan:
    """`mishap` at the exchange `at`, counted from 1 since the tap."""

    mishap: Mishap
    at: int
