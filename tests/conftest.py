"""What all tests share: longer sweeps run only where they are asked for."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
"""How fast this machine is just now says nothing about a rule."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the longer sweeps too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--soak"):
        return
    soak = [item for item in items if "soak" in item.keywords]
    config.hook.pytest_deselected(items=soak)
    items[:] = [item for item in items if "soak" not in item.keywords]
