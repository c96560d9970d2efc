"""How a poll ended, and why, from what the walk met. Pure: a table of cases, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.model import Outcome
from foundation.errors import (
    BlockedError,
    GoneError,
    MissingError,
    RefusedError,
    SiteError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

#: Which outcome a list page's failure is. Anything else that a site does is `unreachable`.
OUTCOME_OF: dict[type[SiteError], Outcome] = {
    BlockedError: Outcome.BLOCKED,
    RefusedError: Outcome.REFUSED,
    GoneError: Outcome.GONE,
    MissingError: Outcome.CHANGED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A page that could not be had or read: its address and the reason."""

    url: str
    error: SiteError


@dataclass(kw_only=True, slots=True)
class Facts:
    """What one walk met. Counted while it goes, judged when it has ended.

    `links` is how many article links the list pages showed, None when all were unmodified.
    `links_before` is how many were known. `anchors` is how many links of any kind an empty list
    page held. `is_capped` means the walk ended at a limit, not at known articles.
    """

    lists: int = 0
    list_failures: list[Failure] = field(default_factory=list)
    links: int | None = None
    links_before: int = 0
    links_min: int = 1
    anchors: int = 0
    rows_skipped: int = 0
    article_failures: list[Failure] = field(default_factory=list)
    articles: int = 0
    new: int = 0
    revised: int = 0
    vanished: int = 0
    is_capped: bool = False
    has_gap: bool = False

    @property
    def skipped(self) -> int:
        """Rows and articles that could not be read."""
        return self.rows_skipped + len(self.article_failures)

    @property
    def retry_after(self) -> timedelta | None:
        """The longest wait that the site asked for."""
        waits = [f.error.retry_after for f in (*self.list_failures, *self.article_failures)]
        return max((wait for wait in waits if wait is not None), default=None)


def judge(facts: Facts) -> tuple[Outcome, str]:
    """The outcome and its reason, in one sentence for log and operator."""
    if facts.list_failures and len(facts.list_failures) == facts.lists:
        first = facts.list_failures[0].error
        return OUTCOME_OF.get(type(first), Outcome.UNREACHABLE), str(first)
    if facts.links is not None and facts.links < max(facts.links_min, 1):
        return judge_few_links(facts)
    if facts.articles == 0 and facts.article_failures:
        return judge_no_article(facts.article_failures)
    if facts.skipped or facts.list_failures:
        return Outcome.PARTIAL, partial_reason(facts)
    if facts.new or facts.revised or facts.vanished:
        return Outcome.NEW, news(facts)
    return Outcome.UNCHANGED, "nothing new on the list" if facts.links else "the list is as it was"


def judge_few_links(facts: Facts) -> tuple[Outcome, str]:
    """No link, or fewer than expected. Zero is never success by default."""
    if facts.links:
        return (
            Outcome.CHANGED,
            (
                f"the list shows {facts.links} articles, {facts.links_min} or more were expected "
                f"({facts.links_before} are known)"
            ),
        )
    if facts.links_before and facts.anchors:
        return (
            Outcome.CHANGED,
            (
                f"no article link found among {facts.anchors} links of the list page "
                f"({facts.links_before} articles are known): its layout may have changed"
            ),
        )
    return Outcome.EMPTY, f"the list page shows no article ({facts.anchors} links of other kinds)"


def judge_no_article(failures: Sequence[Failure]) -> tuple[Outcome, str]:
    """There were new links, and not one could be read."""
    first = failures[0].error
    worst = {type(failure.error) for failure in failures}
    if worst == {BlockedError}:
        return Outcome.BLOCKED, str(first)
    if worst == {RefusedError}:
        return Outcome.REFUSED, str(first)
    return Outcome.PARTIAL, f"none of {len(failures)} new articles could be read: {first}"


def partial_reason(facts: Facts) -> str:
    """What could not be read, with the first example."""
    parts = [news(facts)] if facts.new or facts.revised else []
    if facts.list_failures:
        parts.append(f"{len(facts.list_failures)} of {facts.lists} list pages failed")
    if facts.rows_skipped:
        parts.append(f"{facts.rows_skipped} rows of the list could not be read")
    if facts.article_failures:
        parts.append(f"{len(facts.article_failures)} articles could not be read")
    failures = [*facts.list_failures, *facts.article_failures]
    return ", ".join(parts) + (f": {failures[0].error}" if failures else "")


def news(facts: Facts) -> str:
    """`3 new, 1 revised`."""
    counts = {"new": facts.new, "revised": facts.revised, "vanished": facts.vanished}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)
