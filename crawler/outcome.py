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
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from crawler.redesign import Suspect

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
class Proofs:
    """How known articles read on pages of another layout: as archived, or otherwise. `asked` are
    those that a walk asked for."""

    asked: int = 0
    agreed: int = 0
    titles: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return len(self.titles)

    def verdict(self) -> str | None:
        """Why the new layout cannot be trusted, None where it can."""
        if self.asked and not self.agreed and not self.failed:
            return (
                "the article pages have another layout, and no known article could be had to "
                "compare them with"
            )
        if self.failed >= max(1, self.agreed):
            return (
                f"the article pages have another layout: {self.failed} of "
                f"{self.failed + self.agreed} known articles do not read as archived "
                f"(the first: {self.titles[0]!r}). See what is read: kanliu probe, then set "
                "selectors in the source file"
            )
        return None


@dataclass(kw_only=True, slots=True)
class Facts:
    """What one walk met. Counted while it goes, judged when it has ended.

    `lists` are the list addresses of the source; of these some failed, some were unmodified, the
    rest was read, and of those some held no article, and `lists_since` told only what had changed
    since the last walk. `links` is how many article links the first pages of the lists that were
    read showed, `anchors` how many links of any kind the empty ones, `links_left` how many at the
    end of overlong list pages were not looked at, `rows_deleted` how many records a repository
    calls deleted.
    `page_failures` are of further pages, `recheck_failures` of articles known already. `is_cut`
    means that the visit left something for the next one, `has_gap` that it gave up before it met
    known ground. `suspects` are new articles on pages of another layout than was learned, held
    back until `proofs` speak for them; `redesign` says why they cannot be kept.
    """

    lists: int = 0
    lists_unmodified: int = 0
    lists_since: int = 0
    lists_empty: int = 0
    list_failures: list[Failure] = field(default_factory=list)
    page_failures: list[Failure] = field(default_factory=list)
    links: int = 0
    links_before: int = 0
    links_min: int = 1
    links_max: int | None = None
    anchors: int = 0
    links_left: int = 0
    rows_skipped: int = 0
    rows_deleted: int = 0
    article_failures: list[Failure] = field(default_factory=list)
    recheck_failures: list[Failure] = field(default_factory=list)
    articles: int = 0
    new: int = 0
    revised: int = 0
    vanished: int = 0
    is_cut: bool = False
    has_gap: bool = False
    suspects: list[Suspect] = field(default_factory=list)
    proofs: Proofs = field(default_factory=Proofs)
    redesign: str | None = None

    @property
    def is_unsettled(self) -> bool:
        """Whether pages of another layout came: then it is decided at the end what they were."""
        return bool(self.suspects or self.proofs.agreed or self.proofs.failed)

    @property
    def skipped(self) -> int:
        """Rows and articles that could not be read."""
        return self.rows_skipped + len(self.article_failures) + len(self.recheck_failures)

    @property
    def failures(self) -> list[Failure]:
        """Everything that failed, the most telling first."""
        return [
            *self.list_failures,
            *self.page_failures,
            *self.article_failures,
            *self.recheck_failures,
        ]

    @property
    def retry_after(self) -> timedelta | None:
        """The longest wait that the site asked for."""
        waits = [failure.error.retry_after for failure in self.failures]
        return max((wait for wait in waits if wait is not None), default=None)


Verdict = tuple[Outcome, str]


def judge(facts: Facts) -> Verdict:
    """The outcome and its reason, in one sentence for log and operator."""
    lists = judge_lists(facts)
    if lists is not None:
        return lists
    if facts.redesign is not None:
        return Outcome.CHANGED, facts.redesign
    if facts.articles == 0 and facts.article_failures:
        return judge_no_article(facts.article_failures)
    is_partial = facts.skipped or facts.links_left or facts.lists_empty or facts.has_gap
    if is_partial or facts.failures:
        return Outcome.PARTIAL, partial_reason(facts)
    if facts.new or facts.revised or facts.vanished:
        return Outcome.NEW, news(facts)
    told = "nothing new on the list" if facts.links else "the list is as it was"
    return Outcome.UNCHANGED, f"{told}{deleted(facts)}"


def judge_lists(facts: Facts) -> Verdict | None:
    """What the list pages alone decide: then no article is asked for, and nothing is kept. Zero
    is never success by default."""
    if facts.list_failures and len(facts.list_failures) == facts.lists:
        first = facts.list_failures[0].error
        return OUTCOME_OF.get(type(first), Outcome.UNREACHABLE), str(first)
    if facts.list_failures or facts.lists_unmodified or facts.lists_since:
        # What the other lists show is not known now, so their sum says nothing.
        return None
    if facts.links == 0:
        return judge_no_links(facts)
    if facts.links < facts.links_min:
        return Outcome.CHANGED, unexpected(facts, f"{facts.links_min} or more")
    if facts.links_max is not None and facts.links > facts.links_max:
        return Outcome.CHANGED, unexpected(facts, f"{facts.links_max} at most")
    return None


def judge_no_links(facts: Facts) -> Verdict:
    """No list page shows an article."""
    if facts.links_before and facts.anchors:
        found = f"no article link found among {facts.anchors} links of the list page"
        known = f"({facts.links_before} articles are known)"
        return Outcome.CHANGED, f"{found} {known}: its layout may have changed"
    return Outcome.EMPTY, f"the list page shows no article ({facts.anchors} links of other kinds)"


def unexpected(facts: Facts, words: str) -> str:
    """More or fewer articles on the list than the source file expects."""
    return (
        f"the list shows {facts.links} articles, {words} were expected "
        f"({facts.links_before} are known)"
    )


def judge_no_article(failures: Sequence[Failure]) -> Verdict:
    """There were new links, and not one could be read. When all failed alike, the site is."""
    first = failures[0].error
    kinds = {type(failure.error) for failure in failures}
    for kind, outcome in ALIKE.items():
        if kinds == {kind}:
            return outcome, str(first)
    return Outcome.PARTIAL, f"none of {len(failures)} new articles could be read: {first}"


#: What it is when every new article failed in the same way. A 404 is the article's own matter.
ALIKE: dict[type[SiteError], Outcome] = {
    BlockedError: Outcome.BLOCKED,
    RefusedError: Outcome.REFUSED,
    UnreachableError: Outcome.UNREACHABLE,
}


def partial_reason(facts: Facts) -> str:
    """What could not be read, with the first example."""
    unread = len(facts.article_failures) + len(facts.recheck_failures)
    parts = {
        news(facts): facts.new or facts.revised or facts.vanished,
        "possible gap: no known article on as many pages as are walked": facts.has_gap,
        f"{len(facts.list_failures)} of {facts.lists} list pages failed": facts.list_failures,
        "an older page of the list failed": facts.page_failures,
        f"{facts.lists_empty} of {facts.lists} list pages show no article": facts.lists_empty,
        f"{facts.rows_skipped} rows of the list could not be read": facts.rows_skipped,
        f"the last {facts.links_left} links of an overlong list page were not looked at "
        "(give the address of a shorter list, such as a column of it)": facts.links_left,
        f"{unread} articles could not be read": unread,
    }
    told = ", ".join(words for words, is_so in parts.items() if is_so)
    return f"{told}: {facts.failures[0].error}" if facts.failures else told


def news(facts: Facts) -> str:
    """`3 new, 1 revised`."""
    counts = {"new": facts.new, "revised": facts.revised, "vanished": facts.vanished}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) + deleted(facts)


def deleted(facts: Facts) -> str:
    """A deleted record says that something is gone, and not what: it has no address."""
    return f" ({facts.rows_deleted} deleted records passed over)" if facts.rows_deleted else ""
