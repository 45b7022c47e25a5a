"""The printers of this till: what each prints, where it is, how it is now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from printing.printers.addresses import read_address
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, frame, label, picture, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from till.ui.flows.printer_flow import Choices
    from till.ui.look import Look
    from till.ui.paper_office import PrinterSeen, PrinterStanding

_ICONS = {"accepted": "circle-check", "attention": "triangle-alert", "refused": "circle-x"}


class PrintersScreen(Screen):
    """`chosen` carries the PrinterSeen to be changed, `tried` one that is to print a test page,
    `added` asks for a new one.
    """

    chosen = Signal(object)
    tried = Signal(object)
    added = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._names: dict[str, str] = {}
        self._states: dict[PrinterSeen, QHBoxLayout] = {}
        words, inside = column()
        self._list = QVBoxLayout()
        spaced(self._list)
        inside.addLayout(self._list)
        inside.addStretch(1)
        self.lay_out(look.say("ui_printers"), words)

    def show_choices(self, choices: Choices) -> None:
        """What profiles are called."""
        self._names = choices.profiles

    def show_printers(self, printers: list[PrinterSeen]) -> None:
        """Draw what is set up; how each is follows."""
        empty(self._list)
        self._states = {}
        if not printers:
            self._list.addWidget(label(self.look.say("ui_printers_none"), "title", wrap=True))
        for printer in printers:
            self._list.addWidget(self._card(printer))
        self._list.addWidget(label(self.look.say("ui_printers_rest"), "secondary", wrap=True))

    def show_standing(self, printer: PrinterSeen, standing: PrinterStanding) -> None:
        """How one of them is."""
        row = self._states.get(printer)
        if row is not None:
            tone, text = self._words(standing)
            empty(row)
            drawn = self.look.pixmap(_ICONS[tone], tone, tokens.ICON_SMALL)
            row.addWidget(picture(drawn))
            row.addWidget(label(text, "small", tone, wrap=True), 1)

    def primary(self) -> Primary:
        """One more."""
        return Primary(self.look.say("ui_printer_add"))

    def press_primary(self) -> None:
        """See primary."""
        self.added.emit()

    def _words(self, standing: PrinterStanding) -> tuple[str, str]:
        say = self.look.say
        if standing.trouble is not None:
            return "refused", self.look.texts.explain(standing.trouble)
        if standing.busy:
            return "attention", say("ui_printer_busy")
        if standing.silent:
            return "attention", say("ui_printer_silent")
        if standing.low:
            return "attention", say("ui_printer_low")
        return "accepted", say("ui_printer_well")

    def _card(self, printer: PrinterSeen) -> QFrame:
        say, setting = self.look.say, printer.setting
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.GAP, tokens.GRID)
        kinds = ", ".join(say(f"paper_kind_{kind}") for kind in printer.kinds)
        inside.addWidget(label(kinds, "strong", wrap=True))
        how, where = read_address(setting.address)
        parts = [
            self._names.get(setting.profile, setting.profile),
            f"{say(f'ui_via_{how}')} {where}",
        ]
        parts += [setting.layout] if setting.layout else []
        inside.addWidget(label(" · ".join(parts), "secondary", wrap=True))
        state = self._states[printer] = QHBoxLayout()
        spaced(state, gap=tokens.GRID)
        state.addWidget(label(say("ui_printer_asking"), "small", "soft"), 1)
        inside.addLayout(state)
        buttons = QHBoxLayout()
        spaced(buttons, gap=tokens.GRID)
        for key, wanted in (("ui_printer_change", self.chosen), ("ui_printer_test", self.tried)):
            made = button(say(key), "step")
            made.clicked.connect(partial(wanted.emit, printer))
            buttons.addWidget(made, 1)
        inside.addLayout(buttons)
        return card
