"""Closed parts of each source's history, and which entries are in none of them yet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0005"
down_revision = "0004"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Whatever was kept so far is open: the next publication closes the months that are over."""
    op.add_column("entries", sa.Column("opened", INSTANT, nullable=True))
    op.execute("UPDATE entries SET opened = changed")
    op.create_index(
        "entries_open",
        "entries",
        ["source_id", "opened", "id"],
        unique=False,
        sqlite_where=sa.text("opened IS NOT NULL"),
        postgresql_where=sa.text("opened IS NOT NULL"),
    )
    op.create_table(
        "documents",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closed", INSTANT, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("documents_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("documents_key")),
    )
    op.create_index("documents_source", "documents", ["source_id", "name"], unique=True)
    op.create_table(
        "document_entries",
        sa.Column("document", NUMBER, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.number"], name=op.f("document_entries_document_of_documents")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("document_entries_entry_id_of_entries")
        ),
        sa.PrimaryKeyConstraint("document", "entry_id", name=op.f("document_entries_key")),
    )
