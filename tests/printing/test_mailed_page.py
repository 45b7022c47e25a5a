"""What is mailed, as another program reads it: upright, with its text, on the blank's picture."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from printing.documents import Document
from printing.layouts import LayoutBook
from printing.profiles import find_profile
from tests.printing.paper_reading import symbols
from tests.printing.samples import CODE, gift, receipt

T88V = find_profile("epson-tm-t88v")
GIFT = gift(layout="blank-gift-150x80.toml")


class Mailed:
    """A document as a file, opened with poppler."""

    def __init__(self, document: Document, folder: Path) -> None:
        self._file = folder / "mailed.pdf"
        self._file.write_bytes(LayoutBook.load().to_pdf(document, T88V))

    def text(self) -> str:
        return self._read("pdftotext", "-layout", str(self._file), "-").decode()

    def picture(self) -> Image.Image:
        return Image.open(BytesIO(self._read("pdftoppm", "-r", "180", str(self._file))))

    def _read(self, *command: str) -> bytes:
        return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.parametrize("document", [GIFT, receipt()], ids=["gift", "receipt"])
def test_it_can_be_read_searched_and_scanned(document: Document, tmp_path: Path) -> None:
    mailed = Mailed(document, tmp_path)
    for words in ("60,00 EUR", "31.12.2029", CODE.grouped, "K1-000123"):
        assert words in mailed.text()
    assert len(symbols(mailed.picture())["QR Code"]) == 1


def test_a_blank_lies_as_one_reads_it_on_what_is_pre_printed(tmp_path: Path) -> None:
    picture = Mailed(GIFT, tmp_path).picture()
    assert abs(picture.width / picture.height - 150 / 80) < 0.01
    red, _green, blue = picture.convert("RGB").split()
    gold = ImageChops.subtract(red, blue).point(lambda shade: 255 if shade > 40 else 0)
    assert gold.getbbox() is not None
