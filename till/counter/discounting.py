"""What a campaign takes off a sale."""

from msgspec.structs import replace

from till.counter.basket import priced
from till.counter.sale import Sale
from vouchers.campaigns import Campaign
from vouchers.errors import Reason, Refused


def with_campaign(sale: Sale, campaign: Campaign) -> Sale:
    """The sale with `campaign` in place of any other; it follows the basket from now on.

    Raises Refused: for nothing in the basket (product), below its least total (amount), after
    money was tendered or so much that the vouchers taken give more than is due (tender).
    """
    if sale.tenders:
        raise Refused(Reason.TENDER, "action_after_payment", code=campaign.code)
    campaign.check_basket(priced(sale.lines, sale.currency), sale.currency)
    cheaper = replace(sale, campaign=campaign).with_lines(sale.lines)
    cheaper.check_vouchers()
    return cheaper


def without_campaign(sale: Sale) -> Sale:
    """The sale at the prices of the catalogue again."""
    return replace(sale, campaign=None).with_lines(sale.lines)
