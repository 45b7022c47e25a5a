"""Doubts about cards, shared by the tills of a venue: wherever a card shows up, it settles them."""

from uuid import UUID

from cardreader.purse.journal import CardMovement, CardState
from cardreader.purse.layout import PurseRecord
from sync.link import NotSignedIn, Unreachable
from sync.wire import CardRecord, CardReport
from till.counter.cards import Cards
from till.counter.desk import Desk
from till.store.card_journal import OpenMovement, advance, mark_told, unsettled


def tell_seen(desk: Desk, card: UUID, records: list[PurseRecord]) -> None:
    """Tell the server what a card remembers, for tills that wait to hear of it. Best effort."""
    if not desk.line.state.online:
        return
    seen = [
        CardRecord(
            entry_id=one.movement_id,
            counter=one.counter,
            amount=one.amount,
            balance=one.balance_after,
        )
        for one in records
    ]
    try:
        desk.server.report_card(CardReport(voucher_id=card, records=seen, asks_from=2**32))
    except (Unreachable, NotSignedIn):
        desk.line.failed()


def settle_elsewhere(desk: Desk, cards: Cards) -> int:
    """Report this till's doubts and settle those of which others know more; how many that were.

    Raises Unreachable, NotSignedIn.
    """
    with desk.database.read() as work:
        doubts = [one for one in unsettled(work) if one.state is CardState.DOUBT]
    return sum(_settle(desk, cards, one) for one in doubts)


def verdict(movement: CardMovement, known: list[CardRecord]) -> CardState | None:
    """What became of a movement, by what others saw at its place in the card's life.

    Two different movements at one place are a card that lies: that settles nothing.
    """
    there = {one.entry_id for one in known if one.counter == movement.counter}
    if there == {movement.movement_id}:
        return CardState.DONE
    if there and movement.movement_id not in there:
        return CardState.VOID
    return None


def _settle(desk: Desk, cards: Cards, one: OpenMovement) -> bool:
    movement = one.movement
    card = cards.account_id(movement.uid)
    asked = CardReport(
        voucher_id=card,
        doubts=[] if one.told else [_record(movement)],
        asks_from=movement.counter,
    )
    state = verdict(movement, desk.server.report_card(asked).records)
    with desk.database.write() as work:
        mark_told(work, [movement.movement_id])
        if state is None or movement not in [each.movement for each in unsettled(work)]:
            return False
        advance(work, cards, movement.movement_id, state)
    if state is CardState.VOID:
        desk.server.report_card(
            CardReport(voucher_id=card, never_happened=[movement.movement_id], asks_from=2**32)
        )
    desk.reported()
    return True


def _record(movement: CardMovement) -> CardRecord:
    return CardRecord(
        entry_id=movement.movement_id,
        counter=movement.counter,
        amount=movement.amount,
        balance=movement.balance_after,
    )
