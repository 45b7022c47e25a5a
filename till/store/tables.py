"""The tables of a till's database. Each is explained where it is used; migrations make them.

Amounts are whole minor units beside their currency. JSON columns hold msgspec values, so that
what was signed or chained can be read back byte for byte.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    text,
)

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""One row each for: who this till is, feed position, catalogue, users, issuer keys, ..."""

accounts = Table(
    "accounts",
    metadata,
    Column("voucher_id", Uuid, primary_key=True),
    Column("code_digest", String(64)),
    Column("last4", String(4)),
    Column("terms", LargeBinary),
    Column("currency", String(3), nullable=False),
    Column("balance_minor", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("version", Integer, nullable=False),
    Index("accounts_by_code", "code_digest", unique=True),
    Index("accounts_by_last4", "last4"),
)
"""The cache: the server's balance as of a version. Own later entries come on top."""

entries = Table(
    "entries",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("origin", String, nullable=False),
    Column("origin_seq", Integer, nullable=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("voucher_id", Uuid, nullable=False),
    Column("kind", String, nullable=False),
    Column("basis", String, nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reference", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("contained", Boolean, nullable=False, default=False),
    Index("entries_by_origin", "origin", "origin_seq", unique=True),
    Index("entries_by_voucher", "voucher_id"),
    Index("entries_by_reference", "reference"),
    Index("entries_not_contained", "voucher_id", sqlite_where=text("contained = 0")),
)
"""This till's own ledger in the order in which it happened, chained for each origin: a till that
had to enrol anew goes on as a new origin. `contained`: the cached balance of its account has it."""

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", String),
)
"""The duty to report an entry: waiting or parked for a human. Gone once acknowledged."""

holds = Table(
    "holds",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("voucher_id", Uuid),
    Column("amount_minor", Integer, nullable=False),
    Column("at_server", Boolean, nullable=False),
    Column("release", Boolean, nullable=False),
)
"""What open sales have set aside. The id is that of the entry to come; `at_server`: the server
was asked, so it has to be told when the sale is given up (`release`)."""

open_sales = Table(
    "open_sales",
    metadata,
    Column("sale_id", Uuid, primary_key=True),
    Column("since", DateTime, nullable=False),
    Column("cashier", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Sales that took money and have no receipt yet. Gone with the transaction that commits the sale,
or that notes what was given back."""

returned_tenders = Table(
    "returned_tenders",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("sale_id", Uuid, nullable=False),
    Column("shift_id", Uuid),
    Column("kind", String, nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Index("returned_tenders_by_shift", "shift_id"),
)
"""Money that was taken for a sale and given back before it had a receipt: added to only."""

receipts = Table(
    "receipts",
    metadata,
    Column("number", String, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("sale_id", Uuid, nullable=False, unique=True),
    Column("shift_id", Uuid),
    Column("issued_at", DateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Every receipt as it was given, without any voucher code."""

shifts = Table(
    "shifts",
    metadata,
    Column("shift_id", Uuid, primary_key=True),
    Column("opened_at", DateTime, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("float_minor", Integer, nullable=False),
    Column("closed_at", DateTime),
    Column("closed_by", String),
    Column("counted_minor", Integer),
    Column("z_number", Integer),
    Column("z_report", LargeBinary),
    Index("shifts_by_z_number", "z_number", unique=True),
    Index(
        "one_open_shift",
        text("closed_at IS NULL"),
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
    ),
)

"""Closed shifts have a Z report; its numbers have no gaps."""

print_jobs = Table(
    "print_jobs",
    metadata,
    Column("job_id", Uuid, primary_key=True),
    Column("printer", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("voucher_ids", LargeBinary, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("trouble", String),
    Column("confirmed", Boolean, nullable=False),
    Index(
        "print_jobs_open",
        "printer",
        sqlite_where=text("state IN ('intent', 'printing', 'doubt')"),
    ),
)
"""The spool. `document` holds codes in clear until the job has ended, then they are erased."""

card_movements = Table(
    "card_movements",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("movement_id", Uuid, nullable=False, unique=True),
    Column("uid", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("movement", LargeBinary, nullable=False),
    Column("purpose", LargeBinary, nullable=False),
    Column("told", Boolean, nullable=False, default=False),
    Index("card_movements_open", "uid", sqlite_where=text("state IN ('intent', 'doubt')")),
)
"""Every change of a card's balance that this till meant to make (cardreader.purse.journal), and
what for. `told`: the server knows that it is in doubt."""

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("approved_by", String),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
)
"""Who looked at what, who approved it, who opened the drawer: added to, never changed."""

incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column("opened_at", DateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The venue's open incidents, as the server told them."""
