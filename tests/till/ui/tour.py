"""A walk through every screen, for those who look at them: pictures and measurements."""

from collections.abc import Iterator

from PySide6.QtCore import Qt

from tests.till.ui.guide import Guide
from vouchers.money import Money

SWAP_YZ = str.maketrans("YZ", "ZY")


class Tour(Guide):
    """Yields the name of each screen when it stands; any language, light or dark."""

    def screens(self) -> Iterator[str]:
        """All of them."""
        yield from self._signing_in()
        yield from self._one_sale()
        yield from self._after_it()
        yield from self._other_vouchers()
        yield from self._trouble()
        yield from self._accounts()
        yield from self._shift()
        yield from self._papers()
        yield from self._rest()

    def _signing_in(self) -> Iterator[str]:
        self._sees("ui_who")
        yield "login"
        self._cashier.type("1111")
        self._enter()
        self._sees("refused_sign_in")
        yield "login-refused"
        self._cashier.press(Qt.Key.Key_Escape)
        self._sign_in("Sam Schicht", "5678")
        yield "sell-empty"

    def _one_sale(self) -> Iterator[str]:
        self._add("value-50")
        self._cashier.press(Qt.Key.Key_F2)
        for product_id in ("family", "adult", "adult"):
            self._add(product_id)
        self._cashier.scan(self._world.issue("value-50").text)
        self._sees("ui_redeem_amount")
        yield "redeem"
        self._cashier.type("12.5")
        self._enter()
        self._cashier.press(Qt.Key.Key_F1)
        self._sees("ui_pay", amount=85_50)
        yield "sell"
        self._tap("ui_pay", amount=85_50)
        yield "checkout"
        self._cashier.type("30")
        self._enter()
        self._sees("ui_pay_again")
        yield "checkout-split"
        self._tap("ui_tender_card")
        self._cashier.type("55.50")
        yield "checkout-card"
        self._tap("ui_take_card", amount=55_50)
        self._sees("ui_done_no_change", receipt="T1-000001")
        yield "done-card"

    def _after_it(self) -> Iterator[str]:
        self._cashier.press(Qt.Key.Key_F2)
        self._add("adult")
        self._tap("ui_pay", amount=12_00)
        self._cashier.type("20")
        self._enter()
        self._sees("ui_done", receipt="T1-000002")
        self._world.report()
        self._sees("ui_waiting", count=0)
        yield "done"

    def _other_vouchers(self) -> Iterator[str]:
        self._cashier.press(Qt.Key.Key_F1)
        self._add("value-free")
        self._cashier.type("37.5")
        yield "free-amount"
        self._cashier.press(Qt.Key.Key_Escape)
        self._cashier.scan(self._world.issue("voucher-family").text)
        self._sees("ui_yields")
        yield "redeem-service"
        empty = self._world.issue(balance_minor=0)
        self._cashier.scan(empty.text)
        self._sees("refused_empty", last4=empty.last4)
        yield "redeem-refused"
        self._cashier.scan(self._with_y_or_z(8_00).translate(SWAP_YZ))
        self._sees("scanner_layout_german")
        yield "redeem-alone"

    def _trouble(self) -> Iterator[str]:
        self._world.go_offline()
        self._world.problems = [self._window._look.say("printer_paper_out", printer="Kasse 1")]
        self._world.change()
        self._cashier.type("ABCDEFGH")
        self._enter()
        self._sees("mistyped_length_no_action", signs=8, wanted=16)
        yield "refused-offline"
        self._world.server.away, self._world.problems = False, []
        self._world.line.answered()
        for _ in range(3):
            self._cashier.press(Qt.Key.Key_Escape)

    def _accounts(self) -> Iterator[str]:
        self._tap("ui_place_accounts")
        yield "accounts-empty"
        self._cashier.type("T1-000001")
        self._enter()
        self._sees("ui_found", count=2)
        yield "accounts-found"
        self._add("value-50")
        self._sees("ui_entries")
        yield "account"

    def _shift(self) -> Iterator[str]:
        self._tap("ui_place_shift")
        self._sees("ui_shift_none")
        yield "shift"
        self._cashier.type("150")
        self._enter()
        self._sees("ui_cash_expected")
        self._tap("ui_place_sell")
        self._add("value-25")
        self._tap("ui_pay", amount=25_00)
        self._enter()
        self._sees("ui_done_no_change", receipt="T1-000003")
        self._tap("ui_place_shift")
        self._cashier.sees(self._window._look.full(Money(175_00, "EUR")).replace("\u00a0", " "))
        self._cashier.type("174")
        yield "shift-open"
        self._enter()
        self._sees("ui_difference")
        yield "shift-closed"

    def _papers(self) -> Iterator[str]:
        self._tap("ui_place_papers")
        self._sees("ui_papers_none")
        yield "papers"

    def _rest(self) -> Iterator[str]:
        for place in ("help", "settings"):
            self._tap(f"ui_place_{place}")
            yield place
        self._tap("ui_place_sign_out")
        self._sign_in("Kim Kasse", "1234")
        self._tap("ui_place_accounts")
        self._sees("ui_approve_what")
        yield "approve"

    def _with_y_or_z(self, balance_minor: int) -> str:
        while True:
            code = self._world.issue(balance_minor=balance_minor)
            if {"Y", "Z"} & set(code.text):
                return code.text
