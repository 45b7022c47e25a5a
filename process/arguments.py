"""Options that count wherever they stand on a command line: before, between and after its words."""

import argparse
from collections.abc import Callable


def everywhere(
    parser: argparse.ArgumentParser, options: Callable[[], argparse.ArgumentParser]
) -> None:
    """Let `parser` and all commands below it take the options of which `options` makes a new set.

    Their defaults must be argparse.SUPPRESS: a command would else overrule with its default what
    was said before its name. The real defaults are set on the topmost parser.
    """
    known = parser._option_string_actions
    for option in options()._actions:
        if not known.keys() & set(option.option_strings):
            parser._add_action(option)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                everywhere(command, options)
