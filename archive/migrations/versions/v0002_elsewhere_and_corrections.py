"""The same article in other sources, and what persons corrected."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0002"
down_revision = "0001"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Entries that are there already are compared when they are next revised."""
    op.add_column("sources", sa.Column("title", sa.Text(), nullable=True))
    _fingerprints()
    _relations()
    _corrections()


def _fingerprints() -> None:
    op.add_column("entries", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column(
        "entries",
        sa.Column("is_elsewhere", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_index("entries_number", "entries", ["number"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("print", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("print", "number", name=op.f("fingerprints_key")),
        sqlite_with_rowid=False,
    )


def _relations() -> None:
    op.create_table(
        "relations",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Float(53), nullable=True),
        sa.Column("seen", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("relations_entry_id_of_entries")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["entries.id"], name=op.f("relations_other_id_of_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", "other_id", name=op.f("relations_key")),
    )
    op.create_index("relations_other", "relations", ["other_id"], unique=False)


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("read", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("corrections_entry_id_of_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", "field", name=op.f("corrections_key")),
    )
