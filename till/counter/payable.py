"""Whether a sale may be paid for now: asked before anything of value is taken, never afterwards.

And whether it is paid for: asked before it is booked.
"""

from till.counter.desk import Desk
from till.counter.sale import Sale
from till.counter.tenders import check_cards
from till.store import shifts
from till.store.database import Work
from vouchers.catalogue import Catalogue
from vouchers.errors import Reason, Refused


def check_payable(desk: Desk, work: Work, sale: Sale) -> None:
    """Raise Refused: (revoked) at a till that is shut out, (no_shift) where the venue wants one and
    none is open, (unusual) for a sale out of the ordinary that nobody has agreed to.
    """
    desk.check_in_service(work)
    check_sale(sale, desk.catalogue(work), shift_open=shifts.open_id(work) is not None)


def check_sale(sale: Sale, catalogue: Catalogue, *, shift_open: bool) -> None:
    """Raise Refused: (no_shift) where the venue wants a shift and none is open, (unusual) for more
    than it calls ordinary, unless somebody agreed to it.

    What was agreed to holds as long as the sale does not come to more.
    """
    if catalogue.shift_required and not shift_open:
        raise Refused(Reason.NO_SHIFT, "shift_required")
    if sale.agreed is not None and sale.total <= sale.agreed:
        return
    most, much = catalogue.usual_quantity, catalogue.usual_total
    for line in sale.lines:
        if most < line.quantity:
            title = line.product.name(catalogue.venue.language)
            raise Refused(
                Reason.UNUSUAL, "unusual_quantity", count=line.quantity, title=title, most=most
            )
    if much < sale.total:
        raise Refused(Reason.UNUSUAL, "unusual_total", total=sale.total, most=much)


def check_settled(sale: Sale) -> None:
    """Raise Refused (basket, tender) unless the sale may be committed."""
    if sale.empty:
        raise Refused(Reason.BASKET, "basket_empty")
    sale.check_vouchers()
    check_cards(sale.tenders, sale.due)
    if sale.rest:
        raise Refused(Reason.TENDER, "tender_rest_open", rest=sale.rest)
