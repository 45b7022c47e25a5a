"""The keypad, and what is typed on it: amounts and PINs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, figure, frame, label, restyle, spaced
from vouchers.errors import Refused
from vouchers.money import Money, minor_digits

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.ui.look import Look

_ROWS = ("789", "456", "123")
_SIGNS_MAX = 13
_PIN_MAX = 12


class Keypad(QWidget):
    """Twelve keys; `extra` stands left of the zero (a decimal mark, or nothing)."""

    typed = Signal(str)
    erased = Signal()

    def __init__(self, look: Look, extra: str = "") -> None:
        super().__init__()
        grid = QGridLayout(self)
        spaced(grid, gap=tokens.GRID)
        for row, signs in enumerate(_ROWS):
            for column, sign in enumerate(signs):
                self._add(grid, sign, row, column)
        if extra:
            self._add(grid, extra, 3, 0)
        self._add(grid, "0", 3, 1)
        erase = button("", "key", look.icon("delete"))
        erase.setAccessibleName(look.say("ui_erase"))
        erase.clicked.connect(self.erased)
        self._place(grid, erase, 3, 2)

    def _add(self, grid: QGridLayout, sign: str, row: int, column: int) -> None:
        key = button(sign, "key")
        key.clicked.connect(lambda: self.typed.emit(sign))
        self._place(grid, key, row, column)

    def _place(self, grid: QGridLayout, key: QWidget, row: int, column: int) -> None:
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        key.setMinimumSize(QSize(tokens.TOUCH, tokens.TOUCH_MIN))
        key.setMaximumSize(QSize(160, 96))
        grid.addWidget(key, row, column)


class AmountPad(QWidget):
    """An amount typed by finger or keyboard. What was proposed gives way to the first digit."""

    changed = Signal()

    def __init__(self, look: Look, currency: str, title: str) -> None:
        super().__init__()
        self._look = look
        self._currency = currency
        self._text = ""
        self._proposed = False
        self._mark = look.amount(Money(0, currency))[1:2]
        self._title = label(title, "strong")
        self._shown = figure("", "total")
        self._why = label("", "secondary", "refused", wrap=True)
        column = QVBoxLayout(self)
        spaced(column)
        column.addWidget(self._title)
        column.addWidget(self._display())
        column.addWidget(self._why)
        pad = Keypad(look, self._mark)
        pad.typed.connect(self.type_key)
        pad.erased.connect(self.erase)
        column.addWidget(pad, 1)
        self._show()

    @property
    def typed_text(self) -> str:
        """What stands there, as it was typed."""
        return self._text

    def set_title(self, title: str) -> None:
        """What the amount is for."""
        self._title.setText(title)

    def propose(self, amount: Money | None) -> None:
        """Start with `amount`; the first key replaces it."""
        text = "" if amount is None else str(amount.decimal).replace(".", self._mark)
        self._restore(text, proposed=True)

    def type_key(self, sign: str) -> bool:
        """A digit or a decimal mark; anything else is not meant for an amount."""
        if sign in {".", ","} and minor_digits(self._currency):
            sign = self._mark
        elif not (sign.isascii() and sign.isdigit()):
            return False
        kept = "" if self._proposed else self._text
        self._text = kept + sign if self._fits(kept, sign) else kept
        self._proposed = False
        self._show()
        return True

    def erase(self) -> bool:
        """Take the last sign back; a proposed amount goes whole."""
        self._text = "" if self._proposed else self._text[:-1]
        self._proposed = False
        self._show()
        return True

    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""
        return partial(self._restore, self._text, proposed=self._proposed)

    def amount(self) -> Money | None:
        """The amount, None while nothing is typed. Raises Refused (amount)."""
        return self._read()

    def readable(self) -> Money | None:
        """The amount for a button's label, None while it is not one; the pad says why."""
        try:
            return self._read()
        except Refused:
            return None

    def _read(self) -> Money | None:
        text = self._text.rstrip(self._mark) if self._mark else self._text
        return Money.parse(text, self._currency) if text else None

    def _restore(self, text: str, *, proposed: bool) -> None:
        self._text, self._proposed = text, proposed
        self._show()

    def _fits(self, kept: str, sign: str) -> bool:
        if len(kept) >= _SIGNS_MAX - 1:
            return False
        _whole, mark, decimals = kept.partition(self._mark) if self._mark else (kept, "", "")
        if sign == self._mark:
            return bool(kept) and not mark
        return not mark or len(decimals) < minor_digits(self._currency)

    def _display(self) -> QWidget:
        display = frame("display")
        row = QHBoxLayout(display)
        row.setContentsMargins(tokens.GAP, tokens.GRID, tokens.GAP, tokens.GRID)
        row.addWidget(label(self._currency, "secondary"))
        row.addWidget(self._shown, 1)
        return display

    def _show(self) -> None:
        self._shown.setText(self._text or self._look.amount(Money.zero(self._currency)))
        restyle(self._shown, tone="" if self._text else "soft", type=_type_for(self._text))
        self._explain()
        self.changed.emit()

    def _explain(self) -> None:
        """Why what stands there is no amount, where that is so."""
        try:
            self._read()
        except Refused as refusal:
            self._why.setText(self._look.texts.explain(refusal))
            self._why.show()
        else:
            self._why.hide()


def _type_for(text: str) -> str:
    """Sums of seven figures and more shrink, so that they stay whole on a narrow screen."""
    return "total" if len(text) < 8 else "amount" if len(text) < 10 else "title"


class PinPad(QWidget):
    """A PIN, shown as dots."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._pin = ""
        self._dots = QLabel()
        self._dots.setProperty("type", "total")
        self._dots.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._dots.setMinimumHeight(tokens.TOUCH)
        display = frame("display")
        inside = QHBoxLayout(display)
        spaced(inside)
        inside.addWidget(self._dots)
        pad = Keypad(look)
        pad.typed.connect(self.type_key)
        pad.erased.connect(self.erase)
        column = QVBoxLayout(self)
        spaced(column)
        column.addWidget(label(look.say("ui_pin"), "strong"))
        column.addWidget(display)
        column.addWidget(pad, 1)

    @property
    def pin(self) -> str:
        """What was typed."""
        return self._pin

    def clear(self) -> None:
        """Forget what was typed."""
        self._set("")

    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""
        return partial(self._set, self._pin)

    def type_key(self, sign: str) -> bool:
        """A digit; anything else is not meant for a PIN."""
        if not (sign.isascii() and sign.isdigit()):
            return False
        self._set((self._pin + sign)[:_PIN_MAX])
        return True

    def erase(self) -> bool:
        """Take the last digit back."""
        self._set(self._pin[:-1])
        return True

    def _set(self, pin: str) -> None:
        self._pin = pin
        self._dots.setText("\u2022 " * len(pin))
        self.changed.emit()
