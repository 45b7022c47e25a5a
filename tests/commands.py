"""Commands of the till and the server, each as a process of its own.

They are made by a process that has loaded the programs once: loading them anew each time took most
of the time of the tests that use many.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

Main = Callable[[Sequence[str]], int]

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(
    ["till.main", "till.commands.run", "till.assembly", "till.paper", "server.main", "requests"]
)


def run(main: Main, words: Sequence[str], surroundings: Mapping[str, str]) -> CompletedProcess[str]:
    """Run `main(words)` to its end; what it said and its exit status."""
    with TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in ("stdout", "stderr")]
        process = _LOADED.Process(
            target=_run, args=(main, words, {**os.environ, **surroundings}, said)
        )
        process.start()
        process.join()
        stdout, stderr = (file.read_text() if file.exists() else "" for file in said)
    status = -1 if process.exitcode is None else process.exitcode
    return CompletedProcess(words, status, stdout, stderr)


def _run(
    main: Main, words: Sequence[str], surroundings: dict[str, str], said: Sequence[Path]
) -> None:
    os.environ.clear()
    os.environ.update(surroundings)
    for number, file in enumerate(said, start=1):
        os.dup2(os.open(file, os.O_CREAT | os.O_WRONLY), number)
    sys.exit(main(words))
