"""Database files: copied from templates, opened fast, kept open by nobody but their owner.

What is simulated is the loss of a process, not of power to the disk: so nothing waits for the
disk (synchronous=OFF), and engines are kept, for what they have compiled, from world to world.
"""

import shutil
import sqlite3
from functools import cache
from pathlib import Path
from random import Random
from unittest import mock

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event

from server.storage.database import open_engine, sqlite_url, writing
from server.storage.migrate import migrate
from server.storage.venues import digest_key, ensure_organisation, save_users
from server.tills.directory import add_till, enrol_till
from till.store import database as till_database
from till.store import settings
from till.store.database import Database, open_database
from till.store.secrets import TillKeys, save_keys
from till.store.settings import Identity, PrinterSetting
from vouchers.people import Role, User

__all__ = ["make_templates", "open_till_database", "server_engine", "writing"]

TILLS_MAX = 4
CASHIER = User(user_id="anna", name="Anna", role=Role.CASHIER, pin_hash="")
SUPERVISOR = User(user_id="boris", name="Boris", role=Role.SUPERVISOR, pin_hash="")
SECOND = User(user_id="clara", name="Clara", role=Role.SUPERVISOR, pin_hash="")


def _never_wait_for_the_disk(engine: sa.Engine) -> sa.Engine:
    @event.listens_for(engine, "connect")
    def _hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    return engine


@cache
def server_engine(url: str) -> sa.Engine:
    return _never_wait_for_the_disk(open_engine(url))


_real_till_engine = till_database._engine


@cache
def _till_engine(path: Path) -> sa.Engine:
    return _never_wait_for_the_disk(_real_till_engine(path))


def open_till_database(folder: Path) -> Database:
    """The till's own way to open its file, on an engine that is kept."""
    with mock.patch.object(till_database, "_engine", _till_engine):
        return open_database(folder)


def make_templates(folder: Path) -> None:
    """A server that knows TILLS_MAX tills, and the folders of these tills, enrolled and empty.

    They are the same every time: ids of vouchers follow from the key of their digests.
    """
    secrets = NoSecrets()
    with (
        mock.patch("server.storage.venues.secrets", secrets),
        mock.patch("server.tills.directory.secrets", secrets),
    ):
        _make_templates(folder)


class NoSecrets:
    """Stands in for the module `secrets`."""

    def __init__(self) -> None:
        self._chance = Random(0)
        self.choice = self._chance.choice

    def token_hex(self, count: int) -> str:
        return self._chance.randbytes(count).hex()


def _make_templates(folder: Path) -> None:
    engine = server_engine(sqlite_url(_made(folder / "server")))
    migrate(engine)
    with writing(engine) as connection:
        ensure_organisation(connection, "main")
        save_users(connection, "main", [CASHIER, SUPERVISOR, SECOND])
        for number in range(TILLS_MAX):
            signer = Ed25519PrivateKey.from_private_bytes(Random(number).randbytes(32))
            code = add_till(connection, "main", f"Till {number}").code
            enrolment = enrol_till(connection, code, signer.public_key().public_bytes_raw().hex())
            assert enrolment is not None
            _make_till(folder / f"till{number}", signer, enrolment.till_id, number)
            save_keys(
                folder / f"till{number}",
                TillKeys(
                    signing_key=signer.private_bytes_raw(),
                    digest_key=bytes.fromhex(digest_key(connection, "main")),
                ),
            )
    engine.dispose()


def fresh_copy(template: Path, folder: Path) -> None:
    """The folder as it is in the template, whatever was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)


def copy_running(source: Path, target: Path) -> None:
    """A consistent copy of a database that somebody may have open."""
    target.unlink(missing_ok=True)
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as copy:
        reading.backup(copy)
    reading.close()
    copy.close()


def _make_till(folder: Path, signer: Ed25519PrivateKey, till_id: str, number: int) -> None:
    database = open_till_database(folder)
    with database.write() as work:
        settings.identity.put(
            work,
            Identity(
                till_id=till_id,
                name=f"T{number}",
                organisation="main",
                server_urls=["sim://server"],
                printers={"receipt": PrinterSetting(address="tcp://nowhere:9100")},
            ),
        )
    database.close()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
