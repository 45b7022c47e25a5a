"""A sheet as ESC/POS bytes.

python-escpos builds the commands; where it guesses (code pages) or knows models by name only
(width, fonts, cut) the bytes come from our own profile data. One library object per job: its
memory of the printer's state survives no reset.
"""

import struct
from typing import Any

from printing.blocks import PLAIN, Align, Cut, CutAtMark, Feed, KickDrawer, Style, ToMark
from printing.library import library
from printing.profiles import Profile
from printing.typeset import Dots, Element, Line, Sheet

FEED_DOTS_MAX = 255
FEED_TO_TEAR_OFF_DOTS = 160
SHORT_COMMAND_BYTES = 8
"""No other command of ours is longer."""


def render(sheet: Sheet) -> bytes:
    """The bytes of a complete job, from reset to cut. Holds no real-time command."""
    job = _Job(sheet.profile)
    for element in sheet.elements:
        job.add(element)
    return job.output()


def ending_a_picture(profile: Profile) -> bytes:
    """What to send before a job when the one before it may have been broken off in a picture.

    The printer still waits for the rest of that picture and would take the next job for it. Zeros
    for the tallest strip end it as white paper; they mean nothing to a printer that waits for
    none.
    """
    return bytes(profile.raster_rows_max * (profile.width_dots // 8) + SHORT_COMMAND_BYTES)


def cut_off(profile: Profile) -> bytes:
    """Cut off what a job that was broken off has left."""
    job = _Job(profile)
    job.add(Cut())
    return job.output()


_WHITE_TO_BLANK = bytes(255 - value for value in range(256))


class _Job:
    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._printer = library().printer.Dummy(profile=_for_library(profile))
        self._style, self._align = PLAIN, Align.LEFT
        self._printer.hw("INIT")
        self._raw(b"\x1bt" + bytes([profile.code_page_number]))
        self._printer.line_spacing(profile.line_dots)

    def output(self) -> bytes:
        data: bytes = self._printer.output
        return data

    def add(self, element: Element) -> None:
        match element:
            case Line():
                self._line(element)
            case Dots():
                self._raster(element)
            case Feed():
                self._feed(element.dots)
            case Cut():
                self._cut()
            case CutAtMark():
                self._cut_at_mark()
            case ToMark():
                self._raw(bytes.fromhex(self._profile.mark_feed))
            case KickDrawer():
                self._raw(bytes.fromhex(self._profile.drawer))

    def _line(self, line: Line) -> None:
        if line.text:
            self._set(line.style, line.align)
        self._raw(line.text.encode(self._profile.code_page) + b"\n")

    def _raster(self, dots: Dots) -> None:
        """GS v 0, a strip at a time: small printers choke on tall ones (python-escpos#631), and
        a job that is broken off in one is soon put right.

        The library's own way converts each picture through RGBA and checks it against its
        table of models; ours is in dots already and fits.
        """
        self._set(PLAIN, dots.align)
        row_bytes = dots.image.width // 8
        ink = dots.image.tobytes().translate(_WHITE_TO_BLANK)
        strip_bytes = self._profile.raster_rows_max * row_bytes
        for start in range(0, len(ink), strip_bytes):
            strip = ink[start : start + strip_bytes]
            size = struct.pack("<HH", row_bytes, len(strip) // row_bytes)
            self._raw(b"\x1dv0\x00" + size + strip)

    def _set(self, style: Style, align: Align) -> None:
        """Tell the printer what changes; each change is a command of its own."""
        was = self._style
        if (style.wide, style.tall) != (was.wide, was.tall):
            width, height = 1 + style.wide, 1 + style.tall
            self._printer.set(custom_size=True, width=width, height=height)
        if style.bold != was.bold:
            self._printer.set(bold=style.bold)
        if style.small != was.small and self._profile.columns_small:
            self._printer.set(font="b" if style.small else "a")
        if align != self._align:
            self._printer.set(align=align.value)
        self._style, self._align = style, align

    def _feed(self, dots: int) -> None:
        while dots > 0:
            self._raw(b"\x1bJ" + bytes([min(dots, FEED_DOTS_MAX)]))
            dots -= FEED_DOTS_MAX

    def _cut(self) -> None:
        if self._profile.cut:
            self._raw(bytes.fromhex(self._profile.cut))
        else:
            self._feed(FEED_TO_TEAR_OFF_DOTS)

    def _cut_at_mark(self) -> None:
        if self._profile.mark_cut:
            self._raw(bytes.fromhex(self._profile.mark_cut))
        else:
            self._cut()

    def _raw(self, command: bytes) -> None:
        self._printer._raw(command)


def _for_library(profile: Profile) -> Any:  # the library's profile is built at run time
    fonts = {"0": {"columns": profile.columns}}
    if profile.columns_small:
        fonts["1"] = {"columns": profile.columns_small}
    known = library().capabilities.Profile()
    known.profile_data = {"fonts": fonts, "codePages": {}}
    return known
