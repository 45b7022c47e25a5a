"""Read a venue's files: catalogue.toml and users.toml, which stand beside each other."""

from importlib.resources import as_file, files
from pathlib import Path

import msgspec
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from msgspec import Struct

import resources
from server.campaign_files import CAMPAIGNS_FILE, load_campaign_file
from server.errors import NotPossible
from server.storage.venues import (
    ensure_organisation,
    load_campaigns,
    load_catalogue,
    load_users,
    save_catalogue,
    save_users,
)
from server.toml_files import read_toml
from vouchers.catalogue import Catalogue
from vouchers.people import Role, User

CATALOGUE_FILE, USERS_FILE = "catalogue.toml", "users.toml"
PAPER_FILES = ("layouts/*.toml", "layouts/*.png", "profiles/*.toml")
PAPER_FILES_MAX_BYTES = 512 * 1024
"""Every till loads them with each catalogue; a logo of 576 dots has a few kilobytes."""

PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id as OWASP's Password Storage Cheat Sheet asks at least. A till's processor is slow, and
an approval tries its PIN on every supervisor while a queue waits.
"""


class UserInFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user as an operator writes one; only the hash of the PIN is kept."""

    user_id: str
    name: str
    role: Role
    pin: str
    active: bool = True


class UsersFile(Struct, frozen=True):
    """users.toml."""

    users: list[UserInFile]


def load_demo(connection: sa.Connection, organisation: str) -> None:
    """Put the demo venue in force, unless it is already; its campaigns only where none ever were:
    they are there to be tried and changed.
    """
    with as_file(files(resources) / "demo") as folder:
        load_venue(connection, organisation, folder)
        if load_campaigns(connection, organisation) is None:
            load_campaign_file(connection, organisation, folder / CAMPAIGNS_FILE)


def load_venue(connection: sa.Connection, organisation: str, folder: Path) -> None:
    """Put the files of `folder` in force; what did not change is not announced again.

    Raises NotPossible for files that are missing or say something wrong.
    """
    written = read_toml(folder / CATALOGUE_FILE, Catalogue)
    catalogue = msgspec.structs.replace(written, paper_files=_paper_files(folder))
    users = read_toml(folder / USERS_FILE, UsersFile).users
    ensure_organisation(connection, organisation)
    if load_catalogue(connection, organisation) != catalogue:
        save_catalogue(connection, organisation, catalogue)
    known = {user.user_id: user for user in load_users(connection, organisation)}
    wanted = [_user(one, known.get(one.user_id)) for one in users]
    if wanted != list(known.values()):
        save_users(connection, organisation, wanted)


def _paper_files(folder: Path) -> dict[str, bytes]:
    """The venue's own layouts, their pictures, and printer profiles. The tills check them."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for pattern in PAPER_FILES
        for path in sorted(folder.glob(pattern))
    }
    if sum(map(len, found.values())) > PAPER_FILES_MAX_BYTES:
        why = f"more than {PAPER_FILES_MAX_BYTES} bytes of layouts and pictures"
        raise NotPossible("venue_file_wrong", file=str(folder), why=why)
    return found


def _user(written: UserInFile, known: User | None) -> User:
    kept = known is not None and _is_pin(known.pin_hash, written.pin)
    return User(
        user_id=written.user_id,
        name=written.name,
        role=written.role,
        pin_hash=known.pin_hash if known and kept else PINS.hash(written.pin),
        active=written.active,
    )


def _is_pin(pin_hash: str, pin: str) -> bool:
    try:
        return PINS.verify(pin_hash, pin)
    except VerifyMismatchError:
        return False
