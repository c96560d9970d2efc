"""Alembic's entry. The connection is handed over by archive.database, transaction included, so
that a migration is done whole or not at all and no alembic.ini is needed."""

from alembic import context

from archive.schema import metadata


def run() -> None:
    """Apply what is missing, on the given connection."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
