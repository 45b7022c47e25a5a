"""What the window promises while other things are slow, away or broken."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.till.ui.cashier import Cashier
from tests.till.ui.pulse import PAUSE_MAX_MS, Pulse
from tests.till.ui.world import World
from till.ui.session import Level, Light
from till.ui.window import Window
from vouchers.errors import OperatingError

SLOW_S = 1.2


def test_a_slow_server_never_stops_the_window(cashier: Cashier, world: World) -> None:
    """Whatever else this machine does: the window's own work is short, and never the server's."""
    world.server.slow_s = SLOW_S
    cashier.press_f(2)
    cashier.tap("Family ticket")
    pulse = Pulse()
    cashier.scan(world.issue("value-50").text)
    cashier.sees("Looking it up…")
    cashier.sees("Redeem 24.00 EUR")
    cashier.tap("Redeem 24.00 EUR")
    cashier.sees("−24.00")
    assert pulse.longest_own_ms < PAUSE_MAX_MS
    assert pulse.longest_ms < SLOW_S * 1000 / 2


def test_taps_during_a_slow_redemption_are_kept_in_order(cashier: Cashier, world: World) -> None:
    cashier.press_f(2)
    cashier.tap("Family ticket")
    cashier.scan(world.issue("value-50").text)
    cashier.sees("Redeem 24.00 EUR")
    world.server.slow_s = 0.4
    cashier.tap("Redeem 24.00 EUR")
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.tap("Adult")
    cashier.sees("−24.00", "2×", "Pay 24.00 EUR")


def test_our_own_mistake_stops_the_sale_and_is_logged(
    cashier: Cashier, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    cashier.tap("Voucher €25")
    world.server.broken = True
    cashier.scan(world.issue().text)
    cashier.sees("The till made a mistake of its own", "Scan a voucher or tap a product")
    assert "ZeroDivisionError" in caplog.text


def test_the_status_bar_follows_every_change(cashier: Cashier, world: World) -> None:
    cashier.sees("Online", "0 waiting", "Printer ready", "Kim Kasse")
    world.light = Light(Level.REFUSED, "Printer out of paper")
    world.problems = ["The printer is out of paper. The sale is complete. Load paper."]
    threading.Thread(target=world.change).start()
    cashier.sees("Printer out of paper", "The sale is complete. Load paper.")
    world.go_offline()
    cashier.sees("Offline since")


def test_the_window_stands_before_the_till_is_ready(
    qtbot: QtBot, dressed: None, world: World
) -> None:
    ready = threading.Event()

    def prepare() -> World:
        ready.wait()
        return world

    window = Window(prepare, "en")
    window.show()
    qtbot.waitExposed(window)
    somebody = Cashier(window)
    somebody.sees("Getting the till ready…")
    ready.set()
    somebody.sees("Museum of Small Machines", "Kim Kasse", "Demo: Kim Kasse 1234")
    window.end()


def test_a_till_that_cannot_start_says_why_and_tries_again(
    qtbot: QtBot, dressed: None, world: World
) -> None:
    attempts = 0

    def prepare() -> World:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise OperatingError("till_busy")
        return world

    window = Window(prepare, "en")
    window.show()
    somebody = Cashier(window)
    somebody.sees("Another window or command is working with this till.")
    somebody.tap("Try again")
    somebody.sees("Who is at the till?")
    window.end()


def test_nothing_slow_is_loaded_before_the_window(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from till.ui.application import dress; from till.ui.window import Window; dress(app);"
        "window = Window(lambda: None, 'en'); window.show(); window.grab();"
        "slow = {'sqlalchemy', 'requests', 'argon2', 'babel', 'cryptography', 'escpos'};"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr
