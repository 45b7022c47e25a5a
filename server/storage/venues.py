"""Organisations, and the documents their tills share."""

import secrets

import msgspec
import sqlalchemy as sa

from server.errors import NotPossible
from server.storage import rows
from server.storage.card_keys import new_card_keys
from server.storage.database import now_ms
from server.storage.positions import free_position
from server.storage.tables import documents, feed, organisations, tills
from sync.wire.feed import IssuerKey
from vouchers.campaigns import Campaign
from vouchers.catalogue import Catalogue
from vouchers.people import User
from vouchers.proof import key_id

DEFAULT_ORGANISATION = "main"


def ensure_organisation(connection: sa.Connection, organisation: str) -> None:
    """Make sure there is an organisation of that name; its digest key never changes."""
    if not connection.scalar(
        sa.select(sa.exists().where(organisations.c.organisation == organisation))
    ):
        connection.execute(
            sa.insert(organisations).values(
                organisation=organisation,
                digest_key=secrets.token_hex(32),
                card_keys=new_card_keys(),
            )
        )


def only_organisation(connection: sa.Connection) -> str:
    """The organisation meant when none is named. Raises NotPossible when there are several."""
    found: list[str] = list(connection.scalars(sa.select(organisations.c.organisation)))
    if len(found) != 1:
        raise NotPossible("organisation_not_named", known=", ".join(sorted(found)))
    return found[0]


def digest_key(connection: sa.Connection, organisation: str) -> str:
    """The key of the digests of voucher codes, in hexadecimal. Raises NotPossible."""
    key: str | None = connection.scalar(
        sa.select(organisations.c.digest_key).where(organisations.c.organisation == organisation)
    )
    if key is None:
        raise NotPossible("organisation_unknown", organisation=organisation)
    return key


def load_catalogue(connection: sa.Connection, organisation: str) -> Catalogue | None:
    """The venue's catalogue, None until there is one."""
    body = _document(connection, organisation, "catalogue")
    return msgspec.json.decode(body, type=Catalogue) if body else None


def load_campaigns(connection: sa.Connection, organisation: str) -> list[Campaign] | None:
    """The venue's campaigns, None until any were loaded."""
    body = _document(connection, organisation, "campaigns")
    return msgspec.json.decode(body, type=list[Campaign]) if body else None


def load_users(connection: sa.Connection, organisation: str) -> list[User]:
    """Everybody who may sign in at the venue's tills."""
    body = _document(connection, organisation, "users")
    return msgspec.json.decode(body, type=list[User]) if body else []


def load_issuer_keys(connection: sa.Connection, organisation: str) -> list[IssuerKey]:
    """The keys of all tills that ever enrolled; those of revoked tills are marked."""
    query = (
        sa.select(tills.c.public_key, tills.c.till_id, tills.c.name, tills.c.revoked_ms)
        .where(tills.c.organisation == organisation, tills.c.public_key.is_not(None))
        .order_by(tills.c.till_id)
    )
    return [
        IssuerKey(
            key_id=key_id(bytes.fromhex(row.public_key)),
            public_key=row.public_key,
            till_id=row.till_id,
            name=row.name,
            revoked=row.revoked_ms is not None,
        )
        for row in connection.execute(query)
    ]


def save_catalogue(connection: sa.Connection, organisation: str, catalogue: Catalogue) -> None:
    """Put a new catalogue in force and tell the tills."""
    _save_document(connection, organisation, "catalogue", catalogue)
    connection.execute(
        sa.update(organisations)
        .where(organisations.c.organisation == organisation)
        .values(timezone=catalogue.venue.timezone)
    )


def save_campaigns(connection: sa.Connection, organisation: str, campaigns: list[Campaign]) -> None:
    """Put new campaigns in force in place of all earlier ones, and tell the tills."""
    _save_document(connection, organisation, "campaigns", campaigns)


def save_users(connection: sa.Connection, organisation: str, users: list[User]) -> None:
    """Put a new list of users in force and tell the tills."""
    _save_document(connection, organisation, "users", users)


def announce(connection: sa.Connection, organisation: str, kind: str) -> int:
    """Write into the feed that a shared document changed; its position."""
    taken = free_position(connection, organisation)
    connection.execute(sa.insert(feed), [rows.feed_row(organisation, taken, kind, now_ms())])
    return taken


def _document(connection: sa.Connection, organisation: str, kind: str) -> str | None:
    return connection.scalar(
        sa.select(documents.c.body).where(
            documents.c.organisation == organisation, documents.c.kind == kind
        )
    )


def _save_document(connection: sa.Connection, organisation: str, kind: str, value: object) -> None:
    connection.execute(
        sa.delete(documents).where(
            documents.c.organisation == organisation, documents.c.kind == kind
        )
    )
    body = msgspec.json.encode(value).decode()
    connection.execute(sa.insert(documents).values(organisation=organisation, kind=kind, body=body))
    announce(connection, organisation, kind)
