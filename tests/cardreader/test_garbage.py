"""Whatever a card answers, the till stays up, and no answer is believed that is not proven."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardreader.key_cards import identify, prepare_key_card
from cardreader.kinds import CardKind
from cardreader.purse.desk import PurseDesk
from cardreader.purse.prepare import prepare
from cardreader.recognition import recognise
from cardreader.virtual.chip import Chip
from tests.cardreader.held import HeldCard
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.sweep import Operation, Till, check, chip_of, load, pay, pulls, settle
from tests.cardreader.venue import LIMIT, RING, UID, eur, on_card, purse
from vouchers.errors import OperatingError

ENDINGS = st.sampled_from([b"", b"\x91\x00", b"\x91\xaf", b"\x91\xae", b"\x90\x00", b"\x6a\x82"])
ANSWERS = st.lists(st.builds(bytes.__add__, st.binary(max_size=64), ENDINGS), min_size=1)


class Babbler:
    """Answers in turn whatever it was given, over and over."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers
        self._at = 0

    def transmit(self, apdu: bytes) -> bytes:
        if apdu.startswith(b"\xff\xca"):
            return UID + b"\x90\x00"
        self._at += 1
        return self._answers[self._at % len(self._answers)]

    def close(self) -> None: ...


@settings(max_examples=300)
@given(ANSWERS, st.sampled_from(["show", "load", "prepare", "recognise", "key", "tag"]))
def test_babble_is_told_to_the_cashier(answers: list[bytes], what: str) -> None:
    card = Babbler(answers)
    desk = PurseDesk(RING, SqliteJournal(":memory:"), LIMIT)
    work: dict[str, Callable[[], object]] = {
        "show": lambda: desk.show(card),
        "load": lambda: desk.load(card, eur(1_00)),
        "prepare": lambda: prepare(card, RING, "EUR"),
        "recognise": lambda: recognise(card, b""),
        "key": lambda: identify(card, CardKind.DESFIRE_KEY, RING),
        "tag": lambda: prepare_key_card(card, CardKind.NTAG_424, RING),
    }
    try:
        result = work[what]()
    except OperatingError:
        return
    assert what == "recognise"
    assert isinstance(result, CardKind)


class Meddled(HeldCard):
    """A card between whom and the reader somebody flips one bit of one answer."""

    def __init__(self, chip: Chip, at: int, bit: int) -> None:
        super().__init__(chip)
        self._at, self._bit = at, bit

    def transmit(self, apdu: bytes) -> bytes:
        answer = super().transmit(apdu)
        if self.exchanges != self._at:
            return answer
        place = self._bit % (len(answer) * 8)
        changed = int.from_bytes(answer, "big") ^ 1 << place
        return changed.to_bytes(len(answer), "big")


@pytest.mark.parametrize("operation", [load, pay])
def test_no_flipped_bit_moves_a_cent(operation: Operation, tmp_path: Path) -> None:
    chip = purse()
    assert Till(tmp_path / "before.sqlite").does(load, HeldCard(chip))
    memory, before = chip.store.memory, on_card(chip)
    for pull in pulls(memory, operation, tmp_path):
        for bit in (0, 7, 16, 40, 77):
            torn = chip_of(memory)
            till = Till(tmp_path / f"{pull.at}-{pull.after}-{bit}.sqlite")
            till.does(operation, Meddled(torn, pull.at, bit))
            assert till.does(settle, HeldCard(torn))
            check(torn, before, till)
