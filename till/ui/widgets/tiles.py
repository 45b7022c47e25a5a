"""Tiles, and the grid that holds as many side by side as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from till.ui.style import tokens
from till.ui.widgets.basics import button, figure, label, spaced
from vouchers.catalogue import ProductKind

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from till.ui.look import Look
    from vouchers.catalogue import Product

KIND_ICONS = {
    ProductKind.VALUE_VOUCHER: "gift",
    ProductKind.SERVICE_VOUCHER: "ticket-check",
    ProductKind.TICKET: "ticket",
    ProductKind.GOODS: "shopping-bag",
}


def product_tile(look: Look, product: Product) -> QPushButton:
    """A product: its name, what kind it is, what it costs and, if that differs, is worth."""
    tile = button("", "tile")
    tile.setAccessibleName(look.title(product))
    column = QVBoxLayout(tile)
    spaced(column, gap=tokens.GRID)
    column.setContentsMargins(tokens.GAP, 12, tokens.GAP, 12)
    column.addWidget(label(look.title(product), "strong", wrap=True), 0, Qt.AlignmentFlag.AlignTop)
    column.addStretch(1)
    foot = QHBoxLayout()
    spaced(foot, gap=tokens.GRID)
    foot.addWidget(_kind(look, product))
    foot.addStretch(1)
    foot.addLayout(_price(look, product))
    column.addLayout(foot)
    _pass_taps_through(tile)
    return tile


def _kind(look: Look, product: Product) -> QLabel:
    kind = QLabel()
    kind.setProperty("role", "kind")
    kind.setProperty("kind", product.kind.value)
    kind.setFixedSize(36, 36)
    kind.setAlignment(Qt.AlignmentFlag.AlignCenter)
    kind.setPixmap(look.pixmap(KIND_ICONS[product.kind], "ink", tokens.ICON_SMALL))
    return kind


def _price(look: Look, product: Product) -> QVBoxLayout:
    price = QVBoxLayout()
    spaced(price, gap=0)
    price.addStretch(1)
    if product.value is not None and product.price is not None and product.value != product.price:
        price.addWidget(figure(look.say("ui_worth", value=look.amount(product.value)), "secondary"))
    if product.price is None:
        price.addWidget(figure(look.say("ui_free_amount"), "secondary"))
    else:
        price.addWidget(figure(look.amount(product.price), "title"))
    return price


def person_tile(look: Look, name: str, role: str) -> QPushButton:
    """Somebody who may sign in."""
    tile = button("", "tile")
    tile.setCheckable(True)
    tile.setAccessibleName(name)
    row = QHBoxLayout(tile)
    spaced(row, tokens.GAP, tokens.GAP)
    initial = QLabel(name[:1].upper())
    initial.setProperty("role", "kind")
    initial.setProperty("kind", "person")
    initial.setFixedSize(tokens.TOUCH, tokens.TOUCH)
    initial.setAlignment(Qt.AlignmentFlag.AlignCenter)
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addStretch(1)
    words.addWidget(label(name, "title", wrap=True))
    words.addWidget(label(look.say(f"ui_role_{role}"), "secondary"))
    words.addStretch(1)
    row.addWidget(initial)
    row.addLayout(words, 1)
    tile.setMinimumHeight(96)
    _pass_taps_through(tile)
    return tile


def _pass_taps_through(tile: QPushButton) -> None:
    for part in tile.findChildren(QWidget):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class TileGrid(QWidget):
    """Tiles of one width in as many columns as fit."""

    def __init__(self) -> None:
        super().__init__()
        self._tiles: list[QPushButton] = []
        self._columns = 1
        self._grid = QGridLayout(self)
        spaced(self._grid)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_tiles(self, tiles: list[QPushButton]) -> None:
        """Replace what was there."""
        for old in self._tiles:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._tiles = tiles
        for tile in tiles:
            tile.setParent(self)
            tile.setFixedHeight(tokens.TILE_HEIGHT)
            tile.setMinimumWidth(tokens.TILE_WIDTH_MIN)
            tile.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            tile.show()
        self._arrange(self._columns)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for one tile: the others go below it."""
        rows = -(-len(self._tiles) // self._columns)
        height = rows * (tokens.TILE_HEIGHT + tokens.GAP)
        return QSize(tokens.TILE_WIDTH_MIN, max(0, height - tokens.GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew where the number of columns changes."""
        super().resizeEvent(event)
        columns = max(1, (self.width() + tokens.GAP) // (tokens.TILE_WIDTH_MIN + tokens.GAP))
        if columns != self._columns:
            self._arrange(columns)

    def _arrange(self, columns: int) -> None:
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for index, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, index // columns, index % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._grid.activate()
        self.updateGeometry()
