"""The real server as a process of its own, for tests that need one."""

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.main import main
from tests import commands

READY_S = 30


class ServerProcess:
    """`voucher-server run --demo` on a port of its own; `url` is where it listens.

    The port stays the same over a restart. `database` is a URL; without one, SQLite in `data`.
    """

    def __init__(
        self,
        data: Path,
        *,
        database: str | None = None,
        workers: int = 1,
        demo: bool = True,
        port: int | None = None,
    ) -> None:
        self.data = data
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._where = ["--data", str(data), *(["--database", database] if database else [])]
        self._run = [*("--listen", f"127.0.0.1:{self.port}"), *("--workers", str(workers))]
        self._run += ["--demo"] if demo else []
        self._process: subprocess.Popen[str] | None = None
        self.errors: list[str] = []

    def start(self) -> None:
        """Start, and return when it answers. Raises RuntimeError with what it said instead."""
        command = [sys.executable, "-m", "server.main", "run", *self._where, *self._run]
        process = self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None and process.stderr is not None
        threading.Thread(target=self._collect, args=(process,), daemon=True).start()
        overdue = threading.Timer(READY_S, process.kill)
        overdue.start()
        line = process.stdout.readline()
        overdue.cancel()
        if not line.startswith("listening on "):
            process.wait()
            raise RuntimeError(f"the server did not start: {line}{''.join(self.errors)}")

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and wait; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it in the middle of whatever it does (SIGKILL)."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start again on the same port and data."""
        self.stop()
        self.start()

    def add_till(self, name: str) -> str:
        """A one-time enrolment code for a till of that name."""
        done = self.command("till", "add", name, "--json")
        code: str = json.loads(done)["code"]
        return code

    def command(self, *words: str) -> str:
        """Run a `voucher-server` command on the same data; what it printed."""
        done = commands.run(main, [*words, *self._where], {})
        done.check_returncode()
        return done.stdout

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        try:
            return process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdout,):
                if pipe is not None:
                    pipe.close()

    def _collect(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        with process.stderr:
            self.errors.extend(process.stderr)


@contextmanager
def server_process(
    data: Path, *, database: str | None = None, workers: int = 1, demo: bool = True
) -> Iterator[ServerProcess]:
    """A running server, ended afterwards whatever happens."""
    server = ServerProcess(data, database=database, workers=workers, demo=demo)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
