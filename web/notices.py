"""What a journal lets others do, in words: its notice verbatim, its class, what our feeds hold.

Asks archive.rights and words what it says; decides nothing itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import EntryState, NoticeClass
from archive.rights import decide, effective_class
from web.frame import web_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import ArchivedEntry, ReprintNotice
    from foundation.settings import Settings
    from sources.model import Source
    from web.words import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeView:
    """A reprint notice in words. `text` is the journal's own, or what the operator has on file
    when `is_operators`; `carries` says what of an article our feeds hold because of it; `varies`
    is whether some of the articles say something else."""

    class_: NoticeClass
    label: str
    permits: str
    carries: str
    text: str | None
    obligations: tuple[str, ...]
    license_url: str | None
    is_operators: bool
    varies: bool


def class_of(archived: ArchivedEntry, source: Source) -> NoticeClass:
    """The class of notice that counts for an article."""
    return effective_class(archived.entry.notice, source.rights)[0]


def notice_view(
    entries: Sequence[ArchivedEntry], source: Source, settings: Settings, words: Words
) -> NoticeView | None:
    """As most of these articles say, in the words of the first that does; None while there is
    nothing to go by."""
    classes = Counter(class_of(archived, source) for archived in entries)
    if not classes and source.rights.notice is None:
        return None
    notice = _usual_notice(entries, source, classes)
    class_, whose = effective_class(notice, source.rights)
    carry = decide(
        notice,
        source_rights=source.rights,
        noncommercial=settings.noncommercial,
        state=EntryState.LIVE,
    )
    label, permits = words.notice(class_)
    printed = notice.text if notice else None
    return NoticeView(
        class_=class_,
        label=label,
        permits=permits,
        carries=words.say(f"carries.{carry.feed}"),
        text=source.rights.text if whose else printed,
        obligations=tuple(map(words.obligation, notice.obligations)) if notice else (),
        license_url=web_address(carry.license_url),
        is_operators=bool(whose),
        varies=len(classes) > 1,
    )


def _usual_notice(
    entries: Sequence[ArchivedEntry], source: Source, classes: Counter[NoticeClass]
) -> ReprintNotice | None:
    usual = next((class_ for class_, _ in classes.most_common(1)), None)
    return next((e.entry.notice for e in entries if class_of(e, source) is usual), None)
