"""One text that cannot be read stops neither the feed nor the snapshot."""

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sync.changes import UnknownChange, read_change
from sync.wire.feed import AccountChanged, CatalogueChanged, SnapshotPage, UsersChanged
from tests.till.ui.world import CATALOGUE, PEOPLE
from tests.vouchers.test_proof import voucher
from vouchers.money import Money
from vouchers.reading import JsonReader
from vouchers.voucher import VoucherStatus

ACCOUNT = AccountChanged(
    position=7,
    voucher_id=UUID(int=1),
    balance=Money(5000, "EUR"),
    status=VoucherStatus.ACTIVE,
    contains=[UUID(int=2)],
    voucher=voucher(),
)
CATALOGUE_CHANGED = CatalogueChanged(position=8, catalogue=CATALOGUE)
USERS = UsersChanged(position=9, users=PEOPLE)
SAMPLES = [ACCOUNT, CATALOGUE_CHANGED, USERS]
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, 7, -1, "x" * 300, [], {}, True, 1e300, "\ud7ff"]
)


def built(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where anything stands in a JSON value."""
    inside = body.items() if isinstance(body, dict) else enumerate(body)
    found = [path] if path else []
    if isinstance(body, dict | list):
        for step, one in inside:
            found += places(one, (*path, step)) if isinstance(one, dict | list) else [(*path, step)]
    return found


@given(st.sampled_from(SAMPLES), ODD, st.data())
def test_whatever_stands_in_a_change_its_position_is_reached(
    sample: Any, odd: object, data: st.DataObject
) -> None:
    body = built(sample)
    path = data.draw(
        st.sampled_from([p for p in places(body) if p not in (("position",), ("type",))])
    )
    inside = body
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = odd
    assert read_change(msgspec.json.encode(body)).position == sample.position


def test_terms_that_cannot_be_read_leave_the_balance() -> None:
    body = built(ACCOUNT)
    body["voucher"]["title"] = "x" * 300
    read = read_change(msgspec.json.encode(body))
    assert isinstance(read, AccountChanged)
    assert (read.balance, read.voucher) == (ACCOUNT.balance, None)


def test_a_change_of_which_nothing_can_be_read_is_passed_over() -> None:
    assert read_change(b'{"type": "account", "position": 4}') == UnknownChange(
        position=4, type="account"
    )


def test_one_bad_account_does_not_keep_a_till_from_the_others() -> None:
    account = {
        "version": 3,
        "voucher_id": str(UUID(int=1)),
        "balance": {"amount": 1, "currency": "EUR"},
        "status": "active",
        "contains": [],
        "voucher": None,
    }
    page = {"accounts": [account, {**account, "version": "x"}], "position": 3, "total": 2}
    reader = JsonReader[SnapshotPage](SnapshotPage, "accounts")
    assert [one.version for one in reader.read(msgspec.json.encode(page)).accounts] == [3]
