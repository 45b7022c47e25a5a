"""A copy of one till's folder is that one till: it speaks for nobody else."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.storage.database import writing
from server.tills.directory import revoke_till
from sync.wire import API
from sync.wire.admission import EnrolRequest
from sync.wire.booking import AccountPage, Hold
from sync.wire.incidents import Incident, IncidentKind, IncidentPage
from sync.wire.succession import Succession
from tests.server.client import Chain, Till, euros, new_voucher
from tests.server.conftest import Venue
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.voucher import Voucher


@pytest.fixture
def front(venue: Venue) -> Till:
    return venue.till("front")


@pytest.fixture
def stolen(venue: Venue) -> Till:
    return venue.till("stolen")


def balance(till: Till, voucher: Voucher) -> Money:
    (account,) = till.get("/accounts", AccountPage, code_digest=voucher.code_digest).accounts
    return account.balance


def told_of(till: Till, kind: IncidentKind) -> list[Incident]:
    found = till.get("/incidents", IncidentPage).incidents
    return [each for each in found if each.kind is kind]


def verdict(till: Till, chain: Chain, voucher: Voucher, minor: int) -> str:
    (answer,) = till.push(chain.entry(voucher.voucher_id, minor)).answers
    return answer.verdict


class TestInAnothersName:
    @pytest.mark.parametrize("minor", [-4000, 4000])
    def test_it_books_nothing_and_supervisors_are_told_once(
        self, front: Till, stolen: Till, minor: int
    ) -> None:
        voucher = front.sell(5000)
        forged = Chain(front.enrolment.till_id)
        for _ in range(3):
            assert verdict(stolen, forged, voucher, minor) == "foreign_origin"
        assert balance(front, voucher) == euros(5000)
        (incident,) = told_of(front, IncidentKind.FOREIGN_ORIGIN)
        assert (incident.origin, incident.times) == (stolen.enrolment.till_id, 3)
        assert incident.details["named"] == front.enrolment.till_id

    @pytest.mark.parametrize("origin", ["settlement-0", "nobody-abcde"])
    def test_nor_in_the_name_of_the_server_or_of_nobody(
        self, front: Till, stolen: Till, origin: str
    ) -> None:
        voucher = front.sell(5000)
        assert verdict(stolen, Chain(origin), voucher, 4000) == "foreign_origin"

    def test_its_own_entries_in_the_same_batch_are_booked(self, front: Till, stolen: Till) -> None:
        voucher = new_voucher(1000)
        forged = Chain(front.enrolment.till_id).entry(voucher.voucher_id, -500)
        answers = stolen.push(stolen.chain.issue(voucher), forged).answers
        assert [each.verdict for each in answers] == ["booked", "foreign_origin"]
        assert balance(front, voucher) == euros(1000)


class TestAnothersHold:
    def test_it_is_not_released(self, front: Till, stolen: Till) -> None:
        voucher, hold_id = front.sell(5000), new_id()
        assert isinstance(front.hold(voucher, 4000, hold_id), Hold)
        answer = stolen.http.delete(f"{API}/holds/{hold_id}", headers=stolen.bearer)
        assert answer.status_code == 403
        assert balance(stolen, voucher) == euros(1000)

    def test_it_is_not_captured_and_its_owner_still_can(self, front: Till, stolen: Till) -> None:
        voucher, hold_id = front.sell(5000), new_id()
        front.hold(voucher, 4000, hold_id)
        entry = stolen.chain.entry(voucher.voucher_id, -4000, entry_id=hold_id)
        assert stolen.push(entry).answers[0].verdict == "conflict"
        assert told_of(front, IncidentKind.CONFLICT)
        own = front.chain.entry(voucher.voucher_id, -4000, entry_id=hold_id)
        assert front.push(own).answers[0].verdict == "booked"
        assert balance(front, voucher) == euros(1000)


class TestEnrolledAnew:
    """A till goes on with its earlier enrolments' entries, if their keys vouch for it."""

    def successor(self, venue: Venue, code: str, *earlier: Succession, key: bytes) -> Till:
        return Till(venue.client(), code, key=key, earlier=earlier)

    def word(self, till_id: str, key: Ed25519PrivateKey, successor: bytes) -> Succession:
        following = Ed25519PrivateKey.from_private_bytes(successor).public_key()
        return Succession.of(till_id, key, following)

    def test_what_the_earlier_ones_owed_is_taken(self, venue: Venue, front: Till) -> None:
        voucher = front.sell(5000)
        keys = [Ed25519PrivateKey.generate().private_bytes_raw() for _ in range(2)]
        second_word = self.word(front.enrolment.till_id, front.key, keys[0])
        second = self.successor(venue, venue.code("anew"), second_word, key=keys[0])
        third_word = self.word(second.enrolment.till_id, second.key, keys[1])
        third = self.successor(venue, venue.code("again"), second_word, third_word, key=keys[1])
        for chain in (front.chain, second.chain, third.chain):
            assert verdict(third, chain, voucher, -1000) == "booked"
        assert balance(front, voucher) == euros(2000)

    def test_a_word_signed_by_another_key_is_none(
        self, venue: Venue, front: Till, stolen: Till
    ) -> None:
        voucher = front.sell(5000)
        key = Ed25519PrivateKey.generate().private_bytes_raw()
        forged = self.word(front.enrolment.till_id, stolen.key, key)
        thief = self.successor(venue, venue.code("thief"), forged, key=key)
        assert verdict(thief, front.chain, voucher, -1000) == "foreign_origin"

    def test_a_word_for_somebody_else_is_none(self, venue: Venue, front: Till) -> None:
        voucher = front.sell(5000)
        meant, used = (Ed25519PrivateKey.generate().private_bytes_raw() for _ in range(2))
        thief = self.successor(
            venue,
            venue.code("thief"),
            self.word(front.enrolment.till_id, front.key, meant),
            key=used,
        )
        assert verdict(thief, front.chain, voucher, -1000) == "foreign_origin"

    def test_the_name_alone_proves_nothing(self, venue: Venue, front: Till) -> None:
        voucher = front.sell(5000)
        with writing(venue.engine) as connection:
            revoke_till(connection, venue.organisation, "front")
        namesake = venue.till("front")
        assert verdict(namesake, front.chain, voucher, -1000) == "foreign_origin"

    def test_a_till_that_the_server_has_lost_is_believed(self, venue: Venue, front: Till) -> None:
        """A server put back from an older backup knows nothing of it, and owes its visitors."""
        voucher, key = front.sell(5000), Ed25519PrivateKey.generate().private_bytes_raw()
        lost = Ed25519PrivateKey.generate()
        word = self.word("lost-abcde", lost, key)
        successor = self.successor(venue, venue.code("anew"), word, key=key)
        assert verdict(successor, Chain("lost-abcde"), voucher, -1000) == "booked"

    def test_the_servers_own_origin_is_not_for_the_taking(self, venue: Venue, front: Till) -> None:
        voucher, key = front.sell(5000), Ed25519PrivateKey.generate().private_bytes_raw()
        word = self.word("settlement-1", Ed25519PrivateKey.generate(), key)
        thief = self.successor(venue, venue.code("thief"), word, key=key)
        assert verdict(thief, Chain("settlement-1"), voucher, 1000) == "foreign_origin"

    def test_words_in_a_circle_end(self, venue: Venue) -> None:
        keys = [Ed25519PrivateKey.generate() for _ in range(2)]
        raw = [key.private_bytes_raw() for key in keys]
        words = [self.word("a", keys[0], raw[1]), self.word("b", keys[1], raw[0])]
        request = EnrolRequest(
            code=venue.code("circle"),
            public_key=keys[0].public_key().public_bytes_raw().hex(),
            earlier=words,
        )
        assert (
            venue.client()
            .post(
                f"{API}/enrolments",
                content=msgspec.json.encode(request),
                headers={"Content-Type": "application/json"},
            )
            .status_code
            == 201
        )
