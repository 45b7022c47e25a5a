"""Cards and readers come and go; the watch notices all of it and survives the service."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardreader.errors import CardServiceAway, CardsNotInstalled
from cardreader.protocols import CardSeen, CardTaken, ReaderEvent, ReadersChanged
from cardreader.readers import PcscReaders, list_readers
from cardreader.slots import Slot as SlotKind
from cardreader.slots import slot_of
from tests.cardreader.pcscd import Daemon
from tests.cardreader.slot import slot
from tests.cardreader.waiting import eventually


class Witness:
    """Collects events in their order."""

    def __init__(self) -> None:
        self.events: list[ReaderEvent] = []

    def __call__(self, event: ReaderEvent) -> None:
        self.events.append(event)

    def wait_for(self, event: ReaderEvent) -> None:
        eventually(lambda: event in self.events, lambda: str(self.events))


@pytest.fixture
def witness() -> Iterator[Witness]:
    seen = Witness()
    stop = PcscReaders().watch(seen)
    yield seen
    stop()
    assert "card readers" not in {thread.name for thread in threading.enumerate()}


def test_two_cards_come_and_go(daemon: Daemon, witness: Witness, tmp_path: Path) -> None:
    with slot(daemon, tmp_path / "1") as first, slot(daemon, tmp_path / "2", 1) as second:
        atr = bytes.fromhex("3B8180018080")
        with first.tapped():
            witness.wait_for(CardSeen(first.reader, atr))
            with second.tapped():
                witness.wait_for(CardSeen(second.reader, atr))
            witness.wait_for(CardTaken(second.reader))
        witness.wait_for(CardTaken(first.reader))
        readers = (first.reader, second.reader)
    assert witness.events[0] == ReadersChanged(readers)
    assert len(witness.events) == 5


def test_the_service_is_killed_and_comes_back(
    daemon: Daemon, witness: Witness, tmp_path: Path
) -> None:
    eventually(lambda: len(list_readers()) == 2, daemon.trouble)
    both = ReadersChanged(tuple(list_readers()))
    witness.wait_for(both)
    for _ in range(2):
        witness.events.clear()
        daemon.kill()
        witness.wait_for(ReadersChanged((), service=False))
        daemon.start()
        witness.wait_for(both)
    with slot(daemon, tmp_path / "card") as card, card.tapped():
        witness.wait_for(CardSeen(card.reader, bytes.fromhex("3B8180018080")))


def test_readers_are_unplugged_with_a_card_on_one(
    daemon: Daemon, witness: Witness, tmp_path: Path
) -> None:
    with slot(daemon, tmp_path / "card") as card:
        reader = card.reader
        with card.tapped():
            witness.wait_for(CardSeen(reader, bytes.fromhex("3B8180018080")))
            daemon.unplug()
            witness.wait_for(CardTaken(reader))
            witness.wait_for(ReadersChanged(()))
            daemon.plug_in()
            eventually(lambda: reader in list_readers(), daemon.trouble)
    assert ReadersChanged((reader, list_readers()[1])) in witness.events


def test_a_listener_that_fails_does_not_blind_the_watch(
    daemon: Daemon, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Witness()

    def clumsy(event: ReaderEvent) -> None:
        seen(event)
        if isinstance(event, CardSeen) and len(seen.events) < 3:
            raise ValueError("a mistake in a screen")

    stop = PcscReaders().watch(clumsy)
    with slot(daemon, tmp_path / "card") as card:
        for _ in range(2):
            seen.events[1:] = []
            with card.tapped():
                seen.wait_for(CardSeen(card.reader, bytes.fromhex("3B8180018080")))
            seen.wait_for(CardTaken(card.reader))
    stop()
    assert "a mistake in a screen" in caplog.text


def test_idle_costs_close_to_nothing(daemon: Daemon, witness: Witness) -> None:
    eventually(lambda: len(list_readers()) == 2, daemon.trouble)
    spent = time.process_time()
    threading.Event().wait(1.0)
    assert time.process_time() - spent < 0.02


def test_without_a_service_it_says_so(daemon: Daemon) -> None:
    daemon.kill()
    try:
        with pytest.raises(CardServiceAway):
            list_readers()
    finally:
        daemon.start()


def test_without_pyscard_all_else_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "smartcard.scard", None)
    with pytest.raises(CardsNotInstalled):
        list_readers()
    seen = Witness()
    stop = PcscReaders().watch(seen)
    seen.wait_for(ReadersChanged((), service=False))
    stop()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ACS ACR122U PICC Interface 00 00", SlotKind.FIELD),
        ("ACS ACR1252 1S CL Reader PICC 0", SlotKind.FIELD),
        ("ACS ACR1252 1S CL Reader SAM 0", SlotKind.SAM),
        ("ACS ACR1281 1S Dual Reader ICC 0", SlotKind.CONTACT),
        ("ACS ACR1281 1S Dual Reader PICC 0", SlotKind.FIELD),
        (
            "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422CL Smartcard Reader] 00 00",
            SlotKind.FIELD,
        ),
        ("Identiv uTrust 3700 F CL Reader [uTrust 3700 F CL Reader] 00 00", SlotKind.FIELD),
        ("SCM Microsystems Inc. SDI010 Contactless Reader 0", SlotKind.FIELD),
        ("SCM Microsystems Inc. SDI010 Contact Reader 0", SlotKind.CONTACT),
        ("SpringCard H663 Contactless 0", SlotKind.FIELD),
        ("SpringCard H663 SAM AV 0", SlotKind.SAM),
        ("Virtual PCD 00 00", SlotKind.FIELD),
    ],
)
def test_slots_are_told_apart_by_name(name: str, kind: SlotKind) -> None:
    assert slot_of(name) is kind
