"""From what came to what is kept: capture → read → normalise → archive. One article at a time,
synchronous, in the one thread that writes. No capture, no entry (promise 1).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.captures import crawler_name, write_log
from archive.due import next_due
from archive.exchange import Belonging, Capture, Role
from archive.model import (
    Enclosure,
    Found,
    Kept,
    Miss,
    Poll,
    PollEnd,
    RawEntry,
    Requisite,
    Sighting,
)
from archive.originals import Originals
from archive.seen import Making, write_seen
from archive.warc import new_id
from crawler.again import misses_of
from crawler.gather import is_counter, last_of
from crawler.heads import Heads
from crawler.learn import Learned, Learner, PageIn
from crawler.listed import digest
from crawler.normalise.entry import normalise_entry
from crawler.normalise.url import canonical
from crawler.outcome import Failure, judge
from crawler.reading.encoding import decode
from crawler.reading.requisites import find_requisites
from crawler.redesign import Learners, Suspect, is_the_same, reads_as_archived
from crawler.walk import Listed, Unanswered, Unmodified, Vanished, Visited
from foundation.errors import SiteError

if TYPE_CHECKING:
    from datetime import datetime

    from archive.captures import CaptureWriter
    from archive.exchange import Exchange
    from archive.model import Entry, KnownLink
    from archive.owed import Owing
    from archive.store import Store
    from crawler.fetch import Answer
    from crawler.outcome import Facts
    from crawler.walk import Step, Walk
    from sources.model import Source

log = logging.getLogger(__name__)

#: Bumped when reading or normalising changes what it makes of the same bytes.
RULES_VERSION = "1"
#: No setting lets more files of one page be asked for than this.
LISTED_MOST = 1000
#: What is read as a page. Anything else on an article link is a file that belongs to the entry.
PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/xml", "application/xml"})
#: A dead link on a list is tried again after an hour, then two, … at most weekly.
MISS_FIRST = timedelta(hours=1)
MISS_MOST = timedelta(days=7)
#: A journal is overdue after one and a half of its own periods (READING.md §6; a guess).
OVERDUE = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbox:
    """What one step of a walk came to: for counting, logging and `scrapy crawl -O`. `page` is the
    capture of an article that is new or revised, whose requisites are still to be gathered."""

    kept: Kept
    entry: Entry
    entry_id: str
    page: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a source stood before a poll, as far as the next due instant depends on it: failures
    in a row, and when its newest entries appeared."""

    failures: int
    gaps: tuple[datetime, ...]


class Archivist:
    """Keeps what walks bring. Not thread-safe: give it a thread of its own."""

    def __init__(
        self,
        store: Store,
        captures: CaptureWriter,
        *,
        with_extractor: bool = True,
        with_requisites: bool = False,
    ) -> None:
        self._store = store
        self._captures = captures
        self._originals = Originals(store.bodies, captures)
        self._with_requisites = with_requisites
        self._learners = Learners(store, with_extractor=with_extractor)
        self._heads = Heads(store)
        self._robots: dict[tuple[str, str], datetime] = {}

    def keep_step(self, source: Source, step: Step, facts: Facts) -> Outbox | None:
        """Keep one step of a walk and count it.

        Raises:
            CaptureError, StoreError: nothing was kept; the poll must end.
        """
        match step:
            case Listed(answer=answer):
                if answer.exchanges:
                    self._capture(source, answer, Role.LIST)
            case (
                Unmodified(known=known, visited=visited) | Unanswered(known=known, visited=visited)
            ):
                self._store.touch(source.id, known.url, visited)
            case Vanished(known=known, visited=visited, status=status):
                facts.vanished += bool(self._store.vanish(source.id, known.url, visited, status))
            case Visited():
                return self._keep_visited(source, step, facts)
        return None

    def settle(self, source: Source, facts: Facts, now: datetime) -> list[Outbox]:
        """At the end of a walk: keep the articles that were held back for the layout of their
        pages, if known ones on such pages read as archived. Else nothing of them is kept, and
        the next visit asks for them again.

        Raises:
            CaptureError, StoreError: see keep_step.
        """
        suspects, facts.suspects = facts.suspects, []
        facts.redesign = facts.proofs.verdict()
        if facts.redesign is not None:
            return []
        kept = [self._keep_read(source, each.step, each.read, facts) for each in suspects]
        if suspects or facts.proofs.agreed:
            self._learners.believe(source, now)
        return [each for each in kept if each is not None]

    def _keep_visited(self, source: Source, step: Visited, facts: Facts) -> Outbox | None:
        if not is_page(step):
            return self._keep_read(source, step, file_of(source, step), facts)
        learned = self._learners.read(source, page_of(step))
        if step.known is None and learned.has_other_layout:
            facts.suspects.append(Suspect(step=step, read=learned))
            return None
        if step.known is not None and self._learners.is_laid_out_anew(source, learned, step.known):
            return self._keep_laid_out_anew(source, step, step.known, learned, facts)
        # Where new pages are suspect, a known one that is as before says that they are merely odd.
        facts.proofs.agreed += bool(facts.suspects) and step.known is not None
        return self._keep_read(source, step, learned, facts)

    def _keep_laid_out_anew(
        self, source: Source, step: Visited, known: KnownLink, learned: Learned, facts: Facts
    ) -> Outbox | None:
        """A known article on a page of another layout: proof that the layout is read right, or
        that it is not. A new layout alone is no revision."""
        entry, answer = learned.entry, step.answer
        archived = self._store.entry(known.entry_id)
        if archived is not None and learned.has_other_layout:
            if not reads_as_archived(archived.entry, entry):
                facts.proofs.titles.append(archived.entry.title or known.url)
                return None
            facts.proofs.agreed += 1
        if archived is None or not is_the_same(archived.entry, entry):
            return self._keep_read(source, step, learned, facts)
        self._sight(source, step, learned, new_id(), is_kept=False)
        self._store.touch(
            source.id,
            known.url,
            step.visited,
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_digest=digest(answer.body),
        )
        return None

    def _keep_read(
        self, source: Source, step: Visited, read: Learned, facts: Facts
    ) -> Outbox | None:
        entry = read.entry
        if not is_article(step, entry, facts):
            return None
        id_ = new_id()
        for further in step.more:
            self._capture(source, further, Role.FURTHER, page=id_)
        sighting = self._sight(source, step, read, id_)
        kept = self._store.keep(sighting)
        facts.articles += 1
        facts.new += kept.kept is Kept.NEW
        facts.revised += kept.kept is Kept.REVISED
        is_news = kept.kept in (Kept.NEW, Kept.REVISED)
        page = sighting.capture.id if is_news and sighting.requisites else None
        return Outbox(kept=kept.kept, entry=entry, entry_id=kept.entry_id, page=page)

    def _sight(
        self, source: Source, step: Visited, read: Learned, id_: str, *, is_kept: bool = True
    ) -> Sighting:
        """Capture an article page with all that was made of it. The sighting stands in its
        metadata record before the capture that it names is written."""
        answer = step.answer
        document = answer.exchanges[-1]
        sighting = Sighting(
            source_id=source.id,
            seen=step.visited,
            asked=canonical(step.link.url),
            listed=step.link,
            raw=read.raw,
            entry=read.entry,
            capture=unwritten(document, id_),
            body_digest=digest(answer.body),
            etag=answer.etag,
            last_modified=answer.last_modified,
            requisites=requisites_of(step, read.entry) if is_kept and self._with_requisites else (),
        )
        making = making_of(answer)
        metadata = write_seen(sighting, source, making, is_kept=is_kept)
        capture = self._capture(source, answer, Role.ARTICLE, id_=id_, metadata=metadata)
        return replace(sighting, capture=capture)

    def _capture(
        self,
        source: Source,
        answer: Answer,
        role: Role,
        *,
        id_: str | None = None,
        page: str | None = None,
        metadata: bytes | None = None,
    ) -> Capture:
        """Write every exchange of one fetch; on disk before this returns. The document is the
        last, also of what a browser drew; the others belong to the same page as it, or to it."""
        id_ = id_ or new_id()
        self._heads.look(answer.exchanges[-1])
        self._keep_robots(source, answer.robots)
        parts = answer.rendering.parts if answer.rendering else ()
        *before, document = answer.exchanges
        for exchange in (*parts, *before):
            if exchange.status != 304:  # it would show as an empty script
                part = Belonging(source_id=source.id, role=Role.PART, page=page or id_)
                self._originals.write(exchange, part)
        capture = self._originals.write(
            document,
            Belonging(source_id=source.id, role=role, page=page),
            metadata=metadata,
            rendering=answer.rendering,
            id_=id_,
        )
        self._captures.sync()
        return capture

    def _keep_robots(self, source: Source, robots: Exchange | None) -> None:
        """The robots.txt by which something was asked for, once each time that it was had."""
        if robots is not None and self._robots.get((source.id, robots.url)) != robots.started:
            self._originals.write(robots, Belonging(source_id=source.id, role=Role.ROBOTS))
            self._robots[source.id, robots.url] = robots.started

    def end_poll(
        self, source: Source, walk: Walk, *, started: datetime, ended: datetime, requests: int
    ) -> Poll:
        """Judge the walk, reckon when to look again, and write both down."""
        poll = ended_poll(source, walk, started=started, ended=ended, requests=requests)
        self.remember()
        end, _ = self.reckon(source, walk, poll)
        self._store.end_polls([end])
        return poll

    def has_requisite(self, source: Source, url: str, now: datetime) -> bool:
        """Whether a page's requisite was captured this month."""
        return self._originals.is_captured(source.id, url, now)

    def keep_requisite(self, source: Source, owing: Owing, url: str, answer: Answer) -> None:
        """Capture what was served for an address that a captured page names, and write down what
        that page still lacks: whatever comes then, it is neither lost nor asked for again.

        Raises:
            CaptureError, StoreError: it is not captured, or still owed.
        """
        belonging = Belonging(source_id=source.id, role=Role.REQUISITE, page=owing.page)
        self._keep_robots(source, answer.robots)
        first, *_ = [self._originals.write(each, belonging) for each in last_of(answer.exchanges)]
        self._originals.note(source.id, url, first)
        self._captures.sync()
        self._store.owed.keep(owing)

    def remember(self) -> None:
        """Write down which bodies were captured.

        Raises:
            CaptureError, StoreError: they may be captured once more.
        """
        self._originals.remember()

    def write_log(self) -> None:
        """Write what happened into the archive's own files, which can rebuild the store; and which
        bodies they have.

        Raises:
            CaptureError, StoreError: they do not have it yet.
        """
        self.remember()
        write_log(self._store, self._captures)

    def reckon(self, source: Source, walk: Walk, poll: Poll) -> tuple[PollEnd, Standing]:
        """What is to be written down of a poll, from how the source stands in the store: with
        what this poll has kept of it already."""
        standing = Standing(
            failures=self._store.status(source.id).failures,
            gaps=tuple(self._store.gaps(source.id, 20)),
        )
        misses = self._misses(source, walk.facts, poll.ended)
        return end_of(source, walk, poll, standing, misses=misses), standing

    def _misses(self, source: Source, facts: Facts, now: datetime) -> tuple[Miss, ...]:
        """The links that failed, each with the instant at which it may be tried again."""
        if not facts.article_failures:
            return ()
        before = misses_of(self._store.memory(source.id))
        return tuple(
            miss_of(failure, before.get(canonical(failure.url)), now)
            for failure in facts.article_failures
        )


def ended_poll(
    source: Source, walk: Walk, *, started: datetime, ended: datetime, requests: int
) -> Poll:
    """A finished walk as a poll, judged."""
    outcome, reason = judge(walk.facts)
    facts = walk.facts
    return Poll(
        source_id=source.id,
        started=started,
        ended=ended,
        outcome=outcome,
        reason=reason,
        new=facts.new,
        revised=facts.revised,
        vanished=facts.vanished,
        skipped=facts.skipped,
        requests=requests,
        retry_after=facts.retry_after,
    )


def end_of(
    source: Source, walk: Walk, poll: Poll, standing: Standing, *, misses: tuple[Miss, ...] = ()
) -> PollEnd:
    """A poll with when to come again and what to remember. List states are remembered only when
    the walk was whole, and only those that differ."""
    is_good = poll.outcome.is_good
    is_whole = is_good and walk.is_whole
    failures = 0 if is_good else standing.failures + 1
    due = next_due(
        now=poll.ended,
        rhythm=source.schedule,
        interval=source.masthead.interval,
        gaps=standing.gaps,
        outcome=poll.outcome,
        failures=failures,
        retry_after=poll.retry_after,
        seed=source.id,
    )
    silence = silence_of(source, standing, poll)
    return PollEnd(
        poll=replace(poll, reason=f"{poll.reason}; {silence}") if silence else poll,
        due=due.at,
        failures=failures,
        lists=walk.changed_states() if is_whole else (),
        walked=poll.ended if is_whole else None,
        misses=misses,
    )


def silence_of(source: Source, standing: Standing, poll: Poll) -> str | None:
    """Words for a journal that has been silent for longer than its file, or its rhythm, expects."""
    interval = source.masthead.interval
    expected = source.expect.silence or (interval * OVERDUE if interval else None)
    if expected is None or poll.new or not standing.gaps:
        return None
    silence = poll.ended - max(standing.gaps)
    if silence <= expected:
        return None
    return f"silent for {silence.days} days, {expected.days} at most were expected"


def read_step(
    source: Source, step: Visited, facts: Facts, *, with_extractor: bool = True
) -> Entry | None:
    """Read and normalise one article page, the thorough way; counts it as a failure when nothing
    can be read."""
    if not is_page(step):
        entry = file_of(source, step).entry
    else:
        learner = Learner(source, with_extractor=with_extractor)
        entry = learner.read(page_of(step)).entry
    if not is_article(step, entry, facts):
        return None
    facts.articles += 1
    return entry


def is_article(step: Visited, entry: Entry, facts: Facts) -> bool:
    """Whether there is anything to keep. A page with neither title nor text is no article."""
    if entry.title is not None or entry.text is not None or entry.enclosures:
        return True
    error = SiteError(f"{step.link.url}: neither a title nor a text could be read")
    facts.article_failures.append(Failure(url=step.link.url, error=error))
    return False


def miss_of(failure: Failure, before: Miss | None, now: datetime) -> Miss:
    """One more failure of a link: the wait doubles."""
    tries = before.tries + 1 if before else 1
    wait = min(MISS_FIRST * 2 ** min(tries - 1, 20), MISS_MOST)
    asked = failure.error.retry_after or timedelta(0)
    return Miss(
        url=canonical(failure.url),
        tries=tries,
        reason=str(failure.error),
        retry_at=now + max(wait, asked),
    )


def is_page(step: Visited) -> bool:
    """Whether what came is read as a page."""
    return step.answer.media_type in PAGE_TYPES


def page_of(step: Visited) -> PageIn:
    """What came, as a page to be read, with the further pages of the article."""
    first, *more = (
        PageIn(
            body=answer.body,
            url=answer.url,
            visited=step.visited,
            http_charset=answer.charset,
            listed=step.link,
        )
        for answer in (step.answer, *step.more)
    )
    return replace(first, more=tuple(more))


def requisites_of(step: Visited, entry: Entry) -> tuple[Requisite, ...]:
    """What the pages of an article need to be shown; a file needs nothing."""
    if not is_page(step):
        return ()
    files = [file.url for file in entry.enclosures]
    found: dict[str, Requisite] = {}
    for answer in (step.answer, *step.more):
        text = decode(answer.body, http_charset=answer.charset).text
        named = find_requisites(text, url=answer.url, files=files)
        for url in named.addresses:
            if not is_counter(url):
                found.setdefault(url, Requisite(url=url, is_sheet=url in named.sheets))
    return tuple(found.values())[:LISTED_MOST]


def file_of(source: Source, step: Visited) -> Learned:
    """A file on an article link (a PDF) is an entry by its row in the list."""
    answer = step.answer
    title = Found(text=step.link.title, where="list") if step.link.title else None
    file = Enclosure(url=answer.url, type=answer.media_type, size_bytes=len(answer.body))
    raw = RawEntry(url=answer.url, titles=(title,) if title else (), enclosures=(file,))
    entry = normalise_entry(raw, source=source, visited=step.visited, listed=step.link)
    return Learned(raw=raw, entry=entry)


def unwritten(document: Exchange, id_: str) -> Capture:
    """The capture of a document that is still to be written."""
    return Capture(
        id=id_,
        url=document.url,
        status=document.status,
        seen=document.started,
        file="",
        offset=0,
        digest="",
    )


def making_of(answer: Answer) -> Making:
    """Who read a page, by which rules, and whether as it was served or as a browser drew it."""
    rendered = answer.rendering.software if answer.rendering else None
    return Making(rules=RULES_VERSION, crawler=crawler_name(), rendered=rendered)
