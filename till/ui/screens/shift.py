"""The shift: open with a float, watch the figures, close with the cash that was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, frame, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.facts import facts
from till.ui.widgets.keypad import AmountPad
from vouchers.money import Money

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QFrame, QPushButton

    from till.counter.shift import Outside
    from till.counter.shift_figures import ShiftFigures
    from till.ui.look import Look


class ShiftScreen(Screen):
    """`opening` carries the float, `closing` the cash that was counted; `x_wanted`, `z_wanted` and
    `outside_wanted` ask for a report on paper.
    """

    opening = Signal(object)
    closing = Signal(object)
    x_wanted = Signal()
    z_wanted = Signal()
    outside_wanted = Signal()

    def __init__(self, look: Look, currency: str) -> None:
        super().__init__(look)
        self._figures: ShiftFigures | None = None
        self._currency = currency
        self._known = False
        self._pad = AmountPad(look, currency, look.say("ui_float"))
        self._pad.changed.connect(self.primary_changed)
        left, inside = column()
        self._left, self._outside = QVBoxLayout(), QVBoxLayout()
        for part in (self._left, self._outside):
            spaced(part)
            inside.addLayout(part)
        self.lay_out(look.say("ui_shift"), left, self._pad)

    def show_figures(self, figures: ShiftFigures | None) -> None:
        """The open shift so far, or how to open one."""
        self._figures, self._known = figures, True
        empty(self._left)
        if figures is None:
            self._left.addWidget(label(self.look.say("ui_shift_none"), "title", wrap=True))
            self._left.addWidget(label(self.look.say("ui_shift_why"), "body", "soft", wrap=True))
        else:
            self._left.addWidget(self._figures_card(figures))
            self._left.addWidget(self._report("ui_report_x", self.x_wanted))
        self._left.addStretch(1)
        self._pad.set_title(self.look.say("ui_float" if figures is None else "ui_counted"))
        self._pad.propose(None)

    def show_outside(self, outside: Outside | None) -> None:
        """What stands in no shift, and its report."""
        empty(self._outside)
        if outside is not None:
            day = self.look.texts.day(outside.since)
            said = self.look.say("ui_outside", count=outside.count, day=day)
            self._outside.addWidget(label(said, "body", "soft", wrap=True))
            self._outside.addWidget(self._report("ui_outside_report", self.outside_wanted))

    def show_closed(self, figures: ShiftFigures) -> None:
        """How the shift came out; the next one can be opened."""
        self.show_figures(None)
        empty(self._left)
        self._left.addWidget(self._difference_card(figures))
        self._left.addWidget(self._figures_card(figures))
        self._left.addWidget(self._report("ui_report_z", self.z_wanted))
        self._left.addStretch(1)

    def primary(self) -> Primary:
        """Open or close."""
        amount = self._pad.readable()
        key = "ui_shift_open" if self._figures is None else "ui_shift_close"
        if amount is None or not self._known:
            return Primary(self.look.say(f"{key}_nothing"), enabled=False, meaning=key)
        return Primary(self.look.say(key, amount=self.look.full(amount)), meaning=key)

    def press_primary(self) -> None:
        """See primary."""
        amount = self._pad.amount()
        if amount is not None and self._known:
            (self.opening if self._figures is None else self.closing).emit(amount)

    def type_key(self, sign: str) -> bool:
        """Digits go to the amount."""
        return self._pad.type_key(sign)

    def erase(self) -> bool:
        """Of the amount."""
        return self._pad.erase()

    def _report(self, key: str, wanted: SignalInstance) -> QPushButton:
        made = button(self.look.say(key), "step", self.look.icon("printer"))
        made.clicked.connect(wanted)
        return made

    def _figures_card(self, figures: ShiftFigures) -> QFrame:
        look, zero = self.look, Money.zero(self._currency)
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN, tokens.GAP)
        since = look.say("ui_shift_since", time=figures.opened_at, who=figures.opened_by)
        inside.addWidget(label(since, "strong", wrap=True))
        rows = {
            "ui_receipts": str(figures.receipts),
            "ui_sales": look.amount(figures.sales),
            "ui_vouchers_sold": look.amount(figures.vouchers_sold),
            "ui_vouchers_redeemed": look.amount(figures.vouchers_redeemed),
            "ui_tender_card": look.amount(figures.tenders.get("card", zero)),
            "ui_tender_cash": look.amount(figures.tenders.get("cash", zero)),
            "ui_float": look.amount(figures.float_),
            "ui_cash_expected": look.full(figures.expected),
        }
        inside.addLayout(facts(look, rows))
        if figures.unreadable:
            missing = look.say("report_unreadable", receipts=", ".join(figures.unreadable))
            inside.addWidget(label(missing, "body", "attention", wrap=True))
        return card

    def _difference_card(self, figures: ShiftFigures) -> QFrame:
        counted = figures.counted if figures.counted is not None else figures.expected
        difference = counted - figures.expected
        card = frame("message", "attention" if difference else "accepted")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.GAP, 4)
        tone = "attention" if difference else "accepted"
        key = "ui_difference" if difference else "ui_no_difference"
        inside.addWidget(label(self.look.say(key), "title", tone, wrap=True))
        sign = "+" if difference.minor > 0 else ""
        inside.addWidget(label(sign + self.look.full(difference), "total", tone))
        return card
