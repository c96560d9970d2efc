"""What entries are chosen and searched by, kept beside them: a row, labels, words. Written in the
transaction that keeps, corrects or withdraws an entry; all of it can be made again.

Inside the store's transactions, but for `fill`. What is chosen by it stands in selection.py.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert, select, update

from archive import schema
from archive.coding import decode_entry
from archive.issue import issue_of
from archive.model import EntryState
from archive.rights import printed_class
from archive.word_index import word_index
from archive.words import index_tokens, keyed, keyed_fields
from foundation.text import fold
from sources.masthead import find_issn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import BindParameter, Connection

    from archive.database import Database
    from archive.model import Entry
    from archive.schema import AnyRow

log = logging.getLogger(__name__)

#: Of what is kept here and how words are made. Raise it with any change to words.py, issue.py, the
#: keys below or foundation.text.search_key: a store of another version is filled anew when opened.
VERSION = "2"
#: Entries that are filled in one transaction: a second's work, after which others may write.
_BATCH = 500

#: Letters of a label's key. PostgreSQL's B-tree takes 2,704 bytes; names are shorter by far.
_KEY_MOST = 200

_C, _L, _T = schema.catalogue, schema.labels, schema.texts
_E, _R, _S, _F = schema.entries, schema.revisions, schema.sources, schema.facts

_AT: BindParameter[int] = bindparam("at")
_ADD, _ADD_LABEL, _ADD_TEXT = insert(_C), insert(_L), insert(_T)
_FIND = (
    select(_C.c.number, _C.c.source_id, _T.c.title, _T.c.text)
    .join(_T, _T.c.number == _C.c.number)
    .where(_C.c.entry_id == bindparam("entry"))
)
_UPDATE = update(_C).where(_C.c.number == _AT)
_UPDATE_TEXT = update(_T).where(_T.c.number == _AT)
_DROP = delete(_C).where(_C.c.number == _AT)
_DROP_LABELS = delete(_L).where(_L.c.number == _AT)
_DROP_TEXT = delete(_T).where(_T.c.number == _AT)
_KEPT = (
    select(_E.c.id, _E.c.source_id, _E.c.ordered, _R.c.entry, _S.c.zone)
    .join(_R, (_R.c.entry_id == _E.c.id) & (_R.c.number == _E.c.revision))
    .join(_S, _S.c.id == _E.c.source_id)
)
_ONE = _KEPT.where(_E.c.id == bindparam("entry"))
_NEXT = (
    _KEPT.where(_E.c.id > bindparam("after"), _E.c.state != str(EntryState.WITHDRAWN))
    .order_by(_E.c.id)
    .limit(_BATCH)
)
_FACT = select(_F.c.value).where(_F.c.name == bindparam("fact"))
_DONE, _FILLED_TO = "catalogue", "catalogue filled to"


def add(
    connection: Connection,
    *,
    entry_id: str,
    source_id: str,
    entry: Entry,
    ordered: datetime,
    zone: str,
) -> None:
    """An entry can be chosen and found from now on."""
    row = {"entry_id": entry_id, "source_id": source_id, **columns_of(entry, ordered, zone)}
    key = connection.execute(_ADD, row).inserted_primary_key
    assert key is not None
    number: int = key[0]
    _add_labels(connection, number, entry)
    title, text = keyed_texts(entry)
    connection.execute(_ADD_TEXT, {"number": number, "title": title, "text": text})
    tokens = index_tokens(title, text, source_id)
    word_index(connection).add(connection, number, tokens)


def revise(
    connection: Connection, *, entry_id: str, entry: Entry, ordered: datetime, zone: str
) -> None:
    """An entry is another now. One that was taken down is in no catalogue, and stays out."""
    row = connection.execute(_FIND, {"entry": entry_id}).one_or_none()
    if row is None:
        return
    connection.execute(_UPDATE, {"at": row.number, **columns_of(entry, ordered, zone)})
    connection.execute(_DROP_LABELS, {"at": row.number})
    _add_labels(connection, row.number, entry)
    title, text = keyed_texts(entry)
    if (title, text) == (row.title, row.text):
        return
    words = word_index(connection)
    words.remove(connection, row.number, index_tokens(row.title, row.text, row.source_id))
    words.add(connection, row.number, index_tokens(title, text, row.source_id))
    connection.execute(_UPDATE_TEXT, {"at": row.number, "title": title, "text": text})


def follow_state(
    connection: Connection, entry_id: str, before: EntryState, after: EntryState
) -> None:
    """What is taken down can be chosen and found no more; what is put back can again."""
    if after is before:
        return
    if after is EntryState.WITHDRAWN:
        _drop(connection, entry_id)
    elif before is EntryState.WITHDRAWN:
        _add_kept(connection, connection.execute(_ONE, {"entry": entry_id}).one())


def fill(database: Database) -> None:
    """Make the catalogue of all that is kept, where it is none of this version. In steps of one
    transaction: what is interrupted goes on at the next opening, and two that open at once share
    the work."""
    with database.reading() as connection:
        if _fact(connection, _DONE) == VERSION:
            return
    filled = 0
    for count in _steps(database):
        filled += count
        log.info("catalogue filled entries=%d", filled)


def _steps(database: Database) -> Iterator[int]:
    """Fills in steps; gives how many entries each took."""
    is_done = False
    while not is_done:
        with database.writing(turn="catalogue") as connection:
            if _fact(connection, _DONE) == VERSION:
                return
            after = _begin(connection)
            rows = connection.execute(_NEXT, {"after": after}).all()
            for row in rows:
                _add_kept(connection, row)
            is_done = len(rows) < _BATCH
            if is_done:
                _set_fact(connection, _FILLED_TO, None)
                _set_fact(connection, _DONE, VERSION)
            else:
                _set_fact(connection, _FILLED_TO, f"{VERSION} {rows[-1].id}")
        if rows:
            yield len(rows)


def _begin(connection: Connection) -> str:
    """The id after which filling goes on; what an earlier version made is thrown away."""
    version, _, after = (_fact(connection, _FILLED_TO) or "").partition(" ")
    if version == VERSION:
        return after
    word_index(connection).clear(connection)
    for each in (_L, _T, _C):
        connection.execute(delete(each))
    _set_fact(connection, _DONE, None)
    return ""


def _add_kept(connection: Connection, row: AnyRow) -> None:
    add(
        connection,
        entry_id=row.id,
        source_id=row.source_id,
        entry=decode_entry(row.entry),
        ordered=row.ordered,
        zone=row.zone,
    )


def _drop(connection: Connection, entry_id: str) -> None:
    row = connection.execute(_FIND, {"entry": entry_id}).one_or_none()
    if row is None:
        return
    tokens = index_tokens(row.title, row.text, row.source_id)
    word_index(connection).remove(connection, row.number, tokens)
    for statement in (_DROP_LABELS, _DROP_TEXT, _DROP):
        connection.execute(statement, {"at": row.number})


def columns_of(entry: Entry, ordered: datetime, zone: str) -> dict[str, Any]:
    """The columns of an entry's row, but for its number and whose it is."""
    issue = issue_of(entry)
    return {
        "ordered": ordered,
        "year": _year(entry, ordered, zone),
        "notice": printed_class(entry.notice),
        "issue": issue.slug if issue else None,
        "volume": issue.volume if issue else None,
        "issue_number": issue.number if issue else None,
    }


def _year(entry: Entry, ordered: datetime, zone: str) -> int:
    """The printed year; where none was, that of the first sight."""
    value = entry.published.value if entry.published else None
    if value and not value.startswith("--"):
        return int(value[:4])
    return ordered.astimezone(ZoneInfo(zone)).year


def label_key(name: str) -> str:
    """What two spellings of an author, column, keyword or ISSN have in common. Empty for signs
    alone."""
    return fold(name)[:_KEY_MOST]


def labels_in(entry: Entry) -> dict[tuple[str, str], str]:
    """The name of each label of an entry, by its kind and key."""
    named = [
        *(("author", name) for name in entry.authors),
        *(("column", name) for name in (entry.column,) if name),
        *(("keyword", name) for name in entry.keywords),
        *(("issn", name) for name in (find_issn(entry.issn or ""),) if name),
    ]
    labels = {(kind, label_key(name)): name for kind, name in reversed(named)}
    return {label: name for label, name in labels.items() if label[1]}


def _add_labels(connection: Connection, number: int, entry: Entry) -> None:
    rows = [
        {"number": number, "kind": kind, "key": key, "name": name}
        for (kind, key), name in labels_in(entry).items()
    ]
    if rows:
        connection.execute(_ADD_LABEL, rows)


def keyed_texts(entry: Entry) -> tuple[str, str]:
    """As they are searched in: the title, and all else."""
    others = (*entry.authors, entry.column, *entry.keywords, entry.journal, entry.text)
    return keyed(entry.title), keyed_fields(others)


def _fact(connection: Connection, name: str) -> str | None:
    value: str | None = connection.execute(_FACT, {"fact": name}).scalar_one_or_none()
    return value


def _set_fact(connection: Connection, name: str, value: str | None) -> None:
    connection.execute(delete(_F).where(_F.c.name == name))
    if value is not None:
        connection.execute(insert(_F), {"name": name, "value": value})
