"""Two tills kept in step by their engines: how long until one sees what the other sold."""

import threading
import time
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


def sale_to_sight(server: ServerProcess, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds from commit at one till to the other's cache, and of a bare request each time."""
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
    seen, bare = [], []
    for _ in range(SALES):
        seen.append(_one_sale(seller, watcher, engines[0], changed))
        begun = time.perf_counter()
        http.get(f"{server.url}/api/v1/health", timeout=PATIENCE_S)
        bare.append(time.perf_counter() - begun)
    for engine in engines:
        engine.stop()
    http.close()
    return seen, bare


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
