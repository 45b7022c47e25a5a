"""A till in this process: its real database, counter and sync, and lives that end abruptly."""

import json
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from unittest import mock
from uuid import UUID

import msgspec

from sync import feed, outbox
from sync.http_link import HttpLink
from sync.line import Line
from sync.link import PositionLost, Unreachable
from sync.wire import API
from sync.wire.admission import Enrolment, EnrolRequest
from tests.simulation.central import Call
from tests.simulation.files import open_till_database
from tests.simulation.nature import PowerCut, TillClock, WorldClock
from tests.simulation.network import Network, SimulatedConversation
from tests.simulation.promises import Promise
from till.commands import enrol as enrolling
from till.counter.counter import Counter
from till.counter.desk import Desk
from till.counter.open_sales import start_over
from till.counter.redeemed import Redeemed
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.store import settings
from till.store.database import Database, Work
from till.store.secrets import load_keys
from till.store.sync_store import TillSyncStore
from vouchers.errors import Reason, Refused

COUNTER, REPORTING, FOLLOWING = "counter", "reporting", "following"
"""The threads of a till: each does one thing at a time, beside the others."""


class Fate(Protocol):
    """What may happen to a till between any two of its writes and messages."""

    def may_die(self, till: "Machine", where: str) -> None:
        """Raises PowerCut when this life ends here."""

    def meanwhile(self, till: "Machine") -> None:
        """Other threads of it, and other tills, may do something now."""


class Machine:
    """The box under the counter: its disk, its clock and its cable outlive the process."""

    def __init__(
        self, name: str, folder: Path, clock: WorldClock, network: Network, fate: Fate
    ) -> None:
        self.name, self.folder = name, folder
        self.clock = TillClock(clock)
        self.network = network
        self.fate = fate
        self.plugged_in = True
        self.process: Process | None = None
        self.backup: Path | None = None
        self.disk_kept = True
        self.wrong_when_heard: timedelta | None = None

    @property
    def file(self) -> Path:
        return self.folder / "till.sqlite"

    def start(self) -> None:
        """As the program starts: what an earlier life had set aside is given up, save for sales
        that took money, and only then may anybody work at it."""
        process = Process(self)
        try:
            with process.database.write() as work:
                start_over(work)
        except BaseException:
            process.database.close()
            raise
        self.process = process

    def stop(self) -> None:
        """Without a word; what is committed stays."""
        if self.process is not None:
            self.process.alive = False
            self.process.database.close()
        self.process = None

    def enrol_anew(self, code: str) -> None:
        """As `till enrol --again` does: another identity, the same books. Raises Unreachable,
        Refused.
        """
        self.stop()
        database = open_till_database(self.folder)
        asked = Namespace(server="sim://server", code=code, again=True)
        try:
            with mock.patch.object(enrolling, "enrol", self._enrol):
                enrolling._enrol(self.folder, database, asked, {})
        finally:
            database.close()
        self.wrong_when_heard = None

    def identity(self) -> tuple[str, str]:
        """Its till id and public key, as they are on its disk."""
        keys = load_keys(self.folder)
        (row,) = self.ask("SELECT value FROM settings WHERE name = 'identity'")
        assert keys is not None
        public_key = keys.signer.public_key().public_bytes_raw().hex()
        return str(json.loads(row["value"])["till_id"]), public_key

    def _enrol(self, _url: str, request: EnrolRequest) -> Enrolment:
        if not self.plugged_in:
            raise Unreachable("no cable")
        headers = {"Content-Type": "application/json"}
        body = msgspec.json.encode(request)
        answer = self.network.carry(Call("POST", f"{API}/enrolments", {}, headers, body))
        if answer.status_code != 201:
            raise Refused(Reason.SIGN_IN, "enrolment_refused")
        try:
            return msgspec.json.decode(bytes(answer.body), type=Enrolment)
        except msgspec.MsgspecError as cut:
            raise Unreachable("answer cut") from cut

    def ask(self, query: str, *given: object) -> list[sqlite3.Row]:
        """Rows of the file, whether or not the till runs."""
        with sqlite3.connect(self.file) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute(query, given).fetchall()
        connection.close()
        return rows


class WatchedDatabase(Database):
    """The till's database; before each write and after each commit the world may intervene."""

    def __init__(self, opened: Database, process: "Process") -> None:
        super().__init__(opened._engine, opened.path)
        self._process = process

    @contextmanager
    def write(self) -> Iterator[Work]:
        self._process.breathe("before a write")
        with super().write() as work:
            yield work
            self._process.may_die("before a commit")
        self._process.breathe("after a commit")


class Process:
    """One life of the till's program, with what lies on the counter meanwhile: a voucher that was
    found, an open sale, and the sale that is being committed."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.alive = True
        keys = load_keys(machine.folder)
        assert keys is not None
        self.database = WatchedDatabase(open_till_database(machine.folder), self)
        self.books = TillSyncStore(self.database)
        with self.database.read() as work:
            identity = settings.identity.get(work)
        assert identity is not None
        self.till_id = identity.till_id
        self.line = Line(machine.clock)
        conversation = SimulatedConversation(
            identity.till_id,
            keys.signer,
            network=machine.network,
            plugged_in=lambda: machine.plugged_in,
            now=machine.clock.now,
            breathe=self.breathe,
            on_contact=self._heard,
        )
        self.link = HttpLink(conversation)
        self.desk = Desk(
            database=self.database,
            server=self.link,
            line=self.line,
            clock=machine.clock,
            keys=keys,
        )
        self.counter = Counter.at(self.desk)
        self.found: Found | None = None
        self.sale: Sale | None = None
        self.committing: Sale | None = None
        self.drafting: dict[UUID, Promise] = {}

    def breathe(self, where: str) -> None:
        """Raises PowerCut when this life ends here, or ended in what was done meanwhile."""
        self.may_die(where)
        self.machine.fate.meanwhile(self.machine)
        if not self.alive:
            raise PowerCut

    def may_die(self, where: str) -> None:
        """Raises PowerCut when this life ends here; nothing else happens meanwhile."""
        if not self.alive:
            raise PowerCut
        self.machine.fate.may_die(self.machine, where)

    def set_aside(self) -> list[Redeemed]:
        """What the open sale has taken from vouchers."""
        return list(self.sale.redeemed) if self.sale else []

    def _heard(self, server_time: datetime, skew_ms: int) -> None:
        self.books.contact(server_time, skew_ms)
        self.machine.wrong_when_heard = self.machine.clock.wrong

    def report(self) -> None:
        """What the reporting thread does once. Raises Unreachable."""
        with self._online():
            outbox.drain(self.books, self.link)

    def follow(self, signs: int) -> None:
        """What the following thread does, until the stream has shown `signs` signs of life."""
        seen = 0

        def on_life() -> bool:
            nonlocal seen
            seen += 1
            self.line.answered()
            return seen < signs

        with self._online():
            feed.catch_up(self.books, self.link)
            self.line.answered()
            if signs:
                try:
                    feed.follow_stream(self.books, self.link, on_life)
                except PositionLost:
                    return

    @contextmanager
    def _online(self) -> Iterator[None]:
        try:
            yield
        except Unreachable:
            self.line.failed()
            raise
