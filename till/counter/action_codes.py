"""Action codes at the counter, from what the till keeps of the venue's campaigns."""

from till.counter.desk import Desk
from till.counter.discounting import with_campaign
from till.counter.redemption import Found, Redemption
from till.counter.sale import Sale
from till.store import settings
from vouchers.campaigns import Campaign, find_campaign, is_action_code
from vouchers.errors import Reason, Refused
from vouchers.scans import unwrapped

_NEITHER = {
    "mistyped_length": "mistyped_length_no_action",
    "mistyped_never_used": "mistyped_never_used_no_action",
}
"""What is said of a mistyped code that could have been meant as an action code as well."""


class ActionCodes:
    """Finds campaigns, and tells their codes from those of vouchers."""

    def __init__(self, desk: Desk, redemption: Redemption) -> None:
        self._desk = desk
        self._redemption = redemption

    def apply(self, sale: Sale, typed: str) -> Sale:
        """The sale with the campaign of a typed code. Raises Refused: see of, with_campaign."""
        return with_campaign(sale, self.of(typed))

    def of(self, typed: str) -> Campaign:
        """The campaign of a typed code. Raises Refused (unknown, not_in_force)."""
        campaign = self._find(typed)
        if campaign is None:
            # In any other form it may be a voucher's code: money in clear, not to be repeated.
            shown = typed.strip() if is_action_code(typed) else f"…{typed.strip()[-4:]}"
            raise Refused(Reason.UNKNOWN, "action_unknown", typed=shown)
        return self._in_force(campaign)

    def look_up(self, scanned: str) -> Found | Campaign:
        """What was typed or scanned where both are taken: a voucher, or a campaign by its code.

        Our own voucher codes are longer than any action code. A code of another system may look
        like one: there a voucher that is known under it comes first, for it is money. Raises
        Refused like Redemption.look_up and `of`.
        """
        with self._desk.database.read() as work:
            foreign = self._desk.catalogue(work).foreign_codes
        campaign = self._find(scanned)
        if campaign is not None and not foreign:
            return self._in_force(campaign)
        try:
            return self._redemption.look_up(scanned)
        except Refused as refusal:
            if campaign is not None and refusal.reason in (Reason.UNKNOWN, Reason.MISTYPED):
                return self._in_force(campaign)
            if refusal.key in _NEITHER and is_action_code(scanned):
                raise Refused(refusal.reason, _NEITHER[refusal.key], **refusal.details) from refusal
            raise

    def _in_force(self, campaign: Campaign) -> Campaign:
        with self._desk.database.read() as work:
            campaign.check_day(self._desk.today(work))
        return campaign

    def _find(self, typed: str) -> Campaign | None:
        with self._desk.database.read() as work:
            return find_campaign(settings.campaigns.get(work) or [], unwrapped(typed))
