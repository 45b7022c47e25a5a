"""No terminal and no reader can crash a command, and JSON stays JSON."""

import json
import os
import subprocess
import sys

import pytest

SAID = "Gutschein …K7Q2: 12,50 € übrig, „Müller“ 你好"
PROGRAM = f"""
import json, sys
from process import output
said = {SAID!a}
output.make_safe()
output.say(said, sys.stderr)
output.say_json(json.dumps({{"said": said}}, ensure_ascii=False))
for _ in range(3000):
    output.say(said)
sys.exit(3)
"""
NARROW = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp437"},
    {"PYTHONIOENCODING": "latin-1"},
    {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {},
]


@pytest.mark.parametrize("surroundings", NARROW, ids=str)
def test_narrow_encodings(surroundings: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    first = done.stdout.splitlines()[0].decode(surroundings.get("PYTHONIOENCODING", "utf-8"))
    assert json.loads(first)["said"] == SAID


def test_a_reader_that_leaves_early() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout is not None and command.stderr is not None
        command.stdout.readline()
        command.stdout.close()
        said = command.stderr.read()
    assert command.returncode == 3
    assert b"Traceback" not in said and b"Exception" not in said


@pytest.mark.parametrize("closed", ["<&- >&-", ">&- 2>&-", ">/dev/full"])
def test_no_standard_output_at_all(closed: str) -> None:
    shell = f'"{sys.executable}" -c "$PROGRAM" {closed}'
    done = subprocess.run(
        ["bash", "-c", shell], env={**os.environ, "PROGRAM": PROGRAM}, stderr=-1, check=False
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
