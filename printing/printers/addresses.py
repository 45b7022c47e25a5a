"""Printer addresses as people write them.

tcp://192.168.0.20:9100    tcp://[fe80::1]     network; 9100 where no port is given
usb://04b8:0202            usb://04b8:0202/J7BF  vendor and product, serial number
serial:///dev/ttyS0?baud=19200&handshake=off     serial://COM3
file:///dev/usb/lp0        a device, or a file to append to
cups://queue               windows://queue       a queue of the operating system
"""

import contextlib
import ipaddress
import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from printing.printers.files import FileAddress, SerialAddress
from printing.printers.network import PORT, NetworkAddress
from printing.printers.printer import Address, EscPosPrinter
from printing.printers.queues import CupsAddress, WindowsAddress
from printing.printers.usb import UsbAddress
from printing.profiles import Profile
from vouchers.errors import WrongUsage


class AddressUnreadable(WrongUsage):
    """What was given is not the address of a printer."""

    def __init__(self, address: str) -> None:
        super().__init__("printer_address_unreadable", address=address)


def open_printer(name: str, address: str, profile: Profile) -> EscPosPrinter:
    """The printer at `address`. Nothing is connected yet. Raises AddressUnreadable."""
    return EscPosPrinter(name, profile, parse_address(address))


def parse_address(address: str) -> Address:
    """What an address names. Raises AddressUnreadable."""
    try:
        url = urlsplit(address.strip())
        return _KINDS[url.scheme](url)
    except (KeyError, ValueError) as error:
        raise AddressUnreadable(address) from error


def written_address(kind: str, typed: str) -> str:
    """The address that somebody means who chose its kind (`tcp`, ...) and typed the rest.

    A whole address is taken as it is; an IPv6 address gets its brackets.
    """
    typed = typed.strip()
    if "://" in typed:
        return typed
    if kind == "tcp":
        with contextlib.suppress(ValueError):
            typed = f"[{ipaddress.IPv6Address(typed)}]"
    return f"{kind}://{typed}"


def read_address(address: str) -> tuple[str, str]:
    """An address as its kind and the rest, as a person would type it."""
    kind, _, rest = address.partition("://")
    return kind, rest


def _network(url: SplitResult) -> Address:
    if not url.hostname or url.path not in {"", "/"}:
        raise ValueError(url)
    return NetworkAddress(url.hostname, url.port or PORT)


def _usb(url: SplitResult) -> Address:
    ids = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", url.netloc)
    if ids is None:
        raise ValueError(url)
    return UsbAddress(int(ids[1], 16), int(ids[2], 16), unquote(url.path.strip("/")) or None)


def _serial(url: SplitResult) -> Address:
    options = parse_qs(url.query, strict_parsing=True) if url.query else {}
    baud = int(options.pop("baud", ["19200"])[0])
    handshake = {"on": True, "off": False}[options.pop("handshake", ["on"])[0]]
    return SerialAddress(_path(url), baud, handshake)


def _file(url: SplitResult) -> Address:
    if not url.path or url.netloc:
        raise ValueError(url)
    return FileAddress(unquote(url.path))


def _path(url: SplitResult) -> str:
    path = unquote(url.netloc + url.path)
    if not path:
        raise ValueError(url)
    return path


KINDS = ("tcp", "usb", "serial", "file", "cups", "windows")
"""How printers can be reached, the most usual first."""

_KINDS: dict[str, Callable[[SplitResult], Address]] = {
    "tcp": _network,
    "usb": _usb,
    "serial": _serial,
    "file": _file,
    "cups": lambda url: CupsAddress(_path(url)),
    "windows": lambda url: WindowsAddress(_path(url)),
}
