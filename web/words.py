"""The words of the pages in the two languages that we speak, and which of them a reader wants.

Pure. The texts themselves are in web/wording.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from web.wording import NOTICES, OBLIGATIONS, OUTCOMES, STATES, TEXTS

if TYPE_CHECKING:
    from archive.model import EntryState, NoticeClass, Outcome

LANGUAGES = ("zh-CN", "en")

T = TypeVar("T")

_UNITS = (
    (timedelta(days=1), "days"),
    (timedelta(hours=1), "hours"),
    (timedelta(minutes=1), "minutes"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Our words in one language: `words.say("latest")`, `words.say("articles", n=3)`."""

    language: str

    def say(self, key: str, **values: object) -> str:
        """A text; an unknown key is our bug and raises."""
        return self._of(TEXTS[key]).format(**values)

    def count(self, key: str, number: int) -> str:
        """A number of things; English has a text of its own for one (`key` ending in `.one`)."""
        return self.say(f"{key}.one" if number == 1 else key, n=f"{number:,}")

    def notice(self, class_: NoticeClass) -> tuple[str, str]:
        """A class of notice in words: its name, and what it permits."""
        return self._of(NOTICES[class_])

    def obligation(self, name: str) -> str:
        """What a notice asks of those who re-publish; a name that is new to us stays as it is."""
        return self._of(OBLIGATIONS[name]) if name in OBLIGATIONS else name

    def outcome(self, outcome: Outcome) -> str:
        """How a poll ended."""
        return self._of(OUTCOMES[outcome])

    def state(self, state: EntryState) -> str | None:
        """What became of an article, where it is not simply there."""
        return self._of(STATES[state]) if state in STATES else None

    def span(self, span: timedelta) -> str:
        """A span of time in its largest whole unit: 7200 s is 2 hours, 5400 s 90 minutes."""
        for length, key in _UNITS:
            if span >= length and not span % length:
                return self.count(key, span // length)
        return self.count("seconds", round(span.total_seconds()))

    def _of(self, pair: tuple[T, T]) -> T:
        return pair[LANGUAGES.index(self.language)]


def choose_language(*, asked: str | None, accepted: str | None, default: str) -> str:
    """The language of a page: as asked for in the address, else the best that the browser accepts,
    else the operator's. Any Chinese is ours; so is any English."""
    if asked in LANGUAGES:
        return asked
    for tag in _by_preference(accepted or ""):
        found = next((ours for ours in LANGUAGES if _same_language(tag, ours)), None)
        if found:
            return found
    return default


def _by_preference(accepted: str) -> list[str]:
    """The tags of an Accept-Language header, best first; those with q=0 are not accepted."""
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if tag.strip() and weight > 0:
            weighed.append((-weight, place, tag.strip()))
    return [tag for _, _, tag in sorted(weighed)]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0


def _same_language(one: str, other: str) -> bool:
    return one.casefold().split("-")[0] == other.casefold().split("-")[0]
