"""A receipt number names one receipt, whatever becomes of a till or of its books."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server_process import ServerProcess
from tests.till.paper.conftest import CASHIER, DONE, REFUSED, TillAtHand
from till.main import main

Enrol = Callable[[str], TillAtHand]


@pytest.fixture
def enrol(
    server: ServerProcess,
    tmp_path: Path,
    as_user: Callable[[tuple[str, str]], None],
    capsys: pytest.CaptureFixture[str],
) -> Enrol:
    """Enrols tills named `N`, each in a folder of its own."""
    as_user(CASHIER)

    def enrolled(folder: str) -> TillAtHand:
        data = tmp_path / folder
        words = ("enrol", "--server", server.url, "--code", server.add_till("N"))
        assert main([*words, "--data", str(data)]) == DONE
        capsys.readouterr()
        return TillAtHand(data, capsys)

    return enrolled


def number(till: TillAtHand) -> str:
    return str(till.sell()["receipt"])


def put_back(till: TillAtHand, backup: Path) -> None:
    for file in till.data.glob("till.sqlite*"):
        file.unlink()
    shutil.copy(backup, till.data / "till.sqlite")


def test_no_number_comes_twice_from_tills_of_one_name_and_from_books_put_back(
    server: ServerProcess, enrol: Enrol, tmp_path: Path
) -> None:
    first, backup = enrol("first"), tmp_path / "backup.sqlite"
    given = [number(first)]
    assert given == ["N-000001"]
    first("backup", str(backup))
    given += [number(first), number(first)]
    for _ in range(2):
        put_back(first, backup)
        first("shift", "report", exits=REFUSED)  # at work without a sale
        put_back(first, backup)
        given += [number(first), number(first)]
    server.command("till", "revoke", "N")
    second = enrol("second")
    given += [number(second), number(second)]
    assert len(set(given)) == len(given), given


def test_numbers_have_no_gaps_while_nothing_is_put_back(
    enrol: Enrol, server: ServerProcess
) -> None:
    server.command("till", "revoke", "N")
    till = enrol("third")
    numbers = [number(till) for _ in range(3)]
    assert [each[-6:] for each in numbers] == ["000001", "000002", "000003"]
    assert len({each[:-7] for each in numbers}) == 1
