"""The venue's layouts on a till: checked before they take the place of earlier ones."""

from importlib.resources import files
from pathlib import Path

import pytest

from printing.layouts import LayoutUnreadable
from printing.profiles import find_profile
from till.layout_trial import LayoutTrial, PrinterHere
from till.venue_paper import NOBODYS_TRIAL, adopt, profile_named, usable_layouts
from vouchers.errors import OperatingError

RECEIPT = "layouts/receipt-80.toml"
SHIPPED = (files("resources") / RECEIPT).read_bytes()
OURS = SHIPPED.replace(b"Receipt, 80 mm", b"Ours")
BROKEN = OURS.replace(b'show = "total"', b'show = "totall"')


TM_T88V = find_profile("epson-tm-t88v")
MODELS = [TM_T88V, find_profile("generic-58"), find_profile("epson-tm-l90")]
TRIAL = LayoutTrial(NOBODYS_TRIAL, {"receipt": PrinterHere(TM_T88V)}, MODELS)


def name_of(folder: Path, trial: LayoutTrial = TRIAL) -> str:
    return usable_layouts(folder, trial)[0].names["receipt-80.toml"]


def test_a_layout_of_the_venue_replaces_the_shipped_one_until_it_is_withdrawn(
    tmp_path: Path,
) -> None:
    assert adopt(tmp_path, {RECEIPT: OURS}, TRIAL) == []
    assert name_of(tmp_path) == "Ours"
    assert adopt(tmp_path, {}, TRIAL) == []
    assert name_of(tmp_path) == "Receipt, 80 mm"


def test_a_mistake_names_its_line_and_the_earlier_layout_stays(tmp_path: Path) -> None:
    adopt(tmp_path, {RECEIPT: OURS}, TRIAL)
    (problem,) = adopt(tmp_path, {RECEIPT: BROKEN}, TRIAL)
    assert isinstance(problem, LayoutUnreadable)
    assert b"totall" in BROKEN.splitlines()[problem.line - 1]
    assert name_of(tmp_path) == "Ours"


def test_profiles_travel_too_and_a_till_may_have_its_own(tmp_path: Path) -> None:
    profile = (files("resources") / "profiles" / "generic-80.toml").read_bytes()
    own = profile.replace(b"Generic 80 mm", b"Kiosk")
    assert adopt(tmp_path, {"profiles/kiosk.toml": own}, TRIAL) == []
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
    (problem,) = adopt(folder, {name: content}, TRIAL)
    assert isinstance(problem, OperatingError)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


WITHOUT_TOTAL = OURS.replace(b'show = "total"', b'show = "rule"')


def test_a_layout_of_the_venue_that_leaves_something_out_is_not_taken(tmp_path: Path) -> None:
    adopt(tmp_path, {RECEIPT: OURS}, TRIAL)
    (problem,) = adopt(tmp_path, {RECEIPT: WITHOUT_TOTAL}, TRIAL)
    assert (problem.key, str(problem.details["missing"])) == ("layout_lacks", "fact_total")
    assert (tmp_path / "venue" / RECEIPT).read_bytes() == OURS


def test_what_was_taken_before_is_left_out_once_it_is_not_good_enough(tmp_path: Path) -> None:
    """A program of before took it; this one prints by the shipped layout, and says why."""
    old = tmp_path / "venue" / RECEIPT
    old.parent.mkdir(parents=True)
    old.write_bytes(WITHOUT_TOTAL)
    layouts, (problem,) = usable_layouts(tmp_path, TRIAL)
    assert (layouts.names["receipt-80.toml"], problem.key) == ("Receipt, 80 mm", "layout_lacks")


def test_a_layout_is_told_by_the_printer_here_that_cannot_print_it(tmp_path: Path) -> None:
    """A blank too wide for the printer it lies in, though others could."""
    blank = (files("resources") / "layouts/blank-gift-150x80.toml").read_bytes()
    small = PrinterHere(find_profile("generic-58"), "blank-gift-150x80.toml")
    here = LayoutTrial(NOBODYS_TRIAL, {"voucher": small}, MODELS)
    name = "layouts/blank-gift-150x80.toml"
    assert adopt(tmp_path, {name: blank}, TRIAL) == []
    assert [problem.key for problem in usable_layouts(tmp_path, here)[1]] == ["blank_too_wide"]
