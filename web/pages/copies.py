"""What an article's page says of the copies that are kept: how many, since when, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from web.days import Day, print_instant
from web.memento import TIMEGATE, TIMEMAP

if TYPE_CHECKING:
    from sources.model import Source
    from web.frame import Frame
    from web.memento import Copies

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
    copies: Copies, source: Source, frame: Frame, *, is_open: bool, replay: str | None
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
        replay=replay if is_open else None,
        timemap=copies.page + TIMEMAP,
        timegate=copies.page + TIMEGATE,
    )
