"""The simulation sees: each planted fault is found within few worlds, by the rule it breaks."""

import pytest

from tests.simulation.faults import FAULTS
from tests.simulation.runner import failures

WORLDS_MAX = 120


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_found(name: str) -> None:
    fault = FAULTS[name]
    with fault.planted():
        found = next(failures((fault.shown_by, *range(WORLDS_MAX))), None)
    assert found is not None, f"{fault.what}: not found in {WORLDS_MAX} worlds"
    assert found.rule in fault.caught_by, str(found)
