"""Money that is handed over for a sale."""

from enum import StrEnum

from msgspec import Struct

from till.counter.cash import CashUnlikely, is_likely
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total


class TenderKind(StrEnum):
    """How the rest is paid."""

    CASH = "cash"
    CARD = "card"


class Tender(Struct, frozen=True, kw_only=True):
    """Money the visitor hands over; cash may be more than is due."""

    kind: TenderKind
    amount: Money


Tenders = tuple[Tender, ...]


def tendered(tenders: Tenders, currency: str, kind: TenderKind | None = None) -> Money:
    """What was handed over, in one way or in all."""
    amounts = [tender.amount for tender in tenders if kind in (None, tender.kind)]
    return total(amounts, currency)


def new_tender(kind: TenderKind, amount: Money, rest: Money, *, sure: bool) -> Tender:
    """Money that is taken for a `rest` that is due.

    Raises Refused (amount, tender): nothing due, more on a card than is due, or more cash than
    is likely, unless somebody is `sure` of it.
    """
    if not rest:
        raise Refused(Reason.TENDER, "tender_nothing_due")
    if amount.minor <= 0:
        raise Refused(Reason.AMOUNT, "amount_not_positive", amount=amount)
    if kind is TenderKind.CARD and rest < amount:
        raise Refused(Reason.TENDER, "tender_card_too_much", amount=amount, rest=rest)
    if kind is TenderKind.CASH and not sure and not is_likely(amount, rest):
        raise CashUnlikely(amount, rest)
    return Tender(kind=kind, amount=amount)


def check_cards(tenders: Tenders, due: Money) -> None:
    """Raise Refused (tender) where more was taken on cards than is `due`: none of it is change.

    Money that came from an account goes back there, not out of the drawer.
    """
    card = tendered(tenders, due.currency, TenderKind.CARD)
    least = max(due, Money.zero(due.currency))
    if least < card:
        raise Refused(Reason.TENDER, "tender_card_above_due", card=card, due=least)


def money_taken(tenders: Tenders) -> Refused | None:
    """Why nobody may leave their sale behind: it names the money, and what to do with it."""
    if not tenders:
        return None
    currency = tenders[0].amount.currency
    cash = tendered(tenders, currency, TenderKind.CASH)
    card = tendered(tenders, currency, TenderKind.CARD)
    how = "both" if cash and card else "cash" if cash else "card"
    return Refused(Reason.TENDER, f"money_taken_{how}", cash=cash, card=card)


def check_nothing_taken(tenders: Tenders) -> None:
    """Raise Refused (tender) once money was handed over."""
    taken = money_taken(tenders)
    if taken is not None:
        raise taken
