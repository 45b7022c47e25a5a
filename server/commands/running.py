"""voucher-server run: serve the tills."""

import argparse

from server.commands.surroundings import Commands, between, database, opened
from server.storage.database import writing
from server.storage.venues import DEFAULT_ORGANISATION


def add(commands: Commands, where: argparse.ArgumentParser) -> None:
    """Offer `run`."""
    run = commands.add_parser("run", parents=[where], help="serve the tills")
    run.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:8470")
    run.add_argument("--workers", type=between(1, 64), default=1, metavar="N", help="processes")
    run.add_argument("--demo", action="store_true", help="load the demo venue")
    run.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> None:
    from server.serve import listen, serve
    from server.venue_files import load_demo

    engine = opened(options)
    if options.demo:
        with writing(engine) as connection:
            load_demo(connection, DEFAULT_ORGANISATION)
    engine.dispose()
    serve(database(options), listen(options.listen), options.workers)
