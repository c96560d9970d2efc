"""Which bodies were captured this month, so that equal bytes of one source are kept once a month,
across restarts too. What is forgotten here costs a second copy, no more. Each method is one
transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, or_, select

from archive import schema
from archive.exchange import Capture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archive.database import Database
    from archive.schema import AnyRow

_B = schema.bodies


class Bodies:
    """By source and month (`2026-11`, of the exchange, in UTC)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_address(self, source_id: str, month: str, url: str) -> Capture | None:
        """The capture that holds what was last served there."""
        return self._find(source_id, month, _B.c.url == url)

    def of_digest(self, source_id: str, month: str, digest: str) -> Capture | None:
        """A capture that holds these bytes."""
        return self._find(source_id, month, _B.c.digest == digest)

    def keep(self, source_id: str, month: str, captures: Mapping[str, Capture]) -> None:
        """Remember, by address, what was captured, and is on disk. Other months are forgotten."""
        if not captures:
            return
        of_source = _B.c.source_id == source_id
        old = or_(_B.c.month != month, _B.c.url.in_(captures))
        rows = [_row(source_id, month, url, capture) for url, capture in captures.items()]
        with self._database.writing(turn=source_id) as connection:
            connection.execute(delete(_B).where(and_(of_source, old)))
            connection.execute(insert(_B), rows)

    def forget(self, source_id: str, months: Iterable[str] | None = None) -> None:
        """Refer to these no more: they stand in a sealed package now, which replays alone."""
        query = delete(_B).where(_B.c.source_id == source_id)
        if months is not None:
            query = query.where(_B.c.month.in_(list(months)))
        with self._database.writing(turn=source_id) as connection:
            connection.execute(query)

    def _find(self, source_id: str, month: str, condition: object) -> Capture | None:
        query = (
            select(_B)
            .where(_B.c.source_id == source_id, _B.c.month == month, condition)  # type: ignore[arg-type]
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _capture(row) if row else None


def _row(source_id: str, month: str, url: str, capture: Capture) -> dict[str, object]:
    return {
        "source_id": source_id,
        "month": month,
        "url": url,
        "digest": capture.digest,
        "id": capture.id,
        "first_url": capture.url,
        "status": capture.status,
        "seen": capture.seen,
        "file": capture.file,
        "offset": capture.offset,
    }


def _capture(row: AnyRow) -> Capture:
    return Capture(
        id=row.id,
        url=row.first_url,
        status=row.status,
        seen=row.seen,
        file=row.file,
        offset=row.offset,
        digest=row.digest,
    )
