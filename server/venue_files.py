"""A venue's files: catalogue.toml and users.toml, which stand beside each other, and its papers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import msgspec
import sqlalchemy as sa
from msgspec import Struct

import resources
from server.campaign_files import CAMPAIGNS_FILE, load_campaign_file
from server.errors import NeedsEvenSo, NotPossible
from server.paper_files import paper_mistakes, read_paper_files
from server.storage.audit import note_operator
from server.storage.open_vouchers import open_vouchers
from server.storage.venues import (
    ensure_organisation,
    load_campaigns,
    load_catalogue,
    load_users,
    save_catalogue,
    save_users,
)
from server.user_files import USERS_FILE, UserInFile, UsersFile, known_as, user_faults
from server.venue_changes import fingerprint, objections, parts_of, summary
from server.written_files import FilesWrong, WrittenFile
from vouchers.catalogue import Catalogue
from vouchers.catalogue_faults import catalogue_faults
from vouchers.faults import Fault
from vouchers.people import User

CATALOGUE_FILE = "catalogue.toml"


class Venue(Struct, frozen=True, kw_only=True):
    """What the files of a venue say: nothing in it is wrong."""

    catalogue: Catalogue
    users: list[UserInFile]


def load_demo(connection: sa.Connection, organisation: str) -> None:
    """Put the demo venue in force, unless it is already; its campaigns only where none ever were:
    they are there to be tried and changed. Raises NotPossible where another venue is in force.
    """
    ensure_organisation(connection, organisation)
    in_force = load_catalogue(connection, organisation)
    with as_file(files(resources) / "demo") as folder:
        demo = read_venue(folder)
        if in_force is not None and in_force.venue.name != demo.catalogue.venue.name:
            raise NotPossible("demo_over_venue", venue=in_force.venue.name)
        load_venue(connection, organisation, demo, even_so=True)
        if load_campaigns(connection, organisation) is None:
            load_campaign_file(connection, organisation, folder / CAMPAIGNS_FILE)


def read_venue(folder: Path) -> Venue:
    """What the files of `folder` say. Raises FilesWrong with every mistake in any of them."""
    catalogue = WrittenFile(folder / CATALOGUE_FILE, Catalogue)
    users = WrittenFile(folder / USERS_FILE, UsersFile)
    papers = read_paper_files(folder)
    mistakes = [
        *catalogue.mistakes([*_misplaced(catalogue.value), *catalogue_faults(catalogue.value)]),
        *users.mistakes(user_faults(users.value.users)),
    ]
    mistakes += paper_mistakes(papers, folder, None if mistakes else catalogue.value)
    if mistakes:
        raise FilesWrong(mistakes)
    return Venue(
        catalogue=msgspec.structs.replace(catalogue.value, paper_files=papers),
        users=users.value.users,
    )


def check_change(connection: sa.Connection, organisation: str, catalogue: Catalogue) -> None:
    """Raise NeedsEvenSo when people who hold vouchers would suffer from a new catalogue."""
    today = datetime.now(UTC).astimezone(catalogue.venue.zone).date()
    found = objections(
        load_catalogue(connection, organisation),
        catalogue,
        open_vouchers(connection, organisation, today),
        load_campaigns(connection, organisation) or [],
    )
    if found:
        raise NeedsEvenSo(found)


def load_venue(
    connection: sa.Connection, organisation: str, venue: Venue, *, even_so: bool = False
) -> str:
    """Put a venue in force; what did not change is not announced again. Says what did change.

    Raises NeedsEvenSo, with nothing changed, unless it is to be done `even_so`.
    """
    if not even_so:
        check_change(connection, organisation, venue.catalogue)
    catalogue, users = (
        load_catalogue(connection, organisation),
        load_users(connection, organisation),
    )
    wanted = known_as(venue.users, users)
    changes = [
        summary(parts_of(catalogue), parts_of(venue.catalogue)),
        summary(_named(users), _named(wanted)),
    ]
    if catalogue != venue.catalogue:
        save_catalogue(connection, organisation, venue.catalogue)
    if users != wanted:
        save_users(connection, organisation, wanted)
    changed = "; ".join(filter(None, changes))
    if changed:
        version = fingerprint([venue.catalogue, wanted])
        note_operator(
            connection, organisation, action="venue load", subject=version, reason=changed
        )
    return changed


def _named(users: Sequence[User]) -> dict[str, object]:
    return {f"user {one.user_id}": one for one in users}


def _misplaced(catalogue: Catalogue) -> Iterator[Fault]:
    if catalogue.paper_files:
        why = "do not stand here: layouts and profiles lie in folders beside this file"
        yield Fault(("paper_files",), why)
