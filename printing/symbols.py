"""QR and Code128 as dots."""

from PIL import Image

QUIET_ZONE_MODULES = 4
CODE128_QUIET_MODULES = 10


def qr_dots(data: str, module_dots: int) -> Image.Image:
    """A QR code at level M with its quiet zone, black on white (mode "1").

    Upper-case letters and digits keep it in alphanumeric mode. The mask is fixed: choosing the
    best of eight costs four times the work, and on signed codes, which look random, gains nothing.
    """
    import qrcode

    code = qrcode.QRCode(
        error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE_MODULES, mask_pattern=0
    )
    code.add_data(data)
    code.make(fit=True)
    return _enlarged(code.get_matrix(), module_dots, module_dots)


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
