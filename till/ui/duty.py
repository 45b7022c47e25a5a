"""What a cashier who signs in works with, until they sign out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from till.ui.flows.account_flow import AccountFlow
from till.ui.flows.card_flow import CardFlow
from till.ui.flows.incident_flow import IncidentFlow
from till.ui.flows.layout_flow import LayoutFlow
from till.ui.flows.open_sale_flow import OpenSaleFlow
from till.ui.flows.paper_flow import PaperFlow
from till.ui.flows.printer_flow import PrinterFlow
from till.ui.flows.sale_flow import SaleFlow
from till.ui.flows.shift_flow import ShiftFlow
from till.ui.flows.touch_flow import TouchFlow
from till.ui.flows.voucher_flow import VoucherFlow

if TYPE_CHECKING:
    from sync.line import Line
    from till.ui.flows.status_watch import StatusWatch
    from till.ui.opening import Opened, SignedIn
    from till.ui.runner import Runner
    from till.ui.session import CardTable
    from vouchers.catalogue import Catalogue
    from vouchers.people import User


@dataclass(frozen=True)
class CardDuty:
    """What a card reader beside the till adds to a cashier's work."""

    table: CardTable
    touches: TouchFlow
    flow: CardFlow


@dataclass(frozen=True)
class Duty:
    """A cashier's time at the till: who, what the venue sells, and the work under way."""

    cashier: User
    people: list[User]
    catalogue: Catalogue
    line: Line
    sale: SaleFlow
    open_sales: OpenSaleFlow
    vouchers: VoucherFlow
    accounts: AccountFlow
    incidents: IncidentFlow
    shift: ShiftFlow
    papers: PaperFlow
    printers: PrinterFlow
    layouts: LayoutFlow
    watch: StatusWatch
    cards: CardDuty | None

    @classmethod
    def begin(cls, opened: Opened, who: SignedIn, runner: Runner, watch: StatusWatch) -> Self:
        """Everything `who` works with from now on."""
        counter, user, table = opened.session.counter, who.user, opened.session.cards
        sale = SaleFlow(counter, runner, who.catalogue, user)
        vouchers = VoucherFlow(counter, runner, user, sale)
        cards = None
        if table is not None:
            touches = TouchFlow(counter, user, sale, vouchers, table)
            watch.told.connect(touches.listen)
            cards = CardDuty(table, touches, CardFlow(counter, runner, user, table))
        incidents = IncidentFlow(counter, runner, user)
        incidents.settled.connect(watch.refresh)
        shift = ShiftFlow(counter, runner, user)
        shift.figures.connect(watch.refresh)
        shift.closed.connect(watch.refresh)
        return cls(
            cashier=user,
            people=who.people,
            catalogue=who.catalogue,
            line=counter.desk.line,
            sale=sale,
            open_sales=OpenSaleFlow(counter, runner, user, sale),
            vouchers=vouchers,
            accounts=AccountFlow(counter, runner, user),
            incidents=incidents,
            shift=shift,
            papers=PaperFlow(counter, runner, user),
            printers=PrinterFlow(opened.office.printers, runner, user),
            layouts=LayoutFlow(opened.office.layouts, runner, user),
            watch=watch,
            cards=cards,
        )
