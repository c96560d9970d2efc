"""What kept pages still lack of their requisites (archive/owed.py), and where what came lies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0010"
down_revision = "0009"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Rows for pages that lack something, and for those that were given it late; most have none."""
    op.create_table(
        "owed",
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("awaited", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("owed_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("page", name=op.f("owed_key")),
    )
    op.create_index("owed_source", "owed", ["source_id", "since"], unique=False)
    op.create_table(
        "late",
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("package", "page", name=op.f("late_key")),
    )
    for name, kind in (
        ("own_id", sa.Text()),
        ("own_file", sa.Text()),
        ("own_offset", sa.BigInteger()),
    ):
        op.add_column("bodies", sa.Column(name, kind))
