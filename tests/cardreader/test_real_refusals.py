"""Cards that are refused, and keys that are proven, through the real PC/SC stack."""

from pathlib import Path

import pytest

from cardreader.errors import NoCard
from cardreader.key_cards import identify, prepare_key_card
from cardreader.kinds import CardKind
from cardreader.pcsc_card import connect
from cardreader.purse.desk import PurseDesk
from cardreader.purse.prepare import prepare
from cardreader.readers import PcscReaders
from cardreader.recognition import recognise
from cardreader.waiting import wait_for_card
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.pcscd import Daemon
from tests.cardreader.slot import DEADLINE_MS, slot
from tests.cardreader.venue import LIMIT, RING, STRANGER, blank, eur, purse
from vouchers.errors import Refused


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A finished purse in a file, for a virtual card to be."""
    path = tmp_path / "card.json"
    purse(path)
    return path


def desk() -> PurseDesk:
    return PurseDesk(RING, SqliteJournal(":memory:"), LIMIT)


def test_wrong_keys_and_a_foreign_application(daemon: Daemon, tmp_path: Path) -> None:
    till = desk()
    with slot(daemon, tmp_path / "card.json") as card, card.tapped() as held:
        held.transmit(bytes.fromhex("90CA000005ABCDEF0F8100"))
        with pytest.raises(Refused) as used:
            prepare(held, RING, "EUR")
        held.transmit(bytes.fromhex("905A00000300000000"))
    with slot(daemon, tmp_path / "other.json") as card, card.tapped() as held:
        prepare(held, STRANGER, "EUR")
        with pytest.raises(Refused) as foreign:
            till.show(held)
    assert (used.value.key, foreign.value.key) == ("card_not_blank", "card_foreign")


def test_a_full_value_file(daemon: Daemon, store: Path) -> None:
    till = PurseDesk(RING, SqliteJournal(":memory:"), eur(2**40))
    with slot(daemon, store) as card, card.tapped() as held:
        till.load(held, eur(2**31 - 1))
        with pytest.raises(Refused) as full:
            till.load(held, eur(1))
        assert full.value.key == "card_full"
        assert till.show(held).balance == eur(2**31 - 1)


def test_a_counter_at_its_end(daemon: Daemon, store: Path) -> None:
    chip = blank(store)
    (application,) = chip.store.memory.applications.values()
    log = application.files[2].records  # type: ignore[union-attr]
    log[-1] = log[-1][:16] + b"\xff\xff\xff\xff" + log[-1][20:]
    chip.store.save()
    with slot(daemon, store) as card, card.tapped() as held:
        with pytest.raises(Refused) as worn:
            desk().load(held, eur(1))
        assert worn.value.key == "card_worn"


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("classic", "card_can_be_copied"),
        ("ultralight", "card_can_be_copied"),
        ("bank", "card_is_bank_card"),
        ("ntag424", "card_foreign"),
    ],
)
def test_other_cards_are_refused_with_the_reason(daemon: Daemon, kind: str, refusal: str) -> None:
    with slot(daemon, None, kind=kind) as card, card.tapped() as held:
        seen = wait_for_card(PcscReaders(), card.reader, 5_000)
        with pytest.raises(Refused) as refused:
            identify(held, recognise(held, seen.atr), RING)
        assert refused.value.key == refusal


def test_a_tag_is_made_a_key_and_proves_itself(daemon: Daemon) -> None:
    with slot(daemon, None, kind="ntag424") as card, card.tapped() as held:
        uid = prepare_key_card(held, CardKind.NTAG_424, RING)
        identity = identify(held, CardKind.NTAG_424, RING)
    assert (identity.uid, identity.proven) == (uid, True)


def test_no_card_on_the_reader(daemon: Daemon, store: Path) -> None:
    with slot(daemon, store) as card, pytest.raises(NoCard):
        connect(card.reader, DEADLINE_MS)
