"""One contract for every way to a printer: the job arrives whole, and failures have a name."""

import os
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import usb.core

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, Outcome, PrintResult
from printing.printers.addresses import AddressUnreadable, parse_address
from printing.printers.errors import ConnectionLost, PrinterUnavailable
from printing.printers.files import FileAddress, SerialAddress
from printing.printers.network import NetworkAddress
from printing.printers.printer import Address
from printing.printers.queues import CupsAddress, WindowsAddress
from printing.printers.usb import UsbAddress
from printing.profiles import Profile
from printing.virtual import Model, VirtualPrinter
from tests.printing.paper_reading import QUICK
from tests.printing.samples import receipt


@pytest.fixture(params=[Model(), Model(speaks_unasked=True)], ids=["quiet", "unasked"])
def model(request: pytest.FixtureRequest) -> Model:
    found: Model = request.param
    return found


@pytest.fixture
def data(layouts: LayoutBook, profile: Profile) -> bytes:
    return layouts.to_bytes(receipt(), profile)


def print_at(address: Address, profile: Profile, data: bytes) -> PrintResult:
    job = EscPosPrinter("receipts", profile, address, QUICK).open(12)
    try:
        return job.print(data, lambda _: None, threading.Event())
    finally:
        job.close()


@pytest.mark.parametrize(
    ("address", "means"),
    [
        ("tcp://192.168.0.20", NetworkAddress("192.168.0.20", 9100)),
        ("tcp://printer.local:9101/", NetworkAddress("printer.local", 9101)),
        ("tcp://[::1]:9100", NetworkAddress("::1", 9100)),
        ("usb://04b8:0202", UsbAddress(0x04B8, 0x0202)),
        ("usb://04b8:0202/J7BF", UsbAddress(0x04B8, 0x0202, "J7BF")),
        ("serial:///dev/ttyS0", SerialAddress("/dev/ttyS0")),
        ("serial://COM3?baud=9600&handshake=off", SerialAddress("COM3", 9600, handshake=False)),
        ("file:///dev/usb/lp0", FileAddress("/dev/usb/lp0")),
        ("cups://Kasse%201", CupsAddress("Kasse 1")),
        ("windows://Bondrucker", WindowsAddress("Bondrucker")),
    ],
)
def test_addresses(address: str, means: Address) -> None:
    assert parse_address(address) == means


NO_ADDRESSES = (
    *("", "192.168.0.20", "tcp://", "tcp://host:99999", "tcp://host/path", "usb://epson"),
    *("lpt1:", "serial://", "serial:///dev/ttyS0?baud=fast", "file://relative", "cups://"),
)


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(AddressUnreadable):
        parse_address(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_network(host: str, profile: Profile, data: bytes) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with VirtualPrinter(host=host) as paper:
        result = print_at(NetworkAddress(host, paper.port), profile, data)
        assert result.outcome is Outcome.PRINTED
        assert len(paper.documents) == 1


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.fixture
def serial_port(paper: VirtualPrinter) -> Iterator[str]:
    """A serial port with the virtual printer at its other end."""
    near, far = os.openpty()
    bridge = socket.create_connection(("127.0.0.1", paper.port))
    over = threading.Event()

    def carry() -> None:
        while not over.is_set():
            ready = select.select([near, bridge.fileno()], [], [], 0.02)[0]
            if near in ready:
                bridge.sendall(os.read(near, 1024))
            if bridge.fileno() in ready:
                os.write(near, bridge.recv(1024))

    carrier = threading.Thread(target=carry)
    carrier.start()
    yield os.ttyname(far)
    over.set()
    carrier.join()
    bridge.close()
    os.close(near)
    os.close(far)


def test_serial(serial_port: str, paper: VirtualPrinter, profile: Profile, data: bytes) -> None:
    address = SerialAddress(serial_port, handshake=False)
    assert print_at(address, profile, data).outcome is Outcome.PRINTED
    assert len(paper.documents) == 1


def test_no_serial_port(profile: Profile) -> None:
    with pytest.raises(PrinterUnavailable):
        EscPosPrinter("receipts", profile, SerialAddress("/dev/no-such-port"), QUICK).open(1)


def test_file(tmp_path: Path, profile: Profile, data: bytes) -> None:
    file = tmp_path / "jobs.bin"
    for _ in range(2):
        result = print_at(FileAddress(str(file)), profile, data)
        assert result.outcome is Outcome.UNCONFIRMED
    assert file.read_bytes() == data + data


def test_file_that_cannot_be_written(tmp_path: Path, profile: Profile) -> None:
    with pytest.raises(PrinterUnavailable):
        EscPosPrinter("receipts", profile, FileAddress(str(tmp_path)), QUICK).open(1)


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The two programs of CUPS that matter here; the queue `till` takes jobs, `full` does not."""
    programs = {
        "lpstat": 'case "$2" in till) echo "till accepting requests since today";;\n'
        'full) echo "full not accepting requests";; broken) echo "broken accepting requests";;\n'
        "*) exit 1;; esac",
        "lp": f'[ "$2" = till ] && [ "$4" = raw ] && cat > "{tmp_path}/job.bin"',
    }
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path / "job.bin"


def test_cups(cups: Path, profile: Profile, data: bytes) -> None:
    assert print_at(CupsAddress("till"), profile, data).outcome is Outcome.UNCONFIRMED
    assert cups.read_bytes() == data


@pytest.mark.parametrize("queue", ["full", "gone"])
def test_cups_queue_that_takes_nothing(cups: Path, profile: Profile, queue: str) -> None:
    with pytest.raises(PrinterUnavailable):
        EscPosPrinter("receipts", profile, CupsAddress(queue), QUICK).open(1)


def test_cups_that_fails_with_the_job_in_hand(cups: Path, profile: Profile, data: bytes) -> None:
    result = print_at(CupsAddress("broken"), profile, data)
    assert result.outcome is Outcome.DOUBT
    assert isinstance(result.cause, ConnectionLost)


def test_windows(monkeypatch: pytest.MonkeyPatch, profile: Profile, data: bytes) -> None:
    calls: list[object] = []

    def note(name: str) -> Callable[..., str]:
        def called(*arguments: object) -> str:
            calls.append((name, *arguments))
            return "handle"

        return called

    names = ("OpenPrinter", "StartDocPrinter", "WritePrinter", "EndDocPrinter", "ClosePrinter")
    monkeypatch.setitem(
        sys.modules, "win32print", SimpleNamespace(**{name: note(name) for name in names})
    )
    assert print_at(WindowsAddress("Bon"), profile, data).outcome is Outcome.UNCONFIRMED
    assert calls == [
        ("OpenPrinter", "Bon"),
        ("StartDocPrinter", "handle", 1, ("till", None, "RAW")),
        ("WritePrinter", "handle", data),
        ("EndDocPrinter", "handle"),
        ("ClosePrinter", "handle"),
    ]


def test_windows_without_its_library(profile: Profile) -> None:
    with pytest.raises(PrinterUnavailable):
        EscPosPrinter("receipts", profile, WindowsAddress("Bon"), QUICK).open(1)


class UsbDevice:
    """A USB printer whose bulk endpoints lead to the virtual printer."""

    def __init__(self, port: int) -> None:
        self._line = NetworkAddress("127.0.0.1", port).open()
        self.serial_number = "J7BF"
        out = SimpleNamespace(bmAttributes=2, bEndpointAddress=0x01, write=self.write)
        back = SimpleNamespace(bmAttributes=2, bEndpointAddress=0x82, read=self.read)
        self.interface = Interface([out, back])

    def write(self, data: bytes, timeout_ms: int) -> int:
        return self._line.send(data, timeout_ms / 1000)

    def read(self, size: int, timeout_ms: int) -> bytes:
        data = self._line.receive(timeout_ms / 1000)
        if not data:
            raise usb.core.USBTimeoutError("nothing")
        return data

    def close(self) -> None:
        self._line.close()

    def get_active_configuration(self) -> "UsbDevice":
        return self

    def is_kernel_driver_active(self, number: int) -> bool:
        return False


class Interface(list[SimpleNamespace]):
    bInterfaceNumber = 0  # noqa: N815 - the library's name


def test_usb(
    monkeypatch: pytest.MonkeyPatch, paper: VirtualPrinter, profile: Profile, data: bytes
) -> None:
    device = UsbDevice(paper.port)
    monkeypatch.setattr("usb.core.find", lambda **_: device)
    monkeypatch.setattr("usb.util.find_descriptor", lambda *_, **__: device.interface)
    for name in ("claim_interface", "release_interface"):
        monkeypatch.setattr(f"usb.util.{name}", lambda *_: None)
    monkeypatch.setattr("usb.util.dispose_resources", lambda each: each.close())
    assert print_at(UsbAddress(0x04B8, 0x0202), profile, data).outcome is Outcome.PRINTED
    assert len(paper.documents) == 1


def test_no_usb_printer(monkeypatch: pytest.MonkeyPatch, profile: Profile) -> None:
    monkeypatch.setattr("usb.core.find", lambda **_: None)
    with pytest.raises(PrinterUnavailable):
        EscPosPrinter("receipts", profile, UsbAddress(1, 2), QUICK).open(1)
