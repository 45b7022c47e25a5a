"""An incident that is settled and comes back in one and the same transaction."""

from sync.wire.incidents import IncidentPage
from tests.server.conftest import Venue


def test_an_account_restored_and_overdrawn_again_in_one_batch(venue: Venue) -> None:
    till = venue.till("front")
    voucher = till.sell(1000)
    till.push(till.chain.entry(voucher.voucher_id, -3000))
    restored = till.chain.entry(voucher.voucher_id, 2500)
    again = till.chain.entry(voucher.voucher_id, -900)
    answers = till.push(restored, again).answers
    assert [answer.verdict for answer in answers] == ["booked", "booked"]
    everything = till.get("/incidents", IncidentPage, open=False).incidents
    assert [incident.settled_at is None for incident in everything] == [False, True]
    (left,) = till.get("/incidents", IncidentPage).incidents
    assert (left.entry_id, left.details["balance"]) == (again.entry_id, -400)
