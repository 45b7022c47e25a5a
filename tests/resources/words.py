"""Which sentences the program says: read from its source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import till

ROOT = Path(till.__file__).parents[1]
PROGRAM = ("till", "printing", "cardreader", "vouchers", "sync", "resources")
SAYING = {"say", "_say", "Refused"}
"""Calls whose string argument names a sentence, and whose keywords fill its gaps."""

KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
_SIGNS = r"([a-z0-9_]+)"


@dataclass(frozen=True)
class Said:
    """A sentence as a line of the program says it. `gaps` is None where they are not written."""

    key: str
    gaps: frozenset[str] | None
    where: str


@cache
def modules() -> dict[str, ast.Module]:
    files = [file for folder in PROGRAM for file in (ROOT / folder).rglob("*.py")]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text("utf-8")) for file in files}


@cache
def literals() -> frozenset[str]:
    """Every string that stands in the program."""
    nodes = (node for module in modules().values() for node in ast.walk(module))
    return frozenset(
        node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is str
    )


@cache
def families() -> frozenset[re.Pattern[str]]:
    """Strings that are put together, as expressions with a group for each part filled in."""
    nodes = (node for module in modules().values() for node in ast.walk(module))
    put_together = (node for node in nodes if isinstance(node, ast.JoinedStr))
    found = {_expression(node) for node in put_together}
    words = (_prefix(node) for module in modules().values() for node in ast.walk(module))
    found |= {f"{prefix}_{_SIGNS}" for prefix in words if prefix}
    return frozenset(re.compile(one) for one in found if "_" in one.replace(_SIGNS, ""))


@cache
def is_said(key: str) -> bool:
    """Whether the program can come to say it: each part that is filled in must stand somewhere,
    or be put together like that itself.
    """
    return key in literals() or any(
        all(part in literals() or is_said(part) for part in match.groups())
        for match in (family.fullmatch(key) for family in families())
        if match
    )


def said() -> Iterator[Said]:
    """All that is said by name."""
    for where, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and (_name(node) in SAYING or _begins_error(node)):
                yield from _sentences(node, f"{where}:{node.lineno}")


def _sentences(call: ast.Call, where: str) -> Iterator[Said]:
    written = {one.arg for one in call.keywords if one.arg is not None}
    whole = all(one.arg is not None for one in call.keywords)
    gaps = frozenset(written) if whole and _name(call) != "_say" else None
    for argument in call.args:
        if isinstance(argument, ast.Constant) and KEY.fullmatch(str(argument.value)):
            yield Said(argument.value, gaps, where)  # type: ignore[arg-type]


def _name(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _begins_error(call: ast.Call) -> bool:
    """`super().__init__("key", gap=...)`, as the errors that are told to people are made."""
    func = call.func
    begins = isinstance(func, ast.Attribute) and func.attr == "__init__"
    return begins and bool(call.args) and isinstance(call.args[0], ast.Constant)


def _expression(node: ast.JoinedStr) -> str:
    parts = (
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else _SIGNS
        for part in node.values
    )
    return "".join(parts)


def _prefix(node: ast.AST) -> str:
    """`texts.word("ui_kind", ...)` says the sentences that begin so."""
    if isinstance(node, ast.Call) and _name(node) == "word" and node.args:
        first = node.args[0]
        return str(first.value) if isinstance(first, ast.Constant) else ""
    return ""
