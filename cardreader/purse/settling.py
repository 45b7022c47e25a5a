"""What became of a movement this till left open, told by the card itself."""

from cardreader.purse.journal import CardJournal, CardMovement, CardState
from cardreader.purse.layout import PurseRecord
from cardreader.purse.open_purse import OpenPurse


def settle_open(purse: OpenPurse, journal: CardJournal) -> None:
    """Settle every open movement of the card in the field as far as the card can tell."""
    movements = journal.open_movements(purse.uid)
    if not movements:
        return
    log = purse.log()
    for movement in movements:
        state = outcome(movement, log)
        if state is not None:
            journal.advance(movement.movement_id, state)


def outcome(movement: CardMovement, log: list[PurseRecord]) -> CardState | None:
    """`done` or `void`, or None when the card has forgotten.

    Each counter is taken once in a card's life. If ours is not reached yet, we never committed;
    if it is, whoever stands there did. Beyond the card's memory only the ledger knows: the
    movement that took the next counter names the one it found.
    """
    if log[0].counter < movement.counter:
        return CardState.VOID
    for record in log:
        if record.counter == movement.counter:
            same = record.movement_id == movement.movement_id
            return CardState.DONE if same else CardState.VOID
    return None
