"""The store: everything that is kept, behind one class. SQLite by default, PostgreSQL by URL.

Each method is one transaction, done and on disk when it returns. One thread writes, any number
read. The queries live next door: entries.py and presence.py keep, shelf.py reads, polls.py and
register.py know the sources. What one part of the house alone has to do with is a part of its own:
amendment.py, announcements.py, bodies.py, ledger.py, owed.py, story.py, subscriptions.py … No
decisions here, and no clock but the one that opens a new store.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, overload

from sqlalchemy import insert, select

from archive import (
    catalogue,
    documents,
    elsewhere,
    entries,
    events,
    polls,
    presence,
    profiles,
    register,
    schema,
    shelf,
)
from archive import selection as selecting
from archive.amendment import Corrections
from archive.announcements import Announcements
from archive.bodies import Bodies
from archive.database import Database, open_database
from archive.harvest import Harvest
from archive.holdings import Holdings
from archive.identity import choose_authority, mint
from archive.issue_marks import IssueMarks
from archive.issue_reports import IssueReports
from archive.ledger import Ledger
from archive.list_memory import ListMemory
from archive.model import EntryState, PollEnd
from archive.owed import Owed
from archive.rereading import Rereadings
from archive.story import Stories
from archive.subscriptions import Subscriptions
from archive.takedowns import TakeDowns
from archive.withdrawal import Withdrawals

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from types import TracebackType

    from archive.documents import Document
    from archive.exchange import Capture
    from archive.likeness import Elsewhere
    from archive.model import (
        ArchivedEntry,
        ChangedSource,
        Event,
        KeptEntry,
        ListState,
        Miss,
        Poll,
        Revision,
        Sighting,
        SourceMemory,
        SourceStatus,
    )
    from archive.selection import IssueCount, LabelCount, Selection
    from sources.model import Rights, Source

#: What may be shown: a take-down is asked for by name or not at all.
SHOWN = frozenset(EntryState) - {EntryState.WITHDRAWN}


class Store:
    """Raises StoreError, and nothing else, when database or disk refuse: then nothing of the
    call was kept."""

    def __init__(self, database: Database, authority: str, minted: str) -> None:
        self._database = database
        self._synced: dict[str, Source] = {}
        self._decoded = shelf.Decoded()
        self._closed_before: str | None = None
        self.announcements = Announcements(database)
        self.holdings = Holdings(database)
        self.subscriptions = Subscriptions(database)
        self.corrections = Corrections(database)
        self.bodies = Bodies(database)
        self.owed = Owed(database)
        self.ledger = Ledger(database)
        self.takedowns = TakeDowns(database)
        self.harvest = Harvest(database)
        self.withdrawals = Withdrawals(database)
        self.stories = Stories(database, f"tag:{authority},{minted}:")
        self.rereadings = Rereadings(database)
        self.lists = ListMemory(database)
        self.issue_marks = IssueMarks(database)
        self.issue_reports = IssueReports(database)
        self.authority = authority
        self.minted = minted

    @classmethod
    def open(cls, url: str, *, authority: str | None = None, now: datetime | None = None) -> Self:
        """Open a store; make it, or bring its schema up to date, where needed.

        `authority` is the public host and counts at the very first start only: it and the day
        are part of every entry id from then on.
        """
        database = open_database(url)
        try:
            database.migrate()
            catalogue.fill(database)
            return cls(database, *_settle_authority(database, authority, now or datetime.now(UTC)))
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let the database go."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Sources

    def sync_sources(
        self, sources: Sequence[Source], now: datetime, *, is_all: bool = False
    ) -> None:
        """Make the register agree with these source files. With `is_all`, sources that are not
        among them have lost their file and rest until it is back."""
        changed = [source for source in sources if self._synced.get(source.id) != source]
        present = {source.id for source in sources} if is_all else None
        if not changed and present in (None, self._synced.keys()):
            return
        with self._database.writing() as connection:
            register.sync_sources(connection, changed, now, present=present)
        self._synced.update((source.id, source) for source in changed)
        if present is not None:
            self._synced = {id_: self._synced[id_] for id_ in present}

    def pause(self, source_id: str, now: datetime, why: str = "") -> None:
        """Do not poll until resumed."""
        with self._database.writing() as connection:
            register.pause(connection, source_id, now, why)

    def resume(self, source_id: str, now: datetime, why: str = "") -> None:
        """Poll again, at once."""
        with self._database.writing() as connection:
            register.resume(connection, source_id, now, why)

    def retire(self, source_id: str, now: datetime, why: str = "") -> None:
        """Follow no longer; what is kept stays."""
        with self._database.writing() as connection:
            register.retire(connection, source_id, now, why)

    def retired_before(self, instant: datetime) -> set[str]:
        """The ids of the sources that are retired since before then."""
        with self._database.reading() as connection:
            return register.retired_before(connection, instant)

    @overload
    def status(self, source_id: str) -> SourceStatus: ...

    @overload
    def status(self, source_id: None = None) -> list[SourceStatus]: ...

    def status(self, source_id: str | None = None) -> SourceStatus | list[SourceStatus]:
        """How one source stands, or all, by id.

        Raises:
            StoreError: there is no such source.
        """
        with self._database.reading() as connection:
            found = register.statuses(connection, source_id)
        if source_id is None:
            return found
        if not found:
            raise register.unknown_source(source_id)
        return found[0]

    def source_ids(self) -> frozenset[str]:
        """Every source that was ever followed."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(schema.sources.c.id)))

    def changed_sources(self) -> list[ChangedSource]:
        """The sources whose feeds are behind what is kept."""
        with self._database.reading() as connection:
            return register.changed_sources(connection)

    def mark_published(self, changes: Mapping[str, int]) -> None:
        """The feeds of these sources show what was kept up to their change."""
        if changes:
            with self._database.writing() as connection:
                register.mark_published(connection, changes)

    # Polls

    def due(
        self,
        now: datetime,
        *,
        limit: int,
        per_host: int,
        busy: Collection[str] = (),
        busy_hosts: Mapping[str, int] | None = None,
    ) -> list[str]:
        """The ids of sources to poll now, the longest waiting first; `busy` are being polled,
        `busy_hosts` counts polls by register.host_of."""
        with self._database.reading() as connection:
            return polls.find_due(
                connection,
                now,
                limit=limit,
                per_host=per_host,
                busy=busy,
                busy_hosts=busy_hosts or {},
            )

    def memory(self, source_id: str) -> SourceMemory:
        """What is known about a source before a poll."""
        with self._database.reading() as connection:
            return polls.read_memory(connection, source_id)

    def end_poll(
        self,
        poll: Poll,
        *,
        due: datetime,
        failures: int,
        lists: Sequence[ListState] = (),
        walked: datetime | None = None,
        misses: Sequence[Miss] = (),
    ) -> None:
        """Write down how a poll ended, when to come again, and what to remember."""
        end = PollEnd(
            poll=poll,
            due=due,
            failures=failures,
            lists=tuple(lists),
            walked=walked,
            misses=tuple(misses),
        )
        self.end_polls([end])

    def end_polls(self, ends: Sequence[PollEnd]) -> None:
        """`end_poll` for several in one transaction: one wait for the disk."""
        if ends:
            with self._database.writing() as connection:
                polls.end_polls(connection, ends)

    def polls(self, source_id: str, limit: int | None = 20) -> list[Poll]:
        """The polls of a source, newest first."""
        with self._database.reading() as connection:
            return polls.polls_of(connection, source_id, limit)

    def gaps(self, source_id: str, limit: int = 20) -> list[datetime]:
        """The instants at which the newest entries appeared, newest first."""
        with self._database.reading() as connection:
            return shelf.gaps_of(connection, source_id, limit)

    # Entries

    def keep(self, sighting: Sighting) -> KeptEntry:
        """Keep an article page as it was seen. Its capture must be on disk already."""
        with self._database.writing(turn=sighting.source_id) as connection:
            return entries.keep(connection, sighting, self._mint)

    def touch(
        self,
        source_id: str,
        url: str,
        seen: datetime,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        body_digest: str | None = None,
    ) -> None:
        """A known page was asked again and is as it was."""
        values = {"etag": etag, "last_modified": last_modified, "body_digest": body_digest}
        with self._database.writing(turn=source_id) as connection:
            presence.touch(connection, source_id, url, seen, values)

    def vanish(self, source_id: str, url: str, seen: datetime, status: int) -> bool:
        """A known page is not there (404 or 410). Whether its article counts as vanished now:
        after 410 at once, after 404 when it is said again a day later."""
        with self._database.writing(turn=source_id) as connection:
            return presence.vanish(connection, source_id, url, seen, status)

    def entries(
        self,
        source_id: str | None = None,
        *,
        limit: int | None = None,
        before: datetime | ArchivedEntry | None = None,
        states: Collection[EntryState] = SHOWN,
    ) -> list[ArchivedEntry]:
        """Entries as they are now, of a source or of all: the newest first, by publication where
        it is known to the day (a date ahead of us counts as the first sight), ties by id."""
        with self._database.reading() as connection:
            return shelf.find_entries(
                connection,
                source_id,
                limit=limit,
                before=before,
                states=states,
                decoded=self._decoded,
            )

    def select(
        self,
        selection: Selection,
        *,
        rights: Mapping[str, Rights] | None = None,
        limit: int | None = None,
        before: datetime | ArchivedEntry | None = None,
        offset: int = 0,
        by_relevance: bool = False,
    ) -> list[ArchivedEntry]:
        """The entries that a selection chooses, in the order of `entries`; `by_relevance` those
        first that have all its words in their title. `rights` are the sources', by id: without
        them the pages' own notices count."""
        with self._database.reading() as connection:
            ids = selecting.select_ids(
                connection,
                selection,
                rights=rights or {},
                limit=limit,
                before=before,
                offset=offset,
                by_relevance=by_relevance,
            )
            return shelf.entries_of(connection, ids, decoded=self._decoded)

    def count(
        self,
        selection: Selection,
        *,
        rights: Mapping[str, Rights] | None = None,
        most: int | None = None,
    ) -> int:
        """How many entries a selection chooses; `most` where there are more, which is found out
        sooner."""
        with self._database.reading() as connection:
            return selecting.count_entries(connection, selection, rights=rights or {}, most=most)

    def issues(self, source_id: str) -> list[IssueCount]:
        """The issues of a source of which articles are kept, the newest first."""
        with self._database.reading() as connection:
            return selecting.issues_of(connection, source_id)

    def columns(self, source_id: str) -> list[LabelCount]:
        """The columns of a source, that with most articles first."""
        with self._database.reading() as connection:
            return selecting.labels_of(connection, source_id, "column")

    def authors(self, source_id: str) -> list[LabelCount]:
        """The authors of a source, who has most articles first."""
        with self._database.reading() as connection:
            return selecting.labels_of(connection, source_id, "author")

    def keywords(self, source_id: str) -> list[LabelCount]:
        """The keywords of a source, that of most articles first."""
        with self._database.reading() as connection:
            return selecting.labels_of(connection, source_id, "keyword")

    def entry(self, entry_id: str) -> ArchivedEntry | None:
        """One entry as it is now, whatever its state."""
        with self._database.reading() as connection:
            return shelf.find_entry(connection, entry_id)

    def open_entries(self, source_id: str) -> list[ArchivedEntry]:
        """The entries that no closed document holds as they are now, take-downs among them; and
        those that were taken down or retracted shortly before the last one was closed."""
        with self._database.reading() as connection:
            ids = documents.head_ids(connection, source_id)
            return shelf.entries_of(connection, ids, decoded=self._decoded)

    def revisions(self, entry_id: str) -> list[Revision]:
        """Every revision of an entry, the first one first."""
        with self._database.reading() as connection:
            return shelf.revisions_of(connection, entry_id)

    def captures(self, entry_id: str) -> list[Capture]:
        """Every capture of an entry's pages, the first one first."""
        with self._database.reading() as connection:
            return shelf.captures_of(connection, entry_id)

    def elsewhere(self, entry_id: str) -> tuple[Elsewhere, ...]:
        """Where else, in other sources, the article of an entry is."""
        with self._database.reading() as connection:
            return elsewhere.relations_of(connection, [entry_id]).get(entry_id, ())

    # History

    def close_documents(self, now: datetime) -> list[str]:
        """Close the documents of history whose time has come: of every month that is over, and of
        what is more than the head of a feed has room for. The ids of sources that have new ones;
        their feeds are behind then."""
        month = documents.month_of(now)
        with self._database.reading() as connection:
            found = documents.sources_to_close(
                connection, now, is_month_new=month != self._closed_before
            )
        for source_id in sorted(found):
            with self._database.writing(turn=source_id) as connection:
                documents.close_documents(connection, source_id, now)
        self._closed_before = month
        return sorted(found)

    def documents(self, source_id: str) -> list[Document]:
        """The closed documents of a source's history, the first one first."""
        with self._database.reading() as connection:
            return documents.documents_of(connection, source_id)

    def document_entries(self, source_id: str, name: str) -> list[ArchivedEntry]:
        """The entries of a closed document as they stood then; but a take-down reaches back."""
        with self._database.reading() as connection:
            return documents.document_entries(connection, source_id, name)

    # What was learned

    def profile(self, source_id: str) -> dict[str, Any] | None:
        """What was learned of a source's article pages, as `keep_profile` was given it."""
        with self._database.reading() as connection:
            return profiles.find_profile(connection, source_id)

    def keep_profile(
        self, source_id: str, document: Mapping[str, Any] | None, now: datetime, told: Event
    ) -> None:
        """Write down what was learned of a source's article pages in place of what was before
        (None: nothing any more), and the event that says so."""
        with self._database.writing(turn=source_id) as connection:
            profiles.keep_profile(connection, source_id, document, now)
            events.record(connection, [told])

    # Events

    def record(self, *told: Event) -> None:
        """Write events down."""
        with self._database.writing() as connection:
            events.record(connection, told)

    def events(
        self,
        source_id: str | None = None,
        *,
        entry_id: str | None = None,
        kinds: Collection[str] = (),
        since: datetime | None = None,
        limit: int | None = 100,
    ) -> list[Event]:
        """What happened, newest first."""
        with self._database.reading() as connection:
            return events.find_events(
                connection,
                source_id=source_id,
                entry_id=entry_id,
                kinds=kinds,
                since=since,
                limit=limit,
            )

    def _mint(self, source_id: str, address: str) -> str:
        return mint(self.authority, self.minted, source_id, address)


def _settle_authority(database: Database, authority: str | None, now: datetime) -> tuple[str, str]:
    """Authority and date of the entry ids: those of the first start, for good."""
    query = select(schema.facts.c.name, schema.facts.c.value)
    with database.reading() as connection:
        facts = {row.name: row.value for row in connection.execute(query)}
    if "authority" not in facts:
        with database.writing(turn="first start") as connection:
            facts = {row.name: row.value for row in connection.execute(query)}
            if "authority" not in facts:
                minted = now.astimezone(UTC).date().isoformat()
                facts = {"authority": choose_authority(authority), "minted": minted}
                rows = [{"name": name, "value": value} for name, value in facts.items()]
                connection.execute(insert(schema.facts), rows)
    return facts["authority"], facts["minted"]
