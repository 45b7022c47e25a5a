"""Paying: cash with the likely notes, the card terminal, or several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from till.counter.tenders import TenderKind
from till.ui.cash import likely_cash
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, frame, label, picture, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import AmountPad
from till.ui.widgets.medium_choice import MediumChoice
from vouchers.voucher import Medium, VoucherKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.sale import Sale
    from till.ui.look import Look
    from vouchers.money import Money

_NOTES_ACROSS = 3


class CheckoutScreen(Screen):
    """`tendered` carries the TenderKind and the amount, `restarted` asks to start paying again,
    `completing` asks to complete a sale with nothing left to pay, `onto_card` chooses whether the
    value sold goes onto a card.
    """

    tendered = Signal(object, object)
    restarted = Signal()
    completing = Signal()
    onto_card = Signal(bool)

    def __init__(self, look: Look, currency: str) -> None:
        super().__init__(look)
        self._kind = TenderKind.CASH
        self._sale: Sale | None = None
        self._due = label("", "balance")
        self._pad = AmountPad(look, currency, look.say("ui_cash_given"))
        self._pad.changed.connect(self.primary_changed)
        self._notes = QGridLayout()
        spaced(self._notes, gap=tokens.GRID)
        for across in range(_NOTES_ACROSS):
            self._notes.setColumnStretch(across, 1)
        self._cash, self._card = QWidget(), self._terminal_words()
        self._cash.setLayout(self._notes)
        self._again = button(look.say("ui_pay_again"), "step", look.icon("undo-2"))
        self._again.clicked.connect(self.restarted)
        self._onto_card = button(look.say("ui_onto_card"), "choice", look.icon("wallet-cards"))
        self._onto_card.setCheckable(True)
        self._onto_card.clicked.connect(self.onto_card)
        self._cards_offered: Callable[[], bool] = lambda: False
        self.medium = MediumChoice(look)
        self._choices = {kind: self._choice(kind) for kind in TenderKind}
        self._lay_out()
        self.choose(TenderKind.CASH)

    def show_sale(self, sale: Sale) -> None:
        """Draw what is left to pay."""
        self._sale = sale
        self._due.setText(self.look.amount(sale.rest))
        self._again.setVisible(bool(sale.tenders))
        sells_value = any(line.product.voucher_kind is VoucherKind.VALUE for line in sale.lines)
        self._onto_card.setVisible(sells_value and self._cards_offered())
        self._onto_card.setChecked(sale.medium is Medium.CARD)
        # What comes after a part is chosen, never taken for granted: a terminal may be charged.
        self._pad.propose(None if sale.tenders else sale.rest or None)
        self._show_notes(sale.rest)
        self.medium.show_sale(sale)
        self.primary_changed.emit()

    def offer_cards(self, offered: Callable[[], bool]) -> None:
        """Value can be sold onto cards while `offered` says so."""
        self._cards_offered = offered

    def forget_amount(self) -> None:
        """What stands there was no amount that anybody meant."""
        self._pad.propose(None)

    def begin(self, sale: Sale) -> None:
        """A sale comes to be paid: in cash, until somebody chooses otherwise."""
        self.choose(TenderKind.CASH)
        self.show_sale(sale)

    def choose(self, kind: TenderKind) -> None:
        """Pay by cash or card from here on."""
        self._kind = kind
        for each, choice in self._choices.items():
            choice.setChecked(each is kind)
        self._cash.setVisible(kind is TenderKind.CASH)
        self._card.setVisible(kind is TenderKind.CARD)
        self._pad.set_title(self.look.say(f"ui_{kind.value}_given"))
        if self._sale is not None:
            self._pad.propose(self._sale.rest)
        self.primary_changed.emit()

    def primary(self) -> Primary:
        """Take what the pad shows, the way that is chosen."""
        if self._sale is not None and not self._sale.rest:
            return Primary(self.look.say("ui_complete"), enabled=not self._sale.empty)
        amount, kind = self._pad.readable(), self._kind.value
        meaning = f"{kind} {self._sale.rest if self._sale else ''}"
        if amount is None:
            text = self.look.say(f"ui_{kind}_nothing")
            return Primary(text, enabled=False, meaning=meaning)
        text = self.look.say(f"ui_take_{kind}", amount=self.look.full(amount))
        return Primary(text, meaning=meaning)

    def press_primary(self) -> None:
        """See primary."""
        if self._sale is not None and not self._sale.rest:
            self.completing.emit()
            return
        amount = self._pad.amount()
        if amount is not None:
            self.tendered.emit(self._kind, amount)

    def type_key(self, sign: str) -> bool:
        """Digits go to the amount."""
        return self._pad.type_key(sign)

    def erase(self) -> bool:
        """Of the amount."""
        return self._pad.erase()

    def _lay_out(self) -> None:
        left, inside = column()
        due = QHBoxLayout()
        spaced(due, gap=tokens.GRID)
        inside.addWidget(label(self.look.say("ui_due"), "strong", "soft"))
        inside.addWidget(self._due)
        ways = QHBoxLayout()
        spaced(ways, gap=tokens.GRID)
        for choice in self._choices.values():
            ways.addWidget(choice, 1)
        inside.addLayout(ways)
        inside.addWidget(self._cash)
        inside.addWidget(self._card)
        inside.addWidget(self.medium)
        inside.addStretch(1)
        inside.addWidget(self._onto_card)
        inside.addWidget(self._again)
        self.lay_out(self.look.say("ui_checkout"), left, self._pad)

    def _choice(self, kind: TenderKind) -> QPushButton:
        icon = {TenderKind.CASH: "banknote", TenderKind.CARD: "credit-card"}[kind]
        made = button(self.look.say(f"ui_tender_{kind.value}"), "choice", self.look.icon(icon))
        made.setCheckable(True)
        made.clicked.connect(lambda: self.choose(kind))
        return made

    def _terminal_words(self) -> QWidget:
        card = frame("chip")
        row = QHBoxLayout(card)
        spaced(row, tokens.GAP, tokens.GAP)
        row.addWidget(picture(self.look.pixmap("credit-card", "ink_soft", tokens.ICON_LARGE)))
        row.addWidget(label(self.look.say("ui_terminal"), wrap=True), 1)
        return card

    def _show_notes(self, rest: Money) -> None:
        empty(self._notes)
        sums = [rest, *likely_cash(rest)] if rest else []
        for index, amount in enumerate(sums):
            text = self.look.amount(amount)
            note = button(self.look.say("ui_exact", amount=text) if index == 0 else text, "note")
            note.clicked.connect(
                lambda _=False, amount=amount: self.tendered.emit(TenderKind.CASH, amount)
            )
            if index == 0:
                self._notes.addWidget(note, 0, 0, 1, _NOTES_ACROSS)
            else:
                row, across = divmod(index - 1, _NOTES_ACROSS)
                self._notes.addWidget(note, row + 1, across)
