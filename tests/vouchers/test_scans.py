"""What scanners put around a code is taken off, and a whole code is known whatever is around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vouchers.test_proof import KEY, voucher
from vouchers.codes import new_code
from vouchers.errors import Refused
from vouchers.proof import is_complete, read_scan, sign_proof
from vouchers.scans import Layout, as_arriving, unwrapped

prefixes = st.sampled_from(
    ["", "]Q3", "]C0", "]Q1\x1d", "\x02", "\ufeff", "\xef\xbb\xbf", "\ufeff]d2", " \t"]
)
suffixes = st.sampled_from(["", "\r\n", "\x03", "\x1d", "\u200b", " "])


@given(prefixes, suffixes, st.booleans(), st.booleans())
def test_a_scan_is_the_same_whatever_is_around_it(
    before: str, behind: str, signed: bool, small: bool
) -> None:
    code = new_code()
    text = sign_proof(KEY, code, voucher()) if signed else code.text
    read, proof = read_scan(before + (text.lower() if small else text) + behind)
    assert read == code
    assert (proof is not None) == signed


@pytest.mark.parametrize("layout", Layout)
def test_an_identifier_arrives_as_the_layout_has_it(layout: Layout) -> None:
    code = new_code()
    read, _proof = read_scan(as_arriving("]Q3" + code.text, layout))
    assert (read.text, read.layout) == (code.text, layout)


def test_what_surrounds_a_code_of_another_system_is_no_part_of_it() -> None:
    read, _proof = read_scan("]C0OLD/4711-x\r", foreign=True)
    assert read.text == "OLD/4711-x"


@given(st.text(max_size=60))
def test_anything_at_all_is_unwrapped_once(scanned: str) -> None:
    plain = unwrapped(scanned)
    assert plain in scanned


@given(st.text(max_size=120))
def test_rubbish_is_no_whole_code_or_reads_as_one(scanned: str) -> None:
    if is_complete(scanned):
        read_scan(scanned)
    else:
        with pytest.raises(Refused):
            read_scan(scanned)
