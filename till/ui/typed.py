"""All that can be typed into, and the way back to what stood there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

import shiboken6
from PySide6.QtWidgets import QWidget

from till.ui.widgets.keypad import AmountPad, PinPad
from till.ui.widgets.reason_field import ReasonField
from till.ui.widgets.scan_field import ScanField
from till.ui.widgets.text_editor import TextEditor
from till.ui.widgets.text_field import TextField

if TYPE_CHECKING:
    Kind = TypeVar("Kind", bound=QWidget)


class _TypedInto(Protocol):
    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""


def remember(below: QWidget) -> Callable[[], None]:
    """What stands in everything that can be typed into now; the answer puts it back."""
    found: list[_TypedInto] = [
        *_shown(below, AmountPad),
        *_shown(below, PinPad),
        *_shown(below, ScanField),
        *_shown(below, ReasonField),
        *_shown(below, TextField),
        *_shown(below, TextEditor),
    ]
    ways_back = [(each, each.memento()) for each in found]

    def put_back() -> None:
        for each, way_back in ways_back:
            if shiboken6.isValid(each):
                way_back()

    return put_back


def _shown(below: QWidget, kind: type[Kind]) -> list[Kind]:
    return [each for each in below.findChildren(kind) if each.isVisible()]
