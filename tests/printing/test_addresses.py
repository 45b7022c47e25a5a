"""Addresses as people type them, and back."""

import pytest

from printing.printers.addresses import (
    KINDS,
    AddressUnreadable,
    parse_address,
    read_address,
    written_address,
)
from printing.printers.network import NetworkAddress


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        (" 192.168.0.20 ", "192.168.0.20", 9100),
        ("printer.example.org:9101", "printer.example.org", 9101),
        ("fe80::1", "fe80::1", 9100),
        ("[fe80::1]:9101", "fe80::1", 9101),
        ("tcp://192.168.0.20", "192.168.0.20", 9100),
    ],
)
def test_a_network_address_as_it_is_typed(typed: str, host: str, port: int) -> None:
    assert parse_address(written_address("tcp", typed)) == NetworkAddress(host, port)


@pytest.mark.parametrize(
    "address",
    [
        "tcp://[fe80::1]:9100",
        "usb://04b8:0202/J7BF",
        "serial:///dev/ttyS0?baud=19200&handshake=off",
        "serial://COM3",
        "file:///dev/usb/lp0",
        "cups://queue",
        "windows://Bon 1",
    ],
)
def test_an_address_is_shown_so_that_it_can_be_typed_again(address: str) -> None:
    kind, typed = read_address(address)
    assert kind in KINDS
    assert written_address(kind, typed) == address
    parse_address(address)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_no_address(kind: str) -> None:
    with pytest.raises(AddressUnreadable):
        parse_address(written_address(kind, " "))
