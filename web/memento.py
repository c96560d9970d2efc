"""Memento (RFC 7089): the copies of one article in time. Pure; knows no HTTP server and no store.

The article is the original resource; each of its captures is a memento. A time gate chooses the
copy that stood at an instant: the newest one not after it, or the first one, where all are later.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

from feeds.content import percent_encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.exchange import Capture

LINK_FORMAT = "application/link-format"
TIMEMAP, TIMEGATE = "timemap", "timegate"

# The one form that RFC 7089 takes (section 2.1.1): GMT, and two digits of the day.
_DATETIME = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Memento:
    """One copy: `name` is its place below `…/at/`, `seen` its instant in whole seconds."""

    capture: Capture
    name: str
    seen: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Copies:
    """All copies of an article, oldest first; `original` is its address at the journal, `page`
    that of our page of it, which all others are below."""

    original: str
    page: str
    mementos: tuple[Memento, ...]

    @classmethod
    def of(cls, captures: Sequence[Capture], *, original: str, page: str) -> Copies:
        """The copies that these captures are. Two of one second are told apart by a number."""
        names: dict[str, int] = {}
        mementos = []
        for capture in captures:
            seen = capture.seen.astimezone(UTC).replace(microsecond=0)
            stamp = seen.strftime("%Y%m%d%H%M%S")
            names[stamp] = count = names.get(stamp, 0) + 1
            name = stamp if count == 1 else f"{stamp}-{count}"
            mementos.append(Memento(capture=capture, name=name, seen=seen))
        return cls(original=percent_encode(original), page=page, mementos=tuple(mementos))

    def url(self, memento: Memento) -> str:
        """The address of a copy."""
        return f"{self.page}at/{memento.name}"

    def named(self, name: str) -> Memento | None:
        """The copy of this name."""
        return next((one for one in self.mementos if one.name == name), None)

    def at(self, instant: datetime | None) -> Memento:
        """The copy that stood at an instant; the newest where none is asked for."""
        if instant is None:
            return self.mementos[-1]
        after = bisect_right([one.seen for one in self.mementos], instant)
        return self.mementos[max(after - 1, 0)]

    def timemap(self) -> str:
        """The TimeMap (section 5): every copy, and how the others are found."""
        links = [
            *self._about(),
            *(self._memento(one, self._rel(one)) for one in self.mementos),
        ]
        return ",\n".join(links) + "\n"

    def gate_links(self) -> str:
        """The Link header of the time gate, and of our page of the article."""
        last = self.mementos[-1]
        ends = dict.fromkeys((self.mementos[0], last))
        return ", ".join(
            [*self._about(own="timemap"), *(self._memento(e, self._rel(e)) for e in ends)]
        )

    def memento_links(self, memento: Memento) -> str:
        """The Link header of one copy: the others beside it too."""
        place = self.mementos.index(memento)
        beside: dict[int, list[str]] = {}
        for rel, index in (
            ("first", 0),
            ("prev", place - 1),
            ("next", place + 1),
            ("last", len(self.mementos) - 1),
        ):
            if 0 <= index < len(self.mementos):
                beside.setdefault(index, []).append(rel)
        beside.setdefault(place, [])
        links = [
            self._memento(self.mementos[index], " ".join([*rels, "memento"]))
            for index, rels in sorted(beside.items())
        ]
        return ", ".join([*self._about(own="timemap"), *links])

    def _about(self, *, own: str = "self") -> Iterator[str]:
        yield f'<{self.original}>; rel="original"'
        span = ""
        if self.mementos:
            first, last = self.mementos[0].seen, self.mementos[-1].seen
            span = f'; from="{print_datetime(first)}"; until="{print_datetime(last)}"'
        yield f'<{self.page}{TIMEMAP}>; rel="{own}"; type="{LINK_FORMAT}"{span}'
        yield f'<{self.page}{TIMEGATE}>; rel="timegate"'

    def _rel(self, memento: Memento) -> str:
        is_first, is_last = memento == self.mementos[0], memento == self.mementos[-1]
        return " ".join([*(["first"] * is_first), *(["last"] * is_last), "memento"])

    def _memento(self, memento: Memento, rel: str) -> str:
        return f'<{self.url(memento)}>; rel="{rel}"; datetime="{print_datetime(memento.seen)}"'


def print_datetime(instant: datetime) -> str:
    """As Memento-Datetime has it: `Mon, 23 Nov 2026 08:00:00 GMT`."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def parse_datetime(text: str) -> datetime:
    """The instant of an Accept-Datetime header.

    Raises:
        ValueError: it is of another form; the answer to that is 400.
    """
    if not _DATETIME.fullmatch(text.strip()):
        raise ValueError(text)
    return parsedate_to_datetime(text.strip())
