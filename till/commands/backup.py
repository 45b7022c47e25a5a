"""till backup: a consistent copy of the database while the till runs."""

import argparse
from pathlib import Path

from till.commands.outcome import Outcome
from till.store.backup import copy_database
from till.store.database import FILE_NAME


def run(folder: Path, arguments: argparse.Namespace) -> Outcome:
    """Copy the database to a new file. The keys are not in it: they stay where they are."""
    size = copy_database(folder / FILE_NAME, arguments.file)
    return Outcome(
        result={"file": str(arguments.file), "bytes": size},
        message="backup_made",
        details={"file": arguments.file},
    )
