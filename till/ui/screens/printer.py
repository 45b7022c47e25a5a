"""One printer of this till: what it prints, how it is reached, which model it is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from printing.printers.addresses import KINDS as WAYS
from printing.printers.addresses import read_address, written_address
from till.printer_kinds import KINDS
from till.store.settings import PrinterSetting
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.text_field import DropDown, TextField, titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from till.ui.flows.printer_flow import Choices
    from till.ui.look import Look
    from till.ui.paper_office import Found, PrinterSeen

EXAMPLES = {
    "tcp": "192.168.0.20:9100",
    "usb": "04b8:0202",
    "serial": "/dev/ttyS0?baud=19200",
    "file": "/dev/usb/lp0",
    "cups": "queue",
    "windows": "queue",
}
COLUMNS = 3


class PrinterScreen(Screen):
    """`saved` carries what was there before (None: a new one), the kinds and the PrinterSetting;
    `tried` a PrinterSetting, `removed` the PrinterSeen, `looked` asks for printers on the network.
    """

    saved = Signal(object, object, object)
    tried = Signal(object)
    removed = Signal(object)
    looked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        say = look.say
        self._before: PrinterSeen | None = None
        self._kinds = _choices(KINDS, [say(f"paper_kind_{kind}") for kind in KINDS])
        self._ways = _choices(WAYS, [say(f"ui_via_{way}") for way in WAYS])
        for way, choice in self._ways.items():
            choice.setAutoExclusive(True)
            choice.clicked.connect(partial(self._invite, way))
        for each in (*self._kinds.values(), *self._ways.values()):
            each.toggled.connect(self.primary_changed)
        self._where = TextField(say("ui_printer_where"))
        self._where.textChanged.connect(self.primary_changed)
        self._where.returnPressed.connect(self.press_primary)
        self._profile, self._blank = DropDown(say("ui_profile")), DropDown(say("ui_blank"))
        self._look_around = button(say("ui_printer_find"), "step", look.icon("wifi"))
        self._look_around.clicked.connect(self._on_look)
        self._test = button(say("ui_printer_test"), "step", look.icon("printer"))
        self._test.clicked.connect(self._on_test)
        self._remove = button(say("ui_printer_remove"), "step", look.icon("trash-2"))
        self._remove.clicked.connect(lambda: self.removed.emit(self._before))
        self._found = QVBoxLayout()
        spaced(self._found, gap=tokens.GRID)
        self.lay_out(say("ui_printer"), self._form())

    def show_choices(self, choices: Choices) -> None:
        """Which models and papers there are; what was chosen stays chosen."""
        self._profile.offer(choices.profiles, self._profile.value)
        papers = {"": self.look.say("ui_blank_none"), **choices.blanks}
        self._blank.offer(papers, self._blank.value)

    def begin(self, printer: PrinterSeen | None) -> None:
        """Change a printer, or set up a new one."""
        self._before = printer
        setting = printer.setting if printer else PrinterSetting(address="tcp://")
        kinds = printer.kinds if printer else ()
        for kind, choice in self._kinds.items():
            choice.setChecked(kind in kinds)
        self._show_address(setting.address)
        self._profile.choose(setting.profile)
        self._blank.choose(setting.layout)
        self._remove.setVisible(printer is not None)
        empty(self._found)
        self.rest()

    def show_found(self, found: list[Found]) -> None:
        """Offer what announced itself."""
        empty(self._found)
        if not found:
            words = label(self.look.say("ui_printer_found_none"), "body", "soft", wrap=True)
            self._found.addWidget(words)
        for each in found:
            text = " · ".join(part for part in (each.name, each.model, each.address) if part)
            offer = button(text, "step", self.look.icon("printer"))
            offer.clicked.connect(partial(self._take, each))
            self._found.addWidget(offer)

    def rest(self) -> None:
        """Nothing is under way any more."""
        self._look_around.setEnabled(True)
        self._look_around.setText(f"\u2002{self.look.say('ui_printer_find')}")
        self._test.setEnabled(True)
        self._test.setText(f"\u2002{self.look.say('ui_printer_test')}")

    def primary(self) -> Primary:
        """Use it from now on."""
        ready = bool(self._chosen_kinds() and self._where.text().strip())
        return Primary(self.look.say("ui_printer_save"), enabled=ready)

    def press_primary(self) -> None:
        """See primary."""
        if self.primary().enabled:
            self.saved.emit(self._before, self._chosen_kinds(), self._setting())

    def type_key(self, sign: str) -> bool:
        """Signs are the address."""
        self._where.type_key(sign)
        return True

    def erase(self) -> bool:
        """Of the address."""
        self._where.backspace()
        return True

    def _form(self) -> QWidget:
        say = self.look.say
        words, inside = column(width_max=720)
        spaced(inside, gap=tokens.MARGIN)
        inside.addWidget(titled(say("ui_printer_what"), _grid(list(self._kinds.values()))))
        ways, found = _grid(list(self._ways.values())), QWidget()
        found.setLayout(self._found)
        reached = (ways, self._where.framed, self._look_around, found)
        inside.addWidget(titled(say("ui_printer_how"), *reached))
        inside.addWidget(titled(say("ui_profile"), self._profile))
        inside.addWidget(titled(say("ui_blank"), self._blank))
        inside.addWidget(self._test)
        inside.addWidget(self._remove)
        inside.addStretch(1)
        return words

    def _chosen_kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind, choice in self._kinds.items() if choice.isChecked())

    def _setting(self) -> PrinterSetting:
        way = next(way for way, choice in self._ways.items() if choice.isChecked())
        address = written_address(way, self._where.text())
        return PrinterSetting(
            address=address, profile=self._profile.value, layout=self._blank.value
        )

    def _show_address(self, address: str) -> None:
        way, where = read_address(address)
        self._ways[way if way in self._ways else WAYS[0]].setChecked(True)
        self._invite(way)
        self._where.setText(where)

    def _invite(self, way: str) -> None:
        self._where.setPlaceholderText(self.look.say("ui_for_example", what=EXAMPLES.get(way, "")))

    def _take(self, found: Found) -> None:
        self._show_address(found.address)
        if found.profile:
            self._profile.choose(found.profile)

    def _on_look(self) -> None:
        self._look_around.setEnabled(False)
        self._look_around.setText(f"\u2002{self.look.say('ui_printer_finding')}")
        self.looked.emit()

    def _on_test(self) -> None:
        self._test.setEnabled(False)
        self._test.setText(f"\u2002{self.look.say('ui_printer_testing')}")
        self.tried.emit(self._setting())


def _choices(names: Sequence[str], called: Sequence[str]) -> dict[str, QPushButton]:
    made = {name: button(text, "choice") for name, text in zip(names, called, strict=True)}
    for choice in made.values():
        choice.setCheckable(True)
    return made


def _grid(buttons: Sequence[QPushButton]) -> QWidget:
    ground = QWidget()
    grid = QGridLayout(ground)
    spaced(grid, gap=tokens.GRID)
    for n, each in enumerate(buttons):
        grid.addWidget(each, n // COLUMNS, n % COLUMNS)
    return ground
