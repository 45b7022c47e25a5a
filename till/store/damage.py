"""What a till keeps and cannot read: found by reading all of it, which no day's work does."""

from till.store import card_journal, incidents, receipts, settings
from till.store.database import Work
from vouchers.reading import noticing


def left_out(work: Work) -> list[str]:
    """A line for each record that is passed over wherever it would be used."""
    with noticing() as noticed:
        settings.read_anew(work)
        receipts.every(work)
        incidents.all_open(work)
        card_journal.unsettled(work)
    return noticed
