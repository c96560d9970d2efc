"""The first schema: sources, entries, revisions, addresses, captures, polls, events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0001"
down_revision = None

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table; referred ones first."""
    _facts()
    _sources()
    _entries()
    _revisions()
    _locations()
    _captures()
    _lists()
    _misses()
    _polls()
    _events()


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("facts_key")),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_present", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("due", INSTANT, nullable=True),
        sa.Column("paused", INSTANT, nullable=True),
        sa.Column("retired", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("walked", INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("last_poll", sa.BigInteger(), nullable=True),
        sa.Column("last_new", INSTANT, nullable=True),
        sa.Column("entries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("change", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("published", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sources_key")),
    )
    op.create_index("sources_due", "sources", ["due", "id", "host"], unique=False)
    op.create_index(
        "sources_unpublished",
        "sources",
        ["id"],
        unique=False,
        sqlite_where=sa.text("change > published"),
        postgresql_where=sa.text("change > published"),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("published", INSTANT, nullable=True),
        sa.Column("ordered", INSTANT, nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("changed", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("entries_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("entries_key")),
    )
    op.create_index("entries_content", "entries", ["source_id", "content"], unique=False)
    op.create_index("entries_doi", "entries", ["source_id", "doi"], unique=False)
    op.create_index("entries_newest", "entries", ["source_id", "ordered", "id"], unique=False)
    op.create_index("entries_newest_of_all", "entries", ["ordered", "id"], unique=False)


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("capture_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("revisions_entry_id_of_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("revisions_key")),
    )


def _locations() -> None:
    op.create_table(
        "locations",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("listed_title", sa.Text(), nullable=True),
        sa.Column("listed_published", sa.Text(), nullable=True),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("last_asked", INSTANT, nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=True),
        sa.Column("missing", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("locations_entry_id_of_entries")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("locations_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", "url", name=op.f("locations_key")),
    )
    op.create_index("locations_entry", "locations", ["entry_id"], unique=False)


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("captures_entry_id_of_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("captures_key")),
    )
    op.create_index("captures_entry", "captures", ["entry_id", "seen"], unique=False)


def _lists() -> None:
    op.create_table(
        "lists",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=True),
        sa.Column("links_digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("lists_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", "url", name=op.f("lists_key")),
    )


def _misses() -> None:
    op.create_table(
        "misses",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("retry_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("misses_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", "url", name=op.f("misses_key")),
    )


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("ended", INSTANT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("vanished", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("retry_after_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("polls_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("polls_key")),
    )
    op.create_index("polls_source", "polls", ["source_id", "number"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("events_key")),
    )
    op.create_index("events_entry", "events", ["entry_id", "number"], unique=False)
    op.create_index("events_source", "events", ["source_id", "number"], unique=False)
