"""What an independent reader finds on paper."""

import threading

import zxingcpp
from PIL import Image

from printing.documents import Document
from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, Outcome
from printing.printers.network import NetworkAddress
from printing.printers.session import Timing
from printing.profiles import shipped_profiles
from printing.virtual import Model, PaperDocument, VirtualPrinter

QUICK = Timing(answer_s=0.8, poll_s=0.05, silent_s=1.2, completion_s=2.0)
"""Short waits: the virtual printer on this machine answers within milliseconds."""

MODELS = {
    "generic-58": Model(width_dots=384, knife=False, answers_status=False, knows_process_id=False),
    "generic-80": Model(width_dots=576, knows_process_id=False),
    "epson-tm-t20iii": Model(width_dots=576),
    "epson-tm-l90": Model(width_dots=576),
    "custom-vkp80": Model(width_dots=608, knows_process_id=False),
    "epson-tm-t88v": Model(width_dots=512),
}


def on_virtual_paper(document: Document, layouts: LayoutBook, profile_name: str) -> PaperDocument:
    """Print one document at a printer of that model; it understood every byte."""
    profile = shipped_profiles()[profile_name]
    with VirtualPrinter(MODELS[profile_name]) as paper:
        address = NetworkAddress("127.0.0.1", paper.port)
        job = EscPosPrinter(profile_name, profile, address, QUICK).open(7)
        data = layouts.to_bytes(document, profile)
        result = job.print(data, lambda _: None, threading.Event())
        job.close()
        assert result.outcome in {Outcome.PRINTED, Outcome.UNCONFIRMED}
        (printed,) = paper.wait_for_documents(1)
        assert paper.refused == []
        return printed


def symbols(image: Image.Image) -> dict[str, list[str]]:
    """The texts of all codes on it, by format."""
    found: dict[str, list[str]] = {}
    for code in zxingcpp.read_barcodes(image.convert("L")):
        found.setdefault(str(code.format), []).append(code.text)
    return found


def trimmed(image: Image.Image) -> Image.Image:
    """Without the empty paper at its end."""
    ink = image.convert("L").point(lambda shade: 255 - shade).getbbox()
    return image.crop((0, 0, image.width, ink[3] if ink else 1))
