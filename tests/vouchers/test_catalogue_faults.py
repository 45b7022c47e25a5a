"""Places of faults, words that were probably meant, and time zones nobody knows."""

import doctest

import pytest

from vouchers import faults
from vouchers.catalogue import zone_named


def test_the_examples_are_true() -> None:
    assert doctest.testmod(faults).failed == 0


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "Europe", "../../etc/passwd", "/etc/localtime", "", "a\0b", "x" * 300]
)
def test_a_time_zone_nobody_knows_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"
    assert zone_named("Europe/Berlin").key == "Europe/Berlin"
