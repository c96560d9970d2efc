"""What entries can be chosen and searched by. The tables are filled when the store is opened
(archive.catalogue), as they are again whenever the words are made otherwise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0004"
down_revision = "0003"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Four tables, the last of the database's own kind."""
    _catalogue()
    _labels()
    _texts()
    _words()


def _catalogue() -> None:
    op.create_table(
        "catalogue",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("ordered", INSTANT, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=True),
        sa.Column("volume", sa.Text(), nullable=True),
        sa.Column("issue_number", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("catalogue_entry_id_of_entries")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("catalogue_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("catalogue_key")),
        sa.UniqueConstraint("entry_id", name=op.f("catalogue_entry_id_once")),
    )
    op.create_index("catalogue_newest", "catalogue", ["source_id", "ordered", "entry_id"])
    op.create_index("catalogue_newest_of_all", "catalogue", ["ordered", "entry_id"])
    op.create_index("catalogue_issue", "catalogue", ["source_id", "issue", "ordered", "entry_id"])


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "kind", "key", name=op.f("labels_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("labels_of_key", "labels", ["kind", "key", "number"])


def _texts() -> None:
    op.create_table(
        "texts",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("texts_key")),
    )


def _words() -> None:
    """Which texts have which tokens. SQLite keeps no copy of the tokens and no places in the text
    (a third of the size); PostgreSQL keeps them beside their index."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE words USING fts5(tokens, content='', columnsize=0, "
            "detail=none, tokenize='ascii')"
        )
        return
    op.execute("CREATE TABLE words (number BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)")
    op.execute("CREATE INDEX words_tokens ON words USING gin (tokens)")
