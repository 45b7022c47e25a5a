"""What befalls machines and the server, outside of anybody's intention."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from server.storage.retention import sweep_feed
from server.storage.venues import save_catalogue
from server.tills.directory import add_till, revoke_till
from tests.simulation.auditor import Auditor
from tests.simulation.central import ORGANISATION, Central
from tests.simulation.files import copy_running
from tests.simulation.machine import Machine
from tests.simulation.nature import WorldClock
from tests.simulation.promises import Promises
from vouchers.catalogue import Catalogue

YEAR = timedelta(days=365)


class Mishaps:
    """One step each; all of them tell in a few words what happened."""

    def __init__(
        self, chance: Random, clock: WorldClock, promises: Promises, auditor: Auditor
    ) -> None:
        self._chance, self._clock = chance, clock
        self._promises, self._auditor = promises, auditor

    def time_passes(self) -> str:
        seconds = self._chance.choice((5, 20, 90, 400, 700, 4_000))
        self._clock.advance(seconds)
        return f"{seconds} s pass"

    def a_year_passes(self) -> str:
        self._clock.advance(self._chance.choice((20, 200, 420)) * 86_400)
        return "a long time passes"

    def clock_jumps(self, till: Machine) -> str:
        jumps = (timedelta(), timedelta(minutes=7), -timedelta(hours=5), 3 * YEAR, -6 * YEAR)
        till.clock.wrong = self._chance.choice(jumps)
        return f"has its clock wrong by {till.clock.wrong}"

    def cable(self, till: Machine) -> str:
        till.plugged_in = not till.plugged_in
        return "is plugged in" if till.plugged_in else "is cut off"

    def backup(self, till: Machine) -> str:
        till.backup = till.folder / "backup.sqlite"
        copy_running(till.file, till.backup)
        return "is backed up"

    def restore(self, till: Machine) -> str:
        """The disk is replaced and an old backup put on it; what only the old disk had is gone."""
        if till.backup is None:
            return "has no backup to restore"
        till.stop()
        lost = _entry_ids(till.file) - _entry_ids(till.backup)
        self._promises.given_up |= lost
        self._promises.taken.pop(till.name, None)
        self._auditor.forget(till)
        for leftover in till.folder.glob("till.sqlite*"):
            leftover.unlink()
        copy_running(till.backup, till.file)
        till.disk_kept, till.wrong_when_heard = False, None
        return "is put back from its backup"

    def copy_disk(self, till: Machine, twin: Machine) -> str:
        """Somebody starts a copy of this till's disk on another machine."""
        twin.folder.mkdir(parents=True, exist_ok=True)
        copy_running(till.file, twin.file)
        (twin.folder / "till.keys").write_bytes((till.folder / "till.keys").read_bytes())
        till.disk_kept = twin.disk_kept = False
        return f"is cloned as {twin.name}"

    def duty_stolen(self, till: Machine) -> str:
        """Somebody makes the till forget to report its newest entry."""
        with sqlite3.connect(till.file) as connection:
            row = connection.execute(
                "DELETE FROM outbox WHERE state = 'waiting' AND seq ="
                " (SELECT max(seq) FROM outbox) RETURNING seq"
            ).fetchone()
            if row:
                asked = "SELECT entry_id FROM entries WHERE seq = ?"
                self._promises.given_up.add(UUID(connection.execute(asked, row).fetchone()[0]))
        connection.close()
        return "is made to forget a duty" if row else "has no duty to forget"

    def revoked(self, till: Machine, server: Central) -> str:
        """An operator shuts a till out."""
        till_id, public_key = till.identity()
        if not server.lets_in(till_id, public_key):
            return "is shut out already"
        server.change(lambda connection: revoke_till(connection, ORGANISATION, till_id))
        self._promises.shut_out.add(till_id)
        return "is shut out"

    def code_for(self, till: Machine, server: Central) -> str:
        """An operator lets a till enrol anew, under a name nobody has."""
        name = f"{till.name} {self._chance.getrandbits(32):08x}"
        return server.change(lambda connection: add_till(connection, ORGANISATION, name)).code

    def server_put_back(self, server: Central) -> str:
        """The server's disk is lost; what it knew after its last backup is gone."""
        if not server.backup.exists():
            return "the server has no backup to be put back from"
        self._auditor.check_server()
        self._clock.advance(self._chance.choice((60, 3_600)))
        server.restore()
        self._auditor.server_put_back()
        return "the server is put back from its backup"

    def feed_swept(self, server: Central) -> str:
        """The server forgets old changes: tills that are behind must load a snapshot."""
        kept_ms = self._chance.choice((0, 600_000))
        swept = server.change(lambda connection: sweep_feed(connection, kept_ms))
        return f"the server forgets {swept} old changes"

    def catalogue_changes(self, server: Central, catalogue: Catalogue) -> str:
        server.change(lambda connection: save_catalogue(connection, ORGANISATION, catalogue))
        return f"catalogue {catalogue.version} is in force"


def _entry_ids(file: Path) -> set[UUID]:
    with sqlite3.connect(file) as connection:
        found = {UUID(row[0]) for row in connection.execute("SELECT entry_id FROM entries")}
    connection.close()
    return found
