"""What is in the files of a venue's layouts, as they travel: text, or a picture."""

from io import BytesIO

from PIL import Image

from printing.layouts.reading import LayoutUnreadable


def decoded(name: str, content: bytes) -> str:
    """The text of a file that people write. Raises LayoutUnreadable."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LayoutUnreadable(name, line, str(error)) from error


def check_picture(name: str, content: bytes) -> None:
    """Raise LayoutUnreadable for what is no picture."""
    try:
        Image.open(BytesIO(content)).verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise LayoutUnreadable(name, 1, "this is no picture") from error
