"""The style sheet, made from the tokens."""

from dataclasses import asdict
from importlib.resources import files
from string import Template

from till.ui.style import tokens
from till.ui.style.tokens import Tokens


def style_sheet(colours: Tokens) -> str:
    """resources/styles/till.qss with its $names filled from the tokens.

    Raises KeyError when it asks for a token there is none of.
    """
    template = (files("resources") / "styles" / "till.qss").read_text("utf-8")
    sizes = {
        name.lower(): str(value) for name, value in vars(tokens).items() if isinstance(value, int)
    }
    return Template(template).substitute(sizes, **asdict(colours))
