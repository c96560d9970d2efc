"""From what came to what is kept: capture → read → normalise → archive. One article at a time,
synchronous, in the one thread that writes. No capture, no entry (ARCHIVE.md line 1).
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.coding import encode_entry
from archive.due import next_due
from archive.model import (
    Enclosure,
    Found,
    Kept,
    Miss,
    Poll,
    PollEnd,
    RawEntry,
    Sighting,
)
from crawler.learn import Learned, Learner, PageIn
from crawler.listed import digest
from crawler.normalise.entry import normalise_entry
from crawler.normalise.url import canonical
from crawler.outcome import Failure, judge
from crawler.redesign import Learners, Suspect, is_the_same, reads_as_archived
from crawler.walk import Listed, Unanswered, Unmodified, Vanished, Visited, misses_of
from foundation.errors import SiteError

if TYPE_CHECKING:
    from datetime import datetime

    from archive.captures import CaptureWriter
    from archive.model import Capture, Entry, KnownLink, Rendering
    from archive.store import Store
    from crawler.fetch import Answer
    from crawler.outcome import Facts
    from crawler.walk import Step, Walk
    from sources.model import Source

log = logging.getLogger(__name__)

#: Bumped when reading or normalising changes what it makes of the same bytes.
RULES_VERSION = "1"
#: What is read as a page. Anything else on an article link is a file that belongs to the entry.
PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/xml", "application/xml"})
#: A dead link on a list is tried again after an hour, then two, … at most weekly.
MISS_FIRST = timedelta(hours=1)
MISS_MOST = timedelta(days=7)
#: A journal is overdue after one and a half of its own periods (READING.md §6; a guess).
OVERDUE = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbox:
    """What one step of a walk came to: for counting, logging and `scrapy crawl -O`."""

    kept: Kept
    entry: Entry
    entry_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a source stood before a poll, as far as the next due instant depends on it: failures
    in a row, and when its newest entries appeared."""

    failures: int
    gaps: tuple[datetime, ...]


class Archivist:
    """Keeps what walks bring. Not thread-safe: give it a thread of its own."""

    def __init__(
        self, store: Store, captures: CaptureWriter, *, with_extractor: bool = True
    ) -> None:
        self._store = store
        self._captures = captures
        self._learners = Learners(store, with_extractor=with_extractor)

    def keep_step(self, source: Source, step: Step, facts: Facts) -> Outbox | None:
        """Keep one step of a walk and count it.

        Raises:
            CaptureError, StoreError: nothing was kept; the poll must end.
        """
        match step:
            case Listed(answer=answer):
                if answer.exchanges:
                    self._capture(source, answer, None)
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
        self._capture(source, answer, entry)
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
        raw, entry = read.raw, read.entry
        if not is_article(step, entry, facts):
            return None
        for further in step.more:
            self._capture(source, further, None)
        capture = self._capture(source, step.answer, entry)
        kept = self._store.keep(
            Sighting(
                source_id=source.id,
                seen=step.visited,
                asked=canonical(step.link.url),
                listed=step.link,
                raw=raw,
                entry=entry,
                capture=capture,
                body_digest=digest(step.answer.body),
                etag=step.answer.etag,
                last_modified=step.answer.last_modified,
            )
        )
        facts.articles += 1
        facts.new += kept.kept is Kept.NEW
        facts.revised += kept.kept is Kept.REVISED
        return Outbox(kept=kept.kept, entry=entry, entry_id=kept.entry_id)

    def _capture(self, source: Source, answer: Answer, entry: Entry | None) -> Capture:
        """Write every exchange of one fetch; on disk before this returns. The document is the
        last, also of what a browser drew."""
        metadata = metadata_of(source, entry, answer.rendering)
        parts = answer.rendering.parts if answer.rendering else ()
        *before, document = answer.exchanges
        for exchange in (*parts, *before):
            self._captures.write(exchange)
        capture = self._captures.write(document, metadata=metadata, rendering=answer.rendering)
        self._captures.sync()
        return capture

    def end_poll(
        self, source: Source, walk: Walk, *, started: datetime, ended: datetime, requests: int
    ) -> Poll:
        """Judge the walk, reckon when to look again, and write both down."""
        poll = ended_poll(source, walk, started=started, ended=ended, requests=requests)
        end, _ = self.reckon(source, walk, poll)
        self._store.end_polls([end])
        return poll

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


def file_of(source: Source, step: Visited) -> Learned:
    """A file on an article link (a PDF) is an entry by its row in the list."""
    answer = step.answer
    title = Found(text=step.link.title, where="list") if step.link.title else None
    file = Enclosure(url=answer.url, type=answer.media_type, size_bytes=len(answer.body))
    raw = RawEntry(url=answer.url, titles=(title,) if title else (), enclosures=(file,))
    entry = normalise_entry(raw, source=source, visited=step.visited, listed=step.link)
    return Learned(raw=raw, entry=entry)


def metadata_of(source: Source, entry: Entry | None, rendering: Rendering | None = None) -> bytes:
    """The metadata record of a capture: enough to rebuild the entry from the files alone. It says
    where a page was not read as it was served but as a browser drew it."""
    record: dict[str, object] = {
        "journal": source.title,
        "source": source.id,
        "issn": source.masthead.issn,
        "rules": RULES_VERSION,
        "entry": encode_entry(entry) if entry is not None else None,
    }
    if rendering is not None:
        record["rendered"] = rendering.software
    return json.dumps(record, ensure_ascii=False, sort_keys=True).encode()
