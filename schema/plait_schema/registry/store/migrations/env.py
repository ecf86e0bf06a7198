"""Alembic's way in: run the revisions on the connection, and in the transaction, that `migrate` opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="registry_alembic_version",
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
