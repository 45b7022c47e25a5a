"""A till of its own process that is kept in step: says when it has come to know how many accounts.

`python -m bench.watching_till FOLDER` prints a line for each: accounts and nanoseconds, on the
clock that all processes of a machine share.
"""

import sys
import threading
import time
from pathlib import Path

from sqlalchemy import func, select

from sync.engine import Engine
from till.assembly import open_till
from till.store.tables import accounts


def main() -> None:
    till = open_till(Path(sys.argv[1]))
    changed = threading.Event()
    engine = Engine(till.books, till.link, till.line, on_change=changed.set)
    engine.start()
    known = -1
    while changed.wait():
        changed.clear()
        with till.database.read() as work:
            count = work.execute(select(func.count()).select_from(accounts)).scalar_one()
        if count != known and till.line.state.online:
            known = count
            sys.stdout.write(f"{count} {time.monotonic_ns()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
