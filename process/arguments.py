"""Command lines on which an option counts wherever it stands: before, between and after words."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class CommandLine(argparse.ArgumentParser):
    """A parser whose commands' options may stand before the commands' names as well.

    They are handed on to the command, which takes them, or refuses what it does not know. Options
    are written out: of a beginning nobody could tell which command's option is meant.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> Any:
        """See argparse; the commands' parsers do the same with what they are handed."""
        words = sys.argv[1:] if args is None else list(args)
        return super().parse_known_args(self._command_first(words), namespace)

    def _command_first(self, words: list[str]) -> list[str]:
        """The command's name before the options ahead of it; as it was where one is unknown."""
        commands = self._commands()
        ahead = 0
        while words[ahead:] and words[ahead].startswith("-"):
            name, is_whole, _value = words[ahead].partition("=")
            option = next((each for each in self._options() if name in each.option_strings), None)
            if option is None:
                return words
            ahead += 1
            if option.nargs != 0 and not is_whole and words[ahead:]:
                ahead += option.nargs != "?" or words[ahead] not in commands
        if words[ahead:] and words[ahead] in commands:
            return [words[ahead], *words[:ahead], *words[ahead + 1 :]]
        return words

    def _commands(self) -> Mapping[str, "CommandLine"]:
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                return action.choices
        return {}

    def _options(self) -> Iterator[argparse.Action]:
        """Those of this parser and of all commands below it."""
        yield from self._actions
        for command in self._commands().values():
            yield from command._options()
