"""One visitor's sale, as a value: what is bought, what vouchers pay, what else is tendered.

What vouchers may pay of it, before one is taken: see voucher_share; what a campaign takes off it:
see discounting; whether it may be paid for and booked: see payable.
"""

from typing import Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from till.counter import basket
from till.counter.basket import Lines
from till.counter.redeemed import Redeemed, is_money, paid_by_money
from till.counter.tenders import TenderKind, Tenders, check_cards, new_tender, tendered
from till.counter.yielding import without_yield, yielded
from vouchers.campaigns import Campaign
from vouchers.catalogue import Product
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis
from vouchers.money import MINOR_MAX, Money, total
from vouchers.voucher import Medium


class Sale(Struct, frozen=True, kw_only=True):
    """Everything between one visitor's first word and the receipt.

    `waits_for_card` is what a card was to pay or to take that left too soon. Until it has told
    what happened, the sale stays as the card knows it: nothing of it changes.
    `agreed` is the total up to which somebody has said that it is meant, however unusual.
    """

    sale_id: UUID
    currency: str
    lines: Lines = ()
    redeemed: tuple[Redeemed, ...] = ()
    tenders: Tenders = ()
    medium: Medium | None = None
    campaign: Campaign | None = None
    waits_for_card: Money | None = None
    agreed: Money | None = None

    @classmethod
    def new(cls, currency: str) -> Self:
        """A sale with nothing in it."""
        return cls(sale_id=new_id(), currency=currency)

    @property
    def onto_card(self) -> Money:
        """What goes onto a card when this is paid. Raises Refused for a service voucher."""
        on_card = self.medium is Medium.CARD
        return basket.value_sold(self.lines if on_card else (), self.currency)

    @property
    def discount(self) -> Money:
        """What the campaign takes off all lines."""
        off = [line.discount for line in self.lines if line.discount]
        return total(off, self.currency)

    @property
    def total(self) -> Money:
        """What the lines cost, after the discount."""
        return total([line.total for line in self.lines], self.currency)

    @property
    def due(self) -> Money:
        """What is left to pay after vouchers."""
        return self.total - total(list(map(self.paid_by, self.redeemed)), self.currency)

    @property
    def rest(self) -> Money:
        """What is left to pay after vouchers and tenders; never below zero."""
        return _or_zero(self.due - tendered(self.tenders, self.currency))

    @property
    def open_to_vouchers(self) -> Money:
        """What value vouchers and cards may still pay of the rest; never below zero."""
        return _or_zero(min(self.rest, self._open_to_vouchers))

    @property
    def change(self) -> Money:
        """What the visitor gets back in cash: never what vouchers or cards have given too much."""
        return _or_zero(tendered(self.tenders, self.currency) - _or_zero(self.due))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not self.lines and not self.redeemed

    @property
    def has_taken_money(self) -> bool:
        """Whether somebody would miss money if this sale were forgotten now."""
        return bool(self.tenders) or any(one.basis is Basis.CARD for one in self.redeemed)

    def paid_by(self, given: Redeemed) -> Money:
        """What a voucher takes off the total: a service voucher the price of what it yields."""
        if is_money(given):
            return given.amount
        return yielded(self.lines, given.voucher.voucher_id, self.currency)

    def add(self, product: Product, quantity: int = 1, amount: Money | None = None) -> "Sale":
        """With `quantity` more of `product`. Raises Refused: see basket.line_of, with_lines."""
        return self.with_lines(basket.joined(self.lines, basket.line_of(product, quantity, amount)))

    def with_quantity(self, index: int, quantity: int) -> "Sale":
        """With another quantity in line `index`; 0 removes it.

        Raises Refused (basket) for a line that a voucher pays for, and see with_lines.
        """
        return self.with_lines(basket.with_quantity(self.lines, index, quantity))

    def with_lines(self, lines: Lines) -> "Sale":
        """With these lines in place of its own, and what the campaign takes off them.

        Raises Refused: for more than anybody sells at once (amount), for less than was taken on
        cards (tender).
        """
        for line in lines:
            basket.check_quantity(line.quantity)
        changed = replace(self, lines=lines)._discounted()
        if changed.total.minor > MINOR_MAX:
            raise Refused(Reason.AMOUNT, "amount_absurd", typed=str(changed.total))
        check_cards(changed.tenders, changed.due)
        return changed

    def with_medium(self, medium: Medium | None) -> "Sale":
        """With another medium for what is sold. Raises Refused (product) for what cannot be on it,
        and (tender) while a card is in doubt.
        """
        self.check_free()
        chosen = replace(self, medium=medium)
        _ = chosen.onto_card
        return chosen

    def agreed_to(self) -> "Sale":
        """The same, which somebody says is meant as it stands."""
        return replace(self, agreed=self.total)

    def with_voucher(self, given: Redeemed) -> "Sale":
        """With a voucher that was taken; what a service voucher yields is there already."""
        self.check_free()
        return replace(self, redeemed=(*self.redeemed, given))

    def without_voucher(self, entry_id: UUID) -> "Sale":
        """Without a voucher that was taken, and without what it brought."""
        lines = self.lines
        for given in self.redeemed:
            if given.entry_id == entry_id:
                lines = without_yield(lines, given.voucher.voucher_id)
        kept = tuple(given for given in self.redeemed if given.entry_id != entry_id)
        return replace(self, lines=lines, redeemed=kept)._discounted()

    def tender(
        self, kind: TenderKind, amount: Money | None = None, *, sure: bool = False
    ) -> "Sale":
        """With money handed over; without an amount exactly what is missing.

        Raises Refused: vouchers pay for more than they may (tender), and see tenders.new_tender.
        """
        self.check_free()
        self.check_vouchers()
        offered = self.rest if amount is None else amount
        tender = new_tender(kind, offered, self.rest, sure=sure)
        return replace(self, tenders=(*self.tenders, tender))

    def without_tenders(self) -> "Sale":
        """As before anybody paid. Raises Refused (tender) while a card is in doubt."""
        self.check_free()
        return replace(self, tenders=())

    def check_free(self) -> None:
        """Raise Refused (tender) while a card is in doubt that decides about this sale."""
        if self.waits_for_card is not None:
            raise Refused(Reason.TENDER, "card_in_doubt_first", amount=self.waits_for_card)

    def check_vouchers(self) -> None:
        """Raise Refused (tender) where vouchers pay for more than they may: money comes after."""
        if self.due.minor < 0:
            raise Refused(Reason.TENDER, "tender_voucher_too_much", over=-self.due)
        if self._open_to_vouchers.minor < 0:
            nothing = Money.zero(self.currency)
            raise Refused(Reason.TENDER, "tender_voucher_for_voucher", open=nothing)

    @property
    def _open_to_vouchers(self) -> Money:
        """What value vouchers and cards may pay in all, less what they pay."""
        lines = [line.total for line in self.lines if line.open_to_vouchers]
        return total(lines, self.currency) - paid_by_money(self.redeemed, self.currency)

    def _discounted(self) -> "Sale":
        self.check_free()
        campaign = self.campaign if self.lines else None
        lines = basket.discounted(self.lines, campaign, self.currency)
        return replace(self, campaign=campaign, lines=lines)


def _or_zero(amount: Money) -> Money:
    return max(amount, Money.zero(amount.currency))
