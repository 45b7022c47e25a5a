"""The server's tables. Points in time are whole milliseconds since 1970 (UTC).

Everything but `server` belongs to an organisation, which is part of every key: nothing crosses
organisations, and one of them can be moved to a database of its own. Keys begin with what tells
rows apart, though: an index that begins with the organisation tempts PostgreSQL to walk all of
it as long as it has no statistics.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

server = Table(
    "server",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about this installation that all workers share, such as the secret tokens are signed by."""

organisations = Table(
    "organisations",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("digest_key", Text, nullable=False),
    Column("timezone", Text, nullable=False, server_default="UTC"),
    Column("feed_floor", BigInteger, nullable=False, server_default="0"),
    Column("card_keys", Text, nullable=False),
)
"""`feed_floor`: changes up to this position are no longer kept. `card_keys`: see
server.storage.card_keys."""

tills = Table(
    "tills",
    metadata,
    Column("till_id", Text, primary_key=True),
    Column("organisation", Text, ForeignKey("organisations.organisation"), nullable=False),
    Column("name", Text, nullable=False),
    Column("code_digest", Text),
    Column("code_expires_ms", BigInteger),
    Column("public_key", Text),
    Column("debit_only", Boolean, nullable=False, server_default=false()),
    Column("added_ms", BigInteger, nullable=False),
    Column("enrolled_ms", BigInteger),
    Column("revoked_ms", BigInteger, index=True),
    Column("heard_revoked_ms", BigInteger),
    Index("ix_tills_organisation", "organisation"),
    Index("ix_tills_code_digest", "code_digest"),
)
"""A till that is shut out goes on as it likes until it hears of it, and says so."""

till_origins = Table(
    "till_origins",
    metadata,
    Column("till_id", Text, ForeignKey("tills.till_id"), primary_key=True),
    Column("origin", Text, primary_key=True),
)
"""The earlier enrolments of a till, whose entries it may bring."""

documents = Table(
    "documents",
    metadata,
    Column("organisation", Text, ForeignKey("organisations.organisation"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
"""What the tills of an organisation share as a whole: its catalogue, its users."""

accounts = Table(
    "accounts",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("voucher_id", Uuid, primary_key=True),
    Column("code_digest", Text),
    Column("last4", Text),
    Column("balance", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("terms", Text),
    Index("ix_accounts_voucher", "voucher_id"),
    Index("ix_accounts_code_digest", "code_digest"),
    Index("ix_accounts_last4", "last4", "organisation", "voucher_id"),
    postgresql_with={"fillfactor": 80},
)
"""`balance` is the sum of the entries in the account's currency, `version` the feed position of
the last change, `terms` the voucher as JSON, NULL until its issue has arrived."""

entries = Table(
    "entries",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("entry_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("voucher_id", Uuid, nullable=False),
    Column("origin", Text, nullable=False),
    Column("origin_seq", BigInteger, nullable=False),
    Column("fork", Integer, nullable=False),
    Column("occurred_ms", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("balance_after", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("incidents", Text, nullable=False),
    Column("delivered_by", Text, nullable=False),
    Column("booked_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("card_counter", BigInteger),
    PrimaryKeyConstraint("entry_id", "organisation"),
    Index("ix_entries_voucher", "voucher_id", "position", "organisation"),
    Index("uq_entries_origin", "origin", "origin_seq", "fork", "organisation", unique=True),
    Index("ix_entries_reference", "reference", "organisation"),
)
"""`fork` counts other entries at the same place of the sequence; being unique, it makes a second
worker look again that books one at the same moment. `balance_after` and `incidents` are what was
answered; `currency` is the account's."""

Index(
    "ix_entries_card",
    entries.c.organisation,
    entries.c.voucher_id,
    entries.c.card_counter,
    sqlite_where=entries.c.card_counter.is_not(None),
    postgresql_where=entries.c.card_counter.is_not(None),
)

card_records = Table(
    "card_records",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("voucher_id", Uuid, primary_key=True),
    Column("counter", BigInteger, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("seen_by", Text, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
)
"""What purse cards themselves remembered when a till of the venue last looked at them."""

requests = Table(
    "requests",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("voucher_id", Uuid),
    Column("amount", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("answer", Text, nullable=False),
    PrimaryKeyConstraint("request_id", "organisation"),
    Index("ix_requests_voucher", "voucher_id", "state"),
)
"""Every hold asked for, and the answer it got, the same as long as it is kept (retention)."""

incidents = Table(
    "incidents",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("incident_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("voucher_id", Uuid),
    Column("entry_id", Uuid),
    Column("origin", Text),
    Column("details", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("settled_ms", BigInteger),
    Column("settled_by", Text),
    Column("settlement", Text),
    Column("settlement_id", Uuid),
)
"""One open incident per kind and subject; what happens again is counted in `times`."""

Index(
    "uq_incidents_open",
    incidents.c.organisation,
    incidents.c.kind,
    incidents.c.subject,
    unique=True,
    sqlite_where=incidents.c.settled_ms.is_(None),
    postgresql_where=incidents.c.settled_ms.is_(None),
)

audit = Table(
    "audit",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("audit_id", Uuid, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("till_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
"""What people asked for that leaves no entry and no incident; written before it is done, so that
nothing is done without."""

feed = Table(
    "feed",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Uuid),
    Column("entry_id", Uuid),
    Column("balance", BigInteger),
    Column("status", Text),
    Column("changed_ms", BigInteger, nullable=False),
)
"""What changed, in an order in which no reader can miss a late commit (docs/decisions/0402).

An account's row carries its balance and status as of that change; everything else is read as
it stands when the row is read."""
