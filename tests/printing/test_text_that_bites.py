"""Texts of all kinds reach paper whole, harmless, and inside its edges."""

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from printing import escpos
from printing.blocks import Block, Columns, Picture, Table, Text
from printing.glyphs import CELL
from printing.layouts import LayoutBook
from printing.profiles import find_profile, shipped_profiles
from printing.realtime import COMMANDS, without_commands
from printing.symbols import qr_dots
from printing.text import cells, printable, wrap
from printing.typeset import Dots, Line, typeset
from printing.virtual.commands import Reader
from printing.virtual.model import CODE_PAGES
from printing.virtual.paper import Paper
from tests.printing.paper_reading import on_virtual_paper, symbols
from tests.printing.samples import receipt, shift_report

PROFILES = sorted(shipped_profiles())
OURS = re.compile(
    rb"\x1b@|\x1bt.|\x1b3.|\x1dv0\0(..)(..)|\x1ba[\0-\2]|\x1bE[\0\1]|\x1bM[\0\1]|\x1d![\0\x01\x10\x11]"
    rb"|\x1bJ.|\x1dVB\0|\x1bi|\n",
    re.DOTALL,
)


def read_by_the_reference(data: bytes, width: int) -> Paper:
    """The paper after `data`; raises NotInReference for anything that is no command."""
    paper = Paper(width, CODE_PAGES)
    reader = Reader()
    for command in reader.feed(data):
        paper.carry_out(command)
    assert not reader.incomplete
    return paper


@pytest.mark.parametrize("profile", PROFILES)
def test_euro_and_umlauts_on_every_profile(layouts: LayoutBook, profile: str) -> None:
    known = shipped_profiles()[profile]
    sheet = typeset([Text("ÄÖÜäöüß 5,00 €")], known)
    (element,) = sheet.elements
    if known.can_print("€"):
        assert element == Line("ÄÖÜäöüß 5,00 €")
    else:
        assert isinstance(element, Dots)
        assert element.image.height == known.line_dots
    data = escpos.render(sheet)
    assert not read_by_the_reference(data, known.width_dots).is_blank


@pytest.mark.parametrize(
    "text",
    [
        "Ελληνικά",
        "日本語テスト",
        "中文字符",
        "مرحبا",
        "שלום",
        "🎁 Gift 🎉",
        "한국어",
        "ไทย",
        "हिन्दी",
    ],
)
def test_foreign_scripts_are_drawn(text: str) -> None:
    (element,) = typeset([Text(text)], find_profile("generic-58")).elements
    assert isinstance(element, Dots)
    ink = element.image.convert("L").point(lambda shade: 255 - shade).getbbox()
    assert ink is not None
    assert ink[2] - ink[0] > CELL[0]


def test_foreign_title_keeps_its_figure_at_the_right_edge() -> None:
    profile = find_profile("epson-tm-t88v")
    (element,) = typeset([Columns("日本語", "12,50")], profile).elements
    assert isinstance(element, Dots)
    ink = element.image.convert("L").point(lambda shade: 255 - shade).getbbox()
    assert ink is not None
    assert profile.columns * CELL[0] - CELL[0] < ink[2] <= profile.width_dots


def test_very_long_words_break_inside() -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
    lines = wrap(word, 32)
    assert "".join(lines) == word
    assert max(map(len, lines)) <= 32


def test_five_hundred_lines(layouts: LayoutBook) -> None:
    paper = on_virtual_paper(shift_report(figures=500), layouts, "epson-tm-t88v")
    assert "500 x Warengruppe 500" in paper.text


@given(st.text(max_size=200))
@example("\u3000wide and\u1680foreign\u202fblanks\u00a0")
def test_printable_leaves_nothing_that_a_printer_obeys(text: str) -> None:
    clean = printable(text)
    assert clean.isprintable()
    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) <= 0x9F for sign in clean)


@given(st.text(max_size=300), st.integers(min_value=2, max_value=64))
def test_wrapped_lines_fit_and_lose_no_sign(text: str, width: int) -> None:
    clean = printable(text)
    lines = wrap(clean, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == clean.replace(" ", "")


@settings(max_examples=150)
@given(
    title=st.text(max_size=80),
    figure=st.text(max_size=14),
    profile=st.sampled_from(PROFILES),
)
def test_fuzzed_texts_reach_paper_without_a_command_of_their_own(
    title: str, figure: str, profile: str
) -> None:
    known = shipped_profiles()[profile]
    blocks: list[Block] = [
        Text(title),
        Columns(title, figure),
        Table((title, figure, figure, figure)),
    ]
    data = escpos.render(typeset(blocks, known))
    assert not COMMANDS.search(data)
    paper = read_by_the_reference(data, known.width_dots)
    assert paper.unfinished.drawer_kicks == 0
    assert no_control_but_ours(data)


def no_control_but_ours(data: bytes) -> bool:
    """Whether all control bytes belong to commands that the renderer itself emits."""
    at = 0
    while at < len(data):
        if found := OURS.match(data, at):
            at = found.end()
            if found[1]:
                at += int.from_bytes(found[1], "little") * int.from_bytes(found[2], "little")
        elif data[at] >= 0x20 and data[at] != 0x7F:
            at += 1
        else:
            return False
    return True


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_fuzzed_receipts_are_always_laid_out(title: str, cashier: str) -> None:
    import msgspec

    document = msgspec.structs.replace(receipt(titles=(title, title)), cashier=cashier)
    profile = find_profile("generic-58")
    data = LAYOUTS.to_bytes(document, profile)
    read_by_the_reference(data, profile.width_dots)


LAYOUTS = LayoutBook.load()


@pytest.mark.parametrize("seed", range(5))
def test_no_picture_holds_a_real_time_command(seed: int) -> None:
    noise = random.Random(seed).randbytes(64 * 400)
    planted = (
        noise[:100] + b"\x10\x04\x01" + b"\x10\x14\x01\x00\x01" + b"\x10\x05\x02" + noise[111:]
    )
    ink = Image.frombytes("1", (512, 400), bytes(255 - byte for byte in planted))
    assert COMMANDS.search(planted)
    safe = without_commands(ink)
    data = escpos.render(typeset([Picture(safe)], find_profile("epson-tm-t88v")))
    assert not COMMANDS.search(data)
    changed = sum(
        (one ^ other).bit_count() for one, other in zip(ink.tobytes(), safe.tobytes(), strict=True)
    )
    assert 3 <= changed <= 20


@given(st.text(min_size=1, max_size=120))
def test_any_text_fits_its_qr(data: str) -> None:

    try:
        data.encode()
    except UnicodeEncodeError:
        return
    symbol = qr_dots(data, 3)
    assert symbol.width == symbol.height


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTUVWXYZ", min_size=8, max_size=190))
def test_a_qr_reads_back(data: str) -> None:
    assert symbols(qr_dots(data, 3)) == {"QR Code": [data]}
