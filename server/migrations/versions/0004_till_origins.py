"""Which earlier enrolments a till goes on with. So far a name was all that told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "till_origins",
        sa.Column("till_id", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("till_id", "origin", name="pk_till_origins"),
        sa.ForeignKeyConstraint(["till_id"], ["tills.till_id"], name="fk_till_origins_till_id"),
    )
    op.execute(
        "INSERT INTO till_origins (till_id, origin) SELECT later.till_id, earlier.till_id"
        " FROM tills AS later JOIN tills AS earlier ON earlier.organisation = later.organisation"
        " AND earlier.name = later.name AND earlier.added_ms < later.added_ms"
    )
