"""What was learned of each source's article pages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0003"
down_revision = "0002"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """One document for each source."""
    op.create_table(
        "profiles",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("made", INSTANT, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("profiles_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("profiles_key")),
    )
