"""QR and Code128 as dots."""

import re
from functools import lru_cache
from typing import Any

from PIL import Image

QUIET_ZONE_MODULES = 4
CODE128_QUIET_MODULES = 10
QR_MODULE_DOTS_MIN = 3
"""Smaller modules run into each other on thermal paper."""

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")


def qr_dots(data: str, module_dots: int) -> Image.Image:
    """A QR code at level M with its quiet zone, black on white (mode "1").

    Upper-case letters and digits keep it in alphanumeric mode. The mask is fixed: choosing the
    best of eight costs four times the work, and on signed codes, which look random, gains nothing.
    """
    sample = "A" if _ALPHANUMERIC.fullmatch(data) else "a"
    code = _empty_qr(_qr_version(sample * len(data.encode())))
    code.add_data(data, optimize=0)
    code.make(fit=False)
    return _enlarged(code.get_matrix(), module_dots, module_dots)


@lru_cache(maxsize=64)
def _qr_version(sample: str) -> int:
    """The smallest QR that holds as many signs: the library searches it by trying to encode."""
    code = _empty_qr(None)
    code.add_data(sample, optimize=0)
    version: int = code.best_fit()
    return version


def _empty_qr(version: int | None) -> Any:  # untyped library
    import qrcode

    return qrcode.QRCode(version, qrcode.ERROR_CORRECT_M, border=QUIET_ZONE_MODULES, mask_pattern=0)


def code128_dots(data: str, module_dots: int, height_dots: int) -> Image.Image:
    """A Code128 bar code with its quiet zones, black on white (mode "1")."""
    from barcode import Code128

    bars = [bar == "1" for bar in Code128(data).build()[0]]
    quiet = [False] * CODE128_QUIET_MODULES
    return _enlarged([quiet + bars + quiet], module_dots, height_dots)


def _enlarged(modules: list[list[bool]], width_dots: int, height_dots: int) -> Image.Image:
    rows, columns = len(modules), len(modules[0])
    flat = bytes(0 if dark else 255 for row in modules for dark in row)
    small = Image.frombytes("L", (columns, rows), flat)
    size = (columns * width_dots, rows * height_dots)
    return small.resize(size, Image.Resampling.NEAREST).convert("1", dither=Image.Dither.NONE)
