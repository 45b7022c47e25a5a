"""Selling: categories and tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from till.ui.screens.screen import Screen
from till.ui.search import matching
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, label, scrolling, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.tiles import TileGrid, product_tile

if TYPE_CHECKING:
    from till.counter.sale import Sale
    from till.ui.look import Look
    from vouchers.catalogue import Catalogue, Product


class SellScreen(Screen):
    """`chosen` carries the Product that was tapped, `paying` asks for the checkout,
    `completing` asks to complete a sale with nothing left to pay, `shift_wanted` to open a shift.
    """

    chosen = Signal(object)
    paying = Signal()
    completing = Signal()
    shift_wanted = Signal()
    invitation = "ui_scan_or_search"

    def __init__(self, look: Look, catalogue: Catalogue) -> None:
        super().__init__(look)
        self._catalogue = catalogue
        self._sale: Sale | None = None
        self._found: list[Product] = []
        self._tabs = QButtonGroup(self)
        self._row = QHBoxLayout()
        spaced(self._row, gap=tokens.GRID)
        self._tiles = TileGrid()
        self._nothing = label(look.say("ui_nothing_found"), "body", "soft", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        self._no_shift = QWidget()
        self._no_shift_words = label("", "secondary", "soft", wrap=True)
        self._no_shift.hide()
        page = QVBoxLayout(self)
        spaced(page)
        page.addLayout(self._row)
        page.addWidget(self._nothing)
        page.addWidget(scrolling(self._tiles), 1)
        page.addWidget(self._no_shift)  # below: what comes and goes moves no tile
        self._lay_out_shift()
        self.use(catalogue)

    def use(self, catalogue: Catalogue) -> None:
        """Show what this catalogue sells, in the category that was shown before."""
        shown = self._tabs.checkedId()
        self._catalogue = catalogue
        self._products = [each for each in catalogue.products if not each.obstacle]
        self._found = []
        self._show_tabs()
        self.show_category(shown if 1 <= shown <= len(catalogue.categories) else 1)

    def show_shift(self, *, is_open: bool, required: bool) -> None:
        """Say before the first sale that no shift is open, and what that means."""
        key = "ui_no_shift_required" if required else "ui_no_shift"
        self._no_shift_words.setText(self.look.say(key))
        self._no_shift.setVisible(not is_open)

    def show_sale(self, sale: Sale) -> None:
        """The sale decides what the big button does."""
        self._sale = sale
        self.primary_changed.emit()

    def show_category(self, number: int) -> None:
        """The tiles of category `number`, counted from 1 like the F-keys."""
        categories = list(self._catalogue.categories)
        if not 1 <= number <= len(categories):
            return
        self._tabs.buttons()[number - 1].setChecked(True)
        wanted = categories[number - 1]
        self._show([each for each in self._products if each.category == wanted])

    def search(self, typed: str) -> None:
        """The tiles of all categories whose names match; all as before when nothing is typed."""
        self._found = matching(self._products, typed)
        if self._found:
            self._show(self._found)
        elif not typed:
            self.show_category(self._tabs.checkedId())

    def choose_found(self) -> bool:
        """Tap the first tile that was searched for; False when none was found."""
        if not self._found:
            return False
        self.chosen.emit(self._found[0])
        return True

    def primary(self) -> Primary:
        """Pay, or complete what vouchers have paid."""
        sale = self._sale
        if sale is None or sale.empty:
            return Primary(self.look.say("ui_pay_nothing"), enabled=False)
        if sale.rest:
            return Primary(self.look.say("ui_pay", amount=self.look.full(sale.rest)))
        return Primary(self.look.say("ui_complete"))

    def press_primary(self) -> None:
        """See primary."""
        if self._sale is None or self._sale.empty:
            return
        (self.paying if self._sale.rest else self.completing).emit()

    def _lay_out_shift(self) -> None:
        row = QHBoxLayout(self._no_shift)
        spaced(row, gap=tokens.GRID)
        row.addWidget(self._no_shift_words, 1)
        offer = button(self.look.say("ui_open_shift"), "quiet", self.look.icon("clock"))
        offer.setMinimumHeight(tokens.TOUCH_MIN)
        offer.clicked.connect(self.shift_wanted)
        row.addWidget(offer)

    def _show(self, products: list[Product]) -> None:
        self._tiles.show_tiles([self._tile(product) for product in products])

    def _tile(self, product: Product) -> QPushButton:
        tile = product_tile(self.look, product)
        tile.clicked.connect(lambda: self.chosen.emit(product))
        return tile

    def _show_tabs(self) -> None:
        for tab in self._tabs.buttons():
            self._tabs.removeButton(tab)
        empty(self._row)
        for number, titles in enumerate(self._catalogue.categories.values(), start=1):
            tab = self._tab(number, titles)
            tab.clicked.connect(lambda _=False, number=number: self.show_category(number))
            self._tabs.addButton(tab, number)
            self._row.addWidget(tab)
        self._row.addStretch(1)

    def _tab(self, number: int, titles: dict[str, str]) -> QPushButton:
        language = self.look.texts.language
        name = titles.get(language) or next(iter(titles.values()))
        tab = button(name, "tab")
        tab.setCheckable(True)
        tab.setToolTip(f"F{number}")
        return tab
