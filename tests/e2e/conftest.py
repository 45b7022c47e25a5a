"""A real server, real tills and a real printer on a port, for each test anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printing.virtual import VirtualPrinter
from tests.e2e.tills import TillProcess
from tests.server_process import ServerProcess, server_process


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with server_process(tmp_path / "server") as running:
        yield running


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as listening:
        yield listening


@pytest.fixture
def new_till(tmp_path: Path, server: ServerProcess) -> Callable[..., TillProcess]:
    def make(name: str, *options: str) -> TillProcess:
        till = TillProcess(tmp_path / name)
        code = server.add_till(name)
        till("enrol", "--server", server.url, "--code", code, *options)
        return till

    return make
