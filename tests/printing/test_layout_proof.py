"""A layout is drawn and read back before it is used: what a paper is for is on it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from printing.layouts import LayoutBook
from printing.layouts.book import SHIPPED, CodeNotOnPaper
from printing.layouts.proof import Trial
from printing.layouts.schema import BlankLayout
from printing.profiles import ProfileUnreadable, find_profile, read_profile, shipped_profiles
from printing.readback import lacks_code, pictures_on
from tests.printing.paper_reading import symbols
from tests.printing.samples import VENUE, gift, issued, receipt, ticket
from vouchers.codes import VoucherCode, check_sign
from vouchers.errors import Listed, OperatingError

TRIALS = [Trial(replace(VENUE, language=language), "EUR") for language in ("de", "en")]
T88V, L90 = find_profile("epson-tm-t88v"), find_profile("epson-tm-l90")
BOOK = LayoutBook.load()
STRIPS = sorted(
    {each.document for each in map(BOOK.layout, BOOK.names) if not isinstance(each, BlankLayout)}
)
BLANKS = [file for file in BOOK.names if isinstance(BOOK.layout(file), BlankLayout)]
RECEIPT, GIFT, PASS = "receipt-80.toml", "blank-gift-150x80.toml", "blank-pass-86x54.toml"


def missing(file: str, text: str, pictures: Path | None = None) -> tuple[str, ...]:
    """What the trial finds missing on paper of this layout."""
    book = LayoutBook.shipped(pictures).with_draft(file, text)
    layout = book.layout(file)
    profile = L90 if isinstance(layout, BlankLayout) else T88V
    with pytest.raises(OperatingError) as told:
        TRIALS[0].check(book, layout.document, profile, file)
    found = told.value.details.get("missing", Listed((told.value.key,)))
    assert isinstance(found, Listed)
    return found.keys


def text_of(file: str) -> str:
    return (SHIPPED / file).read_text("utf-8")


def without(file: str, *parts: str) -> str:
    """A layout without the tables in which any of `parts` stands."""
    head, *tables = text_of(file).split("\n\n[[")
    kept = [table for table in tables if not any(part in table for part in parts)]
    return "\n\n[[".join([head, *kept]) + "\n"


@pytest.mark.parametrize("trial", TRIALS, ids=["de", "en"])
@pytest.mark.parametrize("model", shipped_profiles())
def test_every_shipped_layout_carries_what_it_is_for(model: str, trial: Trial) -> None:
    for kind in STRIPS:
        trial.check(BOOK, kind, shipped_profiles()[model])


@pytest.mark.parametrize("model", ["epson-tm-l90", "custom-vkp80", "epson-tm-t88v"])
@pytest.mark.parametrize("file", BLANKS)
def test_every_shipped_blank_carries_what_it_is_for(file: str, model: str) -> None:
    TRIALS[0].check(BOOK, BOOK.layout(file).document, shipped_profiles()[model], file)


TITLE_ONLY = """\
name = "Only a title"
document = "voucher"
width_mm = 150
height_mm = 80
rotation = 90

[[field]]
x_mm = 8
y_mm = 10
size_mm = 7
text = "{title}"
"""


@pytest.mark.parametrize(
    ("file", "text", "lacks"),
    [
        (GIFT, TITLE_ONLY, {"fact_code", "fact_value", "fact_expiry"}),
        (RECEIPT, without(RECEIPT, '"vouchers"'), {"fact_code", "fact_value", "fact_expiry"}),
        (RECEIPT, without(RECEIPT, '"total"'), {"fact_total"}),
        (RECEIPT, without(RECEIPT, '"vat"'), {"fact_vat"}),
        (RECEIPT, without(RECEIPT, '"copy"'), {"fact_copy"}),
        (RECEIPT, without(RECEIPT, '"tenders"'), {"fact_tenders"}),
        (GIFT, without(GIFT, '"{value}"'), {"fact_value"}),
        (GIFT, without(GIFT, "{expires}"), {"fact_expiry"}),
        (PASS, without(PASS, "{number}"), {"fact_number"}),
        ("ticket.toml", without("ticket.toml", '"symbol"'), {"fact_code"}),
        ("shift-report.toml", without("shift-report.toml", '"copy"'), {"fact_copy"}),
        ("drawer-slip.toml", without("drawer-slip.toml", '"drawer"'), {"fact_drawer"}),
    ],
)
def test_what_a_layout_leaves_out_is_named(file: str, text: str, lacks: set[str]) -> None:
    assert lacks <= set(missing(file, text))


def test_letters_so_large_that_they_run_over_the_code_are_noticed() -> None:
    large = text_of(GIFT).replace("size_mm = 9\nwidth_mm = 92", "size_mm = 30\nwidth_mm = 142")
    assert "fact_code" in missing(GIFT, large)


def test_a_code_that_is_too_small_to_stay_on_its_blank_is_noticed() -> None:
    moved = text_of(GIFT).replace(
        "x_mm = 102\ny_mm = 8\nsize_mm = 44", "x_mm = 146\ny_mm = 8\nsize_mm = 3"
    )
    assert "fact_code" in missing(GIFT, moved)


def test_an_amount_that_another_text_runs_through_is_noticed() -> None:
    across = text_of(GIFT).replace("y_mm = 10\nsize_mm = 7", "y_mm = 22\nsize_mm = 7")
    assert missing(GIFT, across) == ("fact_value",)


def test_what_is_pre_printed_on_the_blank_may_not_cover_the_code(tmp_path: Path) -> None:
    Image.new("L", (1500, 800), 40).save(tmp_path / "blank-gift-150x80.png")
    assert missing(GIFT, text_of(GIFT), tmp_path) == ("fact_code",)


NARROW = 'name = "Narrow"\npaper_mm = 80\nwidth_dots = {}\ncolumns = {}'


@pytest.mark.parametrize(("dots", "columns"), [(1200, 42), (512, 60)])
def test_a_profile_whose_head_or_letters_are_wider_than_its_paper_is_refused(
    dots: int, columns: int
) -> None:
    with pytest.raises(ProfileUnreadable):
        read_profile("wrong.toml", NARROW.format(dots, columns))


def test_a_head_too_narrow_for_the_code_is_named_and_nothing_is_printed() -> None:
    narrow = replace(T88V, width_dots=144, columns=12)
    for layout in (
        lambda: TRIALS[0].check(BOOK, "receipt", narrow),
        lambda: BOOK.to_bytes(receipt(), narrow),
    ):
        with pytest.raises(OperatingError, match="code_too_wide"):
            layout()


def test_nothing_is_printed_or_mailed_by_a_layout_that_would_lose_the_code() -> None:
    book = LayoutBook.shipped().with_draft(GIFT, TITLE_ONLY)
    for make in (book.to_bytes, book.to_pdf):
        with pytest.raises(CodeNotOnPaper):
            make(gift(layout=GIFT), L90)


SIGNS = st.text(alphabet="23456789ABCDEFGHJKMNPQRSTUVWXYZ", min_size=15, max_size=15)


@settings(max_examples=15)
@given(signs=SIGNS, blank=st.booleans())
def test_a_code_that_is_there_is_read(signs: str, blank: bool) -> None:
    voucher = issued(VoucherCode(signs + check_sign(signs)))
    document = replace(gift(layout=GIFT), voucher=voucher) if blank else receipt(vouchers=[voucher])
    profile = L90 if blank else find_profile("generic-58")
    sheet = BOOK.sheet(document, profile)
    assert not lacks_code(document, pictures_on(sheet))
    assert [voucher.proof] in symbols(BOOK.to_picture(document, profile)).values()


def test_the_code_of_another_voucher_is_not_enough() -> None:
    one, other = issued(), issued(VoucherCode("2" * 15 + check_sign("2" * 15)))
    sheet = BOOK.sheet(receipt(vouchers=[one]), T88V)
    assert lacks_code(receipt(vouchers=[one, other]), pictures_on(sheet))
    assert not lacks_code(ticket(), pictures_on(BOOK.sheet(ticket(), T88V)))
