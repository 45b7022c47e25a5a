"""Layouts, pictures and profiles of a venue that would not print are refused with its catalogue."""

from importlib.resources import files
from pathlib import Path

import pytest

from server.venue_files import read_venue
from server.written_files import FilesWrong
from tests.server.written_venue import demo, write_venue

SHIPPED = files("resources")
SLIP = (SHIPPED / "layouts" / "drawer-slip.toml").read_bytes()
RECEIPT = (SHIPPED / "layouts" / "receipt-80.toml").read_bytes()
WITHOUT_VOUCHERS = b"[[part]]".join(
    part for part in RECEIPT.split(b"[[part]]") if b'"vouchers"' not in part
)
GIFT = (SHIPPED / "layouts" / "blank-gift-150x80.toml").read_bytes()
PROFILE = (SHIPPED / "profiles" / "generic-80.toml").read_bytes()
PICTURE = (SHIPPED / "layouts" / "blank-gift-150x80.png").read_bytes()


def write(folder: Path, name: str, content: bytes) -> None:
    write_venue(folder, demo("catalogue"))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("layouts/slip.toml", SLIP.replace(b'show = "head"', b'show = "haed"'), "line 13"),
        ("layouts/slip.toml", SLIP + b"\nsize = 3\n", "unknown field `size`"),
        ("layouts/receipt.toml", WITHOUT_VOUCHERS, "code"),
        ("layouts/gift.toml", GIFT.replace(b'symbol = "qr"', b'text = "x"'), "code"),
        ("layouts/text.toml", b"\xff\xfe", "codec can't decode"),
        ("layouts/logo.png", b"no picture", "this is no picture"),
        ("layouts/logo.jpg", PICTURE, "no till would use it: files here end in .toml and .png"),
        ("profiles/odd.toml", PROFILE.replace(b"columns", b"colums"), "colums"),
        ("profiles/odd.png", PICTURE, "files here end in .toml"),
        ("layouts/large.png", PICTURE + bytes(512 * 1024), "524288 are the most"),
    ],
)
def test_a_file_that_would_not_print_is_named(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    write(tmp_path, name, content)
    with pytest.raises(FilesWrong) as refused:
        read_venue(tmp_path)
    assert any(says in str(mistake) for mistake in refused.value.mistakes), refused.value.mistakes


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("layouts/receipt-80.toml", RECEIPT.replace(b"Receipt, 80 mm", b"Ours")),
        ("layouts/gift.toml", GIFT),
        ("layouts/logo.png", PICTURE),
        ("layouts/.receipt-80.toml.swp", b"an editor's"),
        ("profiles/kiosk.toml", PROFILE),
    ],
)
def test_what_prints_travels_with_the_catalogue(tmp_path: Path, name: str, content: bytes) -> None:
    write(tmp_path, name, content)
    papers = read_venue(tmp_path).catalogue.paper_files
    assert papers == ({} if Path(name).name.startswith(".") else {name: content})
