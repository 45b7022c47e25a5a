"""A seeded world with faults on stays safe; with faults off it settles."""

import pytest

from tests.simulation.runner import failures, run_seed

SEEDS, SEEDS_OF_A_CHUNK = 200, 25
SOAK_SEEDS, SOAK_CHUNK = 10_000, 100

REGRESSIONS: tuple[tuple[int, int, str], ...] = (
    (600, 50, "somebody worked at a till that had not finished starting"),
    (1019, 40, "a server put back twice from one backup gave out the same positions again"),
    (33, 40, "what no server had lost was reported again after any snapshot"),
    (100471, 40, "a server put back did not know an incident, which was taken for our mistake"),
    (100200, 40, "sweeping the feed after a restore let tills go on that had to load a snapshot"),
    (100419, 40, "restores, revoked and re-enrolled tills, when the simulation first had them"),
    (100741, 40, "the same"),
    (100770, 40, "the same"),
    (100843, 40, "the same"),
    (4227, 40, "a change after a restore took an own sale for known that the server had lost"),
)
"""Seed, steps, and what went wrong with it once."""


def check(first: int, count: int) -> None:
    for failure in failures(range(first, first + count)):
        pytest.fail(str(failure), pytrace=False)


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_OF_A_CHUNK))
def test_a_bad_day_ends_in_agreement(first: int) -> None:
    check(first, SEEDS_OF_A_CHUNK)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("first", range(SEEDS, SOAK_SEEDS, SOAK_CHUNK))
def test_many_bad_days_end_in_agreement(first: int) -> None:
    check(first, SOAK_CHUNK)


@pytest.mark.parametrize(("seed", "steps", "_what"), REGRESSIONS)
def test_what_went_wrong_once(seed: int, steps: int, _what: str) -> None:
    failure = run_seed(seed, steps)
    assert failure is None, str(failure)
