"""Whatever sits at a printer's address: no paper is lost, and it comes out once all is well."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.profiles import Profile
from printing.spool import JobState, PrintJob, Spool
from printing.virtual import VirtualPrinter
from tests.cardreader.waiting import eventually
from tests.printing.journal import SqliteJournal
from tests.printing.paper_reading import QUICK
from tests.printing.watching import Watcher, waiting

STRANGERS: dict[str, bytes] = {
    "closes at once": b"",
    "is a web page": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "is a secure shell": b"SSH-2.0-OpenSSH_9.6\r\n",
    "says zeros": bytes(4096),
    "says every byte": bytes(range(256)) * 8,
    "says all is wrong": bytes([0x7E]) * 64,
    "says more than anybody reads": bytes([0xFF]) * 200_000,
}


@pytest.fixture
def address() -> Iterator[NetworkAddress]:
    """A port that stays the same whoever listens there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    yield NetworkAddress("127.0.0.1", port)


@contextlib.contextmanager
def stranger(port: int, says: bytes) -> Iterator[None]:
    listener = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=_serve, args=(listener, says), daemon=True).start()
    yield
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _serve(listener: socket.socket, says: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            with client, contextlib.suppress(OSError):
                client.sendall(says)


def _state(journal: SqliteJournal, job: PrintJob) -> JobState:
    kept = journal.job(job.job_id)
    assert kept is not None
    return kept.state


@pytest.mark.parametrize("says", STRANGERS.values(), ids=STRANGERS)
def test_what_waits_comes_out_once_the_printer_is_there(
    says: bytes,
    address: NetworkAddress,
    profile: Profile,
    journal: SqliteJournal,
    layouts: LayoutBook,
    watcher: Watcher,
) -> None:
    printer = EscPosPrinter("receipts", profile, address, QUICK)
    spool = Spool(journal, {"receipts": printer}, layouts, watcher, retry_s=0.05)
    with stranger(address.port, says):
        spool.start()
        job = waiting(journal)
        spool.wake()
        eventually(lambda: spool.troubles() or _state(journal, job) is JobState.DOUBT)
    assert _state(journal, job) in (JobState.INTENT, JobState.DOUBT)
    with VirtualPrinter(port=address.port) as paper:
        if _state(journal, job) is JobState.INTENT:
            assert watcher.wait_for(JobState.PRINTED, job).confirmed
            assert len(paper.documents) == 1
        spool.stop()
