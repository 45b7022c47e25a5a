"""Two tills kept in step by their engines: how long until one sees what the other sold."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.cache import CASHIER
from sync.engine import Engine
from tests.server_process import ServerProcess
from till.assembly import Till, open_till
from till.counter.sale import Sale
from till.counter.tenders import TenderKind

SALES = 60
PATIENCE_S = 5.0


def sale_to_sight(
    server: ServerProcess, folder: Path, crowds: tuple[int, ...] = (0,)
) -> Iterator[tuple[int, list[float], list[float]]]:
    """Seconds from commit at one till to the other's cache, and of a bare request each time.

    Each till is a process of its own, as in a venue. For each size of a crowd of tills that are
    connected and listen as well.
    """
    from bench.till import enrol

    seller = open_till(enrol(server, folder / "a", "A"))
    engine = Engine(seller.books, seller.link, seller.line)
    engine.start()
    with _watching(enrol(server, folder / "b", "B")) as sights, requests.Session() as http:
        known = next(sights)[0]
        while not seller.line.state.online:
            time.sleep(0.05)
        for size in crowds:
            with _crowd(server, seller, size):
                seen, bare = [], []
                for _ in range(SALES):
                    known += 1
                    committed_ns = _sell(seller)
                    engine.nudge()
                    seen.append(_seen_ns(sights, known) - committed_ns)
                    begun_ns = time.monotonic_ns()
                    http.get(f"{server.url}/api/v1/health", timeout=PATIENCE_S)
                    bare.append(time.monotonic_ns() - begun_ns)
            yield size, [each / 1e9 for each in seen], [each / 1e9 for each in bare]
    engine.stop()


@contextmanager
def _watching(data: Path) -> Iterator[Iterator[tuple[int, int]]]:
    """A till in a process of its own: how many accounts it knows, and since which nanosecond."""
    command = [sys.executable, "-m", "bench.watching_till", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = (line.split() for line in process.stdout)
    try:
        yield ((int(count), int(at_ns)) for count, at_ns in told)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _seen_ns(sights: Iterator[tuple[int, int]], wanted: int) -> int:
    return next(at_ns for count, at_ns in sights if count >= wanted)


@contextmanager
def _crowd(server: ServerProcess, till: Till, size: int) -> Iterator[None]:
    """That many streams held open by a process of their own."""
    if not size:
        yield
        return
    words = ["127.0.0.1", str(server.port), till.conversation.token(), str(size)]
    command = [sys.executable, "-m", "bench.crowd", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _sell(seller: Till) -> int:
    catalogue = seller.counter.catalogue()
    sale = Sale.new(catalogue.currency).add(catalogue.product("value-50")).tender(TenderKind.CASH)
    seller.counter.checkout.commit(sale, CASHIER)
    return time.monotonic_ns()
