"""The basket: what is bought, what vouchers give, what is left to pay, and the one big button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from till.ui.presses import MEANING
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, figure, frame, label, picture, scrolling, spaced
from till.ui.widgets.basket_rows import campaign_row, line_row, voucher_row
from vouchers.money import total

if TYPE_CHECKING:
    from till.counter.basket import SaleLine
    from till.counter.sale import Sale
    from till.ui.look import Look
    from vouchers.money import Money


@dataclass(frozen=True)
class Primary:
    """What the big button at the bottom right says and whether it can be pressed now.

    `meaning` is what it does, where that stays the same while the words change with an amount that
    is typed: see till.ui.presses.
    """

    text: str
    enabled: bool = True
    meaning: str = ""


class Basket(QFrame):
    """Draws a Sale. `quantity` tells line and new quantity, `taken_out` a voucher's entry id,
    `campaign_out` that the campaign is to be taken out.
    """

    quantity = Signal(int, int)
    taken_out = Signal(object)
    campaign_out = Signal()
    cleared = Signal()
    pressed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._active: object = None
        self._sale: Sale | None = None
        self.setProperty("role", "basket")
        self._clear = button(
            look.say("ui_clear"), "quiet", look.icon("trash-2", "ink_soft"), size=tokens.ICON_SMALL
        )
        self._clear.setMinimumHeight(tokens.TOUCH_MIN)
        self._clear.clicked.connect(self.cleared)
        self._rows = QVBoxLayout()
        spaced(self._rows, gap=0)
        self._sums = QVBoxLayout()
        spaced(self._sums, gap=4)
        self._primary = button("", "primary")
        self._primary.clicked.connect(self.pressed)
        self._enabled, self._waits = False, False
        self._lay_out()

    @property
    def big_button(self) -> QPushButton:
        """The one at the bottom right."""
        return self._primary

    def show_primary(self, primary: Primary) -> None:
        """What the big button does on this screen."""
        self._primary.setText(primary.text.replace("&", "&&"))
        self._primary.setProperty(MEANING, primary.meaning)
        self._enabled = primary.enabled
        self._primary.setEnabled(primary.enabled and not self._waits)

    def show_waiting(self, waits: bool) -> None:
        """While an answer is awaited that may change what the big button does, it does nothing."""
        self._waits = waits
        self._primary.setEnabled(self._enabled and not waits)

    def show_sale(self, sale: Sale) -> None:
        """Draw the sale; the line that changed last is the one that is open."""
        if self._sale is None or self._sale.sale_id != sale.sale_id:
            self._active = None
        elif (changed := _changed(self._sale, sale)) is not None:
            self._active = changed
        self._sale = sale
        self._draw(sale)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        spaced(column, gap=tokens.GRID)
        column.setContentsMargins(tokens.GAP, tokens.GRID, tokens.GAP, tokens.GAP)
        head = QHBoxLayout()
        head.setContentsMargins(tokens.GRID, 0, 0, 0)
        title = label(self._look.say("ui_basket"), "title")
        title.setMinimumHeight(tokens.TOUCH_MIN)
        head.addWidget(title, 1)
        head.addWidget(self._clear)
        column.addLayout(head)
        rows = QWidget()
        rows.setLayout(self._rows)
        column.addWidget(scrolling(rows), 1)
        column.addWidget(frame("rule"))
        self._sums.setContentsMargins(tokens.GRID, tokens.GRID, tokens.GRID, tokens.GRID)
        column.addLayout(self._sums)
        column.addWidget(self._primary)

    def _draw(self, sale: Sale) -> None:
        empty(self._rows)
        empty(self._sums)
        self._clear.setVisible(not sale.empty)
        for index, line in enumerate(sale.lines):
            row = line_row(self._look, line, active=self._active == index)
            row.opened.connect(lambda index=index: self._open(index))
            row.quantity.connect(lambda value, index=index: self.quantity.emit(index, value))
            self._rows.addWidget(row)
        if sale.campaign is not None:
            key = sale.campaign.campaign_id
            offer = campaign_row(
                self._look, sale.campaign, sale.discount, active=self._active == key
            )
            offer.opened.connect(lambda: self._open(key))
            offer.taken_out.connect(self.campaign_out)
            self._rows.addWidget(offer)
        for given in sale.redeemed:
            gift = voucher_row(
                self._look, given, sale.paid_by(given), active=self._active == given.entry_id
            )
            gift.opened.connect(lambda key=given.entry_id: self._open(key))
            gift.taken_out.connect(lambda key=given.entry_id: self.taken_out.emit(key))
            self._rows.addWidget(gift)
        if sale.empty:
            self._rows.addWidget(self._nothing_yet(), 1)
        else:
            self._rows.addStretch(1)
        self._draw_sums(sale)

    def _draw_sums(self, sale: Sale) -> None:
        given = total([sale.paid_by(each) for each in sale.redeemed], sale.currency)
        if given or sale.tenders:
            self._sum("ui_sum", sale.total)
        if given:
            self._sum("ui_vouchers_give", -given, "accepted")
        for tender in sale.tenders:
            self._sum(f"ui_tender_{tender.kind.value}", -tender.amount, "accepted")
        row = QHBoxLayout()
        word = label(self._look.say("ui_due" if sale.tenders else "ui_total"), "title", wrap=True)
        word.setContentsMargins(0, 0, 0, 3)  # to the baseline of the large figures
        row.addWidget(word, 1, Qt.AlignmentFlag.AlignBottom)
        open_amount = self._look.amount(sale.rest if sale.tenders else sale.due)
        row.addWidget(figure(open_amount, "total"), 0, Qt.AlignmentFlag.AlignBottom)
        currency = label(sale.currency, "secondary")
        currency.setContentsMargins(0, 0, 0, 5)
        row.addWidget(currency, 0, Qt.AlignmentFlag.AlignBottom)
        self._sums.addLayout(row)

    def _sum(self, key: str, amount: Money, tone: str = "") -> None:
        row = QHBoxLayout()
        row.addWidget(label(self._look.say(key), "secondary"), 1)
        row.addWidget(figure(self._look.amount(amount), "strong", tone))
        self._sums.addLayout(row)

    def _nothing_yet(self) -> QWidget:
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.addStretch(1)
        cart = picture(self._look.pixmap("shopping-cart", "line_strong", tokens.ICON_LARGE))
        column.addWidget(cart, 0, Qt.AlignmentFlag.AlignCenter)
        words: QLabel = label(self._look.say("ui_basket_empty"), "body", "soft", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(words)
        column.addStretch(1)
        return nothing

    def _open(self, key: int | str | UUID) -> None:
        self._active = None if self._active == key else key
        if self._sale is not None:
            self._draw(self._sale)


def _changed(earlier: Sale, later: Sale) -> object:
    """The line or voucher that is new or different, None when nothing is."""
    for given in later.redeemed[len(earlier.redeemed) :]:
        return given.entry_id
    for index, line in enumerate(later.lines):
        if index >= len(earlier.lines) or _bought(line) != _bought(earlier.lines[index]):
            return index
    return None


def _bought(line: SaleLine) -> SaleLine:
    return replace(line, discount=None)
