"""What an article's page says of the copies that are kept: how many, since when, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from web.days import Day, print_instant
from web.memento import TIMEGATE, TIMEMAP

if TYPE_CHECKING:
    from archive.model import ArchivedEntry
    from sources.model import Source
    from web.frame import Frame
    from web.memento import Copies, Memento

#: Copies that are listed, the newest ones; the TimeMap has all.
_LISTED = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class CopiesView:
    """The kept copies. `told` says how many; `listed` are day and address of the newest, none
    where the notice keeps them closed; `replay` is where one sees the page as it looked, None
    where it cannot be shown."""

    told: str
    listed: tuple[tuple[Day, str], ...]
    replay: str | None
    timemap: str
    timegate: str


def copies_view(
    copies: Copies, source: Source, frame: Frame, *, is_open: bool, can_replay: bool
) -> CopiesView | None:
    """None where nothing was captured."""
    if not copies.mementos:
        return None
    newest = reversed(copies.mementos[-_LISTED:]) if is_open else ()
    return CopiesView(
        told=frame.words.count("copies-count", len(copies.mementos)),
        listed=tuple(
            (
                print_instant(one.seen, source.zone, frame.language),
                urlsplit(copies.url(one)).path,
            )
            for one in newest
        ),
        replay=f"{urlsplit(copies.page).path}copy/" if is_open and can_replay else None,
        timemap=copies.page + TIMEMAP,
        timegate=copies.page + TIMEGATE,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayPage:
    """A copy as it looked, in a frame. `package` is the address of the captures, `url` and `stamp`
    which of them is shown; `listed` are day and address of the copies, and whether it is this one;
    `raw` is the copy without scripts, for browsers that run none."""

    title: str
    language: str
    path: str
    original: str
    day: Day
    package: str
    url: str
    stamp: str
    base: str
    listed: tuple[tuple[Day, str, bool], ...]
    raw: str


def replay_page(
    copies: Copies, shown: Memento, archived: ArchivedEntry, source: Source, frame: Frame
) -> ReplayPage:
    """One copy, and the way to the others."""
    place = urlsplit(copies.page).path
    other = f"&lang={frame.asked}" if frame.asked else ""
    return ReplayPage(
        title=archived.entry.title or copies.original,
        language=archived.entry.language or source.language,
        path=frame.link(f"/{archived.source_id}/{archived.id.rpartition('/')[2]}/"),
        original=copies.original,
        day=print_instant(shown.seen, source.zone, frame.language),
        package=f"{place}copy.wacz",
        url=shown.capture.url,
        stamp=shown.name.partition("-")[0],
        base=frame.path_of("/replay/"),
        listed=tuple(
            (
                print_instant(one.seen, source.zone, frame.language),
                f"{place}copy/?at={one.name}{other}",
                one == shown,
            )
            for one in reversed(copies.mementos[-_LISTED:])
        ),
        raw=f"{place}at/{shown.name}",
    )
