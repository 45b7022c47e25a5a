"""Making vouchers: at the moment the sale is committed, never before it is paid."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from till.counter.sale import Sale, SaleLine
from till.store.secrets import TillKeys
from vouchers.codes import VoucherCode, code_digest, new_code, voucher_id_of
from vouchers.proof import sign_proof
from vouchers.voucher import Voucher, VoucherKind


class NewVoucher(Struct, frozen=True, kw_only=True):
    """A voucher with its code in clear: only for the visitor's paper and the caller's eyes."""

    voucher: Voucher
    code: VoucherCode
    proof: str

    def __repr__(self) -> str:
        return f"NewVoucher(…{self.code.last4}, {self.voucher.value})"


def make_vouchers(sale: Sale, keys: TillKeys, today: date, language: str) -> list[NewVoucher]:
    """One new voucher for each that the sale's lines sell, in their order."""
    return [
        _make(line, kind, keys, today, language)
        for line, kind in _voucher_lines(sale)
        for _ in range(line.quantity)
    ]


def _voucher_lines(sale: Sale) -> Iterator[tuple[SaleLine, VoucherKind]]:
    for line in sale.lines:
        kind = line.product.voucher_kind
        if kind is not None and line.redeemed_from is None:
            yield line, kind


def _make(
    line: SaleLine, kind: VoucherKind, keys: TillKeys, today: date, language: str
) -> NewVoucher:
    code, product = new_code(), line.product
    digest = code_digest(keys.digest_key, code)
    voucher = Voucher(
        voucher_id=voucher_id_of(digest),
        kind=kind,
        code_digest=digest,
        last4=code.last4,
        product_id=product.product_id,
        title=product.name(language),
        price=line.unit,
        value=product.value_for(line.unit),
        expires_on=product.expires_on(today),
        yields=product.yields,
    )
    return NewVoucher(voucher=voucher, code=code, proof=sign_proof(keys.signer, code, voucher))
