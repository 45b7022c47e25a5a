"""Alembic runs this inside the transaction that till.store.migrations opened."""

from alembic import context

from till.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the transaction is ours: all steps or none
)
context.run_migrations()
