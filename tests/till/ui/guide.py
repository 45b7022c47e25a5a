"""What all walks through the window have in common: they name sentences by their keys."""

from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import CATALOGUE, World
from till.ui.window import Window
from vouchers.money import Money


class Guide:
    """A cashier who works in any language: taps and sees what a sentence's key stands for.

    An `amount` that is a whole number is in cents.
    """

    def __init__(self, window: Window, world: World) -> None:
        self._window, self._world = window, world
        self._cashier = Cashier(window)

    def _sign_in(self, name: str, pin: str) -> None:
        self._cashier.tap(name)
        self._cashier.type(pin)
        self._tap("ui_sign_in")
        self._sees("ui_basket_empty")

    def _add(self, product_id: str) -> None:
        self._cashier.tap(CATALOGUE.product(product_id).name(self._window._look.texts.language))

    def _tap(self, key: str, **details: object) -> None:
        self._cashier.tap(self._say(key, **details))

    def _sees(self, key: str, **details: object) -> None:
        self._cashier.sees(self._say(key, **details))

    def _enter(self) -> None:
        self._cashier.press(Qt.Key.Key_Return)

    def _say(self, key: str, **details: object) -> str:
        amount = details.get("amount")
        if isinstance(amount, int):
            details["amount"] = self._window._look.full(Money(amount, "EUR"))
        return self._window._look.say(key, **details).replace("\u00a0", " ")
