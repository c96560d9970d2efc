"""What lists showed and articles print of their issues is remembered, and how issues were found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0012"
down_revision = "0010"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Nothing is remembered yet: it is read out of the files when it is asked for."""
    op.create_table(
        "list_files",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file", name=op.f("list_files_key")),
    )
    op.create_table(
        "list_pages",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column(
            "offset",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("file", "offset", name=op.f("list_pages_key")),
    )
    op.create_index("list_pages_source", "list_pages", ["source_id", "rules"], unique=False)
    op.create_table(
        "list_contents",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", "digest", name=op.f("list_contents_key")),
    )
    op.create_table(
        "issue_marks",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("volume", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("parameters", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("issue_marks_entry_id_of_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("issue_marks_key")),
    )
    op.create_table(
        "issue_reports",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("computed", INSTANT, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("issue_reports_key")),
    )
