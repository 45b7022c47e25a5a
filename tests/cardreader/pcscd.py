"""A PC/SC daemon of our own, with two virtual slots, confined to a folder.

pcscd always listens in /run/pcscd. Inside a mount namespace that path is bound to our folder, so
that it disturbs no other daemon and several test workers may each have one; clients find it by
PCSCLITE_CSOCK_NAME. An ordinary user may do the same inside a user namespace. Where namespaces
are forbidden, root uses the real path, one worker after the other. It dies with the tests,
however they end.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from cardreader.errors import CardServiceAway
from cardreader.readers import list_readers
from tests.cardreader.waiting import eventually

FOLDER = Path(tempfile.gettempdir()) / f"pcscd-tests-{os.getuid()}-{os.getpid()}"
REAL_PATH = Path("/run/pcscd")
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

_CONFIGURATION = """FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:{port:#06X}
LIBPATH {driver}
CHANNELID {port:#06X}
"""
_CONFINED = (
    'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0" /run/pcscd'
    ' && exec setpriv --pdeathsig KILL pcscd --foreground -c "$1"'
)


def _namespace() -> list[str] | None:
    wanted = ["-m"] if os.getuid() == 0 else ["-U", "-r", "-m"]
    command = ["unshare", *wanted]
    if shutil.which("unshare") is None:
        return None
    mount = [*command, "mount", "-t", "tmpfs", "none", "/mnt"]
    probe = subprocess.run(mount, capture_output=True, check=False)
    return command if probe.returncode == 0 else None


NAMESPACE = _namespace() if shutil.which("pcscd") else None
SOCKET = (FOLDER if NAMESPACE else REAL_PATH) / "pcscd.comm"


def two_free_ports() -> int:
    """The first of two neighbouring ports that nobody uses, below those given out for calls."""
    for port in range(20_000 + os.getpid() % 4_000 * 2, 32_000, 2):
        with socket.socket() as first, socket.socket() as second, suppress(OSError):
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port
    raise AssertionError("no two free ports")


class Daemon:
    """Start, kill, start again: the readers come back on the same ports."""

    def __init__(self) -> None:
        self.port = two_free_ports()
        FOLDER.mkdir(exist_ok=True)
        self._configuration = FOLDER / "conf"
        self._configuration.mkdir(exist_ok=True)
        self._configure()
        self._log = (FOLDER / "log").open("ab")
        self.pulled_at: dict[int, float] = {}
        self._alone: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        if NAMESPACE is None:
            self._alone = (Path(tempfile.gettempdir()) / "pcscd-tests.lock").open("w")
            fcntl.flock(self._alone, fcntl.LOCK_EX)
            REAL_PATH.mkdir(exist_ok=True)

    def start(self) -> None:
        """Ready when it answers."""
        SOCKET.unlink(missing_ok=True)
        command = ["setpriv", "--pdeathsig", "KILL", "pcscd", "--foreground"]
        command += ["-c", str(self._configuration)]
        if NAMESPACE:
            command = [*NAMESPACE, "sh", "-c", _CONFINED, str(FOLDER), str(self._configuration)]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        eventually(_service_answers, self.trouble)

    def kill(self) -> None:
        """As a crash: no goodbye to anybody."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def unplug(self) -> None:
        """The readers are gone and the service is there.

        pcscd 1.9 drops no virtual reader while it runs, so it comes back without them.
        """
        self.kill()
        (self._configuration / "vpcd").unlink()
        self.start()

    def plug_in(self) -> None:
        """Both readers come back."""
        self.kill()
        self._configure()
        self.start()

    def trouble(self) -> str:
        return (FOLDER / "log").read_text("utf-8", "replace")[-2000:]

    def _configure(self) -> None:
        text = _CONFIGURATION.format(port=self.port, driver=DRIVER)
        (self._configuration / "vpcd").write_text(text)

    def close(self) -> None:
        self.kill()
        self._log.close()
        if self._alone is not None:
            self._alone.close()
        shutil.rmtree(FOLDER, ignore_errors=True)


def _service_answers() -> bool:
    try:
        list_readers()
    except CardServiceAway:
        return False
    return True
