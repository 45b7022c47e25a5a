"""One visitor's sale, as a value: what is bought, what vouchers pay, what else is tendered."""

from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from till.counter.basket import (
    OPEN_AMOUNT,
    Lines,
    SaleLine,
    check_quantity,
    discounted,
    joined,
    priced,
)
from till.counter.cash import CashUnlikely, is_likely
from till.counter.redeemed import Redeemed, first_to_end, is_money
from till.counter.yielding import with_yield, without_yield, yielded
from vouchers.campaigns import Campaign
from vouchers.catalogue import Product
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis
from vouchers.money import MINOR_MAX, Money, total
from vouchers.voucher import Medium, Voucher, VoucherKind


class TenderKind(StrEnum):
    """How the rest is paid."""

    CASH = "cash"
    CARD = "card"


class Tender(Struct, frozen=True, kw_only=True):
    """Money the visitor hands over; cash may be more than is due."""

    kind: TenderKind
    amount: Money


class Sale(Struct, frozen=True, kw_only=True):
    """Everything between one visitor's first word and the receipt.

    `waits_for_card` is what a card was to pay or to take that left too soon. Until it has told
    what happened, the sale stays as the card knows it: nothing of it changes.
    `agreed` is the total up to which somebody has said that it is meant, however unusual.
    """

    sale_id: UUID
    currency: str
    lines: tuple[SaleLine, ...] = ()
    redeemed: tuple[Redeemed, ...] = ()
    tenders: tuple[Tender, ...] = ()
    medium: Medium | None = None
    campaign: Campaign | None = None
    waits_for_card: Money | None = None
    agreed: Money | None = None

    @classmethod
    def new(cls, currency: str) -> Self:
        """A sale with nothing in it."""
        return cls(sale_id=new_id(), currency=currency)

    def check_free(self) -> None:
        """Raise Refused (tender) while a card is in doubt that decides about this sale."""
        if self.waits_for_card is not None:
            raise Refused(Reason.TENDER, "card_in_doubt_first", amount=self.waits_for_card)

    def with_medium(self, medium: Medium | None) -> "Sale":
        """With another medium for what is sold. Raises Refused (product) for what cannot be on it,
        and (tender) while a card is in doubt.
        """
        self.check_free()
        chosen = replace(self, medium=medium)
        _ = chosen.onto_card
        return chosen

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
        return self.total - total(list(map(self.paid_by, self.redeemed)), self.currency)

    @property
    def rest(self) -> Money:
        """What is left to pay after vouchers and tenders; never below zero."""
        open_amount = self.due - self._tendered
        return open_amount if open_amount.minor > 0 else Money.zero(self.currency)

    @property
    def open_to_vouchers(self) -> Money:
        """What value vouchers and cards may still pay of the rest; never below zero."""
        open_amount = min(self.rest, self._open_to_vouchers)
        return open_amount if open_amount.minor > 0 else Money.zero(self.currency)

    @property
    def sold_until(self) -> date | None:
        """The last day of vouchers sold here that vouchers pay for; None where none do.

        No voucher outlives those it is bought with. Vouchers pay for everything else first.
        """
        others = [line.total for line in self.lines if line.may_be_redeemed]
        if self._by_money <= total(others, self.currency):
            return None
        return first_to_end(self.redeemed)

    @property
    def change(self) -> Money:
        """What the visitor gets back in cash: never what vouchers or cards have given too much."""
        over = self._tendered - max(self.due, Money.zero(self.currency))
        return over if over.minor > 0 else Money.zero(self.currency)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not self.lines and not self.redeemed

    def paid_by(self, given: Redeemed) -> Money:
        """What a voucher takes off the total: a service voucher the price of what it yields."""
        if is_money(given):
            return given.amount
        return yielded(self.lines, given.voucher.voucher_id, self.currency)

    @property
    def has_taken_money(self) -> bool:
        """Whether somebody would miss money if this sale were forgotten now."""
        return bool(self.tenders) or any(one.basis is Basis.CARD for one in self.redeemed)

    def taken(self, kind: TenderKind) -> Money:
        """What was handed over one way."""
        amounts = [tender.amount for tender in self.tenders if tender.kind is kind]
        return total(amounts, self.currency)

    @property
    def money_taken(self) -> Refused | None:
        """Why nobody may leave this sale behind: it names the money, and what to do with it."""
        if not self.tenders:
            return None
        cash, card = self.taken(TenderKind.CASH), self.taken(TenderKind.CARD)
        how = "both" if cash and card else "cash" if cash else "card"
        return Refused(Reason.TENDER, f"money_taken_{how}", cash=cash, card=card)

    def check_nothing_taken(self) -> None:
        """Raise Refused (tender) once money was handed over."""
        if self.money_taken is not None:
            raise self.money_taken

    def add(self, product: Product, quantity: int = 1, amount: Money | None = None) -> "Sale":
        """With `quantity` more of `product`. Raises Refused (amount) outside its limits."""
        check_quantity(quantity)
        unit = amount if product is OPEN_AMOUNT and amount else product.price_for(amount)
        if unit.minor < 0 or (unit.minor == 0 and product.price is None):
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=unit)
        line = SaleLine(product=product, quantity=quantity, unit=unit)
        return self.with_lines(joined(self.lines, line))

    def with_quantity(self, index: int, quantity: int) -> "Sale":
        """With another quantity in line `index`; 0 removes it.

        Raises Refused (amount), or (basket) for a line that a voucher pays for.
        """
        line = self.lines[index]
        if line.redeemed_from is not None:
            raise Refused(Reason.BASKET, "line_of_voucher", product=line.product.product_id)
        kept = (replace(line, quantity=quantity),) if quantity else ()
        return self.with_lines((*self.lines[:index], *kept, *self.lines[index + 1 :]))

    def with_lines(self, lines: Lines) -> "Sale":
        """With these lines in place of its own, and what the campaign takes off them.

        Raises Refused: for more than anybody sells at once (amount), for less than was taken on
        cards (tender).
        """
        for line in lines:
            check_quantity(line.quantity)
        changed = replace(self, lines=lines)._discounted()
        if changed.total.minor > MINOR_MAX:
            raise Refused(Reason.AMOUNT, "amount_absurd", typed=str(changed.total))
        changed.check_cards()
        return changed

    def with_campaign(self, campaign: Campaign) -> "Sale":
        """With what a campaign takes off, in place of any other; it follows the basket from now on.

        Raises Refused: for nothing in the basket (product), below its least total (amount), after
        money was tendered or so much that the vouchers taken give more than is due (tender).
        """
        if self.tenders:
            raise Refused(Reason.TENDER, "action_after_payment", code=campaign.code)
        campaign.check_basket(priced(self.lines, self.currency), self.currency)
        cheaper = replace(self, campaign=campaign)._discounted()
        cheaper.check_vouchers()
        return cheaper

    def without_campaign(self) -> "Sale":
        """At the prices of the catalogue again."""
        return replace(self, campaign=None)._discounted()

    def agreed_to(self) -> "Sale":
        """The same, which somebody says is meant as it stands."""
        return replace(self, agreed=self.total)

    def check_new(self, voucher: Voucher) -> None:
        """Raise Refused (duplicate) when the voucher gives something to this sale already, and
        (tender) while a card is in doubt.
        """
        self.check_free()
        if any(given.voucher.voucher_id == voucher.voucher_id for given in self.redeemed):
            raise Refused(Reason.DUPLICATE, last4=voucher.last4)

    def check_takes(self, amount: Money) -> None:
        """Raise Refused (tender) unless a value voucher or a card may pay `amount` of this."""
        if self.rest < amount:
            raise Refused(Reason.TENDER, "tender_voucher_too_much", over=amount - self.rest)
        if self.open_to_vouchers < amount:
            open_amount = self.open_to_vouchers
            raise Refused(Reason.TENDER, "tender_voucher_for_voucher", open=open_amount)

    def share_of(self, balance: Money) -> Money:
        """How much of a value voucher's balance this takes. Raises Refused (tender, currency)."""
        if balance.currency != self.currency:
            raise Refused(Reason.CURRENCY, have=balance.currency, want=self.currency)
        if not self.rest:
            raise Refused(Reason.TENDER, "tender_nothing_due")
        if not self.open_to_vouchers:
            self.check_takes(self.rest)
        return min(balance, self.open_to_vouchers)

    def check_vouchers(self) -> None:
        """Raise Refused (tender) where vouchers pay for more than they may: money comes after."""
        if self.due.minor < 0:
            raise Refused(Reason.TENDER, "tender_voucher_too_much", over=-self.due)
        if self._open_to_vouchers.minor < 0:
            nothing = Money.zero(self.currency)
            raise Refused(Reason.TENDER, "tender_voucher_for_voucher", open=nothing)

    def check_cards(self) -> None:
        """Raise Refused (tender) where more was taken on cards than is due: none of it is change.

        Money that came from an account goes back there, not out of the drawer.
        """
        due, card = max(self.due, Money.zero(self.currency)), self.taken(TenderKind.CARD)
        if due < card:
            raise Refused(Reason.TENDER, "tender_card_above_due", card=card, due=due)

    def with_voucher(self, given: Redeemed) -> "Sale":
        """With a voucher that was taken; what a service voucher yields is there: see yielding."""
        self.check_free()
        return replace(self, redeemed=(*self.redeemed, given))

    def yielding(self, voucher: Voucher, product: Product) -> "Sale":
        """With one `product` for a service voucher that is about to be taken to pay for.

        It brings one where there is none. Raises Refused (tender) when other vouchers or money
        have paid for that already.
        """
        lines = with_yield(self.lines, voucher.voucher_id, product)
        after = replace(self, lines=lines)._discounted()
        price = yielded(lines, voucher.voucher_id, self.currency)
        over = price + self._tendered - after.due
        if over.minor > 0:
            raise Refused(Reason.TENDER, "tender_voucher_too_much", over=over)
        return after

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

        Raises Refused (amount, tender): nothing due, more on a card than is due, vouchers pay for
        more than they may, or more cash than is likely, unless somebody is `sure` of it.
        """
        self.check_free()
        self.check_vouchers()
        if not self.rest:
            raise Refused(Reason.TENDER, "tender_nothing_due")
        offered = self.rest if amount is None else amount
        if offered.minor <= 0:
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=offered)
        if kind is TenderKind.CARD and self.rest < offered:
            raise Refused(Reason.TENDER, "tender_card_too_much", amount=offered, rest=self.rest)
        if kind is TenderKind.CASH and not sure and not is_likely(offered, self.rest):
            raise CashUnlikely(offered, self.rest)
        return replace(self, tenders=(*self.tenders, Tender(kind=kind, amount=offered)))

    def without_tenders(self) -> "Sale":
        """As before anybody paid. Raises Refused (tender) while a card is in doubt."""
        self.check_free()
        return replace(self, tenders=())

    def check_settled(self) -> None:
        """Raise Refused (basket, tender) unless this may be committed."""
        if self.empty:
            raise Refused(Reason.BASKET, "basket_empty")
        self.check_vouchers()
        self.check_cards()
        if self.rest:
            raise Refused(Reason.TENDER, "tender_rest_open", rest=self.rest)

    @property
    def _tendered(self) -> Money:
        return total([tender.amount for tender in self.tenders], self.currency)

    @property
    def _by_money(self) -> Money:
        """What value vouchers and cards pay."""
        return total([one.amount for one in self.redeemed if is_money(one)], self.currency)

    @property
    def _open_to_vouchers(self) -> Money:
        """What they may pay in all, less what they pay."""
        lines = [line.total for line in self.lines if line.open_to_vouchers]
        return total(lines, self.currency) - self._by_money

    def _discounted(self) -> "Sale":
        self.check_free()
        campaign = self.campaign if self.lines else None
        lines = discounted(self.lines, campaign, self.currency)
        return replace(self, campaign=campaign, lines=lines)
