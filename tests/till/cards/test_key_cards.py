"""Key cards at tills of one venue: tied, paid with, loaded, offline, lost, and bare UIDs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardreader.protocols import CardSeen
from cardreader.virtual.chip import Chip
from cardreader.virtual.kinds import chip_of_kind
from cardreader.virtual.reader import NAME, SimulatedReader
from sync import outbox
from sync.feed import follow_pages
from tests.cardreader.venue import UID, eur
from tests.till.cards.venue import CASHIER, CATALOGUE, Ledger, LivingTill, enrol, living
from till import key_cards
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_purpose import card_load
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import settings
from vouchers.errors import Refused
from vouchers.ledger import Basis
from vouchers.money import Money
from vouchers.people import Role, User
from vouchers.voucher import Account, Medium, Voucher

SUPERVISOR = User(user_id="supervisor", name="Sam", role=Role.SUPERVISOR, pin_hash="")
KEYS = ("desfire", "ntag424")


class Hand:
    """A till with a reader, and a hand that holds cards to it."""

    def __init__(self, till: LivingTill, reader: SimulatedReader) -> None:
        self.till, self.reader = till, reader

    def tie(self, chip: Chip, account: Account) -> Voucher:
        with self.till.cards.card(self._tap(chip)) as (card, kind):
            known = key_cards.make(self.till.cards, card, kind, CASHIER)
        return self.till.counter.key_cards.link(known, account, CASHIER)

    def opens(self, chip: Chip) -> Found:
        with self.till.cards.card(self._tap(chip)) as (card, kind):
            return self.till.counter.key_cards.open(key_cards.who(self.till.cards, card, kind))

    def untie(self, chip: Chip) -> None:
        with self.till.cards.card(self._tap(chip)) as (card, kind):
            known = key_cards.who(self.till.cards, card, kind)
        self.till.counter.key_cards.unlink(known, CASHIER)

    def pays(self, chip: Chip, minor: int) -> Money:
        sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, eur(minor))
        paid = key_cards.pay(self.till.cards, self.opens(chip), sale, CASHIER)
        assert paid.committed is not None
        return paid.redeemed.balance

    def sells(self, minor: int) -> Account:
        catalogue = self.till.counter.catalogue()
        sale = Sale.new("EUR").add(catalogue.free_voucher(), 1, eur(minor)).tender(TenderKind.CASH)
        (new,) = self.till.counter.checkout.commit(sale, CASHIER).vouchers
        return self.till.counter.redemption.look_up(new.code.text).account

    def in_step(self) -> None:
        outbox.drain(self.till.books, self.till.desk.server)
        follow_pages(self.till.books, self.till.desk.server)

    def _tap(self, chip: Chip) -> CardSeen:
        self.reader.tap(chip)
        return CardSeen(NAME, chip.atr)


@pytest.fixture
def server(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "server")


@pytest.fixture
def hands(tmp_path: Path, server: Ledger) -> Iterator[tuple[Hand, Hand]]:
    readers = SimulatedReader(), SimulatedReader()
    folders = [enrol(tmp_path / name, name, server) for name in ("A", "B")]
    with (
        living(folders[0], server, readers[0]) as a,
        living(folders[1], server, readers[1]) as b,
    ):
        yield Hand(a, readers[0]), Hand(b, readers[1])


def chip(name: str, uid: bytes = UID) -> Chip:
    return chip_of_kind(name, None, uid)


@pytest.mark.parametrize("name", KEYS)
def test_tied_paid_and_known_at_the_other_till(hands: tuple[Hand, Hand], name: str) -> None:
    a, b = hands
    card, voucher = chip(name), a.sells(50_00)
    tie = a.tie(card, voucher)
    assert a.tie(card, voucher) == tie  # held to the reader once more: nothing new
    assert a.pays(card, 12_50) == eur(37_50)
    a.in_step()
    b.in_step()
    assert b.opens(card).account.balance == eur(37_50)
    assert b.opens(card).card == tie.last4
    assert b.pays(card, 7_50) == eur(30_00)


def test_offline_it_follows_the_rules_for_vouchers(hands: tuple[Hand, Hand]) -> None:
    a, b = hands
    card, voucher = chip("desfire"), a.sells(150_00)
    a.tie(card, voucher)
    a.in_step()
    b.in_step()
    limit = CATALOGUE.offline_limits.per_voucher
    assert limit < eur(150_00)
    b.pays(card, limit.minor)
    with pytest.raises(Refused) as beyond:
        b.pays(card, 1)
    assert beyond.value.key == "offline_limit_reached"


def test_a_card_nobody_has_heard_of_opens_nothing(hands: tuple[Hand, Hand]) -> None:
    a, b = hands
    card, voucher = chip("desfire"), a.sells(20_00)
    a.tie(card, voucher)
    with pytest.raises(Refused) as unknown:
        b.opens(card)
    assert unknown.value.key == "key_card_not_linked"


def test_taken_off_and_tied_to_another(hands: tuple[Hand, Hand]) -> None:
    a, b = hands
    card, first, second = chip("ntag424"), a.sells(20_00), a.sells(30_00)
    a.tie(card, first)
    with pytest.raises(Refused) as taken:
        a.tie(card, second)
    assert taken.value.key == "key_card_linked_already"
    a.untie(card)
    with pytest.raises(Refused):
        a.opens(card)
    a.tie(card, second)
    a.in_step()
    b.in_step()
    assert b.opens(card).account.voucher == second.voucher
    assert b.till.counter.redemption.look_up_digest(first.voucher.code_digest, "").account.balance
    assert a.till.counter.lost_cards.find(second.voucher.last4)[0].voucher.key_card


def test_a_lost_one_is_blocked_everywhere_and_a_new_one_opens_the_voucher(
    hands: tuple[Hand, Hand], server: Ledger
) -> None:
    a, b = hands
    lost, new, voucher = chip("desfire"), chip("desfire", bytes.fromhex("04AABBCCDDEEFF")), None
    voucher = a.sells(40_00)
    tie = a.tie(lost, voucher)
    a.in_step()
    b.in_step()
    (found,) = b.till.counter.lost_cards.find(tie.last4)
    b.till.counter.lost_cards.block(found, supervisor=SUPERVISOR, reason="lost by its owner")
    b.tie(new, b.till.counter.lost_cards.worth(found))
    for hand in (b, a):
        hand.in_step()
    for hand in (b, a):
        with pytest.raises(Refused) as blocked:
            hand.opens(lost)
        assert blocked.value.key == "card_blocked"
        assert hand.opens(new).account.balance == eur(40_00)
    assert server.open_incidents() == []


def test_loaded_with_more(hands: tuple[Hand, Hand], server: Ledger) -> None:
    a, _ = hands
    card, voucher = chip("desfire"), a.sells(20_00)
    a.tie(card, voucher)
    sale = replace(Sale.new("EUR"), medium=Medium.CARD).add(card_load(eur(30_00)))
    done = key_cards.load(a.till.cards, a.opens(card), sale.tender(TenderKind.CASH), CASHIER)
    assert done.receipt.vouchers[0].balance == eur(50_00)
    assert a.opens(card).account.balance == eur(50_00)
    a.in_step()
    assert server.balance(voucher.voucher.voucher_id) == 50_00


def test_two_tills_that_tie_one_card_without_the_server_are_told(
    hands: tuple[Hand, Hand], server: Ledger
) -> None:
    a, b = hands
    card = chip("desfire")
    a.tie(card, a.sells(20_00))
    b.tie(card, b.sells(30_00))
    a.in_step()
    b.in_step()
    assert [kind for kind, _ in server.open_incidents()] == ["terms"]


class TestBareNumbers:
    @pytest.fixture(autouse=True)
    def capped(self, hands: tuple[Hand, Hand]) -> None:
        for hand in hands:
            with hand.till.database.write() as work:
                settings.catalogue.put(work, replace(CATALOGUE, bare_uid_cap=eur(20_00)))

    def test_count_up_to_the_cap_and_are_told_apart(self, hands: tuple[Hand, Hand]) -> None:
        a, _ = hands
        card, small, great = chip("classic"), a.sells(20_00), a.sells(20_01)
        with pytest.raises(Refused) as above:
            a.tie(card, great)
        assert above.value.key == "key_card_above_cap"
        a.tie(card, small)
        found = a.opens(card)
        assert (found.cap, found.account.balance) == (eur(20_00), eur(20_00))
        assert a.pays(card, 5_00) == eur(15_00)
        sale = replace(Sale.new("EUR"), medium=Medium.CARD).add(card_load(eur(6_00)))
        with pytest.raises(Refused):
            key_cards.load(a.till.cards, a.opens(card), sale.tender(TenderKind.CASH), CASHIER)

    def test_a_copied_number_never_passes_for_the_card_that_proves_it(
        self, hands: tuple[Hand, Hand]
    ) -> None:
        a, _ = hands
        a.tie(chip("desfire"), a.sells(20_00))
        with pytest.raises(Refused) as stranger:
            a.opens(chip("classic"))
        assert stranger.value.key == "key_card_not_linked"

    def test_without_the_venues_word_they_open_nothing(self, hands: tuple[Hand, Hand]) -> None:
        a, _ = hands
        card = chip("classic")
        a.tie(card, a.sells(10_00))
        with a.till.database.write() as work:
            settings.catalogue.put(work, CATALOGUE)
        with pytest.raises(Refused) as off:
            a.opens(card)
        assert off.value.key == "card_can_be_copied"


def test_a_service_voucher_on_a_key_card_yields_its_product(hands: tuple[Hand, Hand]) -> None:
    a, _ = hands
    product = next(each for each in CATALOGUE.products if each.yields)
    sale = Sale.new("EUR").add(product).tender(TenderKind.CASH)
    (new,) = a.till.counter.checkout.commit(sale, CASHIER).vouchers
    card = chip("ntag424")
    a.tie(card, a.till.counter.redemption.look_up(new.code.text).account)
    paid = key_cards.pay(a.till.cards, a.opens(card), Sale.new("EUR"), CASHIER)
    assert paid.committed is not None and paid.redeemed.basis is Basis.OFFLINE
    assert paid.sale.lines[0].redeemed_from
