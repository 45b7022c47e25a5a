"""Printer addresses as people write them: tcp://192.168.0.20:9100, tcp://[fe80::1]."""

from urllib.parse import SplitResult, urlsplit

from printing.printers.network import PORT, NetworkAddress
from printing.printers.printer import Address, EscPosPrinter
from printing.profiles import Profile
from vouchers.errors import OperatingError


class AddressUnreadable(OperatingError):
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
        port = url.port
    except ValueError as error:
        raise AddressUnreadable(address) from error
    match url:
        case SplitResult(scheme="tcp", hostname=str(host)) if url.path in {"", "/"}:
            return NetworkAddress(host, port or PORT)
        case _:
            raise AddressUnreadable(address)
