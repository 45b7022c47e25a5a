"""Voucher codes: mistakes are caught and named, nothing is guessed."""

from uuid import RFC_4122

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vouchers.codes import (
    ALPHABET,
    CODE_SIGNS,
    VoucherCode,
    check_sign,
    code_digest,
    is_own,
    new_code,
    parse_code,
    voucher_id_of,
)
from vouchers.errors import Reason, Refused
from vouchers.scans import Layout, as_arriving

signs = st.text(ALPHABET, min_size=15, max_size=15)
codes = signs.map(lambda text: text + check_sign(text))
places = st.integers(0, CODE_SIGNS - 1)


def refusal(typed: str) -> str:
    with pytest.raises(Refused) as refused:
        parse_code(typed)
    assert refused.value.reason is Reason.MISTYPED
    return refused.value.key


@given(codes)
def test_typing_forgives_case_blanks_and_hyphens(code: str) -> None:
    grouped = VoucherCode(code).grouped
    assert grouped.count("-") == 3
    assert parse_code(f"  {grouped.lower().replace('-', ' - ')} ") == VoucherCode(code)


@given(codes, places, st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_caught(code: str, place: int, wrong: str) -> None:
    mistyped = code[:place] + wrong + code[place + 1 :]
    assert is_own(mistyped) == (mistyped == code)


@given(codes, places, places)
def test_every_swap_of_two_places_is_caught(code: str, one: int, other: int) -> None:
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert is_own("".join(swapped)) == ("".join(swapped) == code)


@given(codes, st.integers(0, CODE_SIGNS - 2), st.sampled_from(ALPHABET))
def test_every_twin_error_is_caught(code: str, place: int, twin: str) -> None:
    doubled = code[place] * 2
    start = code[:place] + doubled + code[place + 2 :]
    if is_own(start) and twin * 2 != doubled:
        assert not is_own(code[:place] + twin * 2 + code[place + 2 :])


@given(codes, st.sampled_from(Layout), st.booleans())
def test_a_scanner_on_a_foreign_layout_is_recognised(
    code: str, layout: Layout, small: bool
) -> None:
    scanned = as_arriving(code, layout)
    assume(scanned != code and not is_own(scanned))  # such codes are never made, see below
    read = parse_code(scanned.lower() if small else scanned)
    assert (read.text, read.layout) == (code, layout)


@pytest.mark.parametrize(
    ("ambiguous", "layout"),
    [("222222222Z2ZZ22", Layout.GERMAN), ("BDFABZADECCADQZ", Layout.FRENCH)],
)
def test_no_code_is_made_that_a_foreign_layout_turns_into_another(
    monkeypatch: pytest.MonkeyPatch, ambiguous: str, layout: Layout
) -> None:
    assert is_own(as_arriving(ambiguous + check_sign(ambiguous), layout))
    drawn = iter(ambiguous + "23456789ABCDEFG")
    monkeypatch.setattr("vouchers.codes.secrets.choice", lambda _signs: next(drawn))
    assert new_code().text.startswith("23456789ABCDEFG")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "mistyped_length"),
        ("2345", "mistyped_length"),
        ("O345-6789-ABCD-EFGH", "mistyped_never_used"),
        ("2345-6789-ABCD-EFG!", "mistyped_signs"),
        ("äöü", "mistyped_signs"),
        ("2345-6789-ABCD-EFGH", "mistyped_check"),
        ("\x00\x1b@", "mistyped_signs"),
        ("A" * 10_000, "mistyped_length"),
        ("(-è_çàabcdefghij", "mistyped_french"),
    ],
)
def test_a_mistake_is_named(typed: str, key: str) -> None:
    assert refusal(typed) == key


@given(st.text(max_size=60))
def test_rubbish_is_refused_in_words_or_is_a_code(typed: str) -> None:
    try:
        assert is_own(parse_code(typed).text)
    except Refused as refused:
        assert refused.reason is Reason.MISTYPED


def test_new_codes_are_complete_and_differ() -> None:
    made = {new_code().text for _ in range(500)}
    assert len(made) == 500
    assert all(is_own(code) for code in made)


def test_foreign_codes_pass_only_where_the_venue_takes_them() -> None:
    refusal("OLD/4711-x")
    assert parse_code(" OLD/4711-x ", foreign=True).grouped == "OLD/4711-x"
    for bad in ("short", "x" * 41, "with\ttab"):
        with pytest.raises(Refused):
            parse_code(bad, foreign=True)


def test_a_code_shows_only_its_last_four() -> None:
    code = new_code()
    assert code.text not in f"{code!r} {code} {[code]}"
    assert code.last4 in repr(code)


def test_the_digest_needs_the_key() -> None:
    code = new_code()
    assert code_digest(b"a" * 32, code) != code_digest(b"b" * 32, code)
    assert code_digest(b"a" * 32, code) == code_digest(b"a" * 32, parse_code(code.grouped))


def test_a_code_has_one_voucher_id_at_every_till_of_its_organisation() -> None:
    code = new_code()
    here, there = (voucher_id_of(code_digest(key, code)) for key in (b"a" * 32, b"b" * 32))
    assert here == voucher_id_of(code_digest(b"a" * 32, parse_code(code.grouped)))
    assert here != there
    assert (here.version, here.variant) == (8, RFC_4122)
