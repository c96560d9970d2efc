"""A person's correction of an entry: what may be said, and what it does to what was read. Pure.

The page's own reading is never lost: it goes on beside the correction, is settled with each later
sight of the page (revision.py), and comes back when the correction is undone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from archive.identity import squeeze
from archive.model import NoticeClass, Precision, PrintedDate, ReprintNotice
from foundation.errors import CorrectionError
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archive.model import Entry

#: What `found` says of a corrected field.
PLACE = "correction"
#: Instead of a date: nobody can know it, and what was read is wrong.
UNKNOWN = "unknown"
DATE_FORMS = (
    "2021, 2021-04, 2021-02-27, 2021-02-27T08:05, 2021-02-27T08:05:30 (with +08:00 or the like; "
    f"without, the source's own zone), or {UNKNOWN}"
)

_ISO = re.compile(
    r"(?P<year>\d{4})(?P<month>-\d\d)?(?P<day>(?<=-\d\d)-\d\d)?"
    r"(?P<time>(?<=-\d\d-\d\d)[T ]\d\d:\d\d(?P<second>:\d\d)?)?"
    r"(?P<offset>(?<=:\d\d)(?:Z|[+-]\d\d:\d\d))?"
)
#: Journals on the web are younger than the first; the second is twenty years on.
_YEARS = range(1800, 2101)

#: What a class itself asks for. Where a person says another class, these go and come with it;
#: what else the notice asks (nochange, noai, …) was printed all the same, and stays.
_ASKS: Mapping[NoticeClass, tuple[str, ...]] = {
    NoticeClass.FREE_ATTRIBUTION: ("source",),
    NoticeClass.NC_ATTRIBUTION: ("source", "noncommercial"),
    NoticeClass.PERMISSION: ("permission",),
}
_OF_A_CLASS = frozenset(
    {"source", "noncommercial", "permission", "permission-written", "permission-commercial"}
)


class CorrectedField(StrEnum):
    """What of an entry a person can correct."""

    TITLE = "title"
    PUBLISHED = "published"
    NOTICE = "notice"
    AUTHORS = "authors"


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldValue:
    """One field of an entry, as the entry has it, with the place where it was found. The other
    fields are left at their defaults."""

    title: str | None = None
    published: PrintedDate | None = None
    notice: ReprintNotice | None = None
    authors: tuple[str, ...] = ()
    found: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A person's word on one field of an entry: it holds whatever the page says, until undone.

    `value` is that word, `before` what stood there when it was given, `read` what the page itself
    says now.
    """

    entry_id: str
    field: CorrectedField
    value: FieldValue
    before: FieldValue
    read: FieldValue
    who: str
    why: str
    made: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a person says of an entry; None of what it does not speak. `published` is ISO 8601 cut
    to what is known. `notice_text` are the notice's words, needed where none were found."""

    title: str | None = None
    published: str | None = None
    notice: NoticeClass | None = None
    notice_text: str | None = None
    authors: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """The page says something new of a field that a person corrected: it may have been mended, or
    the correction is out of date."""

    field: CorrectedField
    before: FieldValue
    after: FieldValue


def corrected_values(read: Entry, wanted: Wanted, *, zone: str) -> dict[CorrectedField, FieldValue]:
    """What a person said, as values that take the place of those that were read.

    Raises:
        CorrectionError: it says nothing, or something that cannot be.
    """
    values: dict[CorrectedField, FieldValue] = {}
    if wanted.title is not None:
        values[CorrectedField.TITLE] = FieldValue(title=_said(wanted.title, "title"), found=PLACE)
    if wanted.published is not None:
        raw = read.published.raw if read.published else wanted.published
        made = date_of(wanted.published, raw=raw, zone=zone)
        values[CorrectedField.PUBLISHED] = FieldValue(published=made, found=PLACE)
    if wanted.notice is not None:
        made_notice = _notice(read.notice, wanted.notice, wanted.notice_text)
        values[CorrectedField.NOTICE] = FieldValue(notice=made_notice, found=PLACE)
    elif wanted.notice_text is not None:
        raise CorrectionError("a notice's words need its class too. Next: name one of "
                              f"{', '.join(NoticeClass)}")  # fmt: skip
    if wanted.authors is not None:
        authors = tuple(_said(author, "author") for author in wanted.authors)
        values[CorrectedField.AUTHORS] = FieldValue(authors=authors, found=PLACE)
    if not values:
        raise CorrectionError("nothing is corrected. Next: give a title, date, notice or author")
    return values


def date_of(text: str, *, raw: str, zone: str) -> PrintedDate | None:
    """An ISO date of any precision; None where it says that the date is unknown. `raw` is what
    the page printed.

    Raises:
        CorrectionError: it is no such date.
    """
    said = text.strip()
    if said == UNKNOWN:
        return None
    match = _ISO.fullmatch(said)
    value = match and _value(match, said, zone)
    if match is None or value is None:
        raise CorrectionError(f"{text!r} is no date. Next: write one of {DATE_FORMS}")
    is_timed = match["time"] is not None
    return PrintedDate(
        raw=raw,
        value=value,
        precision=_precision(match),
        zone=("given" if match["offset"] else "assumed") if is_timed else None,
    )


def field_of(entry: Entry, field: CorrectedField) -> FieldValue:
    """One field as an entry has it."""
    found = entry.found.get(field)
    match field:
        case CorrectedField.TITLE:
            return FieldValue(title=entry.title, found=found)
        case CorrectedField.PUBLISHED:
            return FieldValue(published=entry.published, found=found)
        case CorrectedField.NOTICE:
            return FieldValue(notice=entry.notice, found=found)
        case CorrectedField.AUTHORS:
            return FieldValue(authors=entry.authors, found=found)


def with_fields(entry: Entry, values: Mapping[CorrectedField, FieldValue]) -> Entry:
    """An entry with other values of these fields. What was printed (title_raw, notices) stays."""
    changes = {str(field): getattr(value, field) for field, value in values.items()}
    found = {name: place for name, place in entry.found.items() if name not in changes}
    found |= {str(field): value.found for field, value in values.items() if value.found}
    return replace(entry, **changes, found=found)


def is_corrected(entry: Entry) -> bool:
    """Whether an entry has a person's word in it."""
    return PLACE in entry.found.values()


def as_read(entry: Entry, corrections: Iterable[Correction]) -> Entry:
    """An entry as its page has it, without the corrections."""
    return with_fields(entry, {each.field: each.read for each in corrections})


def find_questions(read: Entry, corrections: Iterable[Correction]) -> tuple[Question, ...]:
    """The corrected fields of which the page says something else now than when it was last read,
    and not what the person said."""
    questions = []
    for each in corrections:
        after = field_of(read, each.field)
        content = _content(each.field, after)
        if content not in (_content(each.field, each.read), _content(each.field, each.value)):
            questions.append(Question(field=each.field, before=each.read, after=after))
    return tuple(questions)


def _content(field: CorrectedField, value: FieldValue) -> object:
    """What of a field is content: not its white space, nor where it was found."""
    match field:
        case CorrectedField.TITLE:
            return squeeze(value.title)
        case CorrectedField.PUBLISHED:
            date = value.published
            return (date.value, date.issue) if date else None
        case CorrectedField.NOTICE:
            notice = value.notice
            return (notice.class_, squeeze(notice.text)) if notice else None
        case CorrectedField.AUTHORS:
            return tuple(squeeze(author) for author in value.authors)


def _said(text: str, what: str) -> str:
    line = one_line(text)
    if not line:
        raise CorrectionError(f"the {what} is empty. Next: give one, or leave the option out")
    return line


def _notice(read: ReprintNotice | None, class_: NoticeClass, text: str | None) -> (
    ReprintNotice | None
):  # fmt: skip
    if class_ is NoticeClass.NONE:
        return None
    words = one_line(text or "") or (read.text if read else "")
    if not words:
        raise CorrectionError(
            f"the page has no notice that could be {class_}. Next: give its words as printed too "
            "(--notice-text)"
        )
    if read is None:
        return ReprintNotice(
            class_=class_, text=words, obligations=_ASKS.get(class_, ()), where=PLACE, rule=PLACE
        )
    obligations = read.obligations
    if class_ is not read.class_:
        printed = (each for each in obligations if each not in _OF_A_CLASS)
        obligations = tuple(dict.fromkeys((*_ASKS.get(class_, ()), *printed)))
    return replace(read, class_=class_, text=words, obligations=obligations, rule=PLACE)


def _value(match: re.Match[str], said: str, zone: str) -> str | None:
    """ISO with a T and an offset where there is a time; None if there is no such day or time."""
    if int(match["year"]) not in _YEARS:
        return None
    whole = f"{match['year']}{match['month'] or '-01'}{match['day'] or '-01'}"
    try:
        if match["time"] is None:
            date.fromisoformat(whole)
            return said
        instant = datetime.fromisoformat(said.replace(" ", "T"))
    except ValueError:
        return None
    local = instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))
    return local.isoformat(timespec="seconds" if match["second"] else "minutes")


def _precision(match: re.Match[str]) -> Precision:
    parts = (
        ("second", Precision.SECOND),
        ("time", Precision.MINUTE),
        ("day", Precision.DAY),
        ("month", Precision.MONTH),
    )
    return next((precision for part, precision in parts if match[part]), Precision.YEAR)
