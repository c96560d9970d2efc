"""Captured pages read again by today's rules, as a poll would read them today. Asks nothing of any
site; says what would change, and keeps nothing itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request, Response

from archive.captures import read_capture
from archive.coding import decode
from archive.correction import with_fields
from archive.difference import difference, find_field_changes
from archive.exchange import Rendering, Role
from archive.model import EntryState, ListedLink
from archive.rereading import Rereading, write_rereading
from archive.revision import settle
from archive.scan import EXCHANGES, Damage, beside, capture_of, scan
from archive.seen import read_seen
from archive.sweep import OPEN
from archive.warc import belonging_of
from crawler.fetch import answer_of
from crawler.learn import Learner, Profile
from crawler.pipeline import PAGE_TYPES, RULES_VERSION, file_of, is_page, page_of
from crawler.reading.parts import PARTS_MOST, find_next_part
from crawler.walk import Visited
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.captures import CaptureWriter
    from archive.difference import Difference, FieldChange
    from archive.exchange import Capture
    from archive.model import ArchivedEntry, Entry, KeptEntry
    from archive.rereading import PageVersion
    from archive.store import Store
    from crawler.fetch import Answer
    from crawler.learn import Learned
    from sources.model import Source

#: A body that was taken from the wire has passed the limit that held then.
_BODY_BYTES_MOST = 1 << 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Reread:
    """An entry read again. `changes` are what a reader would see otherwise, `difference` that of
    the text where it is among them; `overruled` the fields that are read otherwise and stay as a
    person corrected them. With a `problem` nothing could be read."""

    entry_id: str
    source_id: str
    url: str
    title: str | None
    changes: tuple[FieldChange, ...] = ()
    overruled: tuple[FieldChange, ...] = ()
    difference: Difference | None = None
    rereading: Rereading | None = None
    capture: Capture | None = None
    problem: str | None = None

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.changes or self.overruled)


class Further:
    """Where the further pages of articles are: they name the page that they belong to (ROLE). A
    file is looked through once, when the first article of it that has any is read."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._of: dict[str, dict[str, list[Capture]]] = {}

    def of(self, page: Capture) -> list[Capture]:
        """Those that were captured with a page."""
        if page.file not in self._of:
            self._of = {page.file: self._read(page.file)}
        return self._of[page.file].get(page.id, [])

    def _read(self, name: str) -> dict[str, list[Capture]]:
        path = self._data / name
        path = path if path.exists() else path.with_name(path.name + OPEN)
        found: dict[str, list[Capture]] = {}
        for each in scan(path, self._data):
            if isinstance(each, Damage) or each.record.headers["WARC-Type"] not in EXCHANGES:
                continue
            belonging = belonging_of(each.record)
            if belonging is not None and belonging.role is Role.FURTHER and belonging.page:
                found.setdefault(belonging.page, []).append(capture_of(each))
        return found


class Rereader:
    """Reads entries again, those of one source after the other. Not thread-safe."""

    def __init__(
        self,
        store: Store,
        captures: Path,
        sources: Mapping[str, Source],
        *,
        with_extractor: bool = True,
    ) -> None:
        self._store = store
        self._captures = captures
        self._sources = sources
        self._with_extractor = with_extractor
        self._further_pages = Further(captures.parent)
        self._learner: Learner | None = None

    def reread(self, entry_ids: Sequence[str], now: datetime) -> Iterator[Reread]:
        """Each of these entries, read again."""
        for entry_id in entry_ids:
            archived = self._store.entry(entry_id)
            if archived is not None and archived.state is not EntryState.WITHDRAWN:
                yield self._reread(archived, now)

    def _reread(self, archived: ArchivedEntry, now: datetime) -> Reread:
        told = Reread(
            entry_id=archived.id,
            source_id=archived.source_id,
            url=archived.entry.url,
            title=archived.entry.title,
        )
        source = self._sources.get(archived.source_id)
        if source is None:
            return replace(told, problem="its journal has no file, which says how it is read")
        versions = self._store.rereadings.versions(archived.id)
        if not versions:
            return replace(told, problem="no capture of it is known")
        try:
            read, newest = self._read_versions(source, versions)
        except CaptureError as error:
            return replace(told, problem=str(error))
        if read.title is None and read.text is None and not read.enclosures:
            return replace(told, problem="neither a title nor a text can be read any more")
        rereading = Rereading(
            source_id=archived.source_id,
            entry_id=archived.id,
            capture_id=versions[-1].capture.id,
            at=now,
            rules=RULES_VERSION,
            read=read,
            raw=newest.raw,
        )
        newest_capture = versions[-1].capture
        return self._compared(replace(told, capture=newest_capture), archived.entry, rereading)

    def _compared(self, told: Reread, held: Entry, rereading: Rereading) -> Reread:
        """What is new in a reading, beside what the entry says."""
        corrections = self._store.corrections.of(told.entry_id)
        entry = with_fields(rereading.read, {each.field: each.value for each in corrections})
        before = with_fields(held, {each.field: each.read for each in corrections})
        changes = find_field_changes(held, entry)
        corrected = {str(each.field) for each in corrections}
        overruled = tuple(
            change
            for change in find_field_changes(before, rereading.read)
            if change.field in corrected
        )
        has_text = any(change.field == "text" for change in changes)
        return replace(
            told,
            changes=changes,
            overruled=overruled,
            difference=difference(held, entry) if has_text else None,
            rereading=rereading,
        )

    def _read_versions(
        self, source: Source, versions: Sequence[PageVersion]
    ) -> tuple[Entry, Learned]:
        """Every version of the page in turn, each settled with what was known before it: as the
        entry would be had these rules always held."""
        entry: Entry | None = None
        for version in versions:
            learned = self._read(source, version)
            entry = learned.entry if entry is None else settle(entry, learned.entry)
        assert entry is not None
        return entry, learned

    def _read(self, source: Source, version: PageVersion) -> Learned:
        answer = read_answer(self._captures, source, version.capture, url=version.url)
        step = Visited(
            link=self._listed(version) or ListedLink(url=version.url),
            answer=answer,
            visited=version.seen,
            more=self._further(source, version, answer),
        )
        if not is_page(step):
            return file_of(source, step)
        return self._learner_of(source).read(page_of(step))

    def _listed(self, version: PageVersion) -> ListedLink | None:
        """The row of the list that led to a page then; what is known of it now where its capture
        is of an older release and does not say."""
        for record in beside(self._captures.parent, version.capture):
            if record.headers["WARC-Type"] == "metadata":
                with suppress(ValueError):
                    return read_seen(record.block, version.capture).sighting.listed
        return version.listed

    def _further(self, source: Source, version: PageVersion, first: Answer) -> tuple[Answer, ...]:
        """The further pages of an article, in order, as they were captured with the first.

        Raises:
            CaptureError: the page has one that was not.
        """
        answers = [first]
        while first.media_type in PAGE_TYPES and len(answers) < PARTS_MOST:
            last = answers[-1]
            number = len(answers) + 1
            url = find_next_part(last.body, url=last.url, first=first.url, number=number)
            if url is None:
                break
            answers.append(self._further_page(source, version.capture, url))
        return tuple(answers[1:])

    def _further_page(self, source: Source, page: Capture, url: str) -> Answer:
        for capture in self._further_pages.of(page):
            if capture.url == url:
                return read_answer(self._captures, source, capture, url=url)
        raise CaptureError(
            f"{page.file}: the further page {url} of the article at {page.url} is not among its "
            "captures. Next: nothing can be done; its entry stays as it is"
        )

    def _learner_of(self, source: Source) -> Learner:
        if self._learner is None or self._learner.source is not source:
            document = self._store.profile(source.id)
            profile = decode(Profile, document) if document else None
            self._learner = Learner(source, profile, with_extractor=self._with_extractor)
        return self._learner


def read_answer(captures: Path, source: Source, capture: Capture, *, url: str) -> Answer:
    """What came when a page was captured, as a poll was given it: decoded, or as a browser drew
    it. `url` is the address that it was read at.

    Raises:
        CaptureError: the capture is not there, or broken.
    """
    exchange = read_capture(captures, capture)
    headers: dict[bytes, list[bytes]] = {}
    for name, value in exchange.response_headers:
        headers.setdefault(name, []).append(value)
    response = Response(url, status=exchange.status, headers=headers, body=exchange.body)
    try:
        decoded = Decoder().process_response(Request(exchange.url), response)
    except Exception as error:  # what decoders raise is many things; the page is unreadable then
        raise CaptureError(f"{capture.file}: {capture.id} cannot be decoded: {error}") from error
    assert isinstance(decoded, Response)
    answer = answer_of(decoded, (exchange,))
    drawn = _drawn(captures, capture)
    if drawn is None:
        return answer
    text = drawn.decode("utf-8", "replace")
    body = text.encode(source.encoding or "utf-8", "xmlcharrefreplace")
    rendering = Rendering(at=capture.seen, body=drawn, software="")
    return replace(answer, body=body, rendering=rendering)


def _drawn(captures: Path, capture: Capture) -> bytes | None:
    """What a browser drew from a page; None where it was read as it was served."""
    records = beside(captures.parent, capture)
    drawn = (each.block for each in records if each.headers["WARC-Type"] == "conversion")
    return next(drawn, None)


class Decoder(HttpCompressionMiddleware):
    """What decodes bodies in a crawl, outside of one: the same bytes are made of them."""

    def __init__(self) -> None:
        self.stats = None
        self._max_size = _BODY_BYTES_MOST
        self._warn_size = 0


def apply(told: Reread, store: Store, captures: CaptureWriter) -> KeptEntry:
    """Keep another reading: in the archive's own files first, then in the store.

    Raises:
        CaptureError, StoreError: it is not kept.
    """
    rereading, capture = told.rereading, told.capture
    assert rereading is not None
    assert capture is not None
    captures.write_reading(
        write_rereading(rereading), of=capture, at=rereading.at, source_id=rereading.source_id
    )
    captures.sync()
    return store.rereadings.keep(rereading)
