"""A real server behind a line that breaks when it is told to."""

from collections.abc import Iterator

import pytest

from tests.server_process import ServerProcess, server_process
from tests.sync.cutting_proxy import CuttingProxy


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server_process(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def proxy(server: ServerProcess) -> Iterator[CuttingProxy]:
    with CuttingProxy(server.port) as line:
        yield line


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A till that waits longer for an answer: a busy machine is no server that is away."""
    monkeypatch.setenv("TILL_DEADLINE_MS", "3000")
