"""Which bodies were captured this month, so that equal bytes of one source are kept once a month,
across restarts too. What is forgotten here costs a second copy, no more. Each method is one
transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, or_, select

from archive import schema
from archive.exchange import Capture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Select

    from archive.database import Database
    from archive.schema import AnyRow

_B = schema.bodies

# Made once: each capture asks whether its body is known.
_CAPTURED = (
    select(_B)
    .where(_B.c.source_id == bindparam("source"), _B.c.month == bindparam("month"))
    .limit(1)
)
_OF_ADDRESS = _CAPTURED.where(_B.c.url == bindparam("what"))
_OF_DIGEST = _CAPTURED.where(_B.c.digest == bindparam("what"))
_ADD = insert(_B)
_DROP_OLD = delete(_B).where(
    _B.c.source_id == bindparam("source"),
    or_(
        _B.c.month != bindparam("month"),
        _B.c.url.in_(bindparam("urls", expanding=True)),
    ),
)


class Bodies:
    """By source and month (`2026-11`, of the exchange, in UTC)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_address(self, source_id: str, month: str, url: str) -> Capture | None:
        """The capture that holds what was last served there."""
        return self._find(_OF_ADDRESS, source_id, month, url)

    def of_digest(self, source_id: str, month: str, digest: str) -> Capture | None:
        """A capture that holds these bytes."""
        return self._find(_OF_DIGEST, source_id, month, digest)

    def keep(self, source_id: str, month: str, captures: Mapping[str, Capture]) -> None:
        """Remember, by address, what was captured, and is on disk. Other months are forgotten."""
        if not captures:
            return
        old = {"source": source_id, "month": month, "urls": list(captures)}
        rows = [_row(source_id, month, url, capture) for url, capture in captures.items()]
        with self._database.writing(turn=source_id) as connection:
            connection.execute(_DROP_OLD, old)
            connection.execute(_ADD, rows)

    def forget(self, source_id: str, months: Iterable[str] | None = None) -> None:
        """Refer to these no more: they stand in a sealed package now, which replays alone."""
        query = delete(_B).where(_B.c.source_id == source_id)
        if months is not None:
            query = query.where(_B.c.month.in_(list(months)))
        with self._database.writing(turn=source_id) as connection:
            connection.execute(query)

    def _find(self, query: Select[Any], source_id: str, month: str, what: str) -> Capture | None:
        given = {"source": source_id, "month": month, "what": what}
        with self._database.reading() as connection:
            row = connection.execute(query, given).one_or_none()
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
