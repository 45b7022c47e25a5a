"""Cards that are keys, on a reader: who they are, and what is paid and loaded through them."""

from cardreader.key_cards import Identity, identify, prepare_key_card
from cardreader.kinds import CardKind
from cardreader.protocols import Card
from till.cards import CardDesk, Paid, not_a_purse
from till.counter.cards import CARD_MADE
from till.counter.checkout import Committed
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.counter.voucher_share import share_of
from vouchers.errors import Reason, Refused
from vouchers.people import User
from vouchers.voucher import VoucherKind

_TAKE_KEYS = (CardKind.DESFIRE, CardKind.DESFIRE_KEY, CardKind.NTAG_424)


def who(desk: CardDesk, card: Card, kind: CardKind) -> Identity:
    """Whose card this is. Raises Refused for what cannot be a key here."""
    if kind is CardKind.DESFIRE:
        raise Refused(Reason.NOT_ALLOWED, not_a_purse(kind))
    return identify(card, kind, desk.keys(), desk.counter.catalogue().bare_uid_cap)


def make(desk: CardDesk, card: Card, kind: CardKind, cashier: User) -> Identity:
    """Give a blank card its key, or a newer one, and say whose it is.

    Where the venue lets bare UIDs count, a card that can have no key is taken as it is. Raises
    Refused (not_allowed) for any other card; taken away meanwhile, it is simply made again.
    """
    if kind is CardKind.PURSE:
        raise Refused(Reason.NOT_ALLOWED, "card_is_a_purse")
    if kind in _TAKE_KEYS:
        prepare_key_card(card, kind, desk.keys())
        kind = CardKind.NTAG_424 if kind is CardKind.NTAG_424 else CardKind.DESFIRE_KEY
    known = who(desk, card, kind)
    desk.counter.cards.note(cashier, CARD_MADE, desk.counter.key_cards.name(known))
    return known


def pay(desk: CardDesk, found: Found, sale: Sale, cashier: User, *, partly: bool = False) -> Paid:
    """Take what is due from the account a card opens; `partly` takes what there is of it.

    Raises Refused with nothing taken.
    """
    account, redemption = found.account, desk.counter.redemption
    if account.voucher.kind is VoucherKind.SERVICE:
        after = redemption.add(sale, found)
    else:
        amount = share_of(sale, account.balance) if partly else sale.rest
        after = redemption.add(sale, found, amount)
    redeemed = after.redeemed[-1]
    if after.rest or after.onto_card:
        return Paid(redeemed=redeemed, sale=after, committed=None)
    try:
        done = desk.counter.checkout.commit(after, cashier)
    except BaseException:
        redemption.remove(after, redeemed.entry_id)
        raise
    return Paid(redeemed=redeemed, sale=after, committed=done)


def load(desk: CardDesk, found: Found, sale: Sale, cashier: User) -> Committed:
    """Add what a paid sale puts onto a card to the account the card opens. Raises Refused."""
    if found.cap is not None and found.cap < found.account.balance + sale.onto_card:
        raise Refused(Reason.AMOUNT, "key_card_above_cap", cap=found.cap)
    return desk.counter.checkout.commit_onto(sale, found.account, cashier)
