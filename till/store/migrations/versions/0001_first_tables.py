"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    _accounts_and_ledger()
    _receipts_and_shifts()
    op.create_table(
        "print_jobs",
        sa.Column("job_id", sa.Uuid, primary_key=True),
        sa.Column("printer", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("voucher_ids", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("trouble", sa.String),
        sa.Column("confirmed", sa.Boolean, nullable=False),
    )
    op.create_index(
        "print_jobs_open",
        "print_jobs",
        ["printer"],
        sqlite_where=sa.text("state IN ('intent', 'printing', 'doubt')"),
    )
    op.create_table(
        "card_movements",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("movement_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("uid", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("movement", sa.LargeBinary, nullable=False),
        sa.Column("purpose", sa.LargeBinary, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
    )
    op.create_index(
        "card_movements_open",
        "card_movements",
        ["uid"],
        sqlite_where=sa.text("state IN ('intent', 'doubt')"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("approved_by", sa.String),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
    )
    op.create_table(
        "incidents",
        sa.Column("incident_id", sa.Uuid, primary_key=True),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )


def _accounts_and_ledger() -> None:
    op.create_table(
        "accounts",
        sa.Column("voucher_id", sa.Uuid, primary_key=True),
        sa.Column("code_digest", sa.String(64)),
        sa.Column("last4", sa.String(4)),
        sa.Column("terms", sa.LargeBinary),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("balance_minor", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("accounts_by_code", "accounts", ["code_digest"], unique=True)
    op.create_index("accounts_by_last4", "accounts", ["last4"])
    op.create_table(
        "entries",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("origin_seq", sa.Integer, nullable=False),
        sa.Column("entry_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("voucher_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("basis", sa.String, nullable=False),
        sa.Column("amount_minor", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("contained", sa.Boolean, nullable=False),
    )
    op.create_index("entries_by_origin", "entries", ["origin", "origin_seq"], unique=True)
    op.create_index("entries_by_voucher", "entries", ["voucher_id"])
    op.create_index("entries_by_reference", "entries", ["reference"])
    op.create_index(
        "entries_not_contained", "entries", ["voucher_id"], sqlite_where=sa.text("contained = 0")
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer, sa.ForeignKey("entries.seq"), primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
    )
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.Uuid, primary_key=True),
        sa.Column("voucher_id", sa.Uuid),
        sa.Column("amount_minor", sa.Integer, nullable=False),
        sa.Column("at_server", sa.Boolean, nullable=False),
        sa.Column("release", sa.Boolean, nullable=False),
    )


def _receipts_and_shifts() -> None:
    op.create_table(
        "receipts",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False, unique=True),
        sa.Column("sale_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("shift_id", sa.Uuid),
        sa.Column("issued_at", sa.DateTime, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "shifts",
        sa.Column("shift_id", sa.Uuid, primary_key=True),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("float_minor", sa.Integer, nullable=False),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("closed_by", sa.String),
        sa.Column("counted_minor", sa.Integer),
    )
    op.create_index(
        "one_open_shift",
        "shifts",
        [sa.text("closed_at IS NULL")],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
    )
