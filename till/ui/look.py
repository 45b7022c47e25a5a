"""How the till looks and speaks: one language and one set of colours for all screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from till.ui.session import Level
from till.ui.style import icons, tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPixmap

    from resources.texts import Texts
    from till.ui.style.tokens import Tokens
    from vouchers.catalogue import Product
    from vouchers.errors import OperatingError
    from vouchers.money import Money

LEVEL_ICONS = {
    Level.ACCEPTED: "circle-check",
    Level.ATTENTION: "triangle-alert",
    Level.REFUSED: "circle-x",
}


@dataclass(frozen=True)
class Message:
    """Something to tell the cashier: a whole sentence and which of the three meanings it has."""

    level: Level
    text: str


@dataclass(frozen=True)
class Look:
    """Texts and colours together, as every screen gets them."""

    texts: Texts
    colours: Tokens

    def say(self, key: str, **details: object) -> str:
        """The sentence `key` in the user's language."""
        return self.texts.say(key, **details)

    def word(self, prefix: str, word: str) -> str:
        """See Texts.word."""
        return self.texts.word(prefix, word)

    def refusal(self, error: OperatingError) -> Message:
        """What an error means, as a message."""
        return Message(Level.REFUSED, self.texts.explain(error))

    def amount(self, money: Money) -> str:
        """An amount without currency, with a minus sign as wide as a figure: −1.234,50."""
        return self.texts.amount(money).replace("-", "\u2212")

    def full(self, money: Money) -> str:
        """An amount with its currency, which no line break parts: 75,50 EUR."""
        return f"{self.amount(money)}\u00a0{money.currency}"

    def title(self, product: Product) -> str:
        """What a product is called."""
        return product.name(self.texts.language)

    def pixmap(self, name: str, colour: str = "ink", size: int = tokens.ICON) -> QPixmap:
        """An icon in the colour of a token."""
        return icons.pixmap(name, getattr(self.colours, colour), size)

    def icon(self, name: str, colour: str = "ink", size: int = tokens.ICON) -> QIcon:
        """An icon for a button; greyed out where the button cannot be used."""
        return icons.icon(name, getattr(self.colours, colour), self.colours.on_off, size)
