"""Z reports: numbered without gaps, and kept as they were printed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("shifts", sa.Column("z_number", sa.Integer))
    op.add_column("shifts", sa.Column("z_report", sa.LargeBinary))
    op.execute(
        """UPDATE shifts SET z_number = (SELECT count(*) FROM shifts AS earlier
           WHERE earlier.closed_at IS NOT NULL AND (earlier.closed_at, earlier.shift_id)
           <= (shifts.closed_at, shifts.shift_id)) WHERE closed_at IS NOT NULL"""
    )
    op.create_index("shifts_by_z_number", "shifts", ["z_number"], unique=True)
