"""Tax, allocation, offline limits, and what may be redeemed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.vouchers.test_proof import voucher
from vouchers import tax
from vouchers.allocation import allocate
from vouchers.catalogue import OfflineLimits, Product, ProductKind
from vouchers.errors import Reason, Refused
from vouchers.ledger import FIRST_DIGEST, Basis, EntryDraft, EntryKind, LedgerEntry
from vouchers.money import Money, total
from vouchers.offline import Outage, check_cached, check_unknown, still_acceptable
from vouchers.voucher import Account, VoucherKind, VoucherStatus

PINNED_DIGEST = "5b93311001fc30f11197c5fad9d5bed11abdd4c6c1f908d8f6b95772b86babce"
TODAY = date(2026, 11, 22)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


amounts = st.integers(0, 10**7).map(euros)
rates = st.sampled_from([0, 700, 1900, 810])


@given(st.lists(st.tuples(rates, amounts)))
def test_tax_lines_add_up_to_the_cent(pairs: list[tuple[int, Money]]) -> None:
    lines = tax.summary(pairs)
    assert all(line.net + line.tax == line.gross for line in lines)
    taxed = [gross for rate, gross in pairs if rate]
    assert total([line.gross for line in lines], "EUR") == total(taxed, "EUR")
    assert [line.rate_bp for line in lines] == sorted({rate for rate, _ in pairs if rate})


@pytest.mark.parametrize(
    ("gross", "rate", "contained"),
    [(1190, 1900, 190), (107, 700, 7), (-1190, 1900, -190), (1, 1900, 0)],
)
def test_known_tax(gross: int, rate: int, contained: int) -> None:
    assert tax.tax_in(euros(gross), rate) == euros(contained)


@given(amounts, st.lists(st.integers(-500, 10**6).map(euros), max_size=8))
def test_vouchers_pay_in_order_and_never_too_much(due: Money, balances: list[Money]) -> None:
    shares = allocate(due, balances)
    paid = total(shares, "EUR")
    assert all(
        0 <= share.minor <= max(balance.minor, 0)
        for share, balance in zip(shares, balances, strict=True)
    )
    assert paid <= due
    spendable = total([b for b in balances if b.minor > 0], "EUR")
    assert paid == min(due, spendable)
    emptied = [s == b for s, b in zip(shares, balances, strict=True) if b.minor > 0]
    assert sorted(emptied, reverse=True) == emptied or paid == due


LIMITS = OfflineLimits(
    per_voucher=euros(5000), per_till=euros(8000), unknown_signed=euros(2500), cache_age_max_s=3600
)


def outage(voucher_minor: int = 0, till_minor: int = 0, age_s: int = 0) -> Outage:
    return Outage(
        of_voucher=euros(voucher_minor),
        of_till=euros(till_minor),
        since_contact=timedelta(seconds=age_s),
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6000)), max_size=30))
def test_an_outage_never_costs_more_than_its_limits(tries: list[tuple[int, int]]) -> None:
    by_voucher: dict[int, int] = {}
    for number, minor in tries:
        spent, all_spent = by_voucher.get(number, 0), sum(by_voucher.values())
        try:
            check_cached(LIMITS, outage(spent, all_spent), euros(minor))
        except Refused as refused:
            assert refused.reason is Reason.OFFLINE_LIMIT
            assert spent + minor > 5000 or all_spent + minor > 8000
        else:
            by_voucher[number] = spent + minor
    assert max(by_voucher.values(), default=0) <= 5000
    assert sum(by_voucher.values()) <= 8000
    assert still_acceptable(LIMITS, outage(0, sum(by_voucher.values()))).minor >= 0


def test_an_old_cache_is_not_believed() -> None:
    with pytest.raises(Refused, match="offline_cache_too_old"):
        check_cached(LIMITS, outage(age_s=3601), euros(1))
    assert still_acceptable(LIMITS, outage(age_s=3601)) == euros(0)


def test_zero_switches_unknown_vouchers_off() -> None:
    check_unknown(LIMITS, outage(), euros(2500))
    with pytest.raises(Refused, match="offline_limit"):
        check_unknown(LIMITS, outage(), euros(2501))
    with pytest.raises(Refused, match="offline_unknown_off"):
        check_unknown(replace(LIMITS, unknown_signed=euros(0)), outage(), euros(1))


@pytest.mark.parametrize(
    ("changes", "amount", "reason"),
    [
        ({}, euros(5001), Reason.INSUFFICIENT),
        ({}, euros(0), Reason.AMOUNT),
        ({}, euros(-1), Reason.AMOUNT),
        ({}, Money(100, "CHF"), Reason.CURRENCY),
        ({"balance": euros(0)}, euros(1), Reason.EMPTY),
        ({"status": VoucherStatus.BLOCKED}, euros(1), Reason.BLOCKED),
        ({"voucher": voucher(expires_on=date(2026, 11, 21))}, euros(1), Reason.EXPIRED),
        ({"voucher": voucher(kind=VoucherKind.SERVICE)}, euros(1), Reason.AMOUNT),
    ],
)
def test_why_nothing_is_redeemed(changes: dict[str, Any], amount: Money, reason: Reason) -> None:
    account = replace(Account(voucher=voucher(), balance=euros(5000)), **changes)
    with pytest.raises(Refused) as refused:
        account.check_redeem(amount, TODAY)
    assert refused.value.reason is reason


def test_a_voucher_is_good_on_its_last_day() -> None:
    account = Account(voucher=voucher(expires_on=TODAY), balance=euros(5000))
    account.check_redeem(euros(5000), TODAY)


def test_a_free_amount_has_limits_and_a_bonus_is_worth_more() -> None:
    free = Product(
        product_id="free",
        kind=ProductKind.VALUE_VOUCHER,
        category="vouchers",
        title={"en": "Voucher"},
        amount_min=euros(1000),
        amount_max=euros(50000),
        valid_years=3,
    )
    assert free.price_for(euros(1000)) == euros(1000)
    for bad in (None, euros(999), euros(50001)):
        with pytest.raises(Refused):
            free.price_for(bad)
    assert free.expires_on(TODAY) == date(2029, 12, 31)
    bonus = replace(free, price=euros(5000), value=euros(6000))
    assert bonus.value_for(bonus.price_for(None)) == euros(6000)


def first_entry() -> LedgerEntry:
    draft = EntryDraft(
        entry_id=UUID(int=1),
        voucher_id=UUID(int=2),
        kind=EntryKind.REDEEM,
        amount=euros(-1250),
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        actor="cashier",
        reference="T1-000001",
        basis=Basis.ONLINE,
    )
    return draft.chained("T1", 1, FIRST_DIGEST)


def test_each_entry_carries_the_digest_of_the_one_before() -> None:
    first = first_entry()
    second = replace(first, origin_seq=2, previous_digest=first.digest())
    assert second.digest() != first.digest()
    assert replace(first, amount=euros(-1251)).digest() != first.digest()


def test_the_encoding_under_the_digest_never_changes() -> None:
    """Tills and servers of different versions chain the same entry; see decision 1."""
    assert first_entry().digest() == PINNED_DIGEST
