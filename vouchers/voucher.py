"""What a voucher is: its terms, fixed when it is issued. Its balance lives in the ledger."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from vouchers.errors import Reason, Refused
from vouchers.money import Money
from vouchers.open_enum import OpenEnum

ShortText = Annotated[str, Meta(max_length=200)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class VoucherKind(OpenEnum):
    """A balance to spend, or one particular product."""

    VALUE = "value"
    SERVICE = "service"


class VoucherStatus(OpenEnum):
    """Whether an account may be spent from at all."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class Medium(OpenEnum):
    """What the visitor takes home."""

    RECEIPT = "receipt"
    BLANK = "blank"
    CARD = "card"


class KeyLink(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a card that is a key opens: the account of the voucher with the code digest `opens`.

    Every link of a card takes the next `place`; one that opens nothing takes the card off again.
    A card that is not `proven` only shows a number, which anybody can copy.
    """

    place: Annotated[int, Meta(ge=0, le=999)] = 0
    opens: Digest | None = None
    proven: bool = True


class Goods(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service voucher is good for, as it was when the voucher was sold.

    `kind` is a word of vouchers.catalogue.ProductKind.
    """

    title: dict[str, ShortText]
    price: Money
    kind: ShortText
    tax_bp: int = 0
    valid_years: int | None = None


class Voucher(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The terms of a voucher. `price` is what the buyer paid, `value` what it is worth.

    The code itself is not here: only its keyed digest and its last four characters.
    `product_id` names what was sold; a service voucher yields the product `yields` when it is
    redeemed, as `goods` says: the catalogue may have changed. Older ones only name the product.
    With a `key_card` it is worth nothing itself: it says what the card with that digest opens.
    """

    voucher_id: UUID
    kind: VoucherKind
    code_digest: Digest
    last4: Annotated[str, Meta(max_length=4)]
    product_id: ShortText
    title: ShortText
    price: Money
    value: Money
    expires_on: date | None = None
    yields: ShortText | None = None
    goods: Goods | None = None
    key_card: KeyLink | None = None


NO_CODE = "0" * 64
"""Stands for the digest of a code that is not known any more."""


def unheard_of(voucher_id: UUID, last4: str, amount: Money, code_digest: str = NO_CODE) -> Voucher:
    """What stands for a voucher whose sale nobody has reported, if it ever was sold."""
    return Voucher(
        voucher_id=voucher_id,
        kind=VoucherKind.VALUE,
        code_digest=code_digest,
        last4=last4,
        product_id="",
        title="",
        price=amount,
        value=amount,
    )


class Account(Struct, frozen=True, kw_only=True):
    """A voucher and how it stands: `balance` is what may be spent, holds already taken off."""

    voucher: Voucher
    balance: Money
    status: VoucherStatus = VoucherStatus.ACTIVE

    def check_spendable(self, today: date) -> None:
        """Raise Refused when nothing at all may be redeemed on `today`."""
        if self.status is not VoucherStatus.ACTIVE:
            raise Refused(Reason.BLOCKED, last4=self.voucher.last4)
        if not self.voucher.kind.is_known:
            raise Refused(Reason.NOT_ALLOWED, "voucher_of_newer_server", last4=self.voucher.last4)
        if self.voucher.expires_on is not None and today > self.voucher.expires_on:
            raise Refused(Reason.EXPIRED, expires_on=self.voucher.expires_on)
        if self.balance.minor <= 0:
            raise Refused(Reason.EMPTY, last4=self.voucher.last4)

    def check_credit(self, amount: Money, today: date) -> None:
        """Raise Refused unless `amount` may be added on `today`."""
        if amount.minor <= 0:
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=amount)
        if self.status is VoucherStatus.BLOCKED:
            raise Refused(Reason.BLOCKED, "credit_blocked", last4=self.voucher.last4)
        if self.voucher.expires_on is not None and today > self.voucher.expires_on:
            raise Refused(Reason.EXPIRED, "credit_expired", expires_on=self.voucher.expires_on)

    def check_redeem(self, amount: Money, today: date) -> None:
        """Raise Refused unless `amount` may be redeemed on `today`."""
        if amount.currency != self.voucher.value.currency:
            raise Refused(Reason.CURRENCY, have=self.voucher.value.currency, want=amount.currency)
        self.check_spendable(today)
        if amount.minor <= 0:
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=amount)
        if self.balance < amount:
            raise Refused(
                Reason.INSUFFICIENT, balance=self.balance, amount=amount, rest=amount - self.balance
            )
        if self.voucher.kind is VoucherKind.SERVICE and amount != self.balance:
            raise Refused(Reason.AMOUNT, "service_voucher_in_whole", title=self.voucher.title)
