"""Making vouchers: at the moment the sale is committed, never before it is paid."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from till.counter.basket import SaleLine
from till.counter.sale import Sale
from till.counter.voucher_share import sold_until
from till.store.secrets import TillKeys
from vouchers.catalogue import Catalogue
from vouchers.codes import VoucherCode, code_digest, new_code, voucher_id_of
from vouchers.money import Money
from vouchers.proof import sign_proof
from vouchers.voucher import Medium, Voucher, VoucherKind
from vouchers.yields import goods_of


class NewVoucher(Struct, frozen=True, kw_only=True):
    """A voucher with its code in clear: only for the visitor's paper and the caller's eyes.

    `medium` is what the visitor takes it home on, `left` what is left of its value.
    """

    voucher: Voucher
    code: VoucherCode
    proof: str
    left: Money
    medium: Medium = Medium.RECEIPT

    def __repr__(self) -> str:
        return f"NewVoucher(…{self.code.last4}, {self.voucher.value})"


def make_vouchers(
    sale: Sale, keys: TillKeys, today: date, catalogue: Catalogue
) -> list[NewVoucher]:
    """One new voucher for each that the sale's lines sell, in their order; none for a card."""
    if sale.medium is Medium.CARD:
        return []
    return [
        _make(sale, line, kind, price, keys, today=today, catalogue=catalogue)
        for line in sale.lines
        if (kind := line.sells) is not None
        for price in line.prices
    ]


def _make(
    sale: Sale,
    line: SaleLine,
    kind: VoucherKind,
    price: Money,
    keys: TillKeys,
    *,
    today: date,
    catalogue: Catalogue,
) -> NewVoucher:
    code, product = new_code(), line.product
    digest = code_digest(keys.digest_key, code)
    voucher = Voucher(
        voucher_id=voucher_id_of(digest),
        kind=kind,
        code_digest=digest,
        last4=code.last4,
        product_id=product.product_id,
        title=product.name(catalogue.venue.language),
        price=price,
        value=product.value_for(line.unit),
        expires_on=_earlier(product.expires_on(today), sold_until(sale)),
        yields=product.yields,
        goods=goods_of(product, catalogue),
    )
    return NewVoucher(
        voucher=voucher,
        code=code,
        proof=sign_proof(keys.signer, code, voucher),
        left=voucher.value,
        medium=sale.medium or product.medium,
    )


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def with_new_code(voucher: Voucher, left: Money, keys: TillKeys) -> NewVoucher:
    """The same terms under a code nobody has seen; its proof vouches for what is `left` of it."""
    code = new_code()
    digest = code_digest(keys.digest_key, code)
    renewed = replace(
        voucher, voucher_id=voucher_id_of(digest), code_digest=digest, last4=code.last4
    )
    proof = sign_proof(keys.signer, code, replace(renewed, value=left))
    return NewVoucher(voucher=renewed, code=code, proof=proof, left=left)
