"""Tills that are killed at a chosen moment of a sale or of a decision about spoiled paper.

`python -m tests.till.paper.zygote FOLDER` loads everything once and reads `sell N` or `settle N`
from standard input. Each runs in a process of its own, which ends itself with SIGKILL at its Nth
moment (0: never); the answer is how many moments it had, or `killed`. A moment is before or after
a statement of the database, or before or after bytes to the printer.
"""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Engine, event

import printing.layouts  # noqa: F401 loaded once, before the children are made
from bench.cache import CASHIER
from printing.printers.network import NetworkLine
from till.assembly import Till, open_till
from till.counter.sale import Sale
from till.counter.tenders import TenderKind


class Moments:
    """Counts what happens, and ends the process at the chosen one."""

    def __init__(self, last: int) -> None:
        self.seen = 0
        self._last = last

    def pass_by(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        for name in ("before_cursor_execute", "after_cursor_execute"):
            event.listen(Engine, name, self.pass_by)
        send = NetworkLine.send

        def watched(line: NetworkLine, data: bytes, timeout_s: float) -> int:
            self.pass_by()
            sent = send(line, data, timeout_s)
            self.pass_by()
            return sent

        patch.object(NetworkLine, "send", watched).start()


def sell(till: Till) -> None:
    sale = Sale.new("EUR").add(till.counter.catalogue().product("value-25"))
    till.counter.checkout.commit(sale.tender(TenderKind.CARD), CASHIER)
    till.print_waiting()


def settle(till: Till) -> None:
    """Say of every paper in doubt that it did not come out whole, until all is printed."""
    till.print_waiting()
    while waiting := till.counter.handover.open():
        for job in waiting:
            till.counter.handover.came_out(job.job_id, whole=False, user=CASHIER)
        till.print_waiting()


def in_child(folder: Path, what: str, last: int) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        moments = Moments(last)
        till = open_till(folder)
        moments.watch()
        with till.at_work():
            {"sell": sell, "settle": settle}[what](till)
        os.write(writing, str(moments.seen).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        said = answer.read()
    if os.WIFSIGNALED(status):
        return "killed"
    return said or "failed"


def main(folder: Path) -> None:
    for line in sys.stdin:
        what, last = line.split()
        sys.stdout.write(in_child(folder, what, int(last)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
