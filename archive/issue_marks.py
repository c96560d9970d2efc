"""What each entry says of its issue: which it is, and the 期刊基本参数 that its page prints. Found
once a revision: most pages print none, and all revisions would be read for it each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select

from archive import issue_tables, schema
from archive.coding import decode_entry
from archive.issue import Issue, issue_of
from archive.issue_parameters import LABEL, find_parameters
from archive.model import EntryState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from archive.database import Database
    from archive.issue_parameters import Parameters
    from archive.model import Entry
    from archive.schema import AnyRow

_E, _R, _L, _M = schema.entries, schema.revisions, schema.locations, issue_tables.issue_marks
#: How issues and parameters are found; another one finds all anew.
RULES = "1"
#: So many are one transaction.
_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """An entry of a source. `addresses` are all that it is known by, as they were printed."""

    entry_id: str
    state: EntryState
    issue: Issue | None
    addresses: frozenset[str]
    parameters: Parameters | None


class IssueMarks:
    """`store.issue_marks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, source_id: str) -> list[Mark]:
        """Every entry of a source, in whatever state. Those that are new or revised are looked at
        first, and that is written down."""
        while self._follow(source_id):
            pass
        with self._database.reading() as connection:
            addresses = _addresses(connection, source_id)
            query = (
                select(_E.c.id, _E.c.state, _E.c.canonical_url, _M)
                .join(_M, _M.c.entry_id == _E.c.id)
                .where(_E.c.source_id == source_id)
                .order_by(_E.c.id)
            )
            return [_mark(row, addresses.get(row.id, [])) for row in connection.execute(query)]

    def _follow(self, source_id: str) -> bool:
        """Look at some of those that nothing is known of; whether there were any."""
        is_known = and_(
            _M.c.entry_id == _E.c.id, _M.c.revision == _E.c.revision, _M.c.rules == RULES
        )
        query = (
            select(_E.c.id, _E.c.revision)
            .outerjoin(_M, is_known)
            .where(_E.c.source_id == source_id, _M.c.entry_id.is_(None))
            .limit(_AT_ONCE)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            found = [_read(connection, row.id, row.revision) for row in rows]
        if not found:
            return False
        with self._database.writing(turn=source_id) as connection:
            for row in found:
                connection.execute(delete(_M).where(_M.c.entry_id == row["entry_id"]))
            connection.execute(insert(_M), found)
        return True


def _read(connection: Connection, entry_id: str, revision: int) -> dict[str, Any]:
    """What an entry's revisions say, as a row."""
    query = select(_R.c.number, _R.c.entry, _R.c.raw).where(
        _R.c.entry_id == entry_id, _R.c.number <= revision
    )
    rows: Sequence[AnyRow] = connection.execute(query.order_by(_R.c.number.desc())).all()
    entry = decode_entry(rows[0].entry)
    issue = issue_of(entry)
    printed = next(_parameters(entry, rows), None)
    return {
        "entry_id": entry_id,
        "revision": revision,
        "rules": RULES,
        "url": entry.url,
        "year": issue.year if issue else None,
        "volume": issue.volume if issue else None,
        "number": issue.number if issue else None,
        "parameters": printed.text if printed else None,
    }


def _parameters(entry: Entry, rows: Sequence[AnyRow]) -> Iterator[Parameters]:
    """The line in an article's text, or in the masthead beside it, the newest first."""
    said = [entry.text, *((row.raw or {}).get("masthead", {}).get(LABEL) for row in rows)]
    for text in filter(None, said):
        if (found := find_parameters(text)) is not None:
            yield found


def _addresses(connection: Connection, source_id: str) -> dict[str, list[str]]:
    query = select(_L.c.entry_id, _L.c.url).where(_L.c.source_id == source_id)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.entry_id, []).append(row.url)
    return found


def _mark(row: AnyRow, addresses: Sequence[str]) -> Mark:
    has_issue = row.volume is not None or row.number is not None
    return Mark(
        entry_id=row.id,
        state=EntryState(row.state),
        issue=Issue(year=row.year, volume=row.volume, number=row.number) if has_issue else None,
        addresses=frozenset({row.url, row.canonical_url, *addresses}),
        parameters=find_parameters(row.parameters or ""),
    )
