"""make run: a till against a central server on this machine, with a printer whose paper is drawn.

With a display the windows open; without one the main job runs unattended. The data stays in
.data/ (or where VOUCHER_DEMO_DATA says), so the next run goes on with it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("VOUCHER_DEMO_DATA", ".data")).absolute()
SERVER_PORT, PRINTER_PORT = 18470, 18471
SERVER = f"http://127.0.0.1:{SERVER_PORT}"
PRINTER = f"tcp://127.0.0.1:{PRINTER_PORT}"
SIGN_IN_HINT = "TILL_SIGN_IN_HINT"
SIMULATED_CARD = "TILL_SIMULATED_CARD"
HINT = "Cashier: cashier, PIN 1234 · Supervisor: supervisor, PIN 5678"
READY_S = 30


def main() -> int:
    """Run the demo until its window is closed, or its story is told."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    with_window = bool(display) or sys.platform in ("darwin", "win32")
    for port in (SERVER_PORT, PRINTER_PORT):
        if not _free(port):
            print(f"Port {port} is taken: is the demo running already? Close it first.")
            return 4
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running:
        running.enter_context(_process("server.main", *_server_words(), waits=SERVER_PORT))
        running.enter_context(_process(*_printer_words(with_window), waits=PRINTER_PORT))
        _enrol("till", "Till-1")
        if with_window:
            return _window()
        _enrol("second-till", "Till-2")
        return _story()


def _server_words() -> list[str]:
    where = ["--listen", f"127.0.0.1:{SERVER_PORT}", "--data", str(FOLDER / "server")]
    return ["run", "--demo", *where]


def _printer_words(with_window: bool) -> list[str]:
    words = ["printing.virtual", "--listen", f"127.0.0.1:{PRINTER_PORT}"]
    return [*words, "--paper", str(FOLDER / "paper"), *(["--window"] if with_window else [])]


def _window() -> int:
    print(f"The till opens. {HINT}")
    print("Beside it: a card to hold to the reader, take away, or let slip in mid-load.")
    command = [sys.executable, "-m", "till.main", "--data", str(FOLDER / "till")]
    shown = {SIGN_IN_HINT: HINT, SIMULATED_CARD: str(FOLDER / "card.json")}
    return subprocess.run(command, env={**os.environ, **shown}, check=False).returncode


def _story() -> int:
    """Sell, print, redeem in part, and see the balance on the second till."""
    print(f"No display: the main job runs unattended. {HINT}")
    sold = _till("till", "sell", "--value", "50.00", "--tender", "cash:60")
    voucher = sold["vouchers"][0]
    print(f"1. Till-1 sold a voucher of 50.00 EUR: receipt {sold['receipt']}, {voucher['code']}")
    print(f"   change 10.00, receipt printed: {sold['printed']} (paper in {FOLDER / 'paper'})")
    redeemed = _till("second-till", "redeem", voucher["code"], "--amount", "12.50")
    print(f"2. Till-2 redeemed 12.50 EUR: receipt {redeemed['receipt']}, {redeemed['basis']}")
    seen = {name: _till(name, "balance", voucher["code"]) for name in ("till", "second-till")}
    for name, found in seen.items():
        print(f"3. {name} sees {found['balance']['amount'] / 100:.2f} EUR ({found['basis']})")
    well = all(found["balance"]["amount"] == 3750 for found in seen.values())
    print("Both tills and the server agree." if well else "The balances differ: this is a bug.")
    return 0 if well else 1


def _enrol(folder: str, name: str) -> None:
    if (FOLDER / folder / "till.sqlite").exists():
        return
    where = ["--data", str(FOLDER / "server")]
    made = _json("server.main", "till", "add", name, "--json", *where)
    words = ["--server", SERVER, "--code", made["code"], "--printer", PRINTER]
    _till(folder, "enrol", *words)


def _till(folder: str, *words: str) -> Any:
    return _json("till.main", *words, "--data", str(FOLDER / folder), "--json")


def _json(*words: str) -> Any:
    signed_in = {"TILL_USER": "cashier", "TILL_PIN": "1234"}
    command = [sys.executable, "-m", *words]
    done = subprocess.run(
        command, env={**os.environ, **signed_in}, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


@contextmanager
def _process(*words: str, waits: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.DEVNULL)
    try:
        _wait_for(waits, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(READY_S * 20):
        if not _free(port):
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    sys.exit(f"Nothing listens on port {port}; the messages above say why.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


if __name__ == "__main__":
    sys.exit(main())
