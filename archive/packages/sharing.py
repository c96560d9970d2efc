"""Style sheets and pictures that pages of both trees need go into both packages of the month, so
that each replays alone: they are captured once a month, for the page that asked first. What a page
needs is what it names; pages are searched for that, not parsed. Reads only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.packages.address_key import address_key
from archive.packages.members import OpenFiles, read_member
from archive.packages.named import MADE, keys_named_in, may_name_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archive.packages.members import Member
    from archive.packages.plan import PlannedPackage
    from archive.packages.scan import FiledRecord

REQUISITE = "requisite"


def share(planned: Sequence[PlannedPackage]) -> list[PlannedPackage]:
    """The packages, with what the one of a journal's month has and the other one needs."""
    shelves: dict[tuple[str, str], list[PlannedPackage]] = {}
    for each in planned:
        shelves.setdefault((each.mark.source_id, each.mark.month), []).append(each)
    shared = []
    with OpenFiles() as files:
        for packages in shelves.values():
            named = _Named([record for each in packages for record in each.records], files)
            for package in packages:
                others = [record for each in packages if each is not package
                          for record in each.records]  # fmt: skip
                needed = tuple(_find_needed(package, others, named))
                shared.append(replace(package, records=(*package.records, *needed)))
    return shared


class _Named:
    """What records name. The body of a revisit is that of another record, in whatever tree."""

    def __init__(self, records: Iterable[FiledRecord], files: OpenFiles) -> None:
        records = list(records)
        wanted = {each.original for each in records if each.original}
        self._originals = {each.id: each for each in records if each.id in wanted}
        self._files = files

    def by(self, record: FiledRecord) -> set[str]:
        """The keys of what it names; of requisites only style sheets and redirects name any."""
        original = self._originals.get(record.original or "")
        try:
            member = self._read(record)
            body_of = self._read(original) if original is not None else None
        except ValueError:  # damaged: sealing says so
            return set()
        return keys_named_in(member, body_of=body_of) if may_name_others(member) else set()

    def _read(self, record: FiledRecord) -> Member:
        return read_member(self._files.open(record.file), record.offset)


def _find_needed(
    package: PlannedPackage, others: Sequence[FiledRecord], named: _Named
) -> Iterator[FiledRecord]:
    """Requisites in the other package of the month that this one's pages name, what the style
    sheets among them name in turn, and where they redirect to."""
    lacking = {address_key(each.url): each for each in others if _is_requisite(each) and each.url}
    for own in package.records:
        if _is_requisite(own) and own.url:
            lacking.pop(address_key(own.url), None)
    waiting = [each for each in package.records if each.url or each.kind in MADE] if lacking else []
    while waiting and lacking:
        for key in sorted(named.by(waiting.pop()) & lacking.keys()):
            found = lacking.pop(key)
            waiting.append(found)
            yield from _with_beside(found, others)


def _is_requisite(record: FiledRecord) -> bool:
    return record.role == REQUISITE and record.beside is None


def _with_beside(response: FiledRecord, records: Iterable[FiledRecord]) -> Iterator[FiledRecord]:
    return (each for each in records if each.owner == response.id)
