"""One visitor's sale, as a value: what is bought, what vouchers pay, what else is tendered."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from till.counter.basket import OPEN_AMOUNT, SaleLine, discounted, priced
from vouchers.campaigns import Campaign
from vouchers.catalogue import Product
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis
from vouchers.money import MINOR_MAX, Money, total
from vouchers.voucher import Medium, Voucher, VoucherKind

QUANTITY_MAX = 999


class Redeemed(Struct, frozen=True, kw_only=True):
    """What a voucher gives to this sale. `entry_id` is the hold's and becomes the entry's.

    `amount` is taken from the voucher, `balance` is what it has left.
    """

    entry_id: UUID
    voucher: Voucher
    amount: Money
    balance: Money
    basis: Basis
    reason: str = ""

    @property
    def pays(self) -> Money:
        """What it takes off the total: a service voucher yields a product instead."""
        if self.voucher.kind is VoucherKind.SERVICE:
            return Money.zero(self.amount.currency)
        return self.amount


class TenderKind(StrEnum):
    """How the rest is paid."""

    CASH = "cash"
    CARD = "card"


class Tender(Struct, frozen=True, kw_only=True):
    """Money the visitor hands over; cash may be more than is due."""

    kind: TenderKind
    amount: Money


class Sale(Struct, frozen=True, kw_only=True):
    """Everything between one visitor's first word and the receipt."""

    sale_id: UUID
    currency: str
    lines: tuple[SaleLine, ...] = ()
    redeemed: tuple[Redeemed, ...] = ()
    tenders: tuple[Tender, ...] = ()
    medium: Medium | None = None
    campaign: Campaign | None = None

    @classmethod
    def new(cls, currency: str) -> Self:
        """A sale with nothing in it."""
        return cls(sale_id=new_id(), currency=currency)

    def checked_for_card(self) -> "Sale":
        """This very sale, when all of it that goes onto a card can. Raises Refused (product)."""
        _ = self.onto_card
        return self

    @property
    def onto_card(self) -> Money:
        """What goes onto a card when this is paid. Raises Refused for a service voucher."""
        if self.medium is not Medium.CARD:
            return Money.zero(self.currency)
        sold = [line for line in self.lines if line.sells]
        if any(line.sells is VoucherKind.SERVICE for line in sold):
            raise Refused(Reason.PRODUCT, "card_value_only")
        loads = [line.product.value_for(line.unit) * line.quantity for line in sold]
        return total(loads, self.currency)

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
        return self.total - total([given.pays for given in self.redeemed], self.currency)

    @property
    def rest(self) -> Money:
        """What is left to pay after vouchers and tenders; never below zero."""
        open_amount = self.due - self._tendered
        return open_amount if open_amount.minor > 0 else Money.zero(self.currency)

    @property
    def change(self) -> Money:
        """What the visitor gets back in cash."""
        over = self._tendered - self.due
        return over if over.minor > 0 else Money.zero(self.currency)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not self.lines and not self.redeemed

    def add(self, product: Product, quantity: int = 1, amount: Money | None = None) -> "Sale":
        """With `quantity` more of `product`. Raises Refused (amount) outside its limits."""
        unit = amount if product is OPEN_AMOUNT and amount else product.price_for(amount)
        if unit.minor < 0 or (unit.minor == 0 and product.price is None):
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=unit)
        for index, line in enumerate(self.lines):
            if (line.product.product_id, line.unit) == (product.product_id, unit) and (
                line.redeemed_from is None
            ):
                return self.with_quantity(index, line.quantity + quantity)
        line = SaleLine(product=product, quantity=quantity, unit=unit)
        return replace(self, lines=(*self.lines, line))._checked(line)

    def with_quantity(self, index: int, quantity: int) -> "Sale":
        """With another quantity in line `index`; 0 removes it."""
        line = replace(self.lines[index], quantity=quantity)
        kept = (line,) if quantity > 0 else ()
        return replace(self, lines=(*self.lines[:index], *kept, *self.lines[index + 1 :]))._checked(
            line
        )

    def with_campaign(self, campaign: Campaign) -> "Sale":
        """With what a campaign takes off, in place of any other; it follows the basket from now on.

        Raises Refused: for nothing in the basket (product), below its least total (amount), after
        money was tendered or so much that the vouchers taken give more than is due (tender).
        """
        if self.tenders:
            raise Refused(Reason.TENDER, "action_after_payment", code=campaign.code)
        campaign.check_basket(priced(self.lines, self.currency), self.currency)
        cheaper = replace(self, campaign=campaign)._discounted()
        cheaper.check_due(Money.zero(self.currency))
        return cheaper

    def without_campaign(self) -> "Sale":
        """At the prices of the catalogue again."""
        return replace(self, campaign=None)._discounted()

    def check_new(self, voucher: Voucher) -> None:
        """Raise Refused (duplicate) when the voucher gives something to this sale already."""
        if any(given.voucher.voucher_id == voucher.voucher_id for given in self.redeemed):
            raise Refused(Reason.DUPLICATE, last4=voucher.last4)

    def check_due(self, amount: Money) -> None:
        """Raise Refused (tender) when vouchers would give more than is due with `amount` more."""
        if self.due < amount:
            raise Refused(Reason.TENDER, "tender_voucher_too_much", over=amount - self.due)

    def with_voucher(self, given: Redeemed, yields: Product | None) -> "Sale":
        """With a voucher that was taken; a service voucher brings its product at price zero."""
        lines = self.lines
        if yields is not None:
            free = Money.zero(self.currency)
            source = given.voucher.voucher_id
            lines += (SaleLine(product=yields, quantity=1, unit=free, redeemed_from=source),)
        return replace(self, lines=lines, redeemed=(*self.redeemed, given))

    def without_voucher(self, entry_id: UUID) -> "Sale":
        """Without a voucher that was taken, and without what it yielded."""
        gone = {r.voucher.voucher_id for r in self.redeemed if r.entry_id == entry_id}
        return replace(
            self,
            lines=tuple(line for line in self.lines if line.redeemed_from not in gone),
            redeemed=tuple(r for r in self.redeemed if r.entry_id != entry_id),
        )._discounted()

    def tender(self, kind: TenderKind, amount: Money | None = None) -> "Sale":
        """With money handed over; without an amount exactly what is missing.

        Raises Refused (amount, tender): nothing due, or more on a card than is due.
        """
        offered = self.rest if amount is None else amount
        if offered.minor <= 0:
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=offered)
        if kind is TenderKind.CARD and self.rest < offered:
            raise Refused(Reason.TENDER, "tender_card_too_much", amount=offered, rest=self.rest)
        return replace(self, tenders=(*self.tenders, Tender(kind=kind, amount=offered)))

    def without_tenders(self) -> "Sale":
        """As before anybody paid."""
        return replace(self, tenders=())

    def check_settled(self) -> None:
        """Raise Refused (basket, tender) unless this may be committed."""
        if self.empty:
            raise Refused(Reason.BASKET, "basket_empty")
        self.check_due(Money.zero(self.currency))
        if self.rest:
            raise Refused(Reason.TENDER, "tender_rest_open", rest=self.rest)

    @property
    def _tendered(self) -> Money:
        return total([tender.amount for tender in self.tenders], self.currency)

    def _discounted(self) -> "Sale":
        campaign = self.campaign if self.lines else None
        lines = discounted(self.lines, campaign, self.currency)
        return replace(self, campaign=campaign, lines=lines)

    def _checked(self, line: SaleLine) -> "Sale":
        if not 0 <= line.quantity <= QUANTITY_MAX:
            raise Refused(Reason.AMOUNT, "quantity_absurd", quantity=line.quantity)
        if self.total.minor > MINOR_MAX:
            raise Refused(Reason.AMOUNT, "amount_absurd", typed=str(self.total))
        return self._discounted()
