"""The real PC/SC stack for the tests that ask for it."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.cardreader.pcscd import SOCKET, Daemon

# libpcsclite reads this once per process, on its first call, so it is set before any test runs.
os.environ["PCSCLITE_CSOCK_NAME"] = str(SOCKET)


@pytest.fixture(scope="session")
def daemon() -> Iterator[Daemon]:
    """One daemon per test worker. Skipped only where pcscd is not installed."""
    if shutil.which("pcscd") is None:
        pytest.skip("pcscd is not installed (Debian: apt install pcscd vsmartcard-vpcd)")
    daemon = Daemon()
    daemon.start()
    yield daemon
    daemon.close()
