"""What an entry becomes when its page is seen again, and whether that is a revision. Pure.

READING.md §4: an edit never moves `published`. PEERS.md 5: `updated` moves only when the
content does. So the new sight is first settled with what was known, then compared by a digest
over what a reader would call content.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from archive.identity import doi_key, squeeze
from archive.model import Entry, Precision

if TYPE_CHECKING:
    from archive.model import PrintedDate, ReprintNotice

#: A page that stops saying one of these has not changed it: nothing seen is lost. Absence says
#: something only of the notice and of retraction; addresses and places are those of the visit.
_KEPT_WHEN_MISSING = tuple(
    field.name
    for field in fields(Entry)
    if field.name
    not in {
        *("url", "canonical_url", "published", "title", "title_raw", "text", "html"),
        *("notice", "notices", "is_retracted", "found"),
    }
)

_FINENESS = {
    Precision.NONE: 0,
    Precision.ISSUE: 1,
    Precision.YEAR: 1,
    Precision.QUARTER: 2,
    Precision.MONTH: 3,
    Precision.DAY: 4,
    Precision.MINUTE: 5,
    Precision.SECOND: 6,
}

#: Places of a date that are not the article page's own word.
_ELSEWHERE = ("list", "url", "issue")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that a revision changed and that is an event of its own."""

    kind: str
    before: str
    after: str


def settle(old: Entry, new: Entry) -> Entry:
    """The new sight of a page, completed by what was known before."""
    kept = {
        name: getattr(old, name)
        for name in _KEPT_WHEN_MISSING
        if not getattr(new, name) and getattr(old, name)
    }
    if not new.title:
        kept |= {"title": old.title, "title_raw": old.title_raw}
    if not new.text:
        kept |= {"text": old.text, "html": old.html}
    if new.published != old.published and not _is_corrected(old, new):
        kept["published"] = old.published
    if not kept:
        return new
    found = {name: old.found[name] for name in kept if name in old.found}
    return replace(new, **kept, found={**new.found, **found})


def digest(entry: Entry) -> str:
    """Of the content: two entries with equal digests are one revision. White space, markup and
    everything that is not listed here (summary, image, addresses) may differ."""
    published = entry.published
    short = [
        squeeze(entry.title),
        [published.value, published.issue] if published else None,
        _notice_content(entry.notice),
        [squeeze(author) for author in entry.authors],
        [doi_key(entry), entry.volume, entry.number, entry.pages],
        entry.is_retracted,
    ]
    # The text apart: escaping it as JSON costs more than all the rest.
    content = f"{json.dumps(short)}\n{squeeze(entry.text)}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def find_changes(old: Entry, new: Entry) -> tuple[Change, ...]:
    """What of a revision must be told apart: title, date, notice, retraction."""
    pairs = (
        ("title-changed", squeeze(old.title), squeeze(new.title), old.title, new.title),
        ("date-changed", _date(old), _date(new), _date(old), _date(new)),
        (
            "notice-changed",
            _notice_content(old.notice),
            _notice_content(new.notice),
            _notice_words(old.notice),
            _notice_words(new.notice),
        ),
        (
            "entry-retracted" if new.is_retracted else "retraction-lifted",
            old.is_retracted,
            new.is_retracted,
            old.title,
            new.title,
        ),
    )
    return tuple(
        Change(kind=kind, before=before or "", after=after or "")
        for kind, old_key, new_key, before, after in pairs
        if old_key != new_key
    )


def _is_corrected(old: Entry, new: Entry) -> bool:
    """Whether the page itself now prints another date, or a finer form of the same one."""
    before, after = old.published, new.published
    if after is None or after.value is None:
        return False
    if before is None or before.value is None:
        return True
    if squeeze(before.raw) == squeeze(after.raw):
        return False  # the same words, read on another day or by other rules
    if _FINENESS[after.precision] < _FINENESS[before.precision]:
        return False
    if after.value.startswith(before.value):
        return True
    return not _is_from_elsewhere(new) or _is_from_elsewhere(old)


def _is_from_elsewhere(entry: Entry) -> bool:
    return entry.found.get("published", "").startswith(_ELSEWHERE)


def _notice_content(notice: ReprintNotice | None) -> list[str | None] | None:
    if notice is None:
        return None
    origin = notice.origin.name if notice.origin else None
    return [notice.class_, squeeze(notice.text), notice.license, origin]


def _notice_words(notice: ReprintNotice | None) -> str:
    return f"{notice.class_}: {notice.text}" if notice else ""


def _date(entry: Entry) -> str:
    return _date_words(entry.published) if entry.published else ""


def _date_words(date: PrintedDate) -> str:
    return date.value or date.issue or ""
