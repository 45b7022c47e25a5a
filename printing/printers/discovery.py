"""Printers that announce themselves on the local network (DNS-SD, RFC 6763).

Receipt printers that can take raw data on a port announce the service `_pdl-datastream._tcp`;
Epson, Star, Citizen and Custom network cards do where Bonjour is switched on. Others, and printers
on another network, have to be given by address.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from zeroconf import InterfaceChoice, ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

SERVICE = "_pdl-datastream._tcp.local."
RESOLVE_TIMEOUT_MS = 1_000


@dataclass(frozen=True, slots=True, order=True)
class FoundPrinter:
    """A printer that announced itself: `address` is one that `open_printer` understands."""

    name: str
    address: str
    model: str = ""


def discover(wait_s: float = 3.0, interfaces: Sequence[str] | None = None) -> list[FoundPrinter]:
    """Listen for `wait_s` and return who announced itself, by name.

    `interfaces` are the addresses of the network cards to listen on; all where None is given.
    """
    found: dict[str, FoundPrinter] = {}
    chosen = list(interfaces) if interfaces is not None else InterfaceChoice.All
    with Zeroconf(interfaces=chosen) as network:
        ServiceBrowser(network, SERVICE, _Listener(found))
        threading.Event().wait(wait_s)
    return sorted(found.values())


class _Listener(ServiceListener):
    """Resolves each announcement; the library calls it from a thread of its own."""

    def __init__(self, found: dict[str, FoundPrinter]) -> None:
        self._found = found

    def add_service(self, network: Zeroconf, kind: str, name: str) -> None:
        """A printer announced itself."""
        info = network.get_service_info(kind, name, RESOLVE_TIMEOUT_MS)
        if info is not None and (addresses := info.parsed_addresses()):
            self._found[name] = FoundPrinter(
                name.removesuffix("." + kind), _address(addresses[0], info.port), _model(info)
            )

    def update_service(self, network: Zeroconf, kind: str, name: str) -> None:
        """It announced itself anew."""
        self.add_service(network, kind, name)

    def remove_service(self, _network: Zeroconf, _kind: str, name: str) -> None:
        """It said good-bye."""
        self._found.pop(name, None)


def _address(host: str, port: int | None) -> str:
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"


def _model(info: ServiceInfo) -> str:
    """The model from the record that printers keep under `ty` (Bonjour Printing Specification)."""
    return (info.properties.get(b"ty") or b"").decode("utf-8", "replace")
