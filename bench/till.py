"""The till alone: cold start, durable redemption, and how soon another till sees a sale."""

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.server_process import ServerProcess, server_process

Row = tuple[str, str]
RUNS = 7
REDEMPTIONS = 300
VOUCHERS = 100_000
CROWDS = (0, 10, 100, 500)


def ratios() -> Iterator[Row]:
    yield from cold_start()
    with tempfile.TemporaryDirectory() as folder:
        yield from durable_redemption(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from visible_elsewhere(Path(folder))


def cold_start() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, server_process(Path(folder) / "s") as server:
        data = enrol(server, Path(folder) / "till", "bench")
        ours = [_timed("-m", "bench.window_ready", str(data)) for _ in range(RUNS)]
        bare = [_timed("-c", BARE_WINDOW) for _ in range(RUNS)]
    yield ratio("cold start to sell-ready / bare PySide6 window", ours, bare)


BARE_WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
QTimer.singleShot(0, application.quit)
application.exec()
"""


def _timed(*words: str) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    begun = time.perf_counter()
    subprocess.run([sys.executable, *words], env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def durable_redemption(folder: Path) -> Iterator[Row]:
    """Redeem against the cache and commit, against the same rows written with bare sqlite3."""
    from bench.cache import filled_till, redeem_bare, redeem_once

    till, codes = filled_till(folder / "ours", VOUCHERS)
    (folder / "bare").mkdir()
    bare = sqlite3.connect(folder / "bare" / "till.sqlite", isolation_level=None)
    till.database.close()
    source = sqlite3.connect(till.database.path)
    source.backup(bare)
    source.close()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        bare.execute(f"PRAGMA {pragma}")
    ours, theirs = [], []
    for code in codes[:REDEMPTIONS]:
        ours.append(measured(partial(redeem_once, till, code)))
        theirs.append(measured(partial(redeem_bare, bare, till, code)))
    bare.close()
    yield ratio(f"durable redemption, {VOUCHERS:,} vouchers / the same writes bare", ours, theirs)


def visible_elsewhere(folder: Path) -> Iterator[Row]:
    """From commit at till A to the cache of till B, against one bare request."""
    from bench.two_tills import sale_to_sight

    with server_process(folder / "server") as server:
        for size, seen, bare in sale_to_sight(server, folder, CROWDS):
            beside = f", {size} more tills listening" if size else ""
            yield ratio(f"sale at till A visible at till B / one bare request{beside}", seen, bare)


def enrol(server: ServerProcess, data: Path, name: str) -> Path:
    """An enrolled till, ready to open."""
    words = ["enrol", "--server", server.url, "--code", server.add_till(name)]
    command = [sys.executable, "-m", "till.main", *words, "--data", str(data), "--json"]
    subprocess.run(command, check=True, capture_output=True)
    return data


def measured(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratio(what: str, ours: list[float], bare: list[float]) -> Row:
    """Median against median, with both in milliseconds."""
    mine, theirs = statistics.median(ours), statistics.median(bare)
    return what, f"{mine / theirs:6.2f}   ({mine * 1000:.2f} ms / {theirs * 1000:.2f} ms)"
