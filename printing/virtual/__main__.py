"""`python -m printing.virtual`: a receipt printer on a local port, with its paper on screen."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from printing.virtual.model import Model
from printing.virtual.printer import VirtualPrinter


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted, or until the window is closed."""
    parser = argparse.ArgumentParser(prog="python -m printing.virtual", description=__doc__)
    parser.add_argument("--listen", default="127.0.0.1:9100", metavar="HOST:PORT")
    parser.add_argument("--paper", type=Path, metavar="DIR", help="keep each document as a picture")
    parser.add_argument("--dots", type=int, default=512, help="dots across the paper")
    parser.add_argument("--unasked", action="store_true", help="speak unasked, as some models do")
    parser.add_argument("--window", action="store_true", help="show the paper as it grows")
    parser.add_argument("--language", default="en", choices=("en", "de"))
    options = parser.parse_args(arguments)
    host, _, port = options.listen.rpartition(":")
    printer = VirtualPrinter(
        Model(width_dots=options.dots, speaks_unasked=options.unasked),
        host=host.strip("[]") or "127.0.0.1",
        port=int(port),
        paper_folder=options.paper,
    )
    with printer:
        sys.stderr.write(f"virtual printer on {host}:{printer.port}\n")
        sys.stderr.flush()
        if options.window:
            from printing.virtual.window import show

            return show(printer, options.language)
        stopped = threading.Event()
        for wanted in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wanted, lambda *_: stopped.set())
        stopped.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
