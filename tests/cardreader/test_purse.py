"""A purse card at the counter: prepared, loaded, paid from, shown."""

import pytest

from cardreader.keys import KeyRing, Role
from cardreader.purse.desk import PurseDesk
from cardreader.purse.prepare import Step, prepare
from tests.cardreader.held import HeldCard
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.venue import (
    DEBIT_RING,
    LIMIT,
    NEXT_RING,
    RING,
    STRANGER,
    blank,
    eur,
    key_set,
    on_card,
    purse,
)
from vouchers.errors import Reason, Refused
from vouchers.money import Money


@pytest.fixture
def desk() -> PurseDesk:
    return PurseDesk(RING, SqliteJournal(":memory:"), LIMIT)


def test_blank_to_loaded_to_paid(desk: PurseDesk) -> None:
    chip = blank()
    steps: list[Step] = []
    assert prepare(HeldCard(chip), RING, "EUR", steps.append) == "04a1b2c3d4e5f6"
    assert steps == list(Step)
    loaded = desk.load(HeldCard(chip), eur(50_00))
    paid = desk.pay(HeldCard(chip), eur(12_50))
    view = desk.show(HeldCard(chip))
    assert view.balance == eur(37_50)
    assert view.counter == 2
    assert [record.amount.minor for record in view.records] == [-12_50, 50_00, 0]
    assert view.records[0].movement_id == paid.movement_id
    assert paid.follows == loaded.movement_id
    assert on_card(chip) == 37_50


def test_the_log_keeps_the_last_eight(desk: PurseDesk) -> None:
    chip = purse()
    for cents in range(1, 13):
        desk.load(HeldCard(chip), eur(cents))
    view = desk.show(HeldCard(chip))
    assert [record.amount.minor for record in view.records] == list(range(12, 4, -1))


def test_paying_partly_takes_what_there_is(desk: PurseDesk) -> None:
    chip = purse()
    desk.load(HeldCard(chip), eur(8_00))
    with pytest.raises(Refused) as too_little:
        desk.pay(HeldCard(chip), eur(12_50))
    assert too_little.value.reason is Reason.INSUFFICIENT
    assert too_little.value.details["rest"] == eur(4_50)
    assert desk.pay(HeldCard(chip), eur(12_50), partly=True).amount == eur(-8_00)
    with pytest.raises(Refused) as empty:
        desk.pay(HeldCard(chip), eur(1), partly=True)
    assert empty.value.reason is Reason.EMPTY


def test_a_full_card_is_refused_before_anything_is_sent(desk: PurseDesk) -> None:
    chip = purse()
    desk.load(HeldCard(chip), LIMIT)
    with pytest.raises(Refused) as full:
        desk.load(HeldCard(chip), eur(1))
    assert full.value.key == "card_full"
    assert on_card(chip) == LIMIT.minor


def test_the_card_itself_refuses_beyond_its_limit() -> None:
    journal = SqliteJournal(":memory:")
    desk = PurseDesk(RING, journal, eur(2**40))
    chip = purse()
    desk.load(HeldCard(chip), eur(2**31 - 1))
    with pytest.raises(Refused) as full:
        desk.load(HeldCard(chip), eur(1))
    assert full.value.key == "card_full"
    assert journal.states() == ["done", "void"]


def test_a_till_without_the_load_key_cannot_load() -> None:
    chip = purse()
    PurseDesk(RING, SqliteJournal(":memory:"), LIMIT).load(HeldCard(chip), eur(10_00))
    desk = PurseDesk(DEBIT_RING, SqliteJournal(":memory:"), LIMIT)
    with pytest.raises(Refused) as no_key:
        desk.load(HeldCard(chip), eur(1_00))
    assert no_key.value.key == "card_role_missing"
    assert desk.pay(HeldCard(chip), eur(1_00)).balance_after == eur(9_00)


def test_the_debit_key_cannot_credit() -> None:
    chip = purse()
    masters = key_set(1).masters
    forged = KeyRing(b"museum", [key_set(1)], 1)
    forged.sets[0].masters[Role.LOAD] = masters[Role.DEBIT]
    with pytest.raises(Refused) as foreign:
        PurseDesk(forged, SqliteJournal(":memory:"), LIMIT).load(HeldCard(chip), eur(1_00))
    assert foreign.value.key == "card_foreign"
    assert on_card(chip) == 0


def test_another_currency_is_refused(desk: PurseDesk) -> None:
    with pytest.raises(Refused) as currency:
        desk.load(HeldCard(purse()), Money(1_00, "CHF"))
    assert currency.value.reason is Reason.CURRENCY


@pytest.mark.parametrize("amount", [0, -1])
def test_amounts_are_positive(desk: PurseDesk, amount: int) -> None:
    with pytest.raises(Refused):
        desk.load(HeldCard(purse()), eur(amount))
    with pytest.raises(Refused):
        desk.pay(HeldCard(purse()), eur(amount))


def test_a_strangers_purse_and_a_blank_card_are_told_apart(desk: PurseDesk) -> None:
    foreign = blank()
    prepare(HeldCard(foreign), STRANGER, "EUR")
    with pytest.raises(Refused) as stranger:
        desk.show(HeldCard(foreign))
    with pytest.raises(Refused) as unmade:
        desk.show(HeldCard(blank()))
    assert (stranger.value.key, unmade.value.key) == ("card_foreign", "card_not_a_purse")
    with pytest.raises(Refused) as kept:
        prepare(HeldCard(foreign), RING, "EUR")
    assert kept.value.key == "card_foreign"


def test_a_card_in_other_use_is_left_alone() -> None:
    chip = blank()
    chip.exchange(bytes.fromhex("90CA000005ABCDEF0F8100"))
    before = chip.store.memory.master.secret
    with pytest.raises(Refused) as used:
        prepare(HeldCard(chip), RING, "EUR")
    assert used.value.key == "card_not_blank"
    assert chip.store.memory.master.secret == before


def test_new_keys_keep_the_balance_and_old_tills_say_why(desk: PurseDesk) -> None:
    chip = purse()
    desk.load(HeldCard(chip), eur(20_00))
    prepare(HeldCard(chip), NEXT_RING, "EUR")
    newer = PurseDesk(NEXT_RING, SqliteJournal(":memory:"), LIMIT)
    assert newer.pay(HeldCard(chip), eur(5_00)).balance_after == eur(15_00)
    with pytest.raises(Refused) as unknown:
        desk.show(HeldCard(chip))
    assert unknown.value.key == "card_keys_unknown"


def test_the_counter_at_its_end(desk: PurseDesk) -> None:
    chip = purse()
    desk.load(HeldCard(chip), eur(5_00))
    (application,) = chip.store.memory.applications.values()
    log = application.files[2].records  # type: ignore[union-attr]
    log[-1] = log[-1][:16] + b"\xff\xff\xff\xff" + log[-1][20:]
    with pytest.raises(Refused) as worn:
        desk.pay(HeldCard(chip), eur(1))
    assert worn.value.key == "card_worn"


def test_a_card_whose_value_and_log_differ_is_refused(desk: PurseDesk) -> None:
    chip = purse()
    (application,) = chip.store.memory.applications.values()
    application.files[1].value = 99_00  # type: ignore[union-attr]
    with pytest.raises(Refused) as lies:
        desk.show(HeldCard(chip))
    assert lies.value.key == "card_contradicts_itself"


def test_a_blocked_card_is_refused_before_anything_changes() -> None:
    def blocked(uid: str, balance: Money) -> None:
        raise Refused(Reason.BLOCKED, uid=uid, balance=balance)

    chip, journal = purse(), SqliteJournal(":memory:")
    desk = PurseDesk(RING, journal, LIMIT, blocked)
    for operation in (desk.load, desk.pay):
        with pytest.raises(Refused) as refused:
            operation(HeldCard(chip), eur(5_00))
        assert refused.value.reason is Reason.BLOCKED
    assert journal.states() == []


def test_keys_do_not_show() -> None:
    text = repr(RING) + str(RING)
    assert all(
        secret.hex() not in text and repr(secret) not in text
        for keys in RING.sets
        for secret in keys.masters.values()
    )
    assert KeyRing.unsealed(RING.sealed()) == RING
