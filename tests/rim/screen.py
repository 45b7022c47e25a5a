"""A virtual X server of its own, and the keys and the pointer that are pressed on it.

Keys are named by what a keyboard with US legends says, as scanners send them: which signs arrive
is up to the layout that the machine is set to (`use_layout`).
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

SIZE = "1366x768x24"

_ROWS = {
    10: ("1234567890-=", "!@#$%^&*()_+"),
    24: ("qwertyuiop[]", "QWERTYUIOP{}"),
    38: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    51: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
}
_PLAIN = {sign: first + i for first, row in _ROWS.items() for i, sign in enumerate(row[0])}
_SHIFTED = {sign: first + i for first, row in _ROWS.items() for i, sign in enumerate(row[1])}
_NAMED = {
    "Escape": 9,
    "Backspace": 22,
    "Tab": 23,
    "Enter": 36,
    "Control": 37,
    "Shift": 50,
    " ": 65,
    **{f"F{number}": 66 + number for number in range(1, 11)},
}

TAP_MS = 30
"""How long a finger or a key is down."""


@dataclass(frozen=True)
class Key:
    """A key to strike, with Shift or Control held where that is so."""

    code: int
    with_key: int | None = None

    @classmethod
    def of(cls, name: str) -> "Key":
        """The key of a sign, or one by its name: "Enter", "F1", "Control+j"."""
        if name.startswith("Control+"):
            return cls(_PLAIN[name[-1]], _NAMED["Control"])
        if name in _SHIFTED:
            return cls(_SHIFTED[name], _NAMED["Shift"])
        return cls({**_NAMED, **_PLAIN}[name])


class Screen:
    """The display `name`. All times are kept by the X server itself, to the millisecond."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._display = Display(name)

    def use_layout(self, layout: str) -> None:
        """Set the machine to a keyboard layout: "us", "de", "fr"."""
        subprocess.run(["setxkbmap", "-display", self.name, layout], check=True)

    def tap(self, place: tuple[int, int], *, times: int = 1, pause_ms: int = 0) -> None:
        """Tap a place; several times with `pause_ms` from one press to the next."""
        self._point(place)
        for number in range(times):
            self._fake(X.ButtonPress, 1, after_ms=pause_ms - TAP_MS if number else 0)
            self._fake(X.ButtonRelease, 1, after_ms=TAP_MS)
        self._display.sync()

    @contextmanager
    def finger_down(self, place: tuple[int, int]) -> Iterator[None]:
        """Press a place, and let go of it at the end."""
        self._point(place)
        self._fake(X.ButtonPress, 1)
        self._display.sync()
        yield
        self._fake(X.ButtonRelease, 1)
        self._display.sync()

    def strike(self, names: Sequence[str], *, pace_ms: int) -> None:
        """Strike keys one after the other, `pace_ms` from one press to the next."""
        for number, name in enumerate(names):
            key, after_ms = Key.of(name), pace_ms * 3 // 4 if number else 0
            if key.with_key is not None:
                self._fake(X.KeyPress, key.with_key, after_ms=after_ms)
                after_ms = 0
            self._fake(X.KeyPress, key.code, after_ms=after_ms)
            self._fake(X.KeyRelease, key.code, after_ms=pace_ms - pace_ms * 3 // 4)
            if key.with_key is not None:
                self._fake(X.KeyRelease, key.with_key)
        self._display.sync()

    def hold(self, name: str, *, for_ms: int) -> None:
        """Hold a key down: the X server repeats it as it does for everybody."""
        code = Key.of(name).code
        self._fake(X.KeyPress, code)
        self._fake(X.KeyRelease, code, after_ms=for_ms)
        self._display.sync()

    def close(self) -> None:
        """Take the hands off."""
        self._display.close()

    def _point(self, place: tuple[int, int]) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=place[0], y=place[1])

    def _fake(self, kind: int, detail: int, *, after_ms: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, time=after_ms)


@contextmanager
def virtual_screen() -> Iterator[Screen]:
    """A screen that nobody else draws on; the X server finds a free number by itself."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp", "-ac"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as said:
            screen = Screen(f":{said.readline().strip()}")
        yield screen
        screen.close()
    finally:
        server.terminate()
        server.wait()
