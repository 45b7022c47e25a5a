"""An option counts wherever it stands on the command line: every command of both programs."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.main import _parser as server_parser
from till.commands.arguments import parser as till_parser

Words = list[str]
COMMON: dict[str, dict[str, tuple[str, ...]]] = {
    "till": {"data": ("--data", "here"), "language": ("--language", "de"), "json": ("--json",)},
    "voucher-server": {
        "data": ("--data", "here"),
        "database": ("--database", "sqlite:///here"),
        "organisation": ("--organisation", "here"),
    },
}
PARSERS = {"till": till_parser, "voucher-server": server_parser}


def commands(parser: argparse.ArgumentParser, words: Words) -> Iterator[tuple[Words, Words]]:
    """Each command's words, and what it needs beside them."""
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    for action in below:
        for name, command in action.choices.items():
            yield from commands(command, [*words, name])
    if not below:
        yield words, list(needed(parser))


def needed(parser: argparse.ArgumentParser) -> Iterator[str]:
    for group in parser._mutually_exclusive_groups:
        if group.required:
            yield from said(group._group_actions[0])
    for action in parser._actions:
        if action.required:
            yield from said(action)


def said(action: argparse.Action) -> Iterator[str]:
    if action.option_strings:
        yield action.option_strings[0]
    values = [str(each) for each in action.choices or ()] or ["5"]
    yield values[0]


EVERY = [
    (program, words, more)
    for program, parser in PARSERS.items()
    for words, more in commands(parser(), [])
]


@pytest.mark.parametrize(
    ("program", "words", "more"), EVERY, ids=[" ".join([p, *w]) for p, w, _ in EVERY]
)
def test_options_count_wherever_they_stand(program: str, words: Words, more: Words) -> None:
    parser = PARSERS[program]()
    for name, option in COMMON[program].items():
        whole = [*words, *more]
        for place in range(len(words) + 1):
            line = [*whole[:place], *option, *whole[place:]]
            value = getattr(parser.parse_args(line), name)
            expected = True if len(option) == 1 else option[1]
            assert str(value) == str(expected), line


def test_without_them_the_defaults_hold() -> None:
    asked = till_parser().parse_args(["balance", "CODE"])
    assert (asked.data, asked.json, asked.command) == (None, False, "balance")
    assert till_parser().parse_args([]).command == "window"
    assert isinstance(server_parser().parse_args(["till", "list"]).data, Path)


def test_of_two_the_last_counts() -> None:
    line = ["--data", "first", "balance", "--data", "second", "CODE"]
    assert till_parser().parse_args(line).data == Path("second")
