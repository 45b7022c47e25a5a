"""What people asked for that leaves no entry, such as blocking a voucher; and lives of a database:
positions counted in epochs (from bit 55 on) become positions that go on from the time of day.
A change in the feed names its entry to every till, so nobody asks any more which till made it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("audit_id", sa.Uuid, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("till_id", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "audit_id", name="pk_audit"),
    )
    for name in ("life_start", "positions_offset"):
        op.execute(
            f"INSERT INTO server (name, value) SELECT '{name}',"  # noqa: S608 - ours
            " CAST(CAST(value AS BIGINT) * 36028797018963968 AS TEXT)"
            " FROM server WHERE name = 'epoch'"
        )
    op.drop_column("feed", "origin")
