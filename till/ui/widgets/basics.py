"""Labels, buttons and lines as the style sheet knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QScrollArea, QWidget

from till.ui.style import tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPixmap


def label(text: str = "", type_: str = "body", tone: str = "", *, wrap: bool = False) -> QLabel:
    """A label of one of the style sheet's types and tones."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("type", type_)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def figure(text: str = "", type_: str = "body", tone: str = "") -> QLabel:
    """A label for an amount: right-aligned, so that the decimal marks stand in line."""
    made = label(text, type_, tone)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def picture(drawn: QPixmap) -> QLabel:
    """An icon that stands by itself."""
    made = QLabel()
    made.setPixmap(drawn)
    made.setFixedSize(drawn.deviceIndependentSize().toSize())
    return made


def button(
    text: str, role: str, icon: QIcon | None = None, *, size: int = tokens.ICON
) -> QPushButton:
    """A button of one of the style sheet's roles. It never takes the keyboard by being tapped."""
    shown = text.replace("&", "&&")
    made = QPushButton(f"\u2002{shown}" if icon is not None and text else shown)
    made.setProperty("role", role)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if icon is not None:
        made.setIcon(icon)
        made.setIconSize(QSize(size, size))
    return made


def frame(role: str, tone: str = "") -> QFrame:
    """A ground of one of the style sheet's roles."""
    made = QFrame()
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    return made


def restyle(widget: QWidget, **properties: str | bool) -> None:
    """Set properties the style sheet looks at, and let it look."""
    for name, value in properties.items():
        text = str(value).lower() if isinstance(value, bool) else value
        widget.setProperty(name, text)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def scrolling(content: QWidget) -> QScrollArea:
    """`content`, scrolled up and down where there is too little room, but never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)


def spaced(layout: QLayout, margin: int = 0, gap: int = tokens.GAP) -> None:
    """Give a layout its margin and gap from the grid."""
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
