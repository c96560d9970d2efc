"""`kanliu reread` and `kanliu rebuild`, over what a poll left."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.chain import event_document, link
from archive.correction import Wanted
from archive.lock import open_lock
from archive.model import EntryState, Outcome
from archive.store import Store
from archive.warc import EVENT_URI, Record, pack, payload_digest, read_records
from cli import main
from tests.archive.factories import NOW
from tests.crawler.polling import Bench
from tests.crawler.test_poll import ROWS, show
from tests.fake_site import open_fake_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive.chain import LoggedEvent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A journal of three articles, one of them corrected, all told in the archive's files."""
    with open_fake_site() as site:
        folder = tmp_path_factory.mktemp("polled")
        bench = Bench(folder=folder, site=site, body_extractor=False)
        bench.write_source()
        show(bench, ROWS)
        assert bench.poll().new == len(ROWS)
        with Store.open(bench.settings.database_url) as store:
            entry = store.entries()[0]
            wanted = Wanted(title="招牌写给谁看")
            store.corrections.put(entry.id, wanted, who="A. Lin", why="as in print", now=NOW)
        assert bench.poll().outcome is Outcome.UNCHANGED
        yield bench


@pytest.fixture
def bench(polled: Bench, tmp_path: Path) -> Bench:
    """A copy of it."""
    folder = tmp_path / "copy"
    shutil.copytree(polled.folder, folder)
    return replace(polled, folder=folder)


def run(bench: Bench, *words: str) -> int:
    """A command over the bench's data; its exit code."""
    settings = bench.settings
    places = ("--data", str(settings.data), "--journals", str(settings.journals))
    return done([*words, *places])


def done(words: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(ended.value.code or 0)


def database(bench: Bench) -> Path:
    return bench.settings.data / "kanliu.sqlite"


def entries(bench: Bench) -> list[object]:
    with Store.open(bench.settings.database_url) as store:
        return [*store.entries(), *store.corrections.of(store.entries()[0].id)]


@pytest.mark.promise(number=19)
def test_a_database_that_is_gone_is_made_again_and_publishes_the_same(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    feeds, before = bench.published(), entries(bench)
    assert run(bench, "rebuild", "--check") == 0
    assert "no difference; nothing was changed" in capsys.readouterr().out
    for file in bench.settings.data.glob("kanliu.sqlite*"):
        file.unlink()
    assert run(bench, "rebuild") == 0
    told = capsys.readouterr().out
    assert "3 entries, 4 revisions" in told
    assert "nothing to compare with; the new database is in place" in told
    assert entries(bench) == before
    bench.site.forget()
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert bench.site.paths() == ["/list.html"]
    assert bench.published() == feeds


def test_the_end_of_the_log_that_is_in_no_file_stays(bench: Bench) -> None:
    with Store.open(bench.settings.database_url) as store:
        before = store.ledger.head()
        assert [each.event.kind for each in store.ledger.untold(9)] == ["capture-sealed"]
    assert run(bench, "rebuild") == 0
    with Store.open(bench.settings.database_url) as store:
        assert store.ledger.head() == before
        assert store.ledger.find_break() is None


def test_a_broken_database_is_kept_aside(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    before = entries(bench)
    database(bench).write_bytes(b"no database at all" * 1000)
    assert run(bench, "rebuild") == 0
    (aside,) = bench.settings.data.glob("kanliu.sqlite.*.old")
    assert aside.read_bytes().startswith(b"no database")
    assert str(aside) in capsys.readouterr().out.replace("\n", "")
    assert entries(bench) == before


def test_what_a_person_said_is_in_the_files_when_the_command_ends(bench: Bench) -> None:
    with Store.open(bench.settings.database_url) as store:
        other, entry = store.entries()[1:]
    signed = ("--who", "A. Lin", "--why", "as in print")
    places = ("--data", str(bench.settings.data), "--journals", str(bench.settings.journals))
    assert done(["correct", entry.id, "--author", "林渡", *signed, *places]) == 0
    assert done(["withdraw", other.id, *signed, *places]) == 0
    assert run(bench, "rebuild", "--check") == 0
    database(bench).unlink()
    assert run(bench, "rebuild") == 0
    with Store.open(bench.settings.database_url) as store:
        authors, state = store.entry(entry.id), store.entry(other.id)
    assert authors is not None
    assert authors.entry.authors == ("林渡",)
    assert state is not None
    assert state.state is EntryState.WITHDRAWN


def test_one_that_differs_stays_in_its_place_until_a_person_says_so(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(database(bench)) as connection:
        connection.execute("UPDATE entries SET state = 'withdrawn' WHERE revision = 2")
    connection.close()
    assert run(bench, "rebuild", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    (unlike,) = told["unlike"]
    assert (unlike["table"], unlike["columns"]) == ("entries", ["state"])
    assert told["is_in_place"] is False
    new = bench.settings.data / "kanliu.sqlite.new"
    assert new.exists()
    assert run(bench, "rebuild", "--anyway") == 1
    assert not new.exists()
    assert len(list(bench.settings.data.glob("kanliu.sqlite.*.old"))) == 1
    assert run(bench, "rebuild", "--check") == 0


def forged(bench: Bench, number: int) -> list[LoggedEvent]:
    """The log as it would be had an event said something else: each link is right."""
    with Store.open(bench.settings.database_url) as store:
        events = [each.event for each in store.ledger.events()]
    events[number - 1] = replace(events[number - 1], detail={"title": "另一种说法"})
    return list(link(events))


def put_into_database(bench: Bench, events: list[LoggedEvent]) -> None:
    change = "UPDATE events SET detail = ?, previous = ?, digest = ? WHERE number = ?"
    with sqlite3.connect(database(bench)) as connection:
        for each in events:
            detail = json.dumps(dict(each.event.detail))
            connection.execute(change, (detail, each.previous, each.digest, each.number))
        head = f"{events[-1].number} {events[-1].digest}"
        connection.execute("UPDATE facts SET value = ? WHERE name = 'events'", (head,))
    connection.close()


def put_into_files(bench: Bench, events: list[LoggedEvent]) -> None:
    """Whole records, every digest in them right."""
    documents = {f"{EVENT_URI}{each.number}": event_document(each) for each in events}
    for path in bench.captures():
        with path.open("rb") as file:
            records = list(read_records(file))
        whole = b""
        for each in records:
            block = documents.get(each.headers.get("WARC-Target-URI", ""), each.block)
            own = {"WARC-Block-Digest": payload_digest(block)} if block != each.block else {}
            headers = {**each.headers, **own}
            del headers["Content-Length"]
            whole += pack(Record(headers=headers, block=block), 6)
        path.write_bytes(whole)


@pytest.mark.promise(number=31)
@pytest.mark.parametrize(
    ("where", "verified", "rebuilt"),
    [
        ({put_into_database}, 0, 1),  # the chain is right: the files say otherwise
        ({put_into_files}, 1, 1),
        ({put_into_database, put_into_files}, 1, 0),  # the files are not what was finished
    ],
)
def test_a_log_that_was_made_anew_around_a_changed_event_is_found(
    bench: Bench,
    capsys: pytest.CaptureFixture[str],
    where: set[Callable[[Bench, list[LoggedEvent]], None]],
    verified: int,
    rebuilt: int,
) -> None:
    assert done(["verify", "--data", str(bench.settings.data)]) == 0
    events = forged(bench, 2)
    for put in where:
        put(bench, events)
    assert done(["verify", "--data", str(bench.settings.data)]) == verified
    capsys.readouterr()
    assert run(bench, "rebuild", "--check") == rebuilt
    assert ("events: 2: differs in detail" in capsys.readouterr().out) is bool(rebuilt)


def test_another_database_is_filled_where_it_is_named(bench: Bench) -> None:
    other = bench.folder / "other.sqlite"
    assert run(bench, "rebuild", "--database", f"sqlite:///{other}") == 0
    assert other.exists()
    assert run(bench, "rebuild", "--database", f"sqlite:///{other}") == 1
    assert run(bench, "rebuild", "--database", f"sqlite:///{other}", "--check") == 2
    with open_lock(bench.settings.data, "kanliu run"):
        assert run(bench, "rebuild") == 75


def test_what_no_file_tells_yet_is_in_the_database_that_is_moved_to(bench: Bench) -> None:
    with Store.open(bench.settings.database_url) as store:
        entry = store.entries()[1]
        store.withdrawals.withdraw(entry.id, who="A. Lin", why="a letter", now=NOW)
    other = f"sqlite:///{bench.folder / 'other.sqlite'}"
    assert run(bench, "rebuild", "--database", other) == 0
    with Store.open(other) as store:
        moved = store.entry(entry.id)
    assert moved is not None
    assert moved.state is EntryState.WITHDRAWN


def test_other_rules_are_shown_first_and_kept_when_asked(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(bench, "reread") == 0
    assert "3 entries read, 0 say something else: nothing" in capsys.readouterr().out
    bench.more = "[selectors]\ntitle = 'div.content p'\n"
    bench.write_source()
    feeds = bench.published()
    with open_lock(bench.settings.data, "kanliu run"):
        assert run(bench, "reread", "magazine") == 0
        assert run(bench, "reread", "--apply") == 75
    told = capsys.readouterr().out
    assert "3 entries read, 3 say something else: summary 3, title 2" in told
    assert "title: the page says 街角的小店" in told
    assert "Nothing was kept" in told
    assert bench.published() == feeds
    assert run(bench, "reread", "--apply", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert (rows["kept"], rows["fields"]) == (3, {"summary": 3, "title": 2})
    (corrected,) = (each for each in rows["changes"] if each["corrected"])
    assert [each["field"] for each in corrected["fields"]] == ["summary"]
    assert "街角的小店".encode() in bench.published()["magazine/atom.xml"]
    assert run(bench, "reread") == 0
    assert run(bench, "rebuild", "--check") == 0
    assert run(bench, "reread", "nobody") == 1
    assert run(bench, "reread", "--since", "yesterday") == 2


def test_what_no_file_has_yet_is_written_before_another_takes_its_place(bench: Bench) -> None:
    with Store.open(bench.settings.database_url) as store:
        store.pause("magazine", NOW, "the site is being moved")
    assert run(bench, "rebuild", "--check") == 1  # what the pause did is in no file
    assert run(bench, "rebuild") == 0
    with Store.open(bench.settings.database_url) as store:
        assert store.status("magazine").paused
        assert store.ledger.find_break() is None


def test_sealed_packages_alone_are_enough(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    (month,) = {each.parent for each in bench.captures()}
    assert run(bench, "seal", "--month", f"{month.parent.name}-{month.name}") == 0
    shutil.rmtree(bench.settings.warc)
    bench.settings.warc.mkdir()
    assert run(bench, "rebuild", "--check") == 0
    capsys.readouterr()
    assert run(bench, "reread") == 0
    assert "3 entries read, 0 say something else" in capsys.readouterr().out
