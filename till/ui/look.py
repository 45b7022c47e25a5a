"""How the till looks and speaks: one language and one set of colours for all screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from till.ui.session import Level
from till.ui.style import icons, tokens
from vouchers.cards import PURSE_PRODUCT

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPixmap

    from resources.texts import Texts
    from till.ui.style.tokens import Tokens
    from vouchers.catalogue import Catalogue, Product
    from vouchers.errors import OperatingError
    from vouchers.money import Money
    from vouchers.voucher import Voucher

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
    catalogue: Catalogue | None = None

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

    def voucher_title(self, voucher: Voucher) -> str:
        """What a voucher or a card is called, in the user's language where that is known; also
        one whose sale nobody has reported.
        """
        if not voucher.product_id:
            return self.say("voucher_unheard_of")
        if voucher.product_id == PURSE_PRODUCT:
            return self.say("ui_value_card")
        if voucher.key_card is not None:
            return self.say("ui_key_card" if voucher.key_card.proven else "ui_bare_card")
        if self.catalogue is None:
            return voucher.title
        language = self.texts.language
        return self.catalogue.title_in(language, voucher.product_id, voucher.title)

    def pixmap(self, name: str, colour: str = "ink", size: int = tokens.ICON) -> QPixmap:
        """An icon in the colour of a token."""
        return icons.pixmap(name, getattr(self.colours, colour), size)

    def icon(self, name: str, colour: str = "ink", size: int = tokens.ICON) -> QIcon:
        """An icon for a button; greyed out where the button cannot be used."""
        return icons.icon(name, getattr(self.colours, colour), self.colours.on_off, size)
