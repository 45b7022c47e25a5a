"""Run the server: one process, or several behind one address."""

import logging
import multiprocessing
import os
import signal
import socket
import time
from functools import partial
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from process import output
from process.threads import LastingThread
from server.errors import MachineRefused, NotPossible
from server.http.app import make_app
from server.storage.database import open_engine
from sync.wire import API

DATABASE_VARIABLE = "VOUCHER_SERVER_DATABASE"
"""How worker processes are told which database they serve."""

GRACEFUL_SHUTDOWN_S = 1
"""Open streams have no end of their own; what is being booked takes milliseconds."""

BACKLOG = 2_048
PORT_MAX = 2**16 - 1


def listen(address: str) -> socket.socket:
    """A socket bound to HOST:PORT (port 0: a free one).

    Raises NotPossible for what is no such address, MachineRefused for one that cannot be had.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > PORT_MAX:
        raise NotPossible("address_wrong", address=address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), int(port)))
    except OSError as error:
        listener.close()
        raise MachineRefused("address_taken", address=address, why=str(error)) from error
    listener.set_inheritable(True)
    return listener


def serve(database: str, listener: socket.socket, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; open streams are ended, bookings finished."""
    os.environ[DATABASE_VARIABLE] = database
    config = uvicorn.Config(
        "server.serve:worker_app",
        factory=True,
        workers=workers,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
        backlog=BACKLOG,
        server_header=False,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn ends by raising the signal again for whoever started it: being asked to end is
        # no failure.
        signal.signal(number, lambda *_: None)
    LastingThread("ready", partial(_tell_when_ready, listener.getsockname())).start()
    if workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def worker_app() -> Starlette:
    """The application of a worker process, which is told its database by the environment."""
    LastingThread("parent watch", _end_with_parent).start()
    return make_app(open_engine(os.environ[DATABASE_VARIABLE]))


def _end_with_parent() -> None:
    """Workers that outlived a killed server would keep its address from the next one."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _tell_when_ready(address: tuple[str, int]) -> None:
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    url = f"http://{host}:{address[1]}"
    while True:
        try:
            with urlopen(f"{url}{API}/health", timeout=5):  # noqa: S310 - our own address
                break
        except (URLError, OSError):
            time.sleep(0.02)
    output.say(f"listening on {url}")  # what scripts wait for
    logging.getLogger(__name__).info("listening on %s", url)
