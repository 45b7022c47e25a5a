"""What a handler raises and nobody catches: logged, told, and the sale stops. All in this place."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from till.ui.runner import Unexpected
from vouchers.errors import OperatingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

log = logging.getLogger(__name__)


class Mishaps(QObject):
    """Takes the place of Python's own hook, which says it to a terminal that no till has.

    `tell` is called with what to say once the handler is left, on the thread this was made on: an
    OperatingError as it is, anything else as Unexpected.
    """

    _happened = Signal(object)

    def __init__(self, parent: QObject, tell: Callable[[OperatingError], None]) -> None:
        super().__init__(parent)
        self._happened.connect(tell, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._on_exception

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
        elif isinstance(error, OperatingError):
            self._happened.emit(error)
        else:
            log.critical("a handler failed", exc_info=(kind, error, trace))
            self._happened.emit(Unexpected())
