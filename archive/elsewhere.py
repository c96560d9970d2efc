"""The same article in other sources: found when an entry is kept, told when it is read.

Every function runs inside one transaction of the store. What makes two entries one article stands
in fingerprint.py and likeness.py; this module looks up, asks them, and writes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, insert, literal, or_, select, union_all, update

from archive import schema
from archive.coding import decode_entry
from archive.current import COUNT_CHANGE
from archive.events import record
from archive.fingerprint import fingerprints_of, number_of
from archive.likeness import (
    Elsewhere,
    Likeness,
    LikenessReason,
    Relation,
    Side,
    find_likeness,
)
from archive.model import EntryState, Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, Connection

    from archive.model import Entry
    from archive.schema import AnyRow

_S, _E, _R = schema.sources, schema.entries, schema.revisions
_F, _L = schema.fingerprints, schema.relations

#: Candidates that are compared, those with an exact key first, then by bands in common. One costs
#: about half a millisecond, so an article that everybody reprints stays bounded.
_MOST = 8
#: Rows that are read to find them: a key that a template prints on every page of a site must not
#: make keeping slower as the archive grows. Exact keys come first here too.
_MOST_ROWS = 1_000
#: Entries asked about in one query; SQLite takes 32,766 parameters.
_CHUNK = 1_000

_ADD_PRINTS = insert(_F)
_DROP_PRINTS = delete(_F).where(
    _F.c.number == bindparam("of"), _F.c.print.in_(bindparam("prints", expanding=True))
)
_HITS = (
    select(_F.c.number, _F.c.print)
    .where(_F.c.print.in_(bindparam("prints", expanding=True)), _F.c.number != bindparam("own"))
    .order_by(_F.c.print)
    .limit(_MOST_ROWS)
)
_IN_OTHERS = select(_E.c.id, _E.c.number, _E.c.first_seen).where(
    _E.c.number.in_(bindparam("numbers", expanding=True)), _E.c.source_id != bindparam("source")
)
_SIDES = (
    select(_E.c.id, _E.c.source_id, _E.c.first_seen, _R.c.entry, _S.c.title, _S.c.zone)
    .join(_R, and_(_R.c.entry_id == _E.c.id, _R.c.number == _E.c.revision))
    .join(_S, _S.c.id == _E.c.source_id)
    .where(_E.c.id.in_(bindparam("ids", expanding=True)))
)
# Both ends of a row that has a direction see it; of the others each end has a row of its own.
_ids: BindParameter[Sequence[str]] = bindparam("ids", expanding=True)
_OF = union_all(
    select(
        _L.c.entry_id.label("mine"), _L.c.other_id.label("other"), _L.c.kind, _L.c.reason,
        _L.c.similarity, _L.c.seen,
    ).where(_L.c.entry_id.in_(_ids)),
    select(
        _L.c.other_id, _L.c.entry_id, literal(str(Relation.REPRINTED_AS)), _L.c.reason,
        _L.c.similarity, _L.c.seen,
    ).where(_L.c.other_id.in_(_ids), _L.c.kind == str(Relation.REPRINT_OF)),
)  # fmt: skip
_SHOWN = (
    select(
        _E.c.id, _E.c.source_id, _S.c.title.label("journal"),
        _R.c.entry["title"].as_string().label("title"), _R.c.entry["url"].as_string().label("url"),
    )
    .join(_R, and_(_R.c.entry_id == _E.c.id, _R.c.number == _E.c.revision))
    .join(_S, _S.c.id == _E.c.source_id)
    .where(_E.c.id.in_(_ids), _E.c.state != str(EntryState.WITHDRAWN))
)  # fmt: skip
_MARK = update(_E).where(_E.c.id.in_(_ids), _E.c.is_elsewhere.is_(False)).values(is_elsewhere=True)
_ADD = insert(_L)
_DROP = delete(_L).where(
    or_(
        and_(_L.c.entry_id == bindparam("entry"), _L.c.other_id == bindparam("other")),
        and_(_L.c.entry_id == bindparam("other"), _L.c.other_id == bindparam("entry")),
    )
)
# In one order, so that two that keep at once do not wait for each other (PostgreSQL). Not the
# full lock: each holds its own source already, lightly, by the entry that refers to it.
_LOCK = select(_S.c.id).where(_S.c.id.in_(_ids)).order_by(_S.c.id).with_for_update(key_share=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A relation as it is kept, seen from one of its two entries."""

    likeness: Likeness
    seen: datetime


def relate(
    connection: Connection,
    entry_id: str,
    source_id: str,
    entry: Entry,
    *,
    before: Entry | None,
    seen: datetime,
) -> None:
    """Find an entry that is new, or was revised, in the other sources; write down what was found,
    and what is no more, as events too. The feeds that show it are behind then.

    Call it before the rows of a known entry and of its source are altered: others that keep at
    the same time may come for both.
    """
    number, prints = number_of(entry_id), fingerprints_of(entry)
    _write_prints(connection, number, prints, before)
    known = _relations_of(connection, [entry_id]).get(entry_id, {}) if before else {}
    near = _find_candidates(connection, number, source_id, prints)
    if not near and not known:
        return
    others = sorted({*near, *known})
    rows = {row.id: row for row in connection.execute(_SIDES, {"ids": [entry_id, *others]})}
    own = _side(rows[entry_id], entry)
    found = {other: find_likeness(own, _side(rows[other])) for other in others}
    was = {other: row.likeness for other, row in known.items()}
    changed = [other for other in others if found[other] != was.get(other)]
    # They show title and address of this entry.
    is_renamed = before is not None and (before.title, before.url) != (entry.title, entry.url)
    behind = {other for other in others if found[other]} if is_renamed else set()
    _count_changes(connection, source_id, {rows[other].source_id for other in {*changed, *behind}})
    if changed:
        connection.execute(_MARK, {"ids": [entry_id, *changed]})
    for other in changed:
        _write(connection, entry_id, other, found[other], seen, is_known=other in known)
    record(connection, [
        event
        for other in changed
        for event in _events(rows[entry_id], rows[other], found[other], seen)
    ])  # fmt: skip


def relations_of(
    connection: Connection, entry_ids: Sequence[str]
) -> dict[str, tuple[Elsewhere, ...]]:
    """Where else the articles of these entries are, by entry; those that are nowhere are left
    out, and so is what the operator took down. By source and id."""
    found = _relations_of(connection, entry_ids)
    if not found:
        return {}
    others = sorted({other for relations in found.values() for other in relations})
    shown = {
        row.id: row for ids in _chunks(others) for row in connection.execute(_SHOWN, {"ids": ids})
    }
    told = {
        entry_id: [
            _elsewhere(shown[other], relation)
            for other, relation in relations.items()
            if other in shown
        ]
        for entry_id, relations in found.items()
    }
    return {
        entry_id: tuple(sorted(each, key=lambda one: (one.source_id, one.entry_id)))
        for entry_id, each in told.items()
        if each
    }


def tell_neighbours(connection: Connection, entry_id: str, source_id: str) -> None:
    """An entry is taken down, or put back: the feeds of the sources that name it are behind. To be
    called before its own rows are altered, as `relate`."""
    others = sorted(_relations_of(connection, [entry_id]).get(entry_id, {}))
    if others:
        query = select(_E.c.source_id).where(_E.c.id.in_(others)).distinct()
        _count_changes(connection, source_id, set(connection.scalars(query)))


def tell_neighbours_of_source(connection: Connection, source_id: str) -> None:
    """A journal has another title: so have the feeds that name it."""
    ours = select(_E.c.id).where(_E.c.source_id == source_id)
    theirs = union_all(
        select(_L.c.other_id).where(_L.c.entry_id.in_(ours)),
        select(_L.c.entry_id).where(_L.c.other_id.in_(ours)),
    )
    query = select(_E.c.source_id).where(_E.c.id.in_(theirs)).distinct()
    _count_changes(connection, source_id, set(connection.scalars(query)))


def _write_prints(
    connection: Connection, number: int, prints: frozenset[int], before: Entry | None
) -> None:
    if before is not None:
        # All of them: of an entry that an older release kept there are none yet.
        old = sorted(fingerprints_of(before) | prints)
        connection.execute(_DROP_PRINTS, {"of": number, "prints": old})
    connection.execute(_ADD_PRINTS, [{"print": one, "number": number} for one in sorted(prints)])


def _find_candidates(
    connection: Connection, number: int, source_id: str, prints: frozenset[int]
) -> list[str]:
    """Entries of other sources that share a print: first those with an exact key in common, then
    by the bands in common, then the oldest."""
    hits = connection.execute(_HITS, {"prints": sorted(prints), "own": number}).all()
    if not hits:
        return []
    bands = Counter(hit.number for hit in hits)
    exact = {hit.number for hit in hits if hit.print < 0}
    rows = connection.execute(_IN_OTHERS, {"numbers": sorted(bands), "source": source_id}).all()

    def nearness(row: AnyRow) -> tuple[bool, int, datetime, str]:
        return row.number not in exact, -bands[row.number], row.first_seen, row.id

    return [row.id for row in sorted(rows, key=nearness)[:_MOST]]


def _relations_of(connection: Connection, entry_ids: Sequence[str]) -> dict[str, dict[str, _Row]]:
    found: dict[str, dict[str, _Row]] = {}
    for ids in _chunks(entry_ids):
        for row in connection.execute(_OF, {"ids": ids}):
            likeness = Likeness(
                relation=Relation(row.kind),
                reason=LikenessReason(row.reason),
                similarity=row.similarity,
            )
            found.setdefault(row.mine, {})[row.other] = _Row(likeness=likeness, seen=row.seen)
    return found


def _write(
    connection: Connection,
    entry_id: str,
    other_id: str,
    likeness: Likeness | None,
    seen: datetime,
    *,
    is_known: bool,
) -> None:
    if is_known:
        connection.execute(_DROP, {"entry": entry_id, "other": other_id})
    if likeness is None:
        return
    both = [(entry_id, other_id), (other_id, entry_id)]
    ends, kind = {
        Relation.DUPLICATE: (both, Relation.DUPLICATE),
        Relation.REPRINT_OF: (both[:1], Relation.REPRINT_OF),
        Relation.REPRINTED_AS: (both[1:], Relation.REPRINT_OF),
    }[likeness.relation]
    connection.execute(_ADD, [
        {
            "entry_id": one,
            "other_id": other,
            "kind": kind,
            "reason": likeness.reason,
            "similarity": likeness.similarity,
            "seen": seen,
        }
        for one, other in ends
    ])  # fmt: skip


def _events(
    one: AnyRow, other: AnyRow, likeness: Likeness | None, seen: datetime
) -> Iterable[Event]:
    """For each of the two entries, told from its side."""
    for mine, its, turned in ((one, other, False), (other, one, True)):
        detail = {"other": its.id, "other_source": its.source_id}
        if likeness is not None:
            detail["relation"] = _TURNED[likeness.relation] if turned else likeness.relation
            detail["reason"] = likeness.reason
            if likeness.similarity is not None:
                detail["similarity"] = str(likeness.similarity)
        kind = "found-elsewhere" if likeness else "no-longer-elsewhere"
        yield Event(at=seen, kind=kind, source_id=mine.source_id, entry_id=mine.id, detail=detail)


_TURNED: Mapping[Relation, Relation] = {
    Relation.DUPLICATE: Relation.DUPLICATE,
    Relation.REPRINT_OF: Relation.REPRINTED_AS,
    Relation.REPRINTED_AS: Relation.REPRINT_OF,
}


def _count_changes(connection: Connection, source_id: str, neighbours: Collection[str]) -> None:
    """The feeds of these sources are behind; that of the entry's own is counted by the caller."""
    theirs = sorted({*neighbours} - {source_id})
    if theirs:
        connection.execute(_LOCK, {"ids": sorted({*theirs, source_id})}).all()
        connection.execute(COUNT_CHANGE, [{"source": each} for each in theirs])


def _side(row: AnyRow, entry: Entry | None = None) -> Side:
    return Side(
        entry=entry or decode_entry(row.entry),
        journal=row.title,
        zone=row.zone,
        first_seen=row.first_seen,
    )


def _elsewhere(row: AnyRow, relation: _Row) -> Elsewhere:
    return Elsewhere(
        entry_id=row.id,
        source_id=row.source_id,
        source_title=row.journal,
        title=row.title,
        url=row.url,
        relation=relation.likeness.relation,
        reason=relation.likeness.reason,
        similarity=relation.likeness.similarity,
        seen=relation.seen,
    )


def _chunks(ids: Sequence[str]) -> Iterable[list[str]]:
    return (list(ids[at : at + _CHUNK]) for at in range(0, len(ids), _CHUNK))
