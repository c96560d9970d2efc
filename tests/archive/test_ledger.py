"""The log of events is a chain: what was altered, lost or put elsewhere is named (line 31), and the
archive's own files have it too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator

from archive.captures import open_captures, write_log, write_log_at_once
from archive.chain import GENESIS, digest_of, event_document, link, read_event_document
from archive.database import alembic_config, open_database
from archive.ledger import Break
from archive.model import Event
from archive.premis import PREMIS
from archive.store import Store
from foundation.settings import Settings
from tests.archive.factories import NOW, exchange, sighting, source

if TYPE_CHECKING:
    from pathlib import Path


COPIED = """UPDATE events SET detail = (SELECT detail FROM events WHERE number = 5)
    WHERE number = 4"""


def happen(store: Store, count: int = 6) -> None:
    """Some events, in several transactions, with words of every kind."""
    for number in range(count):
        detail = {"why": f"改版 {number} \ud800", "b": "", "a": '"'}
        store.record(Event(at=NOW, kind="entry-new", source_id="ship", detail=detail))


def meddle(store: Store, statement: str) -> None:
    with store._database.writing() as connection:
        connection.execute(text(statement))


def test_a_log_that_nobody_touched_is_whole(store: Store) -> None:
    store.keep(sighting())
    happen(store)
    assert store.ledger.find_break() is None
    logged = store.ledger.events()
    assert [each.number for each in logged] == list(range(1, len(logged) + 1))
    assert logged[0].previous == GENESIS
    assert store.ledger.head() == (logged[-1].number, logged[-1].digest)


@pytest.mark.parametrize(
    ("statement", "broken", "what"),
    [
        ("UPDATE events SET kind = 'entry-old' WHERE number = 3", 3, "say what it said"),
        ("UPDATE events SET entry_id = 'tag:other' WHERE number = 4", 4, "say what it said"),
        ("UPDATE events SET detail = '{}' WHERE number = 7", 7, "say what it said"),
        ("UPDATE events SET previous = digest WHERE number = 2", 2, "follow the one before"),
        ("DELETE FROM events WHERE number = 5", 5, "missing"),
        ("DELETE FROM events WHERE number = 1", 1, "missing"),
        ("DELETE FROM events WHERE number = 7", 7, "missing"),
        ("DELETE FROM events", 1, "missing"),
        (COPIED, 4, "say what it said"),
    ],
)
@pytest.mark.promise(number=31)
def test_altering_one_line_of_the_event_log_is_detected(
    store: Store, statement: str, broken: int, what: str
) -> None:
    """Promise 31."""
    happen(store)
    assert len(store.ledger.events()) == 7
    meddle(store, statement)
    found = store.ledger.find_break()
    assert found is not None
    assert (found.number, what in found.what) == (broken, True), found


def test_two_lines_that_changed_places_are_detected(store: Store) -> None:
    happen(store)
    for old, new in ((3, 99), (4, 3), (99, 4)):
        meddle(store, f"UPDATE events SET number = {new} WHERE number = {old}")
    assert store.ledger.find_break() == Break(number=3, what="it does not follow the one before it")


def test_what_comes_after_a_loss_does_not_mend_it(store: Store) -> None:
    happen(store)
    meddle(store, "DELETE FROM events WHERE number = 7")
    happen(store, 2)
    assert store.ledger.find_break() == Break(number=7, what="it is missing")


def test_a_log_of_an_older_release_is_linked_as_it_stands(new_url: str) -> None:
    from alembic import command

    database = open_database(new_url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0006")
        at = NOW.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        for number in (2, 3, 7):  # numbers of before may have gaps: what failed took one
            statement = "INSERT INTO events (number, at, kind, detail) VALUES (:n, :at, 'x', :d)"
            detail = '{"why":"旧"}'
            connection.execute(text(statement), {"n": number, "at": at, "d": detail})
    database.close()
    with Store.open(new_url, now=NOW) as store:
        assert [each.number for each in store.ledger.events()] == [1, 2, 3]
        assert store.ledger.find_break() is None
        store.sync_sources([source()], NOW)
        assert store.ledger.find_break() is None
        assert [event.kind for event in store.events()] == ["source-added", "x", "x", "x"]


def test_an_event_in_a_file_is_the_event_in_the_store() -> None:
    events = [
        Event(at=NOW, kind="entry-new", source_id="ship", entry_id="tag:1", detail={"题": "船"}),
        Event(at=NOW, kind="source-paused"),
    ]
    for logged in link(events):
        document = event_document(logged)
        assert read_event_document(document) == logged
        said = json.loads(document)
        assert said.get("premis") == PREMIS.get(logged.event.kind)
        assert (
            digest_of(logged.event, number=logged.number, previous=logged.previous)
            == (said["digest"])
        )
    with pytest.raises(ValueError, match="no event"):
        read_event_document(b"{}")


def told_in(folder: Path) -> list[tuple[str, str | None]]:
    """What the archive's files say happened: the target of each record, and whose it is."""
    found = []
    for path in sorted(folder.rglob("*.warc.gz*")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                target = record.rec_headers.get_header("WARC-Target-URI") or ""
                if target.startswith("urn:kanliu:event:"):
                    assert read_event_document(record.content_stream().read())
                    found.append((target, record.rec_headers.get_header("Kanliu-Source")))
    return found


def test_what_happened_is_in_the_archives_own_files_too(store: Store, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    urn = "urn:kanliu:event:{}".format
    happen(store, 2)
    with open_captures(settings, store, rules="1") as captures:
        # The start tells what a crash left out, or a command that captures nothing.
        assert told_in(settings.warc) == [(urn(number), "ship") for number in (1, 2, 3)]
        assert store.ledger.untold() == []
        happen(store, 1)
        write_log(store, captures)
        assert len(told_in(settings.warc)) == 4
        happen(store, 1)
    assert told_in(settings.warc) == [(urn(number), "ship") for number in range(1, 6)]
    (sealed,) = store.ledger.untold()
    assert sealed.event.kind == "capture-sealed"
    before = sorted(settings.warc.rglob("*"))
    with open_captures(settings, store, rules="1"):
        pass  # that a file was sealed is no reason to begin another
    assert sorted(settings.warc.rglob("*")) == before
    with open_captures(settings, store, rules="1") as captures:
        captures.write(exchange())
    assert told_in(settings.warc)[-1] == (urn(6), None)


def test_two_processes_that_tell_at_once_tell_the_same_and_nothing_twice_after(
    store: Store, tmp_path: Path
) -> None:
    """A command beside the service: both have read what no file has yet."""
    settings = Settings(data=tmp_path)
    happen(store, 2)
    behind = store.ledger.untold()
    happen(store, 1)
    with open_captures(settings, store, rules="1"):
        assert store.ledger.untold() == []
        store.ledger.mark_told(behind[-1].number)  # the other one ends later, with less
        assert store.ledger.untold() == []
    numbers = [target for target, _ in told_in(settings.warc)]
    assert len(numbers) == len(set(numbers)) == 4


def test_copies_and_checks_alone_begin_no_file_and_hide_nothing(
    store: Store, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path)
    with open_captures(settings, store, rules="1"):
        pass
    before = sorted(settings.warc.rglob("*"))
    quiet = ("file-copied", "file-found", "fixity-checked")
    store.record(*(Event(at=NOW, kind=quiet[number % 3]) for number in range(1100)))
    assert not store.ledger.has_untold(besides=frozenset({"capture-sealed", *quiet}))
    write_log_at_once(settings, store)
    assert sorted(settings.warc.rglob("*")) == before
    happen(store, 1)  # behind more of them than are read at once
    assert store.ledger.has_untold(besides=frozenset({"capture-sealed", *quiet}))
    write_log_at_once(settings, store)
    assert len(told_in(settings.warc)) == store.ledger.told()
    assert store.ledger.told() > 1101
