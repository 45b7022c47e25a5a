"""kill -9 at any moment, a full disk and a read-only one: nothing committed is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.till.books import check_books, check_money
from tests.till.crash_worker import TOOK
from till.store.database import FILE_NAME

WORKER = [sys.executable, "-m", "tests.till.crash_worker"]
OWN_MOUNTS = ["unshare", "--user", "--mount", "--map-root-user"]


def make_till(folder: Path) -> Path:
    subprocess.run([*WORKER, str(folder), "make"], check=True)
    return folder


def run_and_kill(folder: Path, after_s: float) -> list[str]:
    """What it had acknowledged when it was killed."""
    worker = subprocess.Popen([*WORKER, str(folder), "sell"], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    with worker.stdout as said:
        first = said.readline()
        time.sleep(after_s)
        worker.send_signal(signal.SIGKILL)
        rest = said.read()
    worker.wait()
    return [line for line in (first + rest).split("\n")[:-1] if line]


def kill_often(folder: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[str] = []
    make_till(folder)
    for _ in range(times):
        acknowledged += run_and_kill(folder, chance.uniform(0, 0.08))
        took = {line.removeprefix(TOOK) for line in acknowledged if line.startswith(TOOK)}
        check_books(folder / FILE_NAME, [line for line in acknowledged if TOOK not in line])
        check_money(folder / FILE_NAME, took)
    assert len(acknowledged) >= times


def test_killed_at_any_moment_the_books_are_whole(tmp_path: Path) -> None:
    kill_often(tmp_path / "till", times=8, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_killed_hundreds_of_times_the_books_are_whole(tmp_path: Path) -> None:
    kill_often(tmp_path / "till", times=300, seed=2)


@pytest.mark.skipif(sys.platform != "linux", reason="needs mount namespaces")
def test_a_full_disk_is_told_and_the_till_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """On a tmpfs of 2 MB with a ballast: sells until it is full, then goes on without ballast."""
    script = f"""
        mount -t tmpfs -o size=2m tmpfs {tmp_path} &&
        {" ".join(WORKER)} {tmp_path}/till make &&
        head -c 1000000 /dev/zero > {tmp_path}/ballast &&
        {" ".join(WORKER)} {tmp_path}/till fill > {tmp_path}/../said-{tmp_path.name} &&
        cp {tmp_path}/till/till.sqlite {tmp_path}/../copy-{tmp_path.name}
    """
    subprocess.run([*OWN_MOUNTS, "sh", "-c", script], check=True)
    said = (tmp_path.parent / f"said-{tmp_path.name}").read_text().split()
    assert said.count("disk_trouble") == 1
    full_at = said.index("disk_trouble")
    assert full_at > 10
    assert sum(word.startswith("B-") for word in said[full_at:]) == 2
    check_books(tmp_path.parent / f"copy-{tmp_path.name}", [s for s in said if s.startswith("B-")])


@pytest.mark.skipif(sys.platform != "linux", reason="needs mount namespaces")
def test_a_read_only_disk_is_told_and_nothing_is_booked(tmp_path: Path) -> None:
    make_till(tmp_path / "till")
    script = f"""
        mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path} &&
        {sys.executable} -m till.main sell --value 50 --tender cash --json --data {tmp_path}/till
    """
    done = subprocess.run(
        [*OWN_MOUNTS, "sh", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "TILL_USER": "cashier", "TILL_PIN": "1234"},
    )
    assert done.returncode == 4, done.stderr
    assert '"failed":"disk_trouble"' in done.stdout
    check_books(tmp_path / "till" / FILE_NAME, [])
