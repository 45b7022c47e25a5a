"""A virtual receipt printer on a local TCP port, for demos and tests."""

from printing.virtual.model import Faults, Model
from printing.virtual.paper import PaperDocument
from printing.virtual.printer import VirtualPrinter

__all__ = ["Faults", "Model", "PaperDocument", "VirtualPrinter"]
