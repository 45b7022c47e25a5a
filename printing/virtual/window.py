"""The virtual printer as a window: the paper as it grows, and buttons for what can go wrong."""

import signal

from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from printing.layouts.wording import Wording, wording
from printing.virtual.printer import VirtualPrinter

REFRESH_MS = 100
PIECES_SHOWN = 6
GAP_DOTS = 24
MARGIN_DOTS = 16
TOUCH_PX = 48


def show(printer: VirtualPrinter, language: str) -> int:
    """Show `printer` until its window is closed. Returns the exit status."""
    application = QApplication.instance() or QApplication(["virtual-printer"])
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    window = PrinterWindow(printer, wording(language))
    window.show()
    return QApplication.exec()


class PrinterWindow(QWidget):
    """Shows the last pieces of paper, newest at the bottom, as they hang out of the printer."""

    def __init__(self, printer: VirtualPrinter, words: Wording) -> None:
        super().__init__()
        self._printer, self._words = printer, words
        self._shown: tuple[int, int] = (-1, -1)
        self.setWindowTitle(words.word("virtual_printer"))
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._paper = QLabel()
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._paper)
        self._scroll.setWidgetResizable(True)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._to_the_end)
        self._cover = self._button("virtual_cover", self._toggle_cover, checkable=True)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button("virtual_paper_out", self._end_paper))
        buttons.addWidget(self._cover)
        buttons.addWidget(self._button("virtual_reload", self._mend))
        layout = QVBoxLayout(self)
        layout.addWidget(self._state)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(buttons)
        self.resize(printer.model.width_dots + 80, 760)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._timer.start()
        self._refresh()

    def _button(self, key: str, action: object, *, checkable: bool = False) -> QPushButton:
        button = QPushButton(self._words.word(key))
        button.setMinimumHeight(TOUCH_PX)
        button.setCheckable(checkable)
        button.clicked.connect(action)
        return button

    def _end_paper(self) -> None:
        self._printer.script(paper_left_lines=0)

    def _toggle_cover(self) -> None:
        self._printer.script(cover_open=self._cover.isChecked())

    def _mend(self) -> None:
        self._cover.setChecked(False)
        self._printer.mend()

    def _refresh(self) -> None:
        self._state.setText(self._words.word(self._state_key(), port=str(self._printer.port)))
        documents, hanging = self._printer.documents, self._printer.hanging
        now = (len(documents), hanging.image.height)
        if now == self._shown:
            return
        self._shown = now
        pieces = [each.image for each in documents[-PIECES_SHOWN:]]
        if hanging.image.height > 1:
            pieces.append(hanging.image)
        self._paper.setPixmap(_pixmap(pieces, self._printer.model.width_dots))

    def _state_key(self) -> str:
        faults = self._printer.faults
        if self._printer.refused:
            return "virtual_refused"
        if faults.cover_open:
            return "virtual_state_cover"
        return "virtual_state_paper" if faults.paper_out else "virtual_state_ready"

    def _to_the_end(self, _least: int, most: int) -> None:
        self._scroll.verticalScrollBar().setValue(most)


def _pixmap(pieces: list[Image.Image], width_dots: int) -> QPixmap:
    """Pieces of paper one below the other, on the desk."""
    width = width_dots + 2 * MARGIN_DOTS
    height = sum(piece.height + GAP_DOTS + 2 * MARGIN_DOTS for piece in pieces)
    desk = Image.new("L", (width, max(1, height)), QColor("#c8c8c8").lightness())
    y = 0
    for piece in pieces:
        desk.paste(255, (0, y, width, y + piece.height + 2 * MARGIN_DOTS))
        desk.paste(piece.convert("L"), (MARGIN_DOTS, y + MARGIN_DOTS))
        y += piece.height + GAP_DOTS + 2 * MARGIN_DOTS
    data = desk.tobytes()
    image = QImage(data, width, desk.height, width, QImage.Format.Format_Grayscale8)
    return QPixmap.fromImage(image.copy())
