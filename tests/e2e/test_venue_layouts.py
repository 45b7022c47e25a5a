"""The venue's layouts, from the server's folder to the paper of a till whose window is open."""

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec.structs import replace

from printing.virtual import VirtualPrinter
from server.storage.database import open_engine, sqlite_url, writing
from server.storage.venues import DEFAULT_ORGANISATION, load_catalogue, save_catalogue
from tests.cardreader.waiting import eventually
from tests.e2e.tills import TillProcess
from tests.server_process import ServerProcess
from till.window import TillSession

SLIP = "drawer-slip.toml"
SHIPPED = (files("resources") / "layouts" / SLIP).read_text("utf-8")
OURS = SHIPPED.replace('text = "{venue}"', 'text = "SAYS THE SERVER"')
BROKEN = OURS.replace('show = "head"', 'show = "haed"')


@pytest.fixture
def venue(tmp_path: Path) -> Path:
    """The folder that the venue's people keep beside the server."""
    folder = tmp_path / "venue"
    shutil.copytree(str(files("resources") / "demo"), folder)
    (folder / "layouts").mkdir()
    return folder


@pytest.fixture
def session(new_till: Callable[..., TillProcess], printer: VirtualPrinter) -> Iterator[TillSession]:
    till = new_till("A", "--printer", f"tcp://127.0.0.1:{printer.port}")
    open_session = TillSession(till.data, "en")
    yield open_session
    open_session.close()


def printed(session: TillSession, printer: VirtualPrinter) -> str:
    """What stands on the next slip."""
    before = len(printer.documents)
    user = session.counter.sign_in.sign_in("supervisor", "5678")
    session.counter.paperwork.open_drawer("to look at the paper", user)
    return printer.wait_for_documents(before + 1)[-1].text


def test_a_layout_reaches_the_paper_while_the_window_is_open_and_leaves_it_again(
    server: ServerProcess, session: TillSession, printer: VirtualPrinter, venue: Path
) -> None:
    assert "SAYS THE SERVER" not in printed(session, printer)
    adopted = session._till.folder / "venue" / "layouts" / SLIP
    (venue / "layouts" / SLIP).write_text(OURS)
    server.command("venue", "load", str(venue))
    eventually(adopted.exists)
    eventually(lambda: "SAYS THE SERVER" in printed(session, printer))
    (venue / "layouts" / SLIP).unlink()
    server.command("venue", "load", str(venue))
    eventually(lambda: not adopted.exists())
    eventually(lambda: "SAYS THE SERVER" not in printed(session, printer))


def let_in_without_a_look(server: ServerProcess, content: str) -> None:
    """What a server did that did not check layouts yet."""
    engine = open_engine(sqlite_url(server.data))
    with writing(engine) as connection:
        catalogue = load_catalogue(connection, DEFAULT_ORGANISATION)
        assert catalogue is not None
        papers = {f"layouts/{SLIP}": content.encode()}
        save_catalogue(connection, DEFAULT_ORGANISATION, replace(catalogue, paper_files=papers))
    engine.dispose()


def test_a_mistake_that_an_older_server_lets_in_is_told_and_the_earlier_layout_stays(
    server: ServerProcess, session: TillSession, printer: VirtualPrinter, venue: Path
) -> None:
    (venue / "layouts" / SLIP).write_text(OURS)
    server.command("venue", "load", str(venue))
    eventually(lambda: "SAYS THE SERVER" in printed(session, printer))
    let_in_without_a_look(server, BROKEN)
    eventually(lambda: bool(session.print_problems()))
    (problem,) = session.print_problems()
    assert "mistake in line 13" in problem
    assert "SAYS THE SERVER" in printed(session, printer)


def test_this_tills_own_layout_goes_before_the_servers(
    server: ServerProcess, session: TillSession, printer: VirtualPrinter, venue: Path
) -> None:
    user = session.counter.sign_in.sign_in("supervisor", "5678")
    session.office().layouts.save(SLIP, OURS.replace("THE SERVER", "THIS TILL"), user)
    (venue / "layouts" / SLIP).write_text(OURS)
    server.command("venue", "load", str(venue))
    eventually((session._till.folder / "venue" / "layouts" / SLIP).exists)
    assert "SAYS THIS TILL" in printed(session, printer)
    session.office().layouts.give_up(SLIP, user)
    assert "SAYS THE SERVER" in printed(session, printer)
