"""The venue's layouts on a till: checked before they take the place of earlier ones."""

from importlib.resources import files
from pathlib import Path

import pytest

from printing.layouts import LayoutUnreadable
from till.venue_paper import adopt, load_layouts, profile_named
from vouchers.errors import OperatingError

RECEIPT = "layouts/receipt-80.toml"
SHIPPED = (files("resources") / RECEIPT).read_bytes()
OURS = SHIPPED.replace(b"Receipt, 80 mm", b"Ours")
BROKEN = OURS.replace(b'show = "total"', b'show = "totall"')


def name_of(folder: Path) -> str:
    return load_layouts(folder).names["receipt-80.toml"]


def test_a_layout_of_the_venue_replaces_the_shipped_one_until_it_is_withdrawn(
    tmp_path: Path,
) -> None:
    assert adopt(tmp_path, {RECEIPT: OURS}) == []
    assert name_of(tmp_path) == "Ours"
    assert adopt(tmp_path, {}) == []
    assert name_of(tmp_path) == "Receipt, 80 mm"


def test_a_mistake_names_its_line_and_the_earlier_layout_stays(tmp_path: Path) -> None:
    adopt(tmp_path, {RECEIPT: OURS})
    (problem,) = adopt(tmp_path, {RECEIPT: BROKEN})
    assert isinstance(problem, LayoutUnreadable)
    assert b"totall" in BROKEN.splitlines()[problem.line - 1]
    assert name_of(tmp_path) == "Ours"


def test_profiles_travel_too_and_a_till_may_have_its_own(tmp_path: Path) -> None:
    profile = (files("resources") / "profiles" / "generic-80.toml").read_bytes()
    own = profile.replace(b"Generic 80 mm", b"Kiosk")
    assert adopt(tmp_path, {"profiles/kiosk.toml": own}) == []
    assert profile_named(tmp_path, "kiosk").name == "Kiosk"
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "kiosk.toml").write_bytes(own.replace(b"Kiosk", b"Here"))
    assert profile_named(tmp_path, "kiosk").name == "Here"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../till.keys", b"x"),
        ("layouts/../../till.keys", b"x"),
        ("/etc/passwd", b"x"),
        ("layouts/logo.png", b"no picture"),
        ("layouts/text.toml", b"\xff\xfe"),
        ("profiles/odd.toml", b"width = 1"),
    ],
)
def test_files_that_are_not_what_they_should_be_are_left_out(
    tmp_path: Path, name: str, content: bytes
) -> None:
    folder = tmp_path / "till"
    (problem,) = adopt(folder, {name: content})
    assert isinstance(problem, OperatingError)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
