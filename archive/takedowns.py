"""What was taken down and is still to be told: to those who may have it from a feed of a part of
the archive. Reads only.

A take-down is in no catalogue, so no selection finds it; whoever follows a column, a group or a
search would never learn of it. Told is what the heads of the journals tell (documents.py): what no
closed document has as taken down, or has since a few days. Which selections had it is decided by
what it said, of which the database keeps the revisions; nothing of that is handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from archive import schema
from archive.coding import decode_entry
from archive.documents import LAST_CLOSED, LATELY
from archive.fitting import Candidate
from archive.model import ArchivedEntry, EntryState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.database import Database
    from archive.schema import AnyRow
    from archive.selection import Selection
    from sources.model import Rights

_E, _R, _S = schema.entries, schema.revisions, schema.sources

# Every change of a state counts for its source, and so does a document that is closed.
_STAND = select(func.sum(_S.c.change))
_UNTOLD = (
    select(
        _E.c.id, _E.c.source_id, _E.c.revision, _E.c.first_seen, _E.c.changed, _E.c.state_since,
        _E.c.ordered, _E.c.opened, _R.c.entry, _S.c.zone, _S.c.title,
        LAST_CLOSED.label("last_closed"),
    )
    .join(_R, (_R.c.entry_id == _E.c.id) & (_R.c.number == _E.c.revision))
    .join(_S, _S.c.id == _E.c.source_id)
    .where(text(schema.GONE), _E.c.state == str(EntryState.WITHDRAWN))
    .order_by(_E.c.ordered.desc(), _E.c.id.desc())
)  # fmt: skip


class TakeDowns:
    """The take-downs that are told. There are few, and they are asked for at each rendering of a
    selection: they are read again when anything changed for readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: tuple[int | None, tuple[Candidate, ...]] = (None, ())

    def told(
        self, selection: Selection, *, rights: Mapping[str, Rights], most: int
    ) -> list[ArchivedEntry]:
        """Those that the selection would have chosen, the newest first; `most` of them."""
        found = (each for each in self._untold() if each.fits(selection, rights))
        return [each.archived for each, _ in zip(found, range(most), strict=False)]

    def _untold(self) -> tuple[Candidate, ...]:
        with self._database.reading() as connection:
            stand = connection.scalar(_STAND) or 0
            known, candidates = self._read
            if known != stand:
                rows = connection.execute(_UNTOLD)
                candidates = tuple(map(_candidate, filter(_is_told, rows)))
                # As one value, so that other threads find a whole one.
                self._read = (stand, candidates)
        return candidates


def _is_told(row: AnyRow) -> bool:
    if row.opened is not None or row.last_closed is None:
        return True
    return bool(row.state_since >= row.last_closed - LATELY)


def _candidate(row: AnyRow) -> Candidate:
    archived = ArchivedEntry(
        id=row.id,
        source_id=row.source_id,
        entry=decode_entry(row.entry),
        revision=row.revision,
        first_seen=row.first_seen,
        changed=row.changed,
        state=EntryState.WITHDRAWN,
        state_since=row.state_since,
    )
    return Candidate(archived=archived, ordered=row.ordered, zone=row.zone, source_title=row.title)
