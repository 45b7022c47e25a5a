"""A virtual card in its own process, tapped and pulled by lines."""

import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue


class CardProcess:
    """`python -m cardreader.virtual`, one card at one slot."""

    def __init__(
        self,
        port: int,
        store: Path | None = None,
        *,
        uid: str = "04A1B2C3D4E5F6",
        kind: str = "desfire",
        seed: int | None = None,
    ) -> None:
        command = [sys.executable, "-m", "cardreader.virtual", "--port", str(port), "--uid", uid]
        command += ["--kind", kind]
        command += ["--store", str(store)] if store else []
        command += ["--seed", str(seed)] if seed is not None else []
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._answers: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def tap(self) -> None:
        self.say("tap")

    def pull(self) -> None:
        self.say("pull")

    def plan(self, mishap: str, at: int) -> None:
        self.say(f"plan {mishap} {at}")

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        while (answer := self._next()) != "ok":
            assert not answer.startswith("failed"), answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _next(self) -> str:
        try:
            return self._answers.get(timeout=10)
        except Empty:
            raise AssertionError("the virtual card does not answer") from None

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line.strip())
