"""Settings: the cashier's own, and a supervisor's printers and layouts, wired to their flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, SignalInstance

from printing.outcome import Outcome
from till.ui.look import Message
from till.ui.screens.layout import LayoutScreen
from till.ui.screens.layouts import LayoutsScreen
from till.ui.screens.printer import PrinterScreen
from till.ui.screens.printers import PrintersScreen
from till.ui.screens.settings import SettingsScreen
from till.ui.session import Level
from till.ui.stage import HOME, Stage

if TYPE_CHECKING:
    from printing.printers import PrintResult
    from till.ui.flows.layout_flow import LayoutFlow
    from till.ui.flows.printer_flow import PrinterFlow
    from till.ui.paper_office import LayoutFile, LayoutText, PrinterSeen

SETTINGS = "settings"
PRINTERS, PRINTER = "settings/printers", "settings/printer"
LAYOUTS, LAYOUT = "settings/layouts", "settings/layout"


class SettingsScreens(QObject):
    """Language and colours for everybody; `supervised` opens printers and layouts."""

    def __init__(
        self, stage: Stage, printers: PrinterFlow, layouts: LayoutFlow, *, supervised: bool
    ) -> None:
        super().__init__(stage)
        self._stage = stage
        settings = SettingsScreen(stage.look, supervised=supervised)
        self.language: SignalInstance = settings.language
        self.colours: SignalInstance = settings.colours
        stage.add(SETTINGS, settings)
        settings.finished.connect(lambda: stage.go(HOME))
        settings.left.connect(lambda: stage.go(HOME))
        if supervised:
            printer_screens = PrinterScreens(stage, printers)
            layout_screens = LayoutScreens(stage, layouts)
            settings.printers.connect(printer_screens.enter)
            settings.layouts.connect(layout_screens.enter)


class PrinterScreens(QObject):
    """The printers of this till, and one of them."""

    def __init__(self, stage: Stage, flow: PrinterFlow) -> None:
        super().__init__(stage)
        self._stage, self._flow = stage, flow
        self._list, self._form = PrintersScreen(stage.look), PrinterScreen(stage.look)
        stage.add(PRINTERS, self._list)
        stage.add(PRINTER, self._form)
        self._list.left.connect(lambda: stage.go(SETTINGS))
        self._list.added.connect(lambda: self._edit(None))
        self._list.chosen.connect(self._edit)
        self._list.tried.connect(self._on_try)
        self._form.left.connect(self.enter)
        self._form.saved.connect(flow.put)
        self._form.removed.connect(flow.remove)
        self._form.tried.connect(flow.try_out)
        self._form.looked.connect(flow.find)
        flow.listed.connect(self._list.show_printers)
        flow.stood.connect(self._list.show_standing)
        flow.choosing.connect(self._list.show_choices)
        flow.choosing.connect(self._form.show_choices)
        flow.found.connect(self._form.show_found)
        flow.rested.connect(self._form.rest)
        flow.tried.connect(self._on_tried)
        flow.changed.connect(self._on_changed)
        flow.refused.connect(stage.refuse)

    def enter(self) -> None:
        """Show how they stand."""
        self._stage.slot.clear()
        self._flow.offer()
        self._flow.refresh()
        self._stage.go(PRINTERS)

    def _edit(self, printer: PrinterSeen | None) -> None:
        self._stage.slot.clear()
        self._form.begin(printer)
        self._stage.go(PRINTER)

    def _on_try(self, printer: PrinterSeen) -> None:
        look = self._stage.look
        self._stage.say(Message(Level.ATTENTION, look.say("ui_printer_testing")))
        self._flow.try_out(printer.setting)

    def _on_changed(self, sentence: str) -> None:
        if self._stage.place == PRINTER:  # nobody is called back who has gone on
            self.enter()
        self._stage.say(Message(Level.ACCEPTED, self._stage.look.say(sentence)))

    def _on_tried(self, result: PrintResult) -> None:
        look = self._stage.look
        if result.outcome is Outcome.DOUBT and result.cause is not None:
            self._stage.say(Message(Level.ATTENTION, look.texts.explain(result.cause)))
            return
        level = Level.ACCEPTED if result.outcome is Outcome.PRINTED else Level.ATTENTION
        self._stage.say(Message(level, look.say(f"ui_printer_test_{result.outcome.value}")))


class LayoutScreens(QObject):
    """The layouts of this till, and one of them."""

    def __init__(self, stage: Stage, flow: LayoutFlow) -> None:
        super().__init__(stage)
        self._stage, self._flow = stage, flow
        self._list, self._editor = LayoutsScreen(stage.look), LayoutScreen(stage.look)
        stage.add(LAYOUTS, self._list)
        stage.add(LAYOUT, self._editor)
        self._list.left.connect(lambda: stage.go(SETTINGS))
        self._list.finished.connect(lambda: stage.go(HOME))
        self._list.chosen.connect(self._on_chosen)
        self._editor.left.connect(self.enter)
        self._editor.edited.connect(flow.edit)
        self._editor.saved.connect(flow.save)
        self._editor.given_up.connect(flow.give_up)
        flow.listed.connect(self._on_listed)
        flow.opened.connect(self._editor.begin)
        flow.seen.connect(self._editor.show_preview)
        flow.wrong.connect(self._editor.show_wrong)
        flow.saved.connect(self._on_saved)
        flow.given_up.connect(self._on_given_up)
        flow.refused.connect(stage.refuse)

    def enter(self) -> None:
        """Show which there are."""
        self._stage.slot.clear()
        self._flow.refresh()
        self._stage.go(LAYOUTS)

    def _on_listed(self, layouts: list[LayoutFile]) -> None:
        self._list.show_layouts(layouts, self._flow.drafts)

    def _on_chosen(self, file: str) -> None:
        self._stage.slot.clear()
        self._flow.open(file)
        self._stage.go(LAYOUT)

    def _on_saved(self, layout: LayoutText) -> None:
        self._editor.show_saved(layout)
        self._accept("ui_layout_saved")

    def _on_given_up(self, layout: LayoutText | None) -> None:
        if layout is not None:
            self._editor.begin(layout, layout.text)
        elif self._stage.place == LAYOUT:
            self.enter()
        self._accept("ui_layout_given_up")

    def _accept(self, sentence: str) -> None:
        self._stage.say(Message(Level.ACCEPTED, self._stage.look.say(sentence)))
