"""Printers obey real-time commands wherever they stand, even inside a picture.

Epson: DLE EOT n (status), DLE ENQ n (recover), DLE DC4 n (drawer, power off, clear) are carried
out as they are received, also when the same bytes are image data. So no raster may contain them.
"""

import re

from PIL import Image

COMMANDS = re.compile(rb"\x10[\x04\x05\x14]")


def without_commands(image: Image.Image) -> Image.Image:
    """The same picture (mode "1", white 1) with a dot added wherever it would be a command.

    The dot sits beside a black one already there, so no code becomes unreadable.
    """
    inverted = bytearray(image.tobytes().translate(_INVERT))
    while found := COMMANDS.search(inverted):
        inverted[found.end() - 1] |= 0x08
    return Image.frombytes("1", image.size, bytes(inverted).translate(_INVERT))


_INVERT = bytes(255 - value for value in range(256))
