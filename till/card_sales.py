"""Sales with a purse card on the reader: loading it, paying with it, and paying back onto it."""

from uuid import UUID

from msgspec.structs import replace

from cardreader.errors import NoAnswer
from cardreader.keys import Role
from cardreader.protocols import Card
from cardreader.purse.desk import CardInDoubt, NothingMoved
from cardreader.purse.journal import CardMovement
from till.card_shown import CardShown
from till.cards import CardDesk, Paid
from till.counter.card_books import CardOutcome
from till.counter.card_owed import Owed
from till.counter.card_purpose import CardPurpose, card_load
from till.counter.checkout import Committed
from till.counter.payable import check_settled
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.counter.voucher_share import check_takes
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import EntryKind
from vouchers.people import User
from vouchers.voucher import Medium, VoucherKind


def pay(desk: CardDesk, card: Card, sale: Sale, cashier: User, *, partly: bool = False) -> Paid:
    """Take what is due from the card; `partly` takes what there is of it."""
    return _take(desk, card, sale, cashier, EntryKind.REDEEM, partly=partly)


def to_paper(desk: CardDesk, card: Card, cashier: User) -> Paid:
    """Move all that is on the card onto a new voucher, which comes with the receipt."""
    catalogue = desk.counter.catalogue()
    balance = desk.show(card).view.balance
    product = replace(catalogue.free_voucher(), price=balance, vouchers_pay=True)
    sale = Sale.new(catalogue.currency)
    if balance:
        sale = sale.add(product)
    return _take(desk, card, sale, cashier, EntryKind.TRANSFER_OUT, partly=True)


def load(
    desk: CardDesk, card: Card, sale: Sale, cashier: User, kind: EntryKind = EntryKind.TOP_UP
) -> Committed:
    """Load what a paid sale puts onto a card; the sale is committed with it."""
    check_settled(sale)
    desk.counter.card_books.check_free(sale)
    if not sale.onto_card:
        raise Refused(Reason.AMOUNT, "amount_not_positive", amount=sale.onto_card)
    movement_id = new_id()

    def purpose(_movement: CardMovement) -> CardPurpose:
        return CardPurpose(kind=kind, cashier=cashier, sale=sale, completes=True)

    desk.purse_desk(purpose).load(card, sale.onto_card, movement_id)
    outcome = _outcome(desk, movement_id)
    if outcome.committed is None:
        raise InvariantError("a load is done and its sale is not")
    return outcome.committed


def load_from(desk: CardDesk, card: Card, found: Found, cashier: User) -> Committed:
    """Move a value voucher's whole balance onto the card."""
    account = found.account
    if account.voucher.kind is not VoucherKind.VALUE:
        raise Refused(Reason.PRODUCT, "card_value_only")
    sale = replace(Sale.new(account.balance.currency), medium=Medium.CARD)
    sale = sale.add(card_load(account.balance))
    sale = desk.counter.redemption.add(sale, found, account.balance)
    try:
        return load(desk, card, sale, cashier, EntryKind.TRANSFER_IN)
    except CardInDoubt:
        raise  # the voucher's part is booked until the card tells
    except BaseException:
        desk.counter.redemption.give_up(sale)
        raise


def put_back(desk: CardDesk, card: Card, owed: Owed, cashier: User) -> CardOutcome:
    """Give the card back what it had paid towards a sale that does not take it.

    The outcome's sale is the one without that part. Raises Refused (not_allowed) for another
    card, and for what is not owed any more.
    """
    if desk.show(card).voucher.voucher_id != owed.card:
        raise Refused(Reason.NOT_ALLOWED, "card_put_back_other", amount=owed.amount)
    desk.counter.card_owed.check(owed)
    movement_id = new_id()

    def purpose(_movement: CardMovement) -> CardPurpose:
        return CardPurpose(
            kind=EntryKind.REVERSE,
            cashier=cashier,
            sale=owed.sale_without,
            completes=False,
            corrects=owed.entry_id,
        )

    desk.purse_desk(purpose).load(card, owed.amount, movement_id)
    return _outcome(desk, movement_id)


def put_all_back(
    desk: CardDesk, card: Card, shown: CardShown, cashier: User, at_work: Sale | None = None
) -> list[CardOutcome]:
    """Give the card all that this till owes to it, as far as this till may load cards.

    The sale `at_work` is still open: what it has from the card is not owed.
    """
    owed = desk.counter.card_owed.to_card(shown.voucher.voucher_id, at_work)
    if not owed or not desk.keys().may(Role.LOAD):
        return []
    done: list[CardOutcome] = []
    for each in owed:
        try:
            done.append(put_back(desk, card, each, cashier))
        except (NoAnswer, NothingMoved):
            if not done:
                raise
            break  # what it has by now is told; the rest stays owed
    return done


def _take(
    desk: CardDesk, card: Card, sale: Sale, cashier: User, kind: EntryKind, *, partly: bool
) -> Paid:
    desk.counter.card_books.check_free(sale)
    movement_id = new_id()

    def purpose(movement: CardMovement) -> CardPurpose:
        return desk.counter.cards.payment(sale, cashier, movement, kind)

    due = sale.open_to_vouchers
    if not due:
        check_takes(sale, sale.rest)
    desk.purse_desk(purpose).pay(card, due, movement_id, partly=partly)
    outcome = _outcome(desk, movement_id)
    return Paid(redeemed=outcome.sale.redeemed[-1], sale=outcome.sale, committed=outcome.committed)


def _outcome(desk: CardDesk, movement_id: UUID) -> CardOutcome:
    """What was booked with a movement that came to its end; it is to be reported."""
    outcome = desk.counter.card_books.outcome(movement_id)
    if outcome is None:
        raise InvariantError("a movement is done and nothing is known of it")
    desk.counter.desk.reported()
    return outcome
