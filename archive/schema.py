"""The tables of the store, declared once. Alembic's migrations must arrive at the same ones:
tests/archive/test_migrations.py compares. No queries here.

What is never asked for by the database (an entry's fields) is one JSON document, see coding.py;
what is (address, DOI, instants, state) is a column of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

from archive.columns import Instant, Words

if TYPE_CHECKING:
    from sqlalchemy import Row

#: What a query gave, column by name.
AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"

#: The migration that makes these tables; archive/migrations/versions has it.
REVISION = "0013"
#: The states in which an entry is not to be read as it was: their instants change its record.
GONE = "state IN ('retracted', 'withdrawn')"

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "pk": "%(table_name)s_key",
        "uq": "%(table_name)s_%(column_0_N_name)s_once",
        "fk": "%(table_name)s_%(column_0_N_name)s_of_%(referred_table_name)s",
    }
)


def _number(*, counts_up: bool = True) -> Column[int]:
    """A key that counts up, or one that another table counts. For SQLite it must be called
    INTEGER, of whatever size it is: then the table is kept in its order."""
    kind = BigInteger().with_variant(Integer, "sqlite")
    return Column("number", kind, primary_key=True, autoincrement=counts_up)


def _entry_id(*, is_key: bool = False) -> Column[str]:
    return Column("entry_id", Text, ForeignKey("entries.id"), primary_key=is_key, nullable=False)


def _source_id(*, is_key: bool = False) -> Column[str]:
    return Column("source_id", Text, ForeignKey("sources.id"), primary_key=is_key, nullable=False)


# What was settled at the first start: the authority of the tag URIs and its date.
facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# One row a source, also for those that are retired or whose file is gone. `due` is null while a
# source must not be polled, so the due query needs no other condition than `due <= now`.
# `title` is null until the file of a source that an older release registered is read again.
# `change` counts what changed for readers, `published` is the count that the feeds show.
sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("title", Words),
    Column("digest", Text, nullable=False),
    Column("is_present", Boolean, nullable=False, server_default=text("true")),
    Column("due", Instant),
    Column("paused", Instant),
    Column("retired", Instant),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("walked", Instant),
    Column("outcome", Text),
    Column("last_poll", BigInteger),
    Column("last_new", Instant),
    Column("entries", Integer, nullable=False, server_default=text("0")),
    Column("change", Integer, nullable=False, server_default=text("0")),
    Column("published", Integer, nullable=False, server_default=text("0")),
)
Index("sources_due", sources.c.due, sources.c.id, sources.c.host)
Index(
    "sources_unpublished",
    sources.c.id,
    sqlite_where=text("change > published"),
    postgresql_where=text("change > published"),
)

# One row an article. `ordered` is what entries are sorted by: the printed date where it is known
# to the day, never later than the first sight. `content` is the key of identity.find_content.
# `opened` is since when the entry as it is now stands in no closed document (documents.py).
# `number` stands for the entry among the fingerprints; null in one that was kept before there were
# any, until it is revised. `is_elsewhere` says that it may have relations.
entries = Table(
    "entries",
    metadata,
    Column("id", Text, primary_key=True),
    _source_id(),
    Column("canonical_url", Words, nullable=False),
    Column("doi", Words),
    Column("content", Text),
    Column("published", Instant),
    Column("ordered", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_since", Instant),
    Column("revision", Integer, nullable=False),
    Column("number", BigInteger),
    Column("opened", Instant),
    Column("is_elsewhere", Boolean, nullable=False, server_default=text("false")),
)
Index("entries_number", entries.c.number)
Index("entries_newest", entries.c.source_id, entries.c.ordered, entries.c.id)
Index("entries_newest_of_all", entries.c.ordered, entries.c.id)
Index("entries_changed", entries.c.source_id, entries.c.changed, entries.c.id)
Index("entries_changed_of_all", entries.c.changed, entries.c.id)
Index(
    "entries_gone",
    entries.c.source_id,
    entries.c.state_since,
    entries.c.id,
    sqlite_where=text(GONE),
    postgresql_where=text(GONE),
)
Index(
    "entries_gone_of_all",
    entries.c.state_since,
    entries.c.id,
    sqlite_where=text(GONE),
    postgresql_where=text(GONE),
)
Index("entries_doi", entries.c.source_id, entries.c.doi)
Index("entries_content", entries.c.source_id, entries.c.content)
Index(
    "entries_open",
    entries.c.source_id,
    entries.c.opened,
    entries.c.id,
    sqlite_where=text("opened IS NOT NULL"),
    postgresql_where=text("opened IS NOT NULL"),
)

# Never altered once written. `raw` is what the page said (coding.encode_raw), `entry` what we
# made of it, settled with what was known before (revision.settle).
revisions = Table(
    "revisions",
    metadata,
    _entry_id(is_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seen", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("entry", JSON, nullable=False),
    Column("raw", JSON, nullable=False),
    Column("capture_id", Text),
)

# Every address under which an article was ever seen. `asked` is the address of the page, the one
# to ask for again; several rows share it (the list's address, a redirect's, the canonical one).
# The row whose url is its own `asked` holds the validators. `missing` is when it was first 404.
locations = Table(
    "locations",
    metadata,
    _source_id(is_key=True),
    Column("url", Words, primary_key=True),
    _entry_id(),
    Column("asked", Words, nullable=False),
    Column("listed_title", Words),
    Column("listed_published", Words),
    Column("first_seen", Instant, nullable=False),
    Column("last_asked", Instant, nullable=False),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_digest", Text),
    Column("missing", Instant),
)
Index("locations_entry", locations.c.entry_id)

captures = Table(
    "captures",
    metadata,
    Column("id", Text, primary_key=True),
    _entry_id(),
    Column("url", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("file", Text, nullable=False),
    Column("offset", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("digest", Text, nullable=False),
)
Index("captures_entry", captures.c.entry_id, captures.c.seen)

# Which body was last captured of each address in a month, so that equal bytes of one source are
# kept once a month (bodies.py). `id`, `file` and `offset` are of the capture that has them, `own_…`
# of the address's own capture, which may be a revisit; null in rows of an older release.
bodies = Table(
    "bodies",
    metadata,
    _source_id(is_key=True),
    Column("month", Text, primary_key=True),
    Column("url", Words, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("first_url", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("own_id", Text),
    Column("own_file", Text),
    Column("own_offset", BigInteger),
)
Index("bodies_digest", bodies.c.source_id, bodies.c.month, bodies.c.digest)

# What a captured page still lacks of its requisites (owed.py); most pages have no row. `page` is
# the id of its capture, `files` how many `awaited` holds.
owed = Table(
    "owed",
    metadata,
    Column("page", Text, primary_key=True),
    _source_id(),
    Column("url", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("files", Integer, nullable=False),
    Column("awaited", JSON, nullable=False),
)
Index("owed_source", owed.c.source_id, owed.c.since)

lists = Table(
    "lists",
    metadata,
    _source_id(is_key=True),
    Column("url", Words, primary_key=True),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_digest", Text),
    Column("links_digest", Text),
)

# What was learned of a source's article pages (crawler.learn): a cache that can be learned again.
profiles = Table(
    "profiles",
    metadata,
    _source_id(is_key=True),
    Column("made", Instant, nullable=False),
    Column("document", JSON, nullable=False),
)

# Addresses on a list that could not be had; forgotten as soon as the article is.
misses = Table(
    "misses",
    metadata,
    _source_id(is_key=True),
    Column("url", Words, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("reason", Words, nullable=False),
    Column("retry_at", Instant, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    _number(),
    _source_id(),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Words, nullable=False),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("vanished", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("retry_after_seconds", Integer),
)
Index("polls_source", polls.c.source_id, polls.c.number)

# What of an entry may be found again in another source: hashes of its exact keys (below zero) and
# of the bands of its text (fingerprint.py), some thirty a text; `number` is entries.number. Without
# a rowid the key is the table, kept once. No foreign key: a row that leads nowhere finds nothing.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("print", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# The same article in two sources (likeness.py): `entry_id` is a `kind` of `other_id`. A reprint has
# one row, the copy's; where no direction is known, both have one.
relations = Table(
    "relations",
    metadata,
    _entry_id(is_key=True),
    Column("other_id", Text, ForeignKey("entries.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("similarity", Float(53)),
    Column("seen", Instant, nullable=False),
)
Index("relations_other", relations.c.other_id)

# Closed parts of a source's history, in the order of closing, and what stands in each.
documents = Table(
    "documents",
    metadata,
    _number(),
    _source_id(),
    Column("name", Text, nullable=False),
    Column("closed", Instant, nullable=False),
    Column("entries", Integer, nullable=False),
)
Index("documents_source", documents.c.source_id, documents.c.name, unique=True)

document_entries = Table(
    "document_entries",
    metadata,
    Column(
        "document",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("documents.number"),
        primary_key=True,
        autoincrement=False,
    ),
    _entry_id(is_key=True),
    Column("revision", Integer, nullable=False),
)

# A person's word on one field of an entry; it holds until it is undone (correction.py). `value` is
# that word, `before` what stood there when it was given, `read` what the page itself says now.
corrections = Table(
    "corrections",
    metadata,
    _entry_id(is_key=True),
    Column("field", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("before", JSON, nullable=False),
    Column("read", JSON, nullable=False),
    Column("who", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("made", Instant, nullable=False),
)

# What entries can be chosen by (selection.py): one row for each that may be shown, and none for one
# that was taken down. All of it can be made again from the revisions (catalogue.py). `number` is
# what the words are indexed by; `issue` is a slug (issue.py), `volume` and `issue_number` its parts
# as printed; `notice` the class of the page's own notice; `year` the printed one if there is one.
catalogue = Table(
    "catalogue",
    metadata,
    _number(),
    Column("entry_id", Text, ForeignKey("entries.id"), nullable=False, unique=True),
    _source_id(),
    Column("ordered", Instant, nullable=False),
    Column("year", Integer, nullable=False),
    Column("notice", Text, nullable=False),
    Column("issue", Text),
    Column("volume", Words),
    Column("issue_number", Words),
)
Index("catalogue_newest", catalogue.c.source_id, catalogue.c.ordered, catalogue.c.entry_id)
Index("catalogue_newest_of_all", catalogue.c.ordered, catalogue.c.entry_id)
Index(
    "catalogue_issue",
    catalogue.c.source_id,
    catalogue.c.issue,
    catalogue.c.ordered,
    catalogue.c.entry_id,
)

# Authors, columns and keywords of an entry: `key` is what two spellings have in common.
labels = Table(
    "labels",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("name", Words, nullable=False),
    sqlite_with_rowid=False,
)
Index("labels_of_key", labels.c.kind, labels.c.key, labels.c.number)

# Title, and all else that is searched in, as words.keyed makes them. Which tokens they have is in
# `words`, which is no table of these: its kind is the database's own (word_index.py).
texts = Table(
    "texts",
    metadata,
    _number(counts_up=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
)

# What each hub was told last of each of our feeds (announcements.py); and the hubs that could not
# be told, with when to try again. A topic is a path of the published tree.
pings = Table(
    "pings",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("digest", Text, nullable=False),
)
hubs = Table(
    "hubs",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),
)

# What was asked of our own hub and is not verified yet (subscriptions.py). `digest` is the topic as
# it was then, so that a change before the verification is delivered too.
intents = Table(
    "intents",
    metadata,
    _number(),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("secret", Text),
    Column("lease_seconds", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),
)
Index("intents_callback", intents.c.callback, intents.c.topic, unique=True)
Index("intents_due", intents.c.due)
Index("intents_host", intents.c.host)

# `delivered` is the digest of what the subscriber has, `wanted` that of the topic as it was last
# known to be; `due` is null while both are the same, or delivering was given up until it changes.
subscriptions = Table(
    "subscriptions",
    metadata,
    _number(),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("secret", Text),
    Column("expires", Instant, nullable=False),
    Column("delivered", Text, nullable=False),
    Column("wanted", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Instant),
)
Index("subscriptions_callback", subscriptions.c.callback, subscriptions.c.topic, unique=True)
Index("subscriptions_topic", subscriptions.c.topic)
Index("subscriptions_host", subscriptions.c.host)
Index("subscriptions_expires", subscriptions.c.expires)
Index(
    "subscriptions_due",
    subscriptions.c.due,
    sqlite_where=text("due IS NOT NULL"),
    postgresql_where=text("due IS NOT NULL"),
)

# Append-only. No foreign keys: an event outlives what it tells of. Each carries the digest of the
# one before it (chain.py); numbers have no gaps.
events = Table(
    "events",
    metadata,
    _number(),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_id", Text),
    Column("entry_id", Text),
    Column("detail", JSON, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
Index("events_source", events.c.source_id, events.c.number)
Index("events_entry", events.c.entry_id, events.c.number)
