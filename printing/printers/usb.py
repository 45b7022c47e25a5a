"""Printers on USB, spoken to directly (libusb), where no printer driver claims them."""

import contextlib
from dataclasses import dataclass
from typing import Any

from printing.printers.line import LineBroken

PRINTER_CLASS = 7
ENDPOINT_IN = 0x80
BULK = 2
READ_BYTES = 64


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """A printer by vendor and product, and by serial number where there are several."""

    vendor: int
    product: int
    serial_number: str | None = None

    def open(self) -> "UsbLine":
        """Claim the printer. Raises LineBroken."""
        import usb.core
        import usb.util

        try:
            device = usb.core.find(
                idVendor=self.vendor, idProduct=self.product, custom_match=self._is_meant
            )
            if device is None:
                raise LineBroken(f"no USB printer {self.vendor:04x}:{self.product:04x}")
            interface = usb.util.find_descriptor(
                device.get_active_configuration(), bInterfaceClass=PRINTER_CLASS
            )
            if interface is None:
                raise LineBroken("the USB device is no printer")
            number = interface.bInterfaceNumber
            with contextlib.suppress(NotImplementedError):
                if device.is_kernel_driver_active(number):
                    device.detach_kernel_driver(number)
            usb.util.claim_interface(device, number)
            return UsbLine(device, interface)
        except (usb.core.USBError, usb.core.NoBackendError, ValueError) as error:
            raise LineBroken(str(error)) from error

    def _is_meant(self, device: Any) -> bool:  # untyped library
        return self.serial_number is None or device.serial_number == self.serial_number


class UsbLine:
    """A claimed printer interface with its bulk endpoints."""

    def __init__(self, device: Any, interface: Any) -> None:  # untyped library
        bulk = [end for end in interface if end.bmAttributes & 3 == BULK]
        ends = {bool(end.bEndpointAddress & ENDPOINT_IN): end for end in bulk}
        if False not in ends:
            raise LineBroken("the USB printer takes no data")
        self._device, self._number = device, interface.bInterfaceNumber
        self._out, self._in = ends[False], ends.get(True)
        self.answers = self._in is not None

    def send(self, data: bytes, timeout_s: float) -> int:
        """See Line. The library tells how much went before a time-out."""
        import usb.core

        try:
            return int(self._out.write(data, max(1, round(timeout_s * 1000))))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            raise LineBroken(str(error)) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Line."""
        import usb.core

        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(READ_BYTES, max(1, round(timeout_s * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise LineBroken(str(error)) from error

    def finish(self) -> None:
        """See Line."""

    def close(self) -> None:
        """See Line."""
        import usb.core
        import usb.util

        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._number)
            usb.util.dispose_resources(self._device)
