"""The till: its window, and its workflows without one."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_data_path

from process import files, output
from till.commands.arguments import parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the till. Returns the exit status: 0 done, 2 usage, 3 refused, 4 the world failed."""
    output.make_safe()
    files.keep_to_owner()
    arguments = parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    folder: Path = arguments.data or user_data_path("voucher-till", appauthor=False)
    if arguments.command == "window":
        from till.window import run

        return run(folder, arguments.language)
    from till.commands.run import run_command

    return run_command(arguments, folder)


if __name__ == "__main__":
    sys.exit(main())
