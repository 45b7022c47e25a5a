"""What tills rely on, over HTTP, on both databases."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from sync.wire import API, Problem
from sync.wire.booking import AccountPage, EntryPage, Hold
from sync.wire.feed import AccountChanged, FeedPage, SnapshotPage, VenueState
from tests.server.client import Till, entries_of, euros, new_voucher
from tests.server.conftest import Venue
from vouchers.ids import new_id


@pytest.fixture
def pair(venue: Venue) -> tuple[Till, Till]:
    return venue.till("front"), venue.till("shop")


def balance_at(till: Till, voucher_id: UUID) -> int:
    entries = till.get(f"/accounts/{voucher_id}/entries", EntryPage).entries
    return sum(entry.amount.minor for entry in entries)


def test_a_voucher_sold_at_one_till_is_redeemed_at_another(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(5000)
    hold = shop.hold(voucher, 1250)
    assert isinstance(hold, Hold)
    assert hold.account.balance == euros(3750)
    (answer,) = shop.push(
        shop.chain.entry(voucher.voucher_id, -1250, entry_id=hold.hold_id)
    ).answers
    assert (answer.verdict, answer.balance, answer.incidents) == ("booked", euros(3750), [])
    (found,) = front.get("/accounts", AccountPage, code_digest=voucher.code_digest).accounts
    assert found.balance == euros(3750)
    assert balance_at(front, voucher.voucher_id) == 3750


def test_the_same_entry_is_booked_once_and_answered_alike(pair: tuple[Till, Till]) -> None:
    front, _ = pair
    voucher = front.sell(5000)
    entry = front.chain.entry(voucher.voucher_id, -500)
    (first,) = front.push(entry).answers
    front.push(front.chain.entry(voucher.voucher_id, -100))
    (again,) = front.push(entry).answers
    assert again.verdict == "exists"
    assert (again.position, again.balance) == (first.position, first.balance)
    assert balance_at(front, voucher.voucher_id) == 4400


def test_an_entry_twice_in_one_batch_is_booked_once(pair: tuple[Till, Till]) -> None:
    front, _ = pair
    voucher = front.sell(5000)
    entry = front.chain.entry(voucher.voucher_id, -500)
    assert [one.verdict for one in front.push(entry, entry).answers] == ["booked", "exists"]
    assert balance_at(front, voucher.voucher_id) == 4500


def test_a_known_id_with_other_content_overwrites_nothing(pair: tuple[Till, Till]) -> None:
    front, _ = pair
    voucher = front.sell(5000)
    entry = front.chain.entry(voucher.voucher_id, -500)
    front.push(entry)
    forged = msgspec.structs.replace(entry, amount=euros(-4000))
    (answer,) = front.push(forged).answers
    assert (answer.verdict, answer.incidents) == ("conflict", ["conflict"])
    assert balance_at(front, voucher.voucher_id) == 4500


def test_what_is_held_is_spent_for_everybody_else(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    assert isinstance(front.hold(voucher, 700), Hold)
    refused = shop.hold(voucher, 400)
    assert isinstance(refused, Problem)
    assert (refused.word, refused.balance) == ("insufficient", euros(300))


def test_a_released_hold_may_be_spent_again(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    hold = front.hold(voucher, 1000)
    assert isinstance(hold, Hold)
    front.release(hold.hold_id)
    front.release(hold.hold_id)
    assert isinstance(shop.hold(voucher, 1000), Hold)


def test_a_request_that_arrives_after_its_release_holds_nothing(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    late = new_id()
    front.release(late)
    answer = front.hold(voucher, 1000, late)
    assert isinstance(answer, Problem) and answer.word == "gone"
    assert isinstance(shop.hold(voucher, 1000), Hold)


def test_a_repeated_request_gets_its_first_answer(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    granted, refused = new_id(), new_id()
    first = front.hold(voucher, 700, granted)
    no = shop.hold(voucher, 700, refused)
    front.release(granted)
    assert front.hold(voucher, 700, granted) == first
    assert shop.hold(voucher, 700, refused) == no
    other = shop.hold(voucher, 600, refused)
    assert isinstance(other, Problem) and other.word == "conflict"


def test_a_fact_overrules_a_refusal_and_tells(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    assert isinstance(front.hold(voucher, 800), Hold)
    refused = new_id()
    assert isinstance(shop.hold(voucher, 500, refused), Problem)
    fact = shop.chain.entry(voucher.voucher_id, -500, entry_id=refused)
    (answer,) = shop.push(fact).answers
    assert (answer.verdict, answer.balance) == ("booked", euros(500))
    assert answer.incidents == ["overruled"]


def test_a_late_fact_is_booked_though_nothing_is_left(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    front.push(front.chain.entry(voucher.voucher_id, -1000))
    (answer,) = shop.push(shop.chain.entry(voucher.voucher_id, -400)).answers
    assert (answer.verdict, answer.balance) == ("booked", euros(-400))
    assert answer.incidents == ["overdrawn"]


def test_a_redemption_may_arrive_before_its_issue(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = new_voucher(1000)
    (answer,) = shop.push(shop.chain.entry(voucher.voucher_id, -400)).answers
    assert (answer.balance, answer.incidents) == (euros(-400), ["unknown_voucher"])
    (issued,) = front.push(front.chain.issue(voucher)).answers
    assert (issued.balance, issued.incidents) == (euros(600), [])


def test_gaps_forks_and_broken_digests_are_booked_and_told(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(5000)
    shop.push(shop.chain.entry(voucher.voucher_id, -1))
    lost = shop.chain.entry(voucher.voucher_id, -1)
    (gap,) = shop.push(shop.chain.entry(voucher.voucher_id, -1)).answers
    assert gap.incidents == ["gap"]
    (found,) = shop.push(lost).answers
    assert found.incidents == []
    clone = msgspec.structs.replace(lost, entry_id=new_id())
    (fork,) = shop.push(clone).answers
    assert fork.incidents == ["fork"]
    (broken,) = shop.push(
        shop.chain.entry(voucher.voucher_id, -1, previous_digest="a" * 64)
    ).answers
    assert broken.incidents == ["digest"]
    assert balance_at(front, voucher.voucher_id) == 4995


@pytest.mark.parametrize(
    ("terms", "minor", "word"),
    [
        ({"expires_on": date(2020, 12, 31)}, 100, "expired"),
        ({}, 1001, "insufficient"),
        ({}, 0, "amount"),
        ({}, -5, "amount"),
    ],
)
def test_refusals_name_their_reason(
    venue: Venue, terms: dict[str, date], minor: int, word: str
) -> None:
    front = venue.till("front")
    answer = front.hold(front.sell(1000, **terms), minor)
    assert isinstance(answer, Problem) and answer.word == word
    assert answer.balance == euros(1000)
    stranger = front.hold(new_voucher(), 100)
    assert isinstance(stranger, Problem) and stranger.word == "unknown"


def test_the_feed_names_the_entry_of_a_change_whoever_asks(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    voucher = front.sell(1000)
    entry = shop.chain.entry(voucher.voucher_id, -300)
    shop.push(entry)
    for till in (shop, front):
        page = till.get("/feed", FeedPage)
        last = page.changes[-1]
        assert isinstance(last, AccountChanged)
        assert (last.balance, last.contains) == (euros(700), [entry.entry_id])
        assert page.position == last.position and not page.more
        assert till.get("/feed", FeedPage, after=page.position).changes == []


def test_the_feed_is_paged_in_order(pair: tuple[Till, Till]) -> None:
    front, _ = pair
    front.push(*entries_of(30, front.chain))
    seen, page = [], front.get("/feed", FeedPage, limit=7)
    while True:
        seen += [change.position for change in page.changes]
        if not page.more:
            break
        page = front.get("/feed", FeedPage, limit=7, after=page.position)
    assert seen == sorted(set(seen)) and len(seen) >= 30


def test_a_position_from_another_life_is_lost(pair: tuple[Till, Till]) -> None:
    front, _ = pair
    answer = front.http.get(f"{API}/feed?after={2**62}", headers=front.bearer)
    assert answer.status_code == 410
    assert msgspec.json.decode(answer.content, type=Problem).word == "position-lost"


def test_the_snapshot_is_paged_and_names_own_entries(pair: tuple[Till, Till]) -> None:
    front, shop = pair
    front.push(*entries_of(25, front.chain))
    voucher = front.sell(1000)
    own = shop.chain.entry(voucher.voucher_id, -300)
    shop.push(own)
    page = shop.get("/snapshot", SnapshotPage, limit=10)
    accounts = list(page.accounts)
    assert page.total == 26
    while page.next is not None:
        page = shop.get("/snapshot", SnapshotPage, limit=10, after=page.next)
        accounts += page.accounts
    assert len({one.voucher_id for one in accounts}) == 26
    contained = {one.voucher_id: one.contains for one in accounts if one.contains}
    assert contained == {voucher.voucher_id: [own.entry_id]}


def test_the_venue_comes_whole(pair: tuple[Till, Till]) -> None:
    state = pair[0].get("/venue", VenueState)
    assert {user.user_id for user in state.users} == {"cashier", "supervisor"}
    assert {key.name for key in state.issuer_keys} == {"front", "shop"}
    assert state.catalogue.product("value-50").price == euros(5000)
    assert state.catalogue.offline_limits.cache_age_max_s == 14 * 24 * 3600


def test_look_ups_by_last4_and_reference_are_paged(pair: tuple[Till, Till]) -> None:
    front, _ = pair
    sold = [new_voucher(last4="AAAA") for _ in range(5)]
    front.push(*(front.chain.issue(one, reference="R-9") for one in sold))
    wanted = sorted(one.voucher_id for one in sold)
    for query in ({"last4": "AAAA"}, {"reference": "R-9"}):
        page = front.get("/accounts", AccountPage, limit=2, **query)
        found = list(page.accounts)
        while page.next is not None:
            page = front.get("/accounts", AccountPage, limit=2, after=page.next, **query)
            found += page.accounts
        assert [one.voucher.voucher_id for one in found] == wanted
