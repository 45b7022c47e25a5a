"""A printer that announces itself is found, with an address that works."""

import socket

from zeroconf import ServiceInfo, Zeroconf

from printing.printers import open_printer
from printing.printers.discovery import SERVICE, FoundPrinter, discover
from printing.profiles import Profile
from printing.virtual import VirtualPrinter

LOOPBACK = ["127.0.0.1"]
LISTEN_S = 6.0
"""Announcements are spread over seconds by the protocol (RFC 6762, section 8)."""


def named(name: str, found: list[FoundPrinter]) -> list[FoundPrinter]:
    """Other tests may announce printers at the same time."""
    return [printer for printer in found if printer.name == name]


def test_a_printer_is_found_once_it_announces_itself(
    paper: VirtualPrinter, profile: Profile
) -> None:
    assert named("Bon 5", discover(0.2, LOOPBACK)) == []
    info = ServiceInfo(
        SERVICE,
        f"Bon 5.{SERVICE}",
        addresses=[socket.inet_aton("127.0.0.1")],
        port=paper.port,
        properties={"ty": "EPSON TM-T88V"},
        server="bon5.local.",
    )
    with Zeroconf(interfaces=LOOPBACK) as network:
        network.register_service(info, cooperating_responders=True)
        found = named("Bon 5", discover(LISTEN_S, LOOPBACK))
    address = f"tcp://127.0.0.1:{paper.port}"
    assert found == [FoundPrinter("Bon 5", address, "EPSON TM-T88V")]
    assert open_printer("receipts", found[0].address, profile).status().ready
