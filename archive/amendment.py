"""A revision that no new page brings: what a person says is put over an entry, or taken off again.
What may be said stands in correction.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from archive import catalogue, schema
from archive.coding import encode_entry
from archive.correction import Correction, corrected_values, field_of, with_fields
from archive.corrections import corrections_of, drop_correction, write_correction
from archive.current import COUNT_CHANGE, REOPEN_ENTRY
from archive.elsewhere import relate
from archive.entries import ADD_REVISION, entry_columns
from archive.revision import digest
from archive.signed import known_entry, signature
from foundation.errors import CorrectionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.correction import CorrectedField, FieldValue, Wanted
    from archive.current import Current
    from archive.database import Database
    from archive.model import Entry

_R, _S = schema.revisions, schema.sources
_RAW = select(_R.c.raw, _R.c.capture_id).where(
    _R.c.entry_id == bindparam("entry"), _R.c.number == bindparam("revision")
)
_ZONE = select(_S.c.zone).where(_S.c.id == bindparam("source"))


class Corrections:
    """A part of the store. Each method is one transaction; it raises StoreError, and nothing of it
    was kept, when database or disk refuse."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, entry_id: str, wanted: Wanted, *, who: str, why: str, now: datetime
    ) -> tuple[Correction, ...]:
        """Put a person's word in the place of what was read of an entry, for good: a revision.
        All corrections of the entry that hold then.

        Raises:
            CorrectionError: there is no such entry, or the correction cannot be.
        """
        with self._database.writing(turn="corrections") as connection:
            return correct(connection, entry_id, wanted, who=who, why=why, now=now)

    def undo(
        self, entry_id: str, field: CorrectedField, *, who: str, why: str, now: datetime
    ) -> tuple[Correction, ...]:
        """Let the page's own word on a field count again: a revision. The corrections left.

        Raises:
            CorrectionError: there is no such entry, or nothing of that field is corrected.
        """
        with self._database.writing(turn="corrections") as connection:
            return undo(connection, entry_id, field, who=who, why=why, now=now)

    def of(self, entry_id: str) -> tuple[Correction, ...]:
        """The corrections of an entry that hold, by field."""
        with self._database.reading() as connection:
            return corrections_of(connection, entry_id)


def correct(
    connection: Connection, entry_id: str, wanted: Wanted, *, who: str, why: str, now: datetime
) -> tuple[Correction, ...]:
    """Put a person's word over what was read."""
    known = known_entry(connection, entry_id, error=CorrectionError)
    who, why = signature(who, why, of="a correction", error=CorrectionError)
    values = corrected_values(known.read, wanted, zone=_zone(connection, known))
    put_over(connection, known, values, who=who, why=why, now=now)
    return corrections_of(connection, known.id)


def put_over(
    connection: Connection,
    known: Current,
    values: Mapping[CorrectedField, FieldValue],
    *,
    who: str,
    why: str,
    now: datetime,
) -> None:
    """Put values that a person gave over an entry, in one revision."""
    revision = revise(connection, known, with_fields(known.entry, values), now)
    for field, value in values.items():
        correction = Correction(
            entry_id=known.id,
            field=field,
            value=value,
            before=field_of(known.entry, field),
            read=field_of(known.read, field),
            who=who,
            why=why,
            made=now,
        )
        write_correction(connection, correction, known.source_id, revision)


def undo(
    connection: Connection,
    entry_id: str,
    field: CorrectedField,
    *,
    who: str,
    why: str,
    now: datetime,
) -> tuple[Correction, ...]:
    """What the page says now of a field counts again."""
    known = known_entry(connection, entry_id, error=CorrectionError)
    who, why = signature(who, why, of="a correction", error=CorrectionError)
    held = next((each for each in known.corrections if each.field is field), None)
    if held is None:
        corrected = ", ".join(each.field for each in known.corrections) or "nothing"
        raise CorrectionError(
            f"{entry_id}: {field} is not corrected. Corrected is: {corrected}. "
            "Next: see kanliu correct ENTRY_ID"
        )
    entry = with_fields(known.entry, {field: held.read})
    revision = revise(connection, known, entry, now)
    drop_correction(connection, held, known.source_id, revision, who=who, why=why, now=now)
    return corrections_of(connection, known.id)


def _zone(connection: Connection, known: Current) -> str:
    zone: str = connection.execute(_ZONE, {"source": known.source_id}).scalar_one()
    return zone


def revise(
    connection: Connection,
    known: Current,
    entry: Entry,
    now: datetime,
    *,
    read: Entry | None = None,
    printed: tuple[Mapping[str, Any], str] | None = None,
) -> int:
    """Give an entry its next revision, which no new page brought; its number. Without another
    reading of its page, what was printed and captured is that of the last one."""
    number = known.revision + 1
    raw, capture_id = printed or _last_printed(connection, known)
    connection.execute(
        ADD_REVISION,
        {
            "entry_id": known.id,
            "number": number,
            "seen": now,
            "digest": digest(entry),
            "entry": encode_entry(entry),
            "raw": raw,
            "capture_id": capture_id,
        },
    )
    relate(connection, known.id, known.source_id, entry, before=known.entry, seen=now)
    zone = _zone(connection, known)
    values = {
        **entry_columns(
            entry, read or known.read, zone, entry_id=known.id, first_seen=known.first_seen
        ),
        "changed": max(now, known.changed),
        "revision": number,
    }
    connection.execute(REOPEN_ENTRY, {"entry": known.id, "reopened": now, **values})
    catalogue.revise(
        connection, entry_id=known.id, entry=entry, ordered=values["ordered"], zone=zone
    )
    connection.execute(COUNT_CHANGE, {"source": known.source_id})
    return number


def _last_printed(connection: Connection, known: Current) -> tuple[Mapping[str, Any], str]:
    last = connection.execute(_RAW, {"entry": known.id, "revision": known.revision}).one()
    return last.raw, last.capture_id
