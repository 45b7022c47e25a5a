"""From the first tap to the change: the screens of a sale, wired to its flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.cash import CashUnlikely
from till.counter.tenders import TenderKind
from till.ui.look import Message
from till.ui.screens.checkout import CheckoutScreen
from till.ui.screens.free_amount import FreeAmountScreen
from till.ui.screens.redeem import RedeemScreen
from till.ui.screens.sell import SellScreen
from till.ui.session import Level
from till.ui.stage import HOME, Stage
from till.ui.widgets.basics import button
from till.ui.widgets.message_panel import override_button
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.ledger import Basis
from vouchers.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPushButton

    from sync.line import Line
    from till.counter.card_touched import CardTouched
    from till.counter.checkout import Committed
    from till.counter.prices import PriceChange
    from till.counter.redeemed import Redeemed
    from till.counter.redemption import Found
    from till.counter.sale import Sale
    from till.ui.flows.override import Doubtful
    from till.ui.flows.sale_flow import SaleFlow
    from till.ui.flows.touch_flow import TouchFlow
    from till.ui.flows.voucher_flow import VoucherFlow
    from vouchers.catalogue import Catalogue, Product
    from vouchers.money import Money

_TAKEN = {Basis.ONLINE: "ui_taken", Basis.OVERRIDE: "override_taken"}


class SaleScreens(QObject):
    """`account_wanted` carries the Account whose entries a cashier asks for, `override_wanted`
    the Doubtful voucher that a supervisor is to decide about, `tie_wanted` the Account that a key
    card is to open, `card_wanted` the Found whose value is to go onto a purse card; `again_wanted`
    asks to start paying again, `shift_wanted` to open a shift.
    """

    account_wanted = Signal(object)
    override_wanted = Signal(object)
    tie_wanted = Signal(object)
    card_wanted = Signal(object)
    again_wanted = Signal()
    shift_wanted = Signal()

    def __init__(
        self,
        stage: Stage,
        flow: SaleFlow,
        vouchers: VoucherFlow,
        catalogue: Catalogue,
        line: Line,
    ) -> None:
        super().__init__(stage)
        look, currency = stage.look, catalogue.currency
        self._stage, self._flow, self._vouchers, self._line = stage, flow, vouchers, line
        self._came_from = HOME
        self.sell = SellScreen(look, catalogue)
        self._amount = FreeAmountScreen(look, currency)
        self._checkout = CheckoutScreen(look, currency)
        self._redeem = RedeemScreen(look, currency)
        self._add_screens()
        self._connect_flows()
        self._on_changed(flow.sale)

    def use(self, catalogue: Catalogue) -> None:
        """Sell by another catalogue from now on."""
        self.sell.use(catalogue)
        self._flow.use(catalogue)

    def offer_cards(self, touches: TouchFlow, offered: Callable[[], bool]) -> None:
        """Key cards find vouchers too; value can be sold onto cards while `offered` says so."""
        touches.touched.connect(self._on_touched)
        self._checkout.offer_cards(offered)
        self._redeem.offer_cards(offered)

    def leave(self) -> None:
        """One step back: where the scan came from, else to the tiles."""
        self._stage.go(self._came_from if self._stage.place == "redeem" else HOME)

    def _add_screens(self) -> None:
        stage = self._stage
        stage.add(HOME, self.sell)
        stage.add("amount", self._amount)
        stage.add("checkout", self._checkout)
        stage.add("redeem", self._redeem)
        self.sell.chosen.connect(self._on_chosen)
        self.sell.paying.connect(self._on_paying)
        self.sell.completing.connect(self._flow.commit)
        self.sell.shift_wanted.connect(self.shift_wanted)
        self._amount.entered.connect(self._on_amount)
        self._checkout.tendered.connect(self._on_tendered)
        self._checkout.onto_card.connect(self._flow.put_onto_card)
        self._checkout.medium.chosen.connect(self._flow.choose_medium)
        self._checkout.restarted.connect(self.again_wanted)
        self._checkout.completing.connect(self._flow.commit)
        self._redeem.redeemed.connect(self._vouchers.redeem)
        self._redeem.redeemed_open.connect(self._vouchers.redeem_open)
        self._redeem.account_wanted.connect(self.account_wanted)
        self._redeem.override_wanted.connect(self._on_override_wanted)
        self._redeem.tie_wanted.connect(self.tie_wanted)
        self._redeem.card_wanted.connect(self.card_wanted)
        for screen in (self._amount, self._checkout, self._redeem):
            screen.left.connect(self.leave)

    def _connect_flows(self) -> None:
        self._flow.changed.connect(self._on_changed)
        self._flow.committed.connect(self._on_committed)
        self._flow.repriced.connect(self._on_repriced)
        self._flow.payable.connect(self._on_payable)
        self._flow.refused.connect(self._on_refused)
        self._vouchers.looking.connect(self._stage.field.show_looking)
        self._vouchers.found.connect(self._on_found)
        self._vouchers.discounted.connect(self._on_discounted)
        self._vouchers.taken.connect(self._on_taken)
        self._vouchers.doubted.connect(self._on_doubted)

    def _on_chosen(self, product: Product) -> None:
        self._stage.slot.clear()
        self._stage.field.clear()
        if product.price is None:
            self._amount.ask(product)
            self._stage.go("amount")
        else:
            self._flow.add(product)

    def _on_amount(self, product: Product, amount: Money) -> None:
        self._stage.slot.clear()
        before = self._flow.sale
        self._flow.add(product, amount)
        if self._flow.sale != before:
            self._stage.go(HOME)

    def _on_paying(self) -> None:
        self._stage.slot.clear()
        self._flow.pay()

    def _on_payable(self, sale: Sale) -> None:
        self._checkout.begin(sale)
        self._stage.go("checkout")

    def _on_tendered(self, kind: TenderKind, amount: Money) -> None:
        if not self._flow.turns.busy:  # else it is money for a sale that is being completed
            self._flow.tender(kind, amount)

    def _on_refused(self, error: OperatingError) -> None:
        look, offer = self._stage.look, None
        match error:
            case CashUnlikely():
                offer = self._all_the_same(error.amount)
            case Refused(reason=Reason.UNUSUAL):
                offer = button(look.say("ui_unusual_meant"), "step")
                offer.clicked.connect(self._on_meant)
            case Refused(key="shift_required"):
                offer = button(look.say("ui_open_shift"), "step")
                offer.clicked.connect(self.shift_wanted)
        level = Level.REFUSED if offer is None else Level.ATTENTION  # a question is no refusal
        self._stage.slot.show_message(Message(level, look.texts.explain(error)), offer)

    def _all_the_same(self, amount: Money) -> QPushButton:
        look = self._stage.look
        self._checkout.forget_amount()
        offer = button(look.say("ui_take_cash_all_the_same", amount=look.full(amount)), "step")
        offer.clicked.connect(self._stage.slot.clear)
        offer.clicked.connect(lambda: self._flow.tender(TenderKind.CASH, amount, sure=True))
        return offer

    def _on_meant(self) -> None:
        self._stage.slot.clear()
        self._flow.agree()
        if self._stage.place == HOME:
            self._flow.pay()

    def _on_changed(self, sale: Sale) -> None:
        self.sell.show_sale(sale)
        self._checkout.show_sale(sale)
        if self._stage.place == "checkout" and sale.empty:
            self._stage.go(HOME)

    def _on_repriced(self, changes: list[PriceChange]) -> None:
        said = " ".join(self._change_said(each) for each in changes)
        self._stage.say(Message(Level.ATTENTION, said))

    def _change_said(self, change: PriceChange) -> str:
        look, title = self._stage.look, self._stage.look.title(change.product)
        if change.price is None:
            return look.say("ui_product_gone", title=title)
        return look.say("ui_price_now", title=title, price=look.full(change.price))

    def _on_found(self, found: Found, objection: Refused | None) -> None:
        if self._stage.place != "redeem":
            self._came_from = "checkout" if self._stage.place == "checkout" else HOME
        self._stage.slot.clear()
        self._stage.field.clear()
        self._redeem.show_found(found, objection, self._flow.sale)
        self._stage.go("redeem")

    def _on_doubted(self, error: Refused, doubtful: Doubtful) -> None:
        if self._stage.place in (HOME, "checkout"):
            self._came_from = self._stage.place
        offer = override_button(self._stage.look)
        offer.clicked.connect(lambda: self.override_wanted.emit(doubtful))
        self._stage.refuse(error, offer)

    def _on_override_wanted(self, found: Found) -> None:
        doubtful = self._vouchers.doubt(found)
        if doubtful is not None:
            self.override_wanted.emit(doubtful)

    def _on_touched(self, touched: CardTouched) -> None:
        if touched.found is not None:
            self._redeem.show_movements(touched.lines)

    def _on_discounted(self, sale: Sale) -> None:
        self._stage.field.clear()
        if sale.campaign is not None:
            title = sale.campaign.name(self._stage.look.texts.language)
            said = self._stage.look.say("ui_action_taken", title=title, amount=sale.discount)
            self._stage.say(Message(Level.ACCEPTED, said))

    def _on_taken(self, given: Redeemed) -> None:
        self._stage.go(self._came_from)
        online = given.basis is Basis.ONLINE
        text = self._stage.look.say(
            _TAKEN.get(given.basis, "ui_taken_offline"),
            amount=given.amount,
            balance=given.balance,
            last4=given.voucher.last4,
        )
        self._stage.say(Message(Level.ACCEPTED if online else Level.ATTENTION, text))

    def _on_committed(self, committed: Committed) -> None:
        self._came_from = HOME
        self._stage.go(HOME)
        self._stage.slot.show_done(committed, self._line.state)
