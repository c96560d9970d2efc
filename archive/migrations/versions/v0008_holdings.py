"""What is watched over: sealed packages, and every file with its copies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0008"
down_revision = "0007"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """No package is sealed yet; WARC files are taken in at the first check."""
    op.create_table(
        "packages",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sealed", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("packages_key")),
    )
    op.create_index("packages_source", "packages", ["source_id", "month", "number"], unique=True)
    op.create_table(
        "holdings",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("added", INSTANT, nullable=False),
        sa.Column("checked", INSTANT, nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("place", "file", name=op.f("holdings_key")),
    )
    op.create_index("holdings_checked", "holdings", ["checked"], unique=False)
    op.create_index("holdings_file", "holdings", ["file"], unique=False)
    if op.get_bind().dialect.name == "postgresql":  # a package may be larger than 2 GiB
        op.alter_column("captures", "offset", type_=sa.BigInteger(), existing_nullable=False)
    op.create_index("captures_file", "captures", ["file", "offset"], unique=False)
