"""Doubts about cards, shared by the tills of a venue: wherever a card shows up, it settles them."""

import threading
from uuid import UUID

from cardreader.purse.journal import CardMovement, CardState
from cardreader.purse.layout import PurseRecord
from process.threads import LastingThread
from sync.link import NotSignedIn, Unreachable
from sync.wire.cards import CardHistory, CardRecord, CardReport
from till.counter.counter import Counter
from till.store.card_journal import OpenMovement, advance, disproved, mark_told, unsettled

NOTHING_ASKED = 2**32
"""Asks for no records: beyond every number in a card's life."""

ROUND_S = 20.0
"""A doubt is settled this soon after another till has seen the card."""


def tell_seen(counter: Counter, card: UUID, records: list[PurseRecord]) -> list[CardRecord]:
    """Tell the server what a card remembers, for tills that wait to hear of it.

    Returns the movements on this card that some till is in doubt about. Raises Unreachable,
    NotSignedIn.
    """
    seen = [_wired(one) for one in records]
    report = CardReport(voucher_id=card, records=seen, asks_from=NOTHING_ASKED)
    return counter.desk.server.report_card(report).doubts


def tell_never_happened(
    counter: Counter, card: UUID, doubts: list[CardRecord], records: list[PurseRecord]
) -> None:
    """Tell which doubts of other tills came to nothing. Raises Unreachable, NotSignedIn.

    `records` are from a look at the card after the answer that named the doubts: a card that
    has not reached a movement's number by then never will with that movement.
    """
    newest = records[0].counter
    _report_never(counter, card, [one.entry_id for one in doubts if one.counter > newest])


def settle_elsewhere(counter: Counter) -> int:
    """Report this till's doubts and settle those of which others know more; how many that were.

    Raises Unreachable, NotSignedIn.
    """
    with counter.desk.database.read() as work:
        doubts = [one for one in unsettled(work) if one.state is CardState.DOUBT]
        told_in_vain = disproved(work)
    for movement in told_in_vain:
        _report_never(counter, counter.cards.account_id(movement.uid), [movement.movement_id])
        with counter.desk.database.write() as work:
            mark_told(work, [movement.movement_id], told=False)
    return sum(_settle(counter, one) for one in doubts)


def verdict(movement: CardMovement, known: CardHistory) -> CardState | None:
    """What became of a movement, by what others saw at its place in the card's life.

    Two different movements at one place are a card that lies: that settles nothing.
    """
    there = {one.entry_id for one in known.records if one.counter == movement.counter}
    if there == {movement.movement_id}:
        return CardState.DONE
    if movement.movement_id in there:
        return None
    return CardState.VOID if there or movement.movement_id in known.never_happened else None


class DoubtRound:
    """Settles doubts while the till is open: every ROUND_S, whenever there are any."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._stopping = threading.Event()
        self._thread = LastingThread("card-doubts", self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the round under way."""
        self._stopping.set()
        self._thread.end()
        self._thread.join()

    def go_round(self) -> None:
        """One round; without the server the next one will do."""
        line = self._counter.desk.line
        if line.state.online:
            try:
                settle_elsewhere(self._counter)
            except (Unreachable, NotSignedIn) as away:
                line.failed(away)

    def _run(self) -> None:
        while not self._stopping.wait(ROUND_S):
            self.go_round()


def _settle(counter: Counter, one: OpenMovement) -> bool:
    movement, desk = one.movement, counter.desk
    asked = CardReport(
        voucher_id=counter.cards.account_id(movement.uid),
        doubts=[] if one.told else [_wired(movement.record())],
        asks_from=movement.counter,
    )
    state = verdict(movement, desk.server.report_card(asked))
    with desk.database.write() as work:
        mark_told(work, [movement.movement_id], told=True)
        if state is None or movement not in [each.movement for each in unsettled(work)]:
            return False
        advance(work, counter.card_books, movement.movement_id, state)
    desk.reported()
    return True


def _report_never(counter: Counter, card: UUID, never: list[UUID]) -> None:
    if never:
        report = CardReport(voucher_id=card, never_happened=never, asks_from=NOTHING_ASKED)
        counter.desk.server.report_card(report)


def _wired(record: PurseRecord) -> CardRecord:
    return CardRecord(
        entry_id=record.movement_id,
        counter=record.counter,
        amount=record.amount,
        balance=record.balance_after,
    )
