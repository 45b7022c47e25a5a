"""Two tills kept in step by their engines: how long until one sees what the other sold."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.cache import CASHIER
from sync.engine import Engine
from tests.server_process import ServerProcess
from till.assembly import Till, open_till
from till.counter.sale import Sale, TenderKind
from till.store import accounts

SALES = 60
PATIENCE_S = 5.0


def sale_to_sight(
    server: ServerProcess, folder: Path, crowds: tuple[int, ...] = (0,)
) -> Iterator[tuple[int, list[float], list[float]]]:
    """Seconds from commit at one till to the other's cache, and of a bare request each time.

    For each size of a crowd of tills that are connected and listen as well.
    """
    from bench.till import enrol

    nudge = threading.Event()
    seller = open_till(enrol(server, folder / "a", "A"), reported=nudge.set)
    watcher = open_till(enrol(server, folder / "b", "B"))
    changed = threading.Event()
    engines = [
        Engine(seller.books, seller.link, seller.line),
        Engine(watcher.books, watcher.link, watcher.line, on_change=changed.set),
    ]
    for engine in engines:
        engine.start()
    while not (seller.line.state.online and watcher.line.state.online):
        time.sleep(0.05)
    http = requests.Session()
    for size in crowds:
        with _crowd(server, watcher, size):
            seen, bare = [], []
            for _ in range(SALES):
                seen.append(_one_sale(seller, watcher, engines[0], changed))
                begun = time.perf_counter()
                http.get(f"{server.url}/api/v1/health", timeout=PATIENCE_S)
                bare.append(time.perf_counter() - begun)
        yield size, seen, bare
    for engine in engines:
        engine.stop()
    http.close()


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


def _one_sale(seller: Till, watcher: Till, engine: Engine, changed: threading.Event) -> float:
    catalogue = seller.counter.catalogue()
    sale = Sale.new(catalogue.currency).add(catalogue.product("value-50")).tender(TenderKind.CASH)
    made = seller.counter.checkout.commit(sale, CASHIER).vouchers[0]
    begun = time.perf_counter()
    engine.nudge()
    while time.perf_counter() - begun < PATIENCE_S:
        changed.wait(PATIENCE_S)
        changed.clear()
        with watcher.database.read() as work:
            if accounts.by_id(work, made.voucher.voucher_id) is not None:
                return time.perf_counter() - begun
    raise TimeoutError("the other till never saw the voucher")
