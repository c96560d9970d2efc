"""Two databases of one archive: whether they hold the same. What is made again by every visit or
every start (polls, validators, profiles, what hubs were told) is not compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from archive import schema
from archive.scratch import open_scratch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Column, Connection, Select

    from archive.database import Database

_S, _E, _R, _C = schema.sources, schema.entries, schema.revisions, schema.captures
_L, _D, _M, _V = schema.locations, schema.documents, schema.document_entries, schema.events
_X, _K, _T, _F = schema.relations, schema.corrections, schema.catalogue, schema.facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Unlike:
    """One row that is not in both databases as it is. `columns` are those that differ; none where
    the row is missing in one of them, which `what` says."""

    table: str
    key: str
    what: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compared:
    """What of a table is compared: its key, and what must be equal under it."""

    name: str
    query: Select[Any]
    key: tuple[str, ...]
    #: Whether the files may hold more than the database ever knew of.
    may_have_more: bool = False


def _compared(
    name: str,
    key: Sequence[Column[Any]],
    values: Sequence[Column[Any]],
    *,
    may_have_more: bool = False,
) -> _Compared:
    names = tuple(column.name for column in key)
    return _Compared(name=name, query=select(*key, *values), key=names, may_have_more=may_have_more)


_TABLES = (
    _compared(
        "sources", [_S.c.id],
        [_S.c.host, _S.c.zone, _S.c.title, _S.c.digest, _S.c.is_present, _S.c.paused, _S.c.retired,
         _S.c.entries, _S.c.last_new],
    ),
    _compared(
        "entries", [_E.c.id],
        [_E.c.source_id, _E.c.canonical_url, _E.c.doi, _E.c.content, _E.c.published, _E.c.ordered,
         _E.c.first_seen, _E.c.changed, _E.c.state, _E.c.state_since, _E.c.revision, _E.c.opened,
         _E.c.is_elsewhere],
    ),
    _compared(
        "revisions", [_R.c.entry_id, _R.c.number],
        [_R.c.seen, _R.c.digest, _R.c.entry, _R.c.raw, _R.c.capture_id],
    ),
    # A page that a crash came before is captured, and was never kept.
    _compared(
        "captures", [_C.c.id],
        [_C.c.entry_id, _C.c.url, _C.c.status, _C.c.seen, _C.c.digest], may_have_more=True,
    ),
    _compared(
        "addresses", [_L.c.source_id, _L.c.url], [_L.c.entry_id, _L.c.asked, _L.c.first_seen],
    ),
    _compared(
        "relations", [_X.c.entry_id, _X.c.other_id],
        [_X.c.kind, _X.c.reason, _X.c.similarity, _X.c.seen],
    ),
    _compared(
        "corrections", [_K.c.entry_id, _K.c.field],
        [_K.c.value, _K.c.before, _K.c.read, _K.c.who, _K.c.why, _K.c.made],
    ),
    _compared("documents", [_D.c.source_id, _D.c.name], [_D.c.closed, _D.c.entries]),
    _compared(
        "catalogue", [_T.c.entry_id],
        [_T.c.source_id, _T.c.ordered, _T.c.year, _T.c.notice, _T.c.issue, _T.c.volume,
         _T.c.issue_number],
    ),
    _compared(
        "events", [_V.c.number],
        [_V.c.at, _V.c.kind, _V.c.source_id, _V.c.entry_id, _V.c.detail, _V.c.previous,
         _V.c.digest],
    ),
)  # fmt: skip
# What else stands there says how far something has come.
_IDS = _Compared(
    name="facts",
    query=select(_F.c.name, _F.c.value).where(_F.c.name.in_(("authority", "minted"))),
    key=("name",),
)
_IN_DOCUMENTS = _Compared(
    name="entries in documents",
    query=select(_D.c.source_id, _D.c.name, _M.c.entry_id, _M.c.revision).join(
        _M, _M.c.document == _D.c.number
    ),
    key=("source_id", "name", "entry_id"),
)
_DIGEST_BYTES = 4
#: How many rows are in memory at once.
_AT_ONCE = 1000
_ROWS = "CREATE TABLE rows (place INTEGER PRIMARY KEY, key TEXT UNIQUE, digests BLOB)"
_FIND = "SELECT place, digests FROM rows WHERE key = ?"


def find_unlike(old: Database, new: Database) -> Iterator[Unlike]:
    """Every row that differs, table by table. What is compared lies on disk meanwhile.

    Raises:
        StoreError: one of them cannot be read, or there is no room (scratch.py).
    """
    with old.reading() as before, new.reading() as after:
        for table in (_IDS, *_TABLES, _IN_DOCUMENTS):
            with open_scratch(_ROWS) as scratch:
                scratch.executemany(
                    "INSERT INTO rows (key, digests) VALUES (?, ?)", _rows(table, before)
                )
                yield from _find_unlike(table, scratch, after)


def _find_unlike(table: _Compared, before: sqlite3.Connection, new: Connection) -> Iterator[Unlike]:
    for key, digests in _rows(table, new):
        place, was = before.execute(_FIND, (key,)).fetchone() or (None, None)
        before.execute("DELETE FROM rows WHERE place = ?", (place,))
        if was is None:
            if not table.may_have_more:
                yield Unlike(table=table.name, key=_words(key), what="only in the new one")
        elif was != digests:
            columns = tuple(
                name
                for at, name in enumerate(table.query.selected_columns.keys())
                if _part(was, at) != _part(digests, at)
            )
            yield Unlike(table=table.name, key=_words(key), what="differs", columns=columns)
    # Events that no file has yet, as the last ones before a stop, are written at the next start.
    # What they did would be seen in the other tables.
    is_log = table.name == "events"
    last = (new.scalar(select(func.max(_V.c.number))) or 0) if is_log else None
    for (key,) in before.execute("SELECT key FROM rows ORDER BY place"):
        if last is None or json.loads(key)[0] <= last:
            yield Unlike(table=table.name, key=_words(key), what="only in the old one")


def _rows(table: _Compared, connection: Connection) -> Iterator[tuple[str, bytes]]:
    """The key of each row, and a few bytes of each of its columns."""
    rows = connection.execute(table.query.execution_options(yield_per=_AT_ONCE))
    for row in rows.mappings():
        yield json.dumps([row[name] for name in table.key], default=str), _digests(row)


def _digests(row: Mapping[Any, Any]) -> bytes:
    """A few bytes of each column: a chance of one in four thousand million is no matter."""
    return b"".join(
        hashlib.blake2s(_canonical(value), digest_size=_DIGEST_BYTES).digest()
        for value in row.values()
    )


def _part(digests: bytes, at: int) -> bytes:
    return digests[at * _DIGEST_BYTES : (at + 1) * _DIGEST_BYTES]


def _canonical(value: Any) -> bytes:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    return json.dumps(value, sort_keys=True, default=str).encode()


def _words(key: str) -> str:
    return " ".join(map(str, json.loads(key)))
