"""An option counts wherever it stands on the command line: every one of both programs."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from process.arguments import CommandLine
from server.main import _parser as server_parser
from till.commands.arguments import parser as till_parser

Words = list[str]
PARSERS = {"till": till_parser, "voucher-server": server_parser}


def commands(parser: argparse.ArgumentParser, words: Words) -> Iterator[tuple[Words, CommandLine]]:
    """Each command's words, and its parser."""
    assert isinstance(parser, CommandLine)
    below = parser._commands()
    for name, command in below.items():
        yield from commands(command, [*words, name])
    if not below:
        yield words, parser


def needed(parser: CommandLine, beside: argparse.Action) -> Iterator[str]:
    """What the command cannot do without, when the option `beside` is given."""
    for group in parser._mutually_exclusive_groups:
        if group.required and beside not in group._group_actions:
            yield from said(group._group_actions[0])
    for action in parser._actions:
        if action.required and action is not beside:
            yield from said(action)


def said(action: argparse.Action) -> Iterator[str]:
    """The action's words, with another value than its default."""
    if action.option_strings:
        yield action.option_strings[0]
    if action.nargs != 0:
        yield str([*(action.choices or ["5"])][-1])


EVERY = [
    (program, words, parser)
    for program, whole in PARSERS.items()
    for words, parser in commands(whole(), [])
]


@pytest.mark.parametrize(
    ("program", "words", "command"), EVERY, ids=[" ".join([p, *w]) for p, w, _ in EVERY]
)
def test_options_count_wherever_they_stand(
    program: str, words: Words, command: CommandLine
) -> None:
    whole = PARSERS[program]()
    for option in command._actions:
        if not option.option_strings or isinstance(option, argparse._HelpAction):
            continue
        spelt, rest = list(said(option)), list(needed(command, option))
        expected = whole.parse_args([*words, *rest, *spelt])
        for place in range(len(words) + 1):
            line = [*words[:place], *spelt, *words[place:], *rest]
            assert whole.parse_args(line) == expected, line
            if len(spelt) == 2:
                joined = [*words[:place], "=".join(spelt), *words[place:], *rest]
                assert whole.parse_args(joined) == expected, joined


@pytest.mark.parametrize("line", ["--offline backup FILE", "sync --offline", "--offline enrol"])
def test_a_command_refuses_what_it_has_not_wherever_that_stands(line: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        till_parser().parse_args(line.split())


@pytest.mark.parametrize("line", ["--lang de balance CODE", "balance CODE --lang de", "--off sync"])
def test_an_option_is_written_out(line: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        till_parser().parse_args(line.split())


def test_an_option_whose_value_may_be_missing_does_not_take_the_command_for_it() -> None:
    parser = till_parser()
    assert parser.parse_args(["shift", "--z", "report"]).z == 0
    assert parser.parse_args(["--z", "7", "shift", "report"]).z == 7


def test_without_them_the_defaults_hold() -> None:
    asked = till_parser().parse_args(["balance", "CODE"])
    assert (asked.data, asked.json, asked.command) == (None, False, "balance")
    assert till_parser().parse_args([]).command == "window"
    assert till_parser().parse_args(["--data", "here"]).command == "window"
    assert isinstance(server_parser().parse_args(["till", "list"]).data, Path)


def test_of_two_the_last_counts() -> None:
    assert server_parser().parse_args(["-dfirst", "run", "-d", "second"]).data == Path("second")
    assert server_parser().parse_args(["-dfirst", "run"]).data == Path("first")
    line = ["--data", "first", "balance", "--data", "second", "CODE"]
    assert till_parser().parse_args(line).data == Path("second")
