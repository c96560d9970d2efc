"""How the issues of each source were found last, and what that was found out of. Each method is one
transaction. A report is replaced as a whole, and can be made again at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from archive import issue_tables, schema
from archive.coding import decode, encode
from archive.completeness import JournalReport

if TYPE_CHECKING:
    from archive.database import Database

_R, _P = issue_tables.issue_reports, issue_tables.list_pages
_S, _L, _M = schema.sources, schema.locations, schema.misses


class IssueReports:
    """`store.issue_reports`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, source_id: str) -> JournalReport | None:
        """The report of a source; None where none was made yet."""
        query = select(_R.c.report).where(_R.c.source_id == source_id)
        with self._database.reading() as connection:
            document = connection.scalar(query)
        return decode(JournalReport, document) if document else None

    def put(self, report: JournalReport, basis: str) -> None:
        """A report, made of what stood at this basis."""
        row = {
            "source_id": report.source_id,
            "computed": report.computed,
            "basis": basis,
            "report": encode(report),
        }
        with self._database.writing(turn="lists") as connection:
            connection.execute(delete(_R).where(_R.c.source_id == report.source_id))
            connection.execute(insert(_R), row)

    def bases(self) -> dict[str, str]:
        """By source, what its report was made of; empty where that is no longer so."""
        with self._database.reading() as connection:
            found = connection.execute(select(_R.c.source_id, _R.c.basis))
            return {row.source_id: row.basis for row in found}

    def standing(self) -> dict[str, str]:
        """By source, what there is now to make a report of: whatever of it changes, changes this.
        A list that is read by other rules does not: it empties the basis (list_memory.py)."""
        pages = select(_P.c.source_id, func.count().label("n")).group_by(_P.c.source_id).subquery()
        places = select(_L.c.source_id, func.count().label("n")).group_by(_L.c.source_id).subquery()
        misses = (
            select(
                _M.c.source_id,
                func.count().label("n"),
                func.sum(_M.c.tries).label("tries"),
                func.max(_M.c.retry_at, type_=_M.c.retry_at.type).label("last"),
            )
            .group_by(_M.c.source_id)
            .subquery()
        )
        query = (
            select(
                _S.c.id, _S.c.entries, _S.c.change, pages.c.n.label("pages"), places.c.n,
                misses.c.n.label("missed"), misses.c.tries, misses.c.last,
            )
            .outerjoin(pages, pages.c.source_id == _S.c.id)
            .outerjoin(places, places.c.source_id == _S.c.id)
            .outerjoin(misses, misses.c.source_id == _S.c.id)
        )  # fmt: skip
        with self._database.reading() as connection:
            return {
                row.id: " ".join(str(each) for each in tuple(row)[1:])
                for row in connection.execute(query)
            }
