"""Sales that took money and have no receipt yet, and money that was given back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "open_sales",
        sa.Column("sale_id", sa.Uuid, primary_key=True),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("cashier", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "returned_tenders",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("shift_id", sa.Uuid),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("amount_minor", sa.Integer, nullable=False),
    )
    op.create_index("returned_tenders_by_shift", "returned_tenders", ["shift_id"])
