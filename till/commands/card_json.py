"""Cards and their movements as scripts read them."""

from cardreader.purse.journal import CardMovement
from till.card_shown import CardShown
from till.commands.outcome import Json, account_json
from till.counter.accounts import Statement
from till.counter.card_books import CardOutcome
from till.counter.card_touched import CardTouched
from till.counter.checkout import Committed
from till.counter.redemption import Found

ENTRIES_SHOWN = 8


def shown(card: CardShown) -> Json:
    """A purse card beside its account."""
    account = card.account
    return {
        "id": card.voucher.voucher_id,
        "uid": card.view.uid,
        "last4": card.voucher.last4,
        "basis": "card",
        "balance": card.view.balance,
        "counter": card.view.counter,
        "records": [
            {
                "id": one.movement_id,
                "counter": one.counter,
                "amount": one.amount,
                "balance": one.balance_after,
            }
            for one in card.view.records
            if one.counter
        ],
        "account": None
        if account is None
        else {"balance": account.balance, "status": account.status},
        "agrees": card.agrees,
        "settled": [settled(one) for one in card.earlier],
    }


def key(found: Found, statement: Statement) -> Json:
    """A key card: the account it opens, and that account's last entries, newest first."""
    newest = sorted(statement.entries, key=lambda entry: entry.occurred_at, reverse=True)
    return {
        "card": found.card,
        "proven": found.cap is None,
        "cap": found.cap,
        **account_json(found.account, found.basis, found.offline_since),
        "entries": [
            {
                "id": entry.entry_id,
                "kind": entry.kind,
                "amount": entry.amount,
                "at": entry.occurred_at,
                "reference": entry.reference,
            }
            for entry in newest[:ENTRIES_SHOWN]
        ],
    }


def loaded(done: Committed) -> Json:
    """What a sale put onto a card."""
    on_card = [one for one in done.receipt.vouchers if not one.code]
    return {
        "vouchers": [
            {
                "id": one.voucher_id,
                "code": None,
                "last4": one.last4,
                "value": one.value,
                "balance": one.balance,
                "expires": one.expires_on,
            }
            for one in on_card
        ],
        "amount": on_card[-1].value,
        "balance": on_card[-1].balance,
    }


def paid(committed: Committed) -> Json:
    """What a card paid, and what was bought with it."""
    given = committed.redeemed[-1]
    return {
        "redeemed": [
            {"id": given.voucher.voucher_id, "amount": given.amount, "balance": given.balance}
        ],
        "balance": given.balance,
        "vouchers": [
            {"id": new.voucher.voucher_id, "code": new.code.grouped, "value": new.voucher.value}
            for new in committed.vouchers
        ],
    }


def stopped(card: CardTouched) -> Json:
    """What a card told or had back first; nothing else was done with it."""
    return {
        "last4": card.last4,
        "basis": "card",
        "balance": card.balance,
        "settled": [settled(one) for one in card.earlier],
        "put_back": card.put_back,
    }


def settled(outcome: CardOutcome) -> Json:
    """What became of a movement that was in doubt."""
    committed = outcome.committed
    return {
        "id": outcome.movement_id,
        "amount": outcome.amount,
        "state": "done" if outcome.done else "void",
        "receipt": committed.receipt.number if committed else None,
    }


def movement(one: CardMovement) -> Json:
    """A movement whose end is not known."""
    return {
        "id": one.movement_id,
        "uid": one.uid,
        "amount": one.amount,
        "counter": one.counter,
    }
