"""What a till may redeem by itself while the server is away (design, section 5)."""

from datetime import timedelta

from msgspec import Struct

from vouchers.catalogue import OfflineLimits
from vouchers.errors import Reason, Refused
from vouchers.money import Money


class Outage(Struct, frozen=True, kw_only=True):
    """How much this till has redeemed by itself since it last reached the server."""

    of_voucher: Money
    of_till: Money
    since_contact: timedelta


def check_cached(limits: OfflineLimits, outage: Outage, amount: Money) -> None:
    """Raise Refused (offline_limit) unless a voucher from the cache may be debited `amount`."""
    if outage.since_contact > timedelta(seconds=limits.cache_age_max_s):
        raise Refused(Reason.OFFLINE_LIMIT, "offline_cache_too_old", since=outage.since_contact)
    _check(amount, limits.per_voucher - outage.of_voucher, "offline_limit")
    _check(amount, limits.per_till - outage.of_till, "offline_limit_till")


def check_unknown(limits: OfflineLimits, outage: Outage, amount: Money) -> None:
    """The same for a voucher never heard of, whose signed QR has been verified."""
    if not limits.unknown_signed:
        raise Refused(Reason.OFFLINE_LIMIT, "offline_unknown_off")
    _check(amount, limits.unknown_signed - outage.of_voucher, "offline_limit")
    _check(amount, limits.per_till - outage.of_till, "offline_limit_till")


def still_acceptable(limits: OfflineLimits, outage: Outage) -> Money:
    """The most this till may still accept in this outage; never below zero."""
    if outage.since_contact > timedelta(seconds=limits.cache_age_max_s):
        return Money.zero(limits.per_till.currency)
    left = limits.per_till - outage.of_till
    return left if left.minor > 0 else Money.zero(left.currency)


def _check(amount: Money, left: Money, key: str) -> None:
    if left.minor <= 0:
        raise Refused(Reason.OFFLINE_LIMIT, "offline_limit_reached")
    if left < amount:
        raise Refused(Reason.OFFLINE_LIMIT, key, left=left, amount=amount)
