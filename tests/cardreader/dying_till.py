"""A till in its own process that loads a card and is switched off at one step of its journal.

python -m tests.cardreader.dying_till READER JOURNAL STEP before|after
"""

import os
import sys

from cardreader.pcsc_card import connect
from cardreader.purse.desk import PurseDesk
from tests.cardreader.journal import SqliteJournal, TillDied
from tests.cardreader.venue import LIMIT, RING, eur

DIED = 9


def main(reader: str, journal: str, step: str, when: str) -> None:
    mortal = SqliteJournal(journal, int(step), after=when == "after")
    try:
        PurseDesk(RING, mortal, LIMIT).load(connect(reader), eur(25_00))
    except TillDied:
        os._exit(DIED)  # no goodbye to card, service or database


if __name__ == "__main__":
    main(*sys.argv[1:])
