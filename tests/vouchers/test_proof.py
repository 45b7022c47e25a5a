"""The signed QR: real ones are told from invented ones without asking anybody."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vouchers.catalogue import Catalogue, OfflineLimits, Product, ProductKind, Venue
from vouchers.codes import ALPHABET, VoucherCode, check_sign, new_code
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.proof import key_id, read_proof, read_scan, sign_proof
from vouchers.proven import proven_voucher
from vouchers.scans import Layout, as_arriving
from vouchers.voucher import Voucher, VoucherKind

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def voucher(**changes: Any) -> Voucher:
    plain = Voucher(
        voucher_id=new_id(),
        kind=VoucherKind.VALUE,
        code_digest="0" * 64,
        last4="ABCD",
        product_id="value-50",
        title="Voucher 50",
        price=Money(5000, "EUR"),
        value=Money(5000, "EUR"),
        expires_on=date(2029, 12, 31),
    )
    return replace(plain, **changes)


@given(
    st.integers(1, 2**53),
    st.sampled_from(["EUR", "CHF", "JPY"]),
    st.none() | st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
)
def test_what_was_signed_reads_back(
    minor: int, currency: str, expires_on: date | None, product_id: str
) -> None:
    sold = voucher(value=Money(minor, currency), expires_on=expires_on, product_id=product_id)
    code = new_code()
    text = sign_proof(KEY, code, sold)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    proof = read_proof(text.lower())
    assert proof.code == code
    assert (proof.value, proof.expires_on, proof.product_id) == (sold.value, expires_on, product_id)
    assert proof.key_id == key_id(PUBLIC)
    assert proof.verify(PUBLIC)


@given(st.data())
def test_one_changed_sign_is_no_proof(data: st.DataObject) -> None:
    text = sign_proof(KEY, new_code(), voucher())
    place = data.draw(st.integers(2, len(text) - 2))
    sign = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUV").filter(
        lambda other: other != text[place]))  # fmt: skip
    try:
        proof = read_proof(text[:place] + sign + text[place + 1 :])
    except Refused as refused:
        assert refused.reason is Reason.MISTYPED
    else:
        assert not proof.verify(PUBLIC)


def test_another_key_proves_nothing() -> None:
    other = Ed25519PrivateKey.generate()
    assert not read_proof(sign_proof(other, new_code(), voucher())).verify(PUBLIC)


@pytest.mark.parametrize("layout", Layout)
def test_a_scanner_on_a_foreign_layout_still_reads_the_proof(layout: Layout) -> None:
    signs = "Y2345YZ789ABCDM"
    code = VoucherCode(signs + check_sign(signs))
    read, proof = read_scan(as_arriving(sign_proof(KEY, code, voucher()), layout))
    assert (read.text, read.layout) == (code.text, layout)
    assert proof is not None
    assert proof.verify(PUBLIC)


@given(st.text(ALPHABET + "01OIL", max_size=300).map(lambda tail: "V1" + tail))
def test_rubbish_after_the_prefix_is_refused(text: str) -> None:
    try:
        _code, proof = read_scan(text)
    except Refused as refused:
        assert refused.reason is Reason.MISTYPED
    else:
        assert proof is None or not proof.verify(PUBLIC)


def test_a_typed_code_is_no_proof() -> None:
    code = new_code()
    assert read_scan(code.grouped) == (code, None)
    with pytest.raises(Refused):
        read_scan("V1" + code.text)


OLD_SERVICE_QR = "family-führung".encode("ascii", "replace").decode()


def catalogue(*products: Product) -> Catalogue:
    nothing = Money(0, "EUR")
    limits = OfflineLimits(
        per_voucher=nothing, per_till=nothing, unknown_signed=nothing, cache_age_max_s=0
    )
    venue = Venue(
        name="M", address=[], tax_number="", footer={}, language="de", timezone="Europe/Berlin"
    )
    return Catalogue(
        version=1,
        currency="EUR",
        venue=venue,
        categories={},
        products=list(products),
        offline_limits=limits,
        four_eyes_above=nothing,
    )


GUIDED = Product(
    product_id="family-führung",
    kind=ProductKind.SERVICE_VOUCHER,
    category="",
    title={"de": "Führung"},
    price=Money(2400, "EUR"),
    yields="führung",
)


@pytest.mark.parametrize("kind", [VoucherKind.VALUE, VoucherKind.SERVICE])
def test_a_qr_outlives_its_product(kind: VoucherKind) -> None:
    code = new_code()
    proof = read_proof(sign_proof(KEY, code, voucher(kind=kind, product_id="gone-für-immer")))
    known = proven_voucher(proof, "0" * 64, catalogue(GUIDED))
    assert (known.kind, known.value, known.title) == (kind, Money(5000, "EUR"), "gone-für-immer")


def test_an_old_qr_with_an_umlaut_finds_its_product_and_says_when_it_is_gone() -> None:
    code = new_code()
    proof = read_proof(sign_proof(KEY, code, voucher(product_id=OLD_SERVICE_QR)))
    old = dataclasses.replace(proof, kind=None)
    known = proven_voucher(old, "0" * 64, catalogue(GUIDED))
    assert (known.kind, known.yields) == (VoucherKind.SERVICE, "führung")
    with pytest.raises(Refused, match="offline_product_unknown"):
        proven_voucher(old, "0" * 64, catalogue())
