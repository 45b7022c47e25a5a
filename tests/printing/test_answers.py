"""What comes back from a printer, cut into answers: what it says unasked is left out."""

import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.printers import EscPosPrinter, Outcome
from printing.printers.answers import AnswerReader
from printing.printers.network import NetworkAddress
from printing.profiles import find_profile
from tests.printing.paper_reading import QUICK

STATUS_BACK = [b"\x10\x00\x00\x00", b"\x14\x00\x00\x00", b"\x38\x08\x0c\x0f"]
UNASKED = [*STATUS_BACK, b"\x3b\x31\x00"]
ASKED = [b"\x12", b"\x16", b"\x37\x220012\x00", b"\x00", b"\x0c"]


@given(said=st.lists(st.sampled_from(UNASKED + ASKED)), data=st.data())
def test_only_what_was_asked_for_is_an_answer(said: list[bytes], data: st.DataObject) -> None:
    """However it is cut into pieces, and with flow control anywhere, even inside an answer."""
    stream = b"".join(said)
    for flow in data.draw(st.lists(st.sampled_from([b"\x11", b"\x13"]), max_size=4)):
        place = data.draw(st.integers(0, len(stream)))
        stream = stream[:place] + flow + stream[place:]
    pieces = data.draw(st.integers(1, 5))
    reader = AnswerReader()
    heard = [
        answer
        for start in range(0, len(stream), pieces)
        for answer in reader.feed(stream[start : start + pieces])
    ]
    assert heard == [each for each in said if each in ASKED]


@pytest.fixture
def greeting_port() -> Iterator[int]:
    """A printer of bare bytes: says `10 00 00 00` when a client comes, then answers one job."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            client.sendall(b"\x11\x10\x00")
            while data := client.recv(4096):
                answers = b"\x12" * data.count(b"\x10\x04")
                end = b"\x37\x220012\x00" if b"\x1d\x28\x48" in data else b""
                client.sendall(b"\x00\x00" + answers + end + b"\x10\x00")

    server = threading.Thread(target=serve)
    server.start()
    yield listener.getsockname()[1]
    server.join()
    listener.close()


def test_a_job_comes_out_of_a_printer_that_greets(greeting_port: int) -> None:
    address = NetworkAddress("127.0.0.1", greeting_port)
    printer = EscPosPrinter("receipts", find_profile("epson-tm-t88v"), address, QUICK)
    job = printer.open(12)
    assert job.print(b"hello", lambda _: None, threading.Event()).outcome is Outcome.PRINTED
    job.close()
