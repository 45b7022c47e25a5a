"""The simulation sees: each planted fault is found within few worlds, by the rule it breaks."""

import pytest

from tests.simulation.faults import FAULTS
from tests.simulation.runner import failures

WORLDS_MAX = 120
RARE = {"digest-ignored", "forgotten-refusals"}
"""Shown in fewer than one world of 250 since tills sell and pay in more ways: long sweeps only."""

RARE_WORLDS_MAX = 5_000


def _case(name: str) -> object:
    long = [pytest.mark.soak, pytest.mark.timeout(7_200)]
    return pytest.param(name, marks=long) if name in RARE else name


@pytest.mark.parametrize("name", [_case(name) for name in sorted(FAULTS)])
def test_a_planted_fault_is_found(name: str) -> None:
    fault, worlds_max = FAULTS[name], RARE_WORLDS_MAX if name in RARE else WORLDS_MAX
    with fault.planted():
        found = next(failures((fault.shown_by, *range(worlds_max))), None)
    assert found is not None, f"{fault.what}: not found in {worlds_max} worlds"
    assert found.rule in fault.caught_by, str(found)
