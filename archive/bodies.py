"""Which bodies were captured this month, so that equal bytes of one source are kept once a month,
across restarts too; and where what is served at an address was captured, until that is sealed. What
is forgotten here costs a second copy, no more. Each method is one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select

from archive import schema
from archive.exchange import Capture

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Select

    from archive.database import Database
    from archive.schema import AnyRow

_B = schema.bodies
#: As many names as one query takes.
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where the capture of an address stands: its record id, file below the data directory, and
    offset in it."""

    id: str
    file: str
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """What is served at an address: its `own` capture, and the one that has its body, the same or
    an earlier one."""

    own: Capture
    body: Capture


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
        _B.c.month < bindparam("month_before"),
        and_(
            _B.c.month == bindparam("month"),
            _B.c.url.in_(bindparam("urls", expanding=True)),
        ),
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

    def find_own(self, source_id: str, month: str, urls: Collection[str]) -> list[Spot]:
        """Where what was last served at these addresses was captured, as far as that is not sealed
        yet."""
        found, names = [], sorted(urls)
        with self._database.reading() as connection:
            for start in range(0, len(names), _AT_ONCE):
                some = _B.c.url.in_(names[start : start + _AT_ONCE])
                query = select(_B.c.own_id, _B.c.own_file, _B.c.own_offset).where(
                    _B.c.source_id == source_id, _B.c.month == month, some, _B.c.own_id.is_not(None)
                )
                rows = connection.execute(query)
                found += [Spot(id=row[0], file=row[1], offset=row[2]) for row in rows]
        return found

    def keep(self, source_id: str, month: str, served: Mapping[str, Served]) -> None:
        """Remember, by address, what was captured, and is on disk. Months before the last one are
        forgotten: they are sealed by now."""
        if not served:
            return
        old = {
            "source": source_id,
            "month": month,
            "month_before": _month_before(month),
            "urls": list(served),
        }
        rows = [_row(source_id, month, url, each) for url, each in served.items()]
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


def _month_before(month: str) -> str:
    first = datetime.strptime(f"{month}-01", "%Y-%m-%d").replace(tzinfo=UTC)
    return f"{first - timedelta(days=1):%Y-%m}"


def _row(source_id: str, month: str, url: str, served: Served) -> dict[str, object]:
    body, own = served.body, served.own
    return {
        "source_id": source_id,
        "month": month,
        "url": url,
        "digest": body.digest,
        "id": body.id,
        "first_url": body.url,
        "status": body.status,
        "seen": body.seen,
        "file": body.file,
        "offset": body.offset,
        "own_id": own.id,
        "own_file": own.file,
        "own_offset": own.offset,
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
