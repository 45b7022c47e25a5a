"""PC/SC readers, kinds of card, and value on cards. Knows `vouchers` and nothing else of ours.

How a composition root uses it:

    readers = PcscReaders()                    # or virtual.reader.SimulatedReader()
    stop = readers.watch(on_event)             # CardSeen, CardTaken, ReadersChanged; own thread
    ring = KeyRing.unsealed(keyring.get_password(...))
    desk = PurseDesk(ring, journal, limit, admit)

    # on CardSeen, on the till's own card worker, never on the UI thread:
    card = readers.connect(seen.reader)        # exclusive; each exchange has a deadline
    try:
        match recognise(card, seen.atr):
            case CardKind.PURSE:  desk.show(card), desk.pay(card, due), desk.load(card, amount)
            case CardKind.DESFIRE:  prepare(card, ring, currency, on_step)        # blank cards
            case kind:  identify(card, kind, ring, bare_uid_cap)                  # key cards
    finally:
        card.close()

`journal` fulfils `purse.journal.CardJournal` on the till's database: `intend` and `advance` are
one durable transaction each, and `advance(..., DONE)` is where the ledger entry is written, on
the card's account (vouchers.cards). On start the till may make every `intent` void:
its Commit never left. A `doubt` is settled by the next tap of that card at this till; elsewhere
the movement that took the next counter names, as `follows`, the one it found on the card, and
that tells the server. `CardInDoubt` asks for the same card again, `NothingMoved` for a repeat
with a new id; every other `OperatingError` has moved nothing.

`readers.list_readers` is enough for a doctor; `waiting.wait_for_card` for a script.
`python -m cardreader.virtual` is a card to hold to a virtual PC/SC reader.
"""
