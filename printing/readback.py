"""Codes read off paper before it is printed, by a reader that knows nothing of how it was drawn."""

from collections.abc import Iterable, Iterator

from PIL import Image

from printing.documents import Document, Ticket, vouchers_on
from printing.typeset import Dots, Sheet

LEAST_DOTS = 40
"""Nothing lower is a code: rules, and lines of text that were drawn."""

LIGHT = 128
"""Anything darker on what is pre-printed is as good as black beside a code."""


def pictures_on(sheet: Sheet) -> Iterator[Image.Image]:
    """Whatever on a sheet could be a code, dot for dot as it is printed."""
    for element in sheet.elements:
        if isinstance(element, Dots) and element.image.height >= LEAST_DOTS:
            yield element.image


def lacks_code(document: Document, pictures: Iterable[Image.Image]) -> bool:
    """Whether a code that `document` hands out cannot be read on any of `pictures`."""
    codes = _codes_of(document)
    if not codes:
        return False
    found = {text for picture in pictures for text in _read(picture)}
    return any(found.isdisjoint(forms) for forms in codes)


def _read(picture: Image.Image) -> list[str]:
    import zxingcpp  # late: it is needed only where something is printed

    contrast = picture.convert("L").point(lambda shade: 255 if shade >= LIGHT else 0)
    kinds = zxingcpp.BarcodeFormat
    formats = zxingcpp.BarcodeFormats([kinds.QRCode, kinds.Code128])
    return [code.text for code in zxingcpp.read_barcodes(contrast, formats=formats)]


def _codes_of(document: Document) -> list[set[str]]:
    """Each code in clear, in the forms a scanner may read it in."""
    if isinstance(document, Ticket):
        return [{document.code.replace("-", "")}] if document.code else []
    issued = [voucher for voucher in vouchers_on(document) if voucher.code]
    return [{voucher.code.replace("-", ""), voucher.proof} - {""} for voucher in issued]
