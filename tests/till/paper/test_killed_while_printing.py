"""kill -9 at any moment of a print job, and a printer that fails: no voucher is lost or doubled."""

import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from bench.cache import filled_till
from printing.virtual import VirtualPrinter
from till.store import accounts, settings
from till.store.database import FILE_NAME, open_database
from till.store.settings import PrinterSetting
from vouchers.codes import VoucherCode, code_digest
from vouchers.errors import Refused

VALUE_MINOR = 2500
CODE = re.compile(r"(?:[2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}")
DIGEST_KEY = bytes(32)
FAULTS = ("resets_after_bytes", "closes_after_bytes")


class Zygote:
    """See tests.till.paper.zygote."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.till.paper.zygote", str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, what: str, last: int = 0) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{what} {last}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        self._process.communicate()


@contextmanager
def till_at(folder: Path, printer: VirtualPrinter) -> Iterator[Zygote]:
    till, _codes = filled_till(folder, 0)
    with till.database.write() as work:
        printers = {"receipt": PrinterSetting(address=f"tcp://127.0.0.1:{printer.port}")}
        settings.identity.put(work, replace(till.identity, printers=printers))
    till.close()
    zygote = Zygote(folder)
    try:
        yield zygote
    finally:
        zygote.end()


def check(folder: Path, printer: VirtualPrinter) -> int:
    """Every voucher with a balance is on paper once, and nowhere else; how many there are."""
    on_paper = Counter(code for page in printer.documents for code in set(CODE.findall(page.text)))
    database = open_database(folder)
    alive = 0
    today = datetime.now(UTC).date()
    with database.read() as work:
        for code, times in on_paper.items():
            assert times == 1, f"…{code[-4:]} came out {times} times"
            digest = code_digest(DIGEST_KEY, VoucherCode(code.replace("-", "")))
            account = accounts.by_digest(work, digest)
            assert account is not None
            if account.balance.minor:
                assert account.balance.minor == VALUE_MINOR
                alive += 1
            else:
                with pytest.raises(Refused, match="refused_empty"):
                    account.check_spendable(today)
        sold = work.exec_driver_sql("SELECT count(*) FROM entries WHERE kind = 'issue'").scalar()
        owed = work.exec_driver_sql("SELECT sum(amount_minor) FROM entries").scalar()
    database.close()
    assert alive == sold
    assert owed == sold * VALUE_MINOR
    check_no_code_in_clear(folder, on_paper)
    return alive


def check_no_code_in_clear(folder: Path, codes: Counter[str]) -> None:
    for file in folder.glob(FILE_NAME + "*"):
        content = file.read_bytes()
        for code in codes:
            assert code.encode() not in content, f"{file.name} still holds …{code[-4:]}"
            assert code.replace("-", "").encode() not in content


def kill_often(folder: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    with VirtualPrinter() as printer, till_at(folder, printer) as till:
        selling = int(till("sell"))
        killed = 0
        for _ in range(times):
            if chance.random() < 0.3:
                printer.script(**{chance.choice(FAULTS): chance.randrange(1, 9_000)})
            killed += till("sell", chance.randrange(1, selling)) == "killed"
            printer.mend()
            if chance.random() < 0.5:
                killed += till("settle", chance.randrange(1, 3 * selling)) == "killed"
            assert till("settle").isdigit()
            check(folder, printer)
        assert killed >= times * 0.8
        assert check(folder, printer) >= times * 0.5


def test_killed_at_any_moment_each_voucher_is_on_one_paper(tmp_path: Path) -> None:
    kill_often(tmp_path / "till", times=6, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_killed_hundreds_of_times_each_voucher_is_on_one_paper(tmp_path: Path, seed: int) -> None:
    kill_often(tmp_path / "till", times=100, seed=seed)
