"""Scanners as they are: one scan is one scan, and none of it is ever an amount."""

import time
from collections.abc import Sequence

import pytest

from tests.rim.program import Program
from tests.rim.till import BLUETOOTH_MS, SCANNER_MS, RimTill
from vouchers.codes import VoucherCode, check_sign, code_digest
from vouchers.proof import sign_proof

STARTS = ("77BE3ZJWVMFW3KW", "5YZ2MQA9876W4XD")
CODES = [start + check_sign(start) for start in STARTS]
"""Codes that begin with digits, and have all signs that foreign layouts change."""


@pytest.mark.parametrize(
    ("pace_ms", "end", "end_late_ms"),
    [
        (SCANNER_MS, ["Enter"], 0),
        (SCANNER_MS, ["Enter", "Control+j"], 0),
        (SCANNER_MS, ["Tab", "Enter"], 0),
        (25, ["Enter", "Enter"], 0),
        (SCANNER_MS, ["Enter", "Enter"], 90),
        (BLUETOOTH_MS, ["Enter", "Enter"], 0),
    ],
    ids=["enter", "cr-lf", "tab-enter", "twice", "late", "bluetooth"],
)
def test_a_scan_at_the_payment_finds_the_voucher_and_takes_no_cash(
    till: RimTill, pace_ms: int, end: Sequence[str], end_late_ms: int
) -> None:
    _go_to_payment(till)
    till.ask(_issue, CODES[0])
    till.ask(_slow, 0.2)
    till.scan(CODES[0], pace_ms=pace_ms, end=end, end_late_ms=end_late_ms)
    _offers_the_voucher(till, CODES[0])


def test_what_is_put_before_a_code_does_not_matter(till: RimTill) -> None:
    _go_to_payment(till)
    till.ask(_issue, CODES[0])
    for before in ("]Q3", "]C0"):
        till.scan(before + CODES[0])
        _offers_the_voucher(till, CODES[0])
        till.type(["Escape"])
    till.screen.strike(["Control+b", *CODES[0].lower(), "Control+c", "Enter"], pace_ms=SCANNER_MS)
    _offers_the_voucher(till, CODES[0])


@pytest.mark.parametrize(
    ("layout", "told"), [("de", "vertauscht Y und Z"), ("fr", "französischen Tastatur")]
)
def test_a_scanner_on_a_foreign_layout_is_understood_and_named(
    rim: RimTill, layout: str, told: str
) -> None:
    rim.open(language="de")
    rim.screen.use_layout(layout)
    code = CODES[1]
    proof = rim.ask(_issue, code)
    for scanned in (code, "]Q3" + code, proof):
        rim.scan(scanned)
        rim.sees("Gutschein einlösen", f"…{code[-4:]}", told)
        rim.rest()
        rim.type(["Escape"])


def test_the_signed_qr_is_one_scan(till: RimTill) -> None:
    _go_to_payment(till)
    till.scan(till.ask(_issue, CODES[0]))
    _offers_the_voucher(till, CODES[0])


def test_a_failed_scan_leaves_nothing_behind(till: RimTill) -> None:
    _go_to_payment(till)
    damaged = "4444" + CODES[0][4:]
    for pace_ms in (SCANNER_MS, SCANNER_MS, BLUETOOTH_MS):
        till.scan(damaged, pace_ms=pace_ms)
        till.sees("Nothing was redeemed")
    till.sees("Cash 12.00 EUR")
    till.ask(_issue, CODES[0])
    till.scan(CODES[0], pace_ms=BLUETOOTH_MS)
    _offers_the_voucher(till, CODES[0])


def test_two_scans_one_right_after_the_other_are_two(till: RimTill) -> None:
    for code in CODES:
        till.ask(_issue, code)
    till.screen.strike([*CODES[0], "Enter", *CODES[1], "Enter"], pace_ms=SCANNER_MS)
    till.sees("Redeem a voucher", f"…{CODES[1][-4:]}")


def test_a_scan_is_a_scan_whatever_is_being_typed_into(rim: RimTill) -> None:
    rim.open(user="s1")
    for code in CODES:
        rim.ask(_issue, code)
    rim.type("garden")
    rim.scan(CODES[0])
    rim.sees("Redeem a voucher", f"…{CODES[0][-4:]}")
    rim.rest()
    rim.tap("Show all entries")
    rim.tap("Block voucher")
    rim.type("copied at the door")
    for code, pace_ms in zip(CODES, (SCANNER_MS, BLUETOOTH_MS), strict=True):
        rim.scan(code, pace_ms=pace_ms)
        rim.rest()
        rim.sees(f"…{code[-4:]}")
    rim.sees_no("copied at the door")


def test_a_scan_at_the_sign_in_is_no_pin(rim: RimTill) -> None:
    rim.open(user=None)
    rim.type("12")
    for pace_ms in (SCANNER_MS, BLUETOOTH_MS):
        rim.scan(CODES[0], pace_ms=pace_ms)
        rim.sees("Please sign in first")
        rim.type(["Escape"])
    rim.type("1234")
    rim.type(["Enter"])
    rim.sees("Basket")


def test_while_a_look_up_is_under_way_the_big_button_does_nothing(till: RimTill) -> None:
    _go_to_payment(till)
    till.ask(_issue, CODES[0])
    place = till.place("Cash 12.00 EUR")
    till.ask(_slow, 2)
    till.scan(CODES[0])
    time.sleep(0.7)
    till.screen.tap(place)
    till.screen.strike(["Enter"], pace_ms=SCANNER_MS)
    assert till.receipts() == 0
    _offers_the_voucher(till, CODES[0])


def _go_to_payment(till: RimTill) -> None:
    till.type(["F2"])
    till.tap("Adult")
    till.tap("Pay 12.00 EUR")


def _offers_the_voucher(till: RimTill, code: str) -> None:
    till.sees("Redeem a voucher", f"…{code[-4:]}", "Redeem 12.00 EUR")
    till.rest()
    till.sees("Redeem a voucher")
    assert till.receipts() == 0


def _issue(program: Program, code: str) -> str:
    """A voucher of that code which the server knows; its signed QR."""
    world = program.world
    issued = world.issue(code=VoucherCode(code))
    (account,) = world.server.find(code_digest=code_digest(world.keys.digest_key, issued)).accounts
    return sign_proof(world.keys.signer, issued, account.voucher)


def _slow(program: Program, seconds: float) -> None:
    program.world.server.slow_s = seconds
