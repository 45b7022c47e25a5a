"""Whether a till that was shut out knows of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("tills", sa.Column("heard_revoked_ms", sa.BigInteger))
