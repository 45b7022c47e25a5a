"""Loads a till's snapshot in a process of its own: prints how long it took and its memory."""

import resource
import sys
import time
from pathlib import Path

import msgspec

from till.assembly import open_till
from till.store import settings


def main() -> None:
    till = open_till(Path(sys.argv[1]))
    with till.database.write() as work:
        settings.feed_position.clear(work)  # as if it were new
    begun = time.perf_counter()
    assert till.get_in_step()
    figures = {
        "milliseconds": round((time.perf_counter() - begun) * 1000),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    sys.stdout.write(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
