"""Everything a cashier who is signed in sees and types: rail, wide area, basket, status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sync.link import TillRevoked
from till.ui.card_screens import LOST, CardScreens
from till.ui.incident_screens import IncidentScreens
from till.ui.look import Look, Message
from till.ui.office_screens import AccountScreens, ShiftScreens
from till.ui.open_sale_screens import OpenSaleScreens
from till.ui.override_screens import OverrideScreens
from till.ui.paper_screens import PaperScreens
from till.ui.sale_screens import SaleScreens
from till.ui.screens.help import HelpScreen
from till.ui.settings_screens import SettingsScreens
from till.ui.stage import HOME, Stage
from till.ui.style import tokens
from till.ui.typed import remember
from till.ui.widgets.basics import spaced
from till.ui.widgets.basket import Basket
from till.ui.widgets.rail import Rail
from till.ui.widgets.status_bar import StatusBar
from vouchers.errors import OperatingError
from vouchers.people import Role
from vouchers.proof import is_complete

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from till.ui.duty import Duty
    from till.ui.flows.status_watch import Standing
    from till.ui.presses import PressGuard
    from till.ui.run import Run
    from vouchers.catalogue import Catalogue

TYPED_AMOUNT_SIGNS_MAX = 5
"""More signs than this in one burst are a scanner's whose Enter is late, not an amount."""


class Workplace(QWidget):
    """`signed_out` asks to leave, `closing` to end the program although there is a basket;
    `language` and `colours` carry what was chosen in settings.
    """

    signed_out = Signal()
    closing = Signal()
    language = Signal(str)
    colours = Signal(str)

    def __init__(self, look: Look, duty: Duty, guard: PressGuard) -> None:
        super().__init__()
        self._look, self._duty, self._guard = look, duty, guard
        self._shut_out = False
        self._catalogue = duty.catalogue
        self._stage = Stage(look)
        self._basket = Basket(look)
        self._rail = Rail(look)
        self._status = StatusBar(look, duty.cashier.name)
        self._sale = SaleScreens(self._stage, duty.sale, duty.vouchers, duty.catalogue, duty.line)
        self._open_sales = OpenSaleScreens(self._stage, duty.sale, duty.open_sales)
        self._accounts = AccountScreens(self._stage, duty.accounts, duty.people)
        currency = duty.catalogue.currency
        self._shift = ShiftScreens(self._stage, duty.shift, currency)
        self._papers = PaperScreens(self._stage, duty.papers)
        self._override = OverrideScreens(self._stage, duty.vouchers, duty.people, currency)
        self._incidents = IncidentScreens(self._stage, duty.incidents, duty.people, currency)
        self._cards: CardScreens | None = None
        if duty.cards is not None:
            table, touches = duty.cards.table, duty.cards.touches
            self._cards = CardScreens(self._stage, duty.sale, touches, duty.cards.flow)
            self._sale.offer_cards(touches, lambda: table.light() is not None)
            self._sale.tie_wanted.connect(self._cards.tie)
            self._sale.card_wanted.connect(self._cards.load_from)
        self._add_pages()
        self._lay_out()
        self._connect()
        self._basket.show_sale(duty.sale.sale)
        self._stage.go(HOME)

    def say(self, message: Message) -> None:
        """Tell whoever is signed in something that is not about a sale."""
        self._stage.say(message)

    def ask_to_close(self) -> None:
        """The window is to be closed; `closing` follows where that is meant."""
        self._open_sales.ask_to_close()

    def scan(self, scanned: str) -> None:
        """A scanner has sent something."""
        self._stage.slot.clear()
        self._look_up(scanned)

    def type_text(self, typed: str, run: Run) -> None:
        """Digits go to the amount, all else to the scan field: a code with its digits too."""
        field, screen = self._stage.field, self._stage.shown
        is_written_in = field.has_keyboard or (field.text and not field.is_marked)
        if is_written_in or len(typed) > TYPED_AMOUNT_SIGNS_MAX:
            field.type_text(typed)
        elif all(screen.type_key(sign) for sign in typed):
            field.clear()
        else:
            run.put_back()
            field.type_text(run.text)

    def remember(self) -> Callable[[], None]:
        """What has been typed so far; the answer puts it back."""
        return remember(self)

    def enter(self) -> None:
        """Look up what was typed; with nothing typed, do what the big button says."""
        typed = self._stage.field.text.strip()
        if not typed:
            if self._guard.settled(self._basket.big_button):
                self._press_primary()
        elif self._stage.place != HOME or is_complete(typed) or not self._sale.sell.choose_found():
            self._stage.field.mark()
            self._look_up(typed)

    def erase(self) -> None:
        """Take the last sign back, where it was typed."""
        if self._stage.field.text:
            self._stage.field.erase()
        else:
            self._stage.shown.erase()

    def step_back(self) -> None:
        """What was typed, else the screen, else the message."""
        if self._stage.field.text or self._stage.field.has_keyboard:
            self._stage.field.clear()
        elif not (self._stage.settled and self._stage.slot.settled):
            return  # nobody has seen yet what this would leave
        elif self._stage.place != HOME:
            self._stage.slot.clear()
            self._stage.shown.left.emit()
        else:
            self._stage.slot.clear()

    def function_key(self, number: int) -> None:
        """F-keys are the categories."""
        if self._stage.place != HOME and not self._stage.settled:
            return
        self._stage.slot.clear()
        self._stage.go(HOME)
        self._sale.sell.show_category(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The basket takes a good quarter, within its limits."""
        super().resizeEvent(event)
        wanted = round(self.width() * 0.28)
        limits = tokens.BASKET_WIDTH_MIN, tokens.BASKET_WIDTH_MAX
        self._basket.setFixedWidth(max(limits[0], min(limits[1], wanted)))

    def _look_up(self, text: str) -> None:
        if self._stage.place == "accounts":
            self._accounts.find(text)
        elif self._cards is not None and self._stage.place == LOST:
            self._cards.find(text)
        else:
            self._duty.vouchers.look_up(text)

    def _press_primary(self) -> None:
        answer_awaited = self._duty.vouchers.is_looking or self._duty.sale.turns.busy
        if answer_awaited or not self._stage.shown.primary().enabled:
            return
        if self._shut_out and self._stage.place == HOME:  # before anybody hands over money
            self._stage.refuse(TillRevoked())
            return
        try:
            self._stage.shown.press_primary()
        except OperatingError as refusal:
            self._stage.refuse(refusal)

    def _add_pages(self) -> None:
        guide, duty = HelpScreen(self._look), self._duty
        self._stage.add("help", guide)
        guide.finished.connect(lambda: self._stage.go(HOME))
        guide.left.connect(lambda: self._stage.go(HOME))
        supervised = duty.cashier.role is Role.SUPERVISOR
        settings = SettingsScreens(self._stage, duty.printers, duty.layouts, supervised=supervised)
        settings.language.connect(self.language)
        settings.colours.connect(self.colours)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        spaced(row, gap=0)
        row.addWidget(self._rail)
        row.addWidget(self._stage, 1)
        row.addWidget(self._basket)
        page = QVBoxLayout(self)
        spaced(page, gap=0)
        page.addLayout(row, 1)
        page.addWidget(self._status)

    def _connect(self) -> None:
        duty, basket = self._duty, self._basket
        self._stage.moved.connect(self._rail.show_place)
        self._stage.primary.connect(basket.show_primary)
        self._stage.field.typed.connect(self._on_typed)
        duty.sale.changed.connect(basket.show_sale)
        basket.quantity.connect(duty.sale.set_quantity)
        basket.taken_out.connect(duty.sale.remove_voucher)
        basket.campaign_out.connect(duty.sale.remove_campaign)
        basket.cleared.connect(self._open_sales.clear)
        basket.pressed.connect(self._press_primary)
        duty.vouchers.looking.connect(basket.show_waiting)
        self._rail.chosen.connect(self._on_place)
        self._rail.signed_out.connect(self._on_signed_out)
        self._sale.account_wanted.connect(self._accounts.enter)
        self._incidents.accounts_wanted.connect(self._accounts.enter_found)
        self._sale.override_wanted.connect(self._override.enter)
        self._sale.again_wanted.connect(self._open_sales.pay_again)
        self._sale.shift_wanted.connect(self._shift.enter)
        self._open_sales.closing.connect(self.closing)
        duty.watch.told.connect(self._on_standing)

    def _on_typed(self, typed: str) -> None:
        if self._stage.place == HOME:
            self._sale.sell.search(typed)

    def _on_place(self, place: str) -> None:
        match place:
            case "accounts":
                self._accounts.enter()
            case "shift":
                self._shift.enter()
            case "papers":
                self._papers.enter()
            case "incidents":
                self._incidents.enter()
            case "cards" if self._cards is not None:
                self._cards.enter()
            case _:
                self._stage.slot.clear()
                self._stage.go(place)

    def _on_signed_out(self) -> None:
        if self._duty.sale.sale.empty:
            self.signed_out.emit()
        else:
            self._open_sales.ask_to_finish()

    def _on_standing(self, standing: Standing) -> None:
        self._status.show_standing(standing)
        shift_open, required = standing.status.shift_open, standing.catalogue.shift_required
        self._duty.sale.note_shift(is_open=shift_open)
        self._sale.sell.show_shift(is_open=shift_open, required=required)
        if standing.status.revoked and not self._shut_out:
            self._stage.refuse(TillRevoked())
        self._shut_out = standing.status.revoked
        if standing.catalogue != self._catalogue:
            self._follow(standing.catalogue)
        self._incidents.show_status(standing.status)
        self._papers.on_change()
        supervised = self._duty.cashier.role is Role.SUPERVISOR
        self._rail.show_incidents(standing.status.incidents, wanted=supervised)
        self._rail.show_cards(wanted=standing.reader is not None)
        self._stage.slot.show_print_problems(standing.print_problems, standing.in_trouble)

    def _follow(self, catalogue: Catalogue) -> None:
        """Sell by what the venue sells by now. In another currency everything begins anew."""
        if catalogue.currency == self._catalogue.currency:
            self._catalogue = catalogue
            self._sale.use(catalogue)
        elif self._duty.sale.sale.empty:
            self.signed_out.emit()
