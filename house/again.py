"""Captured pages read again, and the database made again: what the archive's own files say, without
a request to any site. Opens what that takes; what is read and rebuilt is the rooms' matter."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archive.captures import open_captures, write_log_at_once
from archive.lock import open_alone, open_lock
from archive.rebuild import compare, rebuild
from archive.store import Store
from archive.sweep import fsync_folder
from crawler.pipeline import RULES_VERSION
from crawler.reread import Rereader, apply
from feeds.compress import compress_file
from feeds.ended import ended_sources
from feeds.publish import publish_changed, publish_common
from foundation.errors import StoreError
from house.completeness import completeness
from house.keeping import now, open_store
from sources.read import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from archive.comparison import Unlike
    from archive.rebuild import Rebuilt
    from crawler.reread import Reread
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: What begins the address of a database that is one file.
_FILE = "sqlite:///"


@dataclass(kw_only=True, slots=True)
class Again:
    """Entries read again. `kept` are revisions that came of it; `failed` the folders whose feeds
    could not be rendered then."""

    found: list[Reread] = field(default_factory=list)
    entries: int = 0
    kept: int = 0
    failed: Sequence[str] = ()


def reread(
    settings: Settings,
    ids: Sequence[str],
    *,
    since: datetime | None = None,
    is_applied: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> Again:
    """Read captures again, of these sources and entries, or of all; those that would say something
    else, and those that could not be read. Applied, what is new is kept, and its feeds follow.

    Raises:
        DataLockedError: another instance holds the data, and something is to be kept.
        StoreError: there is no such source or entry; or database or disk refused.
    """
    again = Again()
    with ExitStack() as stack:
        if is_applied:
            stack.enter_context(open_lock(settings.data, "kanliu reread"))
        store = stack.enter_context(open_store(settings))
        sources = read_sources(settings.journals).sources
        entry_ids = chosen_entries(store, ids, since)
        again.entries = len(entry_ids)
        told = _each(store, settings, sources, entry_ids, tell)
        if not is_applied:
            again.found = list(told)
            return again
        captures = stack.enter_context(open_captures(settings, store, rules=RULES_VERSION))
        for each in told:
            again.found.append(each)
            if each.has_changed:
                before = store.entry(each.entry_id)
                kept = apply(each, store, captures)
                again.kept += before is not None and kept.revision > before.revision
        again.failed = publish_behind(settings, store, sources)
    return again


def chosen_entries(store: Store, ids: Sequence[str], since: datetime | None) -> list[str]:
    """The entries that these ids mean: of a source all, an entry's own that one.

    Raises:
        StoreError: there is no such source or entry.
    """
    if not ids:
        return store.rereadings.entry_ids(since=since)
    known = store.source_ids()
    source_ids = {each for each in ids if each in known}
    entry_ids = [each for each in ids if each not in known]
    for each in entry_ids:
        if store.entry(each) is None:
            raise StoreError(
                f"{each}: neither a source nor an entry in the store. Next: kanliu status names "
                "the sources; an entry's id is in its journal's feed"
            )
    of_sources = store.rereadings.entry_ids(source_ids, since=since) if source_ids else []
    return [*of_sources, *(each for each in entry_ids if each not in set(of_sources))]


def publish_behind(settings: Settings, store: Store, sources: Sequence[Source]) -> Sequence[str]:
    """Render the feeds that are behind the store; the folders that could not be rendered."""
    ended = ended_sources(store, sources, settings, now())
    living = [source for source in sources if source.id not in ended]
    done = publish_changed(store, living, settings)
    done += publish_common(store, sources, settings, done.journals)
    for file in done.written:
        compress_file(file)
    return done.failed


def _each(
    store: Store,
    settings: Settings,
    sources: Sequence[Source],
    entry_ids: Sequence[str],
    tell: Callable[[int, int], None] | None,
) -> Iterator[Reread]:
    """What would change, or cannot be read."""
    rereader = Rereader(
        store,
        settings.warc,
        {source.id: source for source in sources},
        with_extractor=settings.body_extractor,
    )
    for number, each in enumerate(rereader.reread(entry_ids, now()), 1):
        if tell is not None:
            tell(number, len(entry_ids))
        if each.has_changed or each.problem:
            yield each


@dataclass(frozen=True, kw_only=True, slots=True)
class Anew:
    """The database made again: what came of it, where it differs from the one before, and where
    it is now. `unlike` is None where there was none before, or none that could be read."""

    rebuilt: Rebuilt
    unlike: tuple[Unlike, ...] | None
    database: str
    aside: str | None = None
    is_in_place: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a person."""
        return not (self.unlike or self.rebuilt.otherwise)


def rebuild_database(
    settings: Settings,
    *,
    url: str | None = None,
    is_checked_only: bool = False,
    is_forced: bool = False,
    tell: Callable[[str, int, int], None] | None = None,
) -> Anew:
    """Make the database again from the archive's files, beside the old one; compare the two, and
    put it in the old one's place where they are equal, or the old one cannot be read. With `url`
    it is made there, and stays there. `is_forced` takes the place in any case; the old one is
    kept aside.

    Raises:
        DataLockedError: another instance holds the data, or does something beside.
        StoreError: the files hold nothing, or database or disk refused.
    """
    with open_alone(settings.data, "kanliu rebuild"):
        old = settings.database_url
        beside = url or _beside(old)
        target = _file_of(beside)
        if target is not None and target.exists():
            if url is not None:
                raise StoreError(
                    f"{target}: is there already, and a rebuild overwrites nothing. Next: name "
                    "another file"
                )
            _remove(target)  # what an interrupted rebuild left
        if not is_checked_only:
            _write_log(settings, beside)
        sources = {source.id: source for source in read_sources(settings.journals).sources}
        done = rebuild(settings.warc, beside, now=now(), sources=sources, tell=tell)
        unlike = _compared(old, beside)
        if unlike == () and not is_checked_only:
            _carry_over(old, beside)
        anew = Anew(rebuilt=done, unlike=unlike, database=beside)
        if target is None or url is not None:
            return anew
        if is_checked_only:
            _remove(target)
            return anew
        if unlike and not is_forced:
            return anew
        in_place = _put_in_place(anew, old, target)
        _follow_issues(settings, list(sources.values()))
        return in_place


def _follow_issues(settings: Settings, sources: Sequence[Source]) -> None:
    """The new database knows nothing of issues yet: what lists showed is in the files, too."""
    with open_store(settings) as store:
        completeness(store, settings.data, sources, now())


def _write_log(settings: Settings, beside: str) -> None:
    """Let the files have what the old database alone knows, before another takes its place, or
    is moved to."""
    file = _file_of(settings.database_url)
    if (file is not None and not file.exists()) or _is_same(settings.database_url, beside):
        return
    try:
        with open_store(settings) as store:
            write_log_at_once(settings, store)
    except StoreError as error:
        log.warning("log not written error=%s", error)


def _compared(old: str, new: str) -> tuple[Unlike, ...] | None:
    file = _file_of(old)
    if file is not None and not file.exists():
        return None
    try:
        return compare(old, new)
    except StoreError:
        return None  # a database that is broken is what this command is for


def _carry_over(old: str, new: str) -> None:
    """The end of the log that is in no file: none can tell of its own final name and digest. What
    was said of the log's last digest stays true."""
    with Store.open(old) as before, Store.open(new) as after:
        number, _ = after.ledger.head()
        after.record(*(each.event for each in before.ledger.events(after=number)))


def _put_in_place(anew: Anew, old: str, target: Path) -> Anew:
    """A crash at any time leaves the old database in use or the new one, and never none: a start
    without one would begin an empty archive."""
    place = _file_of(old)
    assert place is not None
    aside = None
    if place.exists():
        aside = place.with_name(f"{place.name}.{now():%Y%m%dT%H%M%S}.old")
        _set_aside(place, aside)
    target.replace(place)
    fsync_folder(place.parent)
    return Anew(
        rebuilt=anew.rebuilt,
        unlike=anew.unlike,
        database=old,
        aside=str(aside) if aside else None,
        is_in_place=True,
    )


def _set_aside(place: Path, aside: Path) -> None:
    """Give a database a second name; the first is free for another one to take. The log that it
    has beside it goes along, empty where it can be read: SQLite would take it for the new one's."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    aside.hardlink_to(place)
    for suffix in ("-wal", "-shm"):
        part = place.with_name(place.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))


def _beside(url: str) -> str:
    """Where a database is made that is to take the place of this one."""
    if _file_of(url) is None:
        raise StoreError(
            "the database is a server's, and nothing there is overwritten. Next: make an empty "
            "one (createdb), give its address (--database), and name it in the settings when it "
            "is right"
        )
    return f"{url}.new"


def _is_same(one: str, other: str) -> bool:
    """Whether two addresses are the same but for the name of a driver."""
    return one.replace("+psycopg://", "://") == other.replace("+psycopg://", "://")


def _file_of(url: str) -> Path | None:
    """The file that a database is; None where a server has it."""
    return Path(url.removeprefix(_FILE)) if url.startswith(_FILE) else None


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
