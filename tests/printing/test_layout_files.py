"""Layout files are written by people: a mistake is told with its line."""

from pathlib import Path

import msgspec
import pytest
from PIL import Image, ImageChops

from printing.layouts import LayoutBook, LayoutUnreadable, read_layout
from printing.profiles import ProfileUnreadable, find_profile, read_profile
from printing.virtual.commands import Reader
from printing.virtual.model import CODE_PAGES
from printing.virtual.paper import Paper
from tests.printing.paper_reading import trimmed
from tests.printing.samples import gift, issued, receipt

GOOD = """\
# Our own receipt
name = "Own receipt"
document = "receipt"

[[part]]
show = "venue"

[[part]]
show = "text"
text = "Hello {number}"
bold = true
"""

PLAIN = receipt(vouchers=[])

BLANK = """\
name = "Blank"
document = "voucher"
width_mm = 100
height_mm = 50

[[field]]
x_mm = 5
y_mm = 5
size_mm = 5
text = "{value}"

[[field]]
symbol = "qr"
x_mm = 60
y_mm = 5
size_mm = 35
"""


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ('show = "venue"', 'show = "venu"', 6, "venu"),
        ('show = "venue"', "show = venue", 6, "Invalid value"),
        ("bold = true", "bold = 3", 11, "bool"),
        ("bold = true", "bald = true", 11, "bald"),
        ("{number}", "{nummer}", 10, "nummer"),
        ("{number}", "{number", 10, "expected '}'"),
        ('document = "receipt"', 'document = "bill"', 3, "bill"),
        ('name = "Own receipt"', 'nam = "Own receipt"', 2, "nam"),
        ('show = "venue"', 'show = "venue"\nsymbol = "qr"', 7, "no option `symbol`"),
        ("bold = true", "bold = true\nmm = 5", 12, "no option `mm`"),
    ],
)
def test_a_mistake_is_told_with_its_line(before: str, after: str, line: int, says: str) -> None:
    assert before in GOOD
    with pytest.raises(LayoutUnreadable) as told:
        read_layout("own.toml", GOOD.replace(before, after))
    assert told.value.line == line
    assert says in str(told.value.details["detail"])
    assert told.value.details["file"] == "own.toml"


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("x_mm = 60", "x_mm = 70", 14, "ends at 105 mm"),
        ("y_mm = 5\nsize_mm = 35", "y_mm = 25\nsize_mm = 35", 15, "ends at 60 mm"),
        ('symbol = "qr"', 'symbol = "aztec"', 13, "aztec"),
        ('text = "{value}"', "bold = true", 6, "either `text` or `symbol`"),
        ('text = "{value}"', 'text = "{worth}"', 10, "worth"),
        ("size_mm = 35", "size_mm = -3", 16, "1.5"),
    ],
)
def test_a_mistake_on_a_blank_is_told_with_its_line(
    before: str, after: str, line: int, says: str
) -> None:
    assert before in BLANK
    with pytest.raises(LayoutUnreadable) as told:
        read_layout("blank.toml", BLANK.replace(before, after))
    assert (told.value.line, says in str(told.value.details["detail"])) == (line, True), told.value


def test_a_venues_layout_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "receipt-80.toml").write_text(GOOD, "utf-8")
    profile = find_profile("epson-tm-t88v")
    own = LayoutBook.load(tmp_path).to_bytes(PLAIN, profile)
    assert b"Hello K1-000123" in own
    assert len(own) < len(LayoutBook.load().to_bytes(PLAIN, profile))


def test_a_draft_is_previewed_without_being_kept() -> None:
    book, profile = LayoutBook.load(), find_profile("epson-tm-t88v")
    draft = book.with_draft("receipt-80.toml", GOOD)
    assert b"Hello K1-000123" in draft.to_bytes(PLAIN, profile)
    assert b"Hello" not in book.to_bytes(PLAIN, profile)
    assert draft.names["receipt-80.toml"] == "Own receipt"


def test_a_background_is_on_screen_and_not_on_paper() -> None:
    book, profile = LayoutBook.load(), find_profile("epson-tm-l90")
    document = gift(layout="blank-gift-150x80.toml")
    screen = book.page(document, profile).image
    assert screen.size == (profile.dots(150), profile.dots(80))
    colours = screen.convert("RGB").getcolors(1 << 16)
    assert colours is not None and len(colours) > 4
    assert book.to_picture(document, profile).mode == "1"


def test_an_unknown_layout_name_falls_back_to_the_usual_one() -> None:
    book, profile = LayoutBook.load(), find_profile("epson-tm-t88v")
    assert book.to_bytes(gift(layout="gone.toml"), profile) == book.to_bytes(gift(), profile)


def test_a_long_greeting_shrinks_into_its_box() -> None:
    book, profile = LayoutBook.load(), find_profile("epson-tm-l90")
    long = "Zum Geburtstag viel Glück und noch viele schöne Stunden im Museum. " * 6
    normal = book.page(gift(layout="blank-gift-150x80.toml"), profile).image
    full = book.page(gift(greeting=long, layout="blank-gift-150x80.toml"), profile).image
    below = (0, profile.dots(57), profile.dots(100), profile.dots(80))
    assert full.crop(below).tobytes() == normal.crop(below).tobytes()


def test_profiles_say_what_is_wrong() -> None:
    with pytest.raises(ProfileUnreadable, match="width_dots"):
        read_profile("own.toml", 'name = "x"\nwidth_dots = "wide"\ncolumns = 42')
    with pytest.raises(ProfileUnreadable):
        find_profile("no-such-model")


def test_a_venues_own_profile(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text(
        'name = "Kiosk"\nwidth_dots = 640\ncolumns = 53\ncut = "1b 69"', "utf-8"
    )
    assert find_profile("kiosk", tmp_path).width_dots == 640


LOGO = (
    GOOD
    + """
[[part]]
show = "logo"
file = "logo.png"
mm = 30
"""
)


def test_a_logo_is_printed_dot_for_dot(tmp_path: Path) -> None:
    logo = Image.radial_gradient("L").resize((300, 150))
    logo.save(tmp_path / "logo.png")
    (tmp_path / "receipt-80.toml").write_text(LOGO, "utf-8")
    book, profile = LayoutBook.load(tmp_path), find_profile("epson-tm-t88v")
    paper = Paper(profile.width_dots, CODE_PAGES)
    for command in Reader().feed(book.to_bytes(PLAIN, profile)):
        paper.carry_out(command)
    preview = trimmed(book.to_picture(PLAIN, profile))
    assert ImageChops.difference(trimmed(paper.documents[0].image), preview).getbbox() is None
    assert preview.height > profile.dots(15)


def test_a_picture_that_is_missing_or_broken_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "receipt-80.toml").write_text(LOGO, "utf-8")
    for content in (None, b"GIF89a broken", b""):
        if content is not None:
            (tmp_path / "logo.png").write_bytes(content)
        with pytest.raises(LayoutUnreadable, match=r"logo\.png") as told:
            LayoutBook.load(tmp_path)
        assert told.value.line == 15
    with pytest.raises(LayoutUnreadable, match="needs a `file`"):
        read_layout("own.toml", LOGO.replace('file = "logo.png"', "", 1))


def test_long_titles_stay_in_their_line_of_a_blank() -> None:
    book, profile = LayoutBook.load(), find_profile("epson-tm-l90")
    layout = "blank-gift-150x80.toml"
    title = "Wertgutschein für Führung, Konzert und Abendessen im Museumsgarten " * 4
    long = msgspec.structs.replace(gift(layout=layout), voucher=issued(title=title))
    below = (0, profile.dots(20), profile.dots(100), profile.dots(80))
    normal = book.page(gift(layout=layout), profile).image.crop(below)
    assert book.page(long, profile).image.crop(below).tobytes() == normal.tobytes()


def test_long_names_go_below() -> None:
    name = "Ottilie-Wilhelmine von und zu Hohenstein-Oehringen"
    profile = find_profile("generic-58")
    document = msgspec.structs.replace(receipt(), cashier=name, till=name)
    paper = Paper(profile.width_dots, CODE_PAGES)
    for command in Reader().feed(LayoutBook.load().to_bytes(document, profile)):
        paper.carry_out(command)
    assert "Hohenstein-Oehringen" in paper.unfinished.text
