"""What a till with its window says of its printers, and what it keeps over a restart."""

from printing.virtual import VirtualPrinter
from tests.cardreader.waiting import eventually
from tests.till.paper.conftest import SUPERVISOR, TillAtHand
from till.store.settings import Taste
from till.ui.session import Level, Light
from till.window import TillSession


def test_a_roll_that_ends_soon_is_told_quietly(till: TillAtHand, printer: VirtualPrinter) -> None:
    printer.script(paper_low=True)
    session = TillSession(till.data, "en")
    user = session.counter.sign_in.sign_in(*SUPERVISOR)
    session.counter.paperwork.open_drawer("change", user)
    low = Light(Level.ATTENTION, "paper runs low")
    eventually(lambda: session.printer() == low, lambda: str(session.printer()))
    assert session.print_problems() == []
    printer.mend()
    session.counter.paperwork.open_drawer("change", user)
    eventually(lambda: session.printer().level is Level.ACCEPTED)
    session.close()


def test_a_printer_set_up_wrongly_keeps_no_other_from_printing(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    profile = till.data / "profiles" / "ours.toml"
    profile.parent.mkdir(exist_ok=True)
    profile.write_text('name = "Ours"\nwidth_dots = 512\ncolumns = 42\n')
    till("printer", "set", "voucher", "tcp://127.0.0.1:9", "--profile", "ours")
    profile.write_text("width_dots = 1")
    session = TillSession(till.data, "en")
    (problem,) = session.print_problems()
    assert "profile ours.toml cannot be used" in problem
    user = session.counter.sign_in.sign_in(*SUPERVISOR)
    session.counter.paperwork.open_drawer("change", user)
    assert printer.wait_for_documents(1)
    session.close()


def test_the_language_that_was_chosen_is_spoken_after_a_restart(till: TillAtHand) -> None:
    session = TillSession(till.data, "en")
    assert session.printer().text == "no printer"
    session.keep_taste(Taste(language="de", colours="dark"))
    assert session.printer().text == "kein Drucker"
    session.close()
    again = TillSession(till.data, "en")
    assert again.printer().text == "kein Drucker"
    assert again.taste().colours == "dark"
    again.keep_taste(Taste())
    again.close()
