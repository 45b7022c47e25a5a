"""Layouts are edited beside the picture of what they print."""

import re

import pytest
from msgspec.structs import replace
from PySide6.QtTest import QTest

from tests.till.ui.cashier import Cashier, wait_until
from tests.till.ui.world import World
from till.store import settings
from till.ui.widgets.paper_view import PaperView
from till.ui.widgets.text_editor import TextEditor
from vouchers.errors import OperatingError, Refused
from vouchers.people import Role, User

RECEIPT = "receipt-80.toml"


@pytest.fixture
def editor(supervisor: Cashier) -> TextEditor:
    """The receipt's layout, open, with its first picture."""
    supervisor.tap("Settings")
    supervisor.tap("Layouts")
    supervisor.tap("Receipt, 80 mm")
    supervisor.sees("Came with the till.", "As the Epson TM-T88V prints it")
    return supervisor.window.findChildren(TextEditor)[0]


def view(supervisor: Cashier) -> PaperView:
    return supervisor.window.findChildren(PaperView)[0]


def picture(supervisor: Cashier) -> bytes:
    """What stands in the preview now."""
    image = view(supervisor).grab().toImage()
    return bytes(image.constBits())


def type_into(editor: TextEditor, text: str) -> None:
    editor.window().activateWindow()
    editor.setFocus()
    wait_until(editor.hasFocus, "the cursor in the text: ", str)
    QTest.keyClicks(editor, text)


def test_the_picture_follows_what_is_typed_and_a_mistake_keeps_the_last_one(
    supervisor: Cashier, editor: TextEditor
) -> None:
    before = picture(supervisor)
    text = editor.toPlainText()
    editor.setPlainText(text.replace('show = "total"', 'show = "text"\ntext = "HELLO"'))
    wait_until(lambda: picture(supervisor) != before, "another picture: ", supervisor.reads)
    good = view(supervisor)._drawn
    editor.setPlainText(text.replace('show = "total"', 'show = "totall"'))
    supervisor.sees("has a mistake in line 33", "totall")
    assert view(supervisor)._drawn is good
    button = supervisor.button("Save for this till")
    assert button is not None and not button.isEnabled()


def test_what_is_saved_is_printed_by_and_can_be_given_up(
    supervisor: Cashier, editor: TextEditor, world: World
) -> None:
    shipped = editor.toPlainText()
    own = shipped.replace("Receipt, 80 mm", "Our receipt").replace(
        'show = "footer"', 'show = "rule"'
    )
    editor.setPlainText(own)
    supervisor.tap("Save for this till")
    supervisor.sees("Saved. This till prints by it from the next paper on.")
    supervisor.sees("This till's own; it is the one in use. It replaces the one that came")
    assert (world.room.folder / "layouts" / RECEIPT).read_text() == own
    supervisor.tap("Give up this till's own")
    supervisor.sees("Came with the till.")
    wait_until(lambda: editor.toPlainText() == shipped, "the shipped text: ", editor.toPlainText)
    assert not (world.room.folder / "layouts" / RECEIPT).exists()


def test_a_layout_that_would_lose_the_code_is_not_saved(
    supervisor: Cashier, editor: TextEditor, world: World
) -> None:
    without = editor.toPlainText().replace('show = "vouchers"', 'show = "rule"')
    editor.setPlainText(re.sub(r"module_dots = \d\n|symbol = .*\n", "", without))
    supervisor.tap("Save for this till")
    supervisor.sees("would leave out", "a code that a scanner can read", "It is not used.")
    assert not (world.room.folder / "layouts" / RECEIPT).exists()


def test_the_screen_says_which_layout_wins(supervisor: Cashier, world: World) -> None:
    text = world.office().layouts.read(RECEIPT).text
    with world.database.write() as work:
        catalogue = settings.catalogue.get(work)
        assert catalogue is not None
        sent = text.replace("Receipt, 80 mm", "The venue's receipt").encode()
        files = {f"layouts/{RECEIPT}": sent}
        settings.catalogue.put(work, replace(catalogue, paper_files=files))
    world.room.follow()
    supervisor.tap("Settings")
    supervisor.tap("Layouts")
    supervisor.tap("The venue's receipt")
    supervisor.sees("From the server; it is the one in use. It replaces the one that came")
    editor = supervisor.window.findChildren(TextEditor)[0]
    editor.setPlainText(text.replace("Receipt, 80 mm", "Our receipt"))
    supervisor.tap("Save for this till")
    supervisor.sees("This till's own; it is the one in use. The server sends another")


def test_what_was_typed_and_not_saved_is_kept_and_told(
    supervisor: Cashier, editor: TextEditor
) -> None:
    type_into(editor, "# mine ")
    supervisor.sees("As the Epson TM-T88V prints it")
    QTest.qWait(300)
    supervisor.tap("Back")
    supervisor.sees("not saved yet")
    supervisor.tap("Receipt, 80 mm")
    wait_until(lambda: "# mine" in editor.toPlainText(), "the draft: ", editor.toPlainText)


def test_a_layout_that_somebody_broke_by_hand_can_be_mended_and_keeps_nothing_from_printing(
    supervisor: Cashier, world: World
) -> None:
    own = world.room.folder / "layouts" / RECEIPT
    own.parent.mkdir()
    own.write_bytes(b"name = \xff")
    world.room.refit()
    assert [trouble.key for trouble in world.room.troubles()] == ["layout_unreadable"]
    supervisor.tap("Settings")
    supervisor.tap("Layouts")
    supervisor.tap(RECEIPT)
    supervisor.sees("has a mistake in line 1")
    supervisor.tap("Give up this till's own")
    supervisor.sees("Came with the till.")
    assert world.room.troubles() == []


def test_cashiers_change_no_layouts(world: World) -> None:
    cashier = User(user_id="c1", name="Kim", role=Role.CASHIER, pin_hash="")
    layouts = world.office().layouts
    text = layouts.read(RECEIPT).text
    with pytest.raises(Refused):
        layouts.save(RECEIPT, text, cashier)
    with pytest.raises(OperatingError):
        layouts.read("no-such.toml")
    world.close()


def test_every_shipped_layout_has_its_picture(world: World) -> None:
    layouts = world.office().layouts
    for layout in layouts.layouts():
        preview = layouts.preview(layout.file, layouts.read(layout.file).text)
        assert len(preview.rgb) == 3 * preview.width * preview.height
        assert min(preview.rgb) == 0
    world.close()
