"""What persons corrected, as it is kept: one row a field of an entry, and an event for each word.
The events hold everything, so that the rows can be made again from them.

Inside the store's transactions. What a correction may say stands in correction.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from archive import schema
from archive.coding import decode, encode, write_json
from archive.correction import (
    CorrectedField,
    Correction,
    FieldValue,
    field_of,
    find_questions,
)
from archive.events import record
from archive.model import Event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.current import Current
    from archive.model import Entry

_T = schema.corrections
_AT = (_T.c.entry_id == bindparam("entry"), _T.c.field == bindparam("at"))
_OF = select(_T).where(_T.c.entry_id == bindparam("entry")).order_by(_T.c.field)
_ADD, _DROP, _UPDATE = insert(_T), delete(_T).where(*_AT), update(_T).where(*_AT)


def corrections_of(connection: Connection, entry_id: str) -> tuple[Correction, ...]:
    """The corrections of an entry that hold, by field."""
    return tuple(
        Correction(
            entry_id=row.entry_id,
            field=CorrectedField(row.field),
            value=decode(FieldValue, row.value),
            before=decode(FieldValue, row.before),
            read=decode(FieldValue, row.read),
            who=row.who,
            why=row.why,
            made=row.made,
        )
        for row in connection.execute(_OF, {"entry": entry_id})
    )


def write_correction(
    connection: Connection, correction: Correction, source_id: str, revision: int
) -> None:
    """Write a person's word down, in the place of an earlier one on the same field."""
    at = {"entry": correction.entry_id, "at": correction.field}
    connection.execute(_DROP, at)
    connection.execute(
        _ADD,
        {
            "entry_id": correction.entry_id,
            "field": correction.field,
            "value": encode(correction.value),
            "before": encode(correction.before),
            "read": encode(correction.read),
            "who": correction.who,
            "why": correction.why,
            "made": correction.made,
        },
    )
    detail = _detail(
        correction.field,
        value=correction.value,
        before=correction.before,
        read=correction.read,
    )
    detail |= {"who": correction.who, "why": correction.why, "revision": str(revision)}
    _tell(connection, "entry-corrected", correction.entry_id, source_id, correction.made, detail)


def drop_correction(
    connection: Connection,
    correction: Correction,
    source_id: str,
    revision: int,
    *,
    who: str,
    why: str,
    now: datetime,
) -> None:
    """A correction holds no more; the event says what it was."""
    connection.execute(_DROP, {"entry": correction.entry_id, "at": correction.field})
    detail = _detail(correction.field, value=correction.value, read=correction.read)
    detail |= {"who": who, "why": why, "revision": str(revision)}
    _tell(connection, "correction-undone", correction.entry_id, source_id, now, detail)


def follow_page(connection: Connection, known: Current, read: Entry, seen: datetime) -> None:
    """The page was read again: remember what it says now of the corrected fields, and tell where
    that is something new."""
    for each in known.corrections:
        value = field_of(read, each.field)
        if value != each.read:
            at = {"entry": known.id, "at": each.field}
            connection.execute(_UPDATE, {**at, "read": encode(value)})
    holds = {each.field: each.value for each in known.corrections}
    for question in find_questions(read, known.corrections):
        detail = _detail(
            question.field,
            value=holds[question.field],
            before=question.before,
            after=question.after,
        )
        _tell(connection, "correction-questioned", known.id, known.source_id, seen, detail)


def _detail(field: CorrectedField, **values: FieldValue) -> dict[str, str]:
    """Values as JSON: whole, so that a store made again from events has the same corrections."""
    written = {name: write_json(encode(value)) for name, value in values.items()}
    return {"field": str(field), **written}


def _tell(
    connection: Connection,
    kind: str,
    entry_id: str,
    source_id: str,
    at: datetime,
    detail: dict[str, str],
) -> None:
    told = Event(at=at, kind=kind, source_id=source_id, entry_id=entry_id, detail=detail)
    record(connection, [told])
