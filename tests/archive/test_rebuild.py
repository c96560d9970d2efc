"""Promise 19: the database deleted is made again from the files, and is equal."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive.captures import read_capture
from archive.chain import event_document, link
from archive.correction import CorrectedField, Wanted
from archive.model import EntryState, Event, Kept, NoticeClass
from archive.rebuild import compare, rebuild
from archive.scan import Scanned, scan
from archive.store import Store
from archive.warc import EVENT_URI, Record, pack
from foundation.errors import CorrectionError, StoreError, WithdrawalError
from tests.archive.copies import chinese
from tests.archive.factories import TEXT, URL, day, notice, source
from tests.archive.living import Living

if TYPE_CHECKING:
    from archive.chain import LoggedEvent
    from archive.comparison import Unlike
    from archive.rebuild import Rebuilt

DAY = timedelta(days=1)


def again(living: Living, name: str = "new.sqlite") -> tuple[Rebuilt, tuple[Unlike, ...]]:
    """The database made again, and how it differs from the one before."""
    url = f"sqlite:///{living.data / name}"
    done = rebuild(living.data / "warc", url, now=living.now)
    return done, compare(living.url, url)


def live(living: Living) -> None:
    """A year in which everything happens that may."""
    store = living.store
    living.see()
    living.see(title="内河电动货船昨天交付", published=day("2026-11-21"))  # retitled, another date
    living.see(title="内河电动货船昨天交付", text=TEXT + "\n更正：是第二十一艘。")
    other = living.see(url=f"{URL}?2", title="渡口", text="渡口今天停航。" * 5)
    living.see(url=f"{URL}?2", title="渡口", text="渡口今天停航。" * 5, notice=notice())
    assert other is not None
    entry_id = other.entry_id
    wanted = Wanted(title="老渡口", published="2026-11-19", notice=NoticeClass.PERMISSION,
                    notice_text="转载须经同意", authors=("林渡",))  # fmt: skip
    store.corrections.put(entry_id, wanted, who="A. Lin", why="as in print", now=living.later())
    living.see(url=f"{URL}?2", title="渡口停航", text="渡口今天停航。" * 6)  # a question
    store.corrections.undo(
        entry_id, CorrectedField.TITLE, who="A. Lin", why="mended", now=living.later()
    )
    living.write_log()
    # Two languages of one article: the first page speaks, until it is gone.
    long = chinese()[0]
    living.see(url=f"{URL}?zh", title="江", text=long, doi="10.5555/river.1")
    living.see(url=f"{URL}?en", title="River", text="A river runs. " * 30, doi="10.5555/river.1")
    living.vanish(f"{URL}?zh")
    living.see(url=f"{URL}?en", title="The river", text="A river runs. " * 31,
               doi="10.5555/river.1")  # fmt: skip
    living.touch(f"{URL}?zh")
    living.see(url=f"{URL}?zh", title="大江", text=long, doi="10.5555/river.1")
    store.record(Event(at=living.later(), kind="profile-learned", source_id="ship"))
    # Elsewhere too, and no longer.
    living.see("river", url="https://river.example/9", title="江", text=long)
    living.see("river", url="https://river.example/9", title="江", text="都不一样了。" * 40)
    # Vanished: at once, and believed the second time; come back unchanged, and read anew.
    living.vanish(URL, 410)
    living.touch(URL)
    living.vanish(URL)
    living.later(DAY)
    assert living.vanish(URL)
    living.see(title="内河电动货船昨天交付", text=TEXT)
    # The address holds another article now.
    living.see(
        url=f"{URL}?3", title="旧文", text="旧的正文，讲码头。" * 4, published=day("2026-11-01")
    )
    living.later(DAY)
    living.see(
        url=f"{URL}?3", title="新文", text="全新的正文，讲桥梁。" * 4, published=day("2026-11-22")
    )
    living.see(title="【撤稿】内河电动货船昨天交付", is_retracted=True)
    living.reread(entry_id, column="要闻", is_retracted=False)
    # Taken down while it is there, and while it is gone; put back once, and seen meanwhile.
    taken = living.see(url=f"{URL}?5", title="撤下", text="撤下的正文，讲仓库。" * 4)
    gone = living.see(url=f"{URL}?6", title="撤下又放回", text="放回的正文，讲货场。" * 4)
    assert taken is not None
    assert gone is not None
    for each in (taken, gone):
        store.withdrawals.withdraw(each.entry_id, who="A. Lin", why="asked", now=living.later())
    living.see(url=f"{URL}?5", title="撤下", text="撤下的正文，讲仓库，改了。" * 4)
    living.vanish(f"{URL}?6", 410)
    store.withdrawals.undo(gone.entry_id, who="A. Lin", why="settled", now=living.later())
    store.pause("river", living.later(), "the site is being moved")
    store.resume("river", living.later(), "moved")
    living.sources[1] = source("river", title="江河")
    store.sync_sources(living.sources, living.later(), is_all=True)
    living.later(40 * DAY)
    assert store.close_documents(living.now) == ["river", "ship"]
    fourth = living.see(url=f"{URL}?4", title="又一篇", text="新的一年，船厂开工。" * 4)
    # Taken down, and put back; and one that stays down.
    assert fourth is not None
    signed = {"who": "A. Lin", "why": "a letter from the author"}
    for down in (fourth.entry_id, entry_id):
        store.withdrawals.withdraw(down, **signed, now=living.later())
    store.withdrawals.undo(fourth.entry_id, **signed, now=living.later())
    living.sources.pop()
    store.sync_sources(living.sources, living.later(), is_all=True)
    store.retire("ship", living.later(), "ceased")


@pytest.mark.promise(number=19)
def test_a_year_made_again_is_the_same(tmp_path: Path) -> None:
    living = Living(tmp_path, f"sqlite:///{tmp_path / 'old.sqlite'}")
    live(living)
    states = {each.state for each in living.store.entries(states=tuple(EntryState))}
    assert states == set(EntryState)
    living.end()
    done, unlike = again(living)
    assert (unlike, done.lost, done.otherwise, done.counts.never_kept) == ((), (), (), 0)
    assert done.counts.rereadings == 1
    assert done.counts.sightings == living.sightings
    # Rebuilding from the same files once more gives the same.
    rebuild(tmp_path / "warc", f"sqlite:///{tmp_path / 'twice.sqlite'}", now=living.now)
    assert (
        compare(f"sqlite:///{tmp_path / 'new.sqlite'}", f"sqlite:///{tmp_path / 'twice.sqlite'}")
        == ()
    )


def test_what_happens_after_a_rebuild_is_told_on_in_the_same_chain(tmp_path: Path) -> None:
    living = Living(tmp_path, f"sqlite:///{tmp_path / 'old.sqlite'}")
    living.see()
    living.end()
    again(living)
    living.url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    living.store = Store.open(living.url, now=living.now)
    living.store.sync_sources(living.sources, living.now)
    assert living.store.ledger.find_break() is None
    living.begin()
    kept = living.see(title="改了题")
    assert kept is not None
    assert (kept.kept, kept.revision) == (Kept.REVISED, 2)
    living.end()
    done, unlike = again(living, "third.sqlite")
    assert (unlike, done.lost, done.otherwise) == ((), (), ())


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_on_postgresql_too(tmp_path: Path, new_postgres: str) -> None:
    living = Living(tmp_path, f"sqlite:///{tmp_path / 'old.sqlite'}")
    live(living)
    living.end()
    rebuild(tmp_path / "warc", new_postgres, now=living.now)
    assert compare(living.url, new_postgres) == ()


def peak_of(folder: Path, events: int) -> int:
    """How many bytes a rebuild and its comparison hold at most, over a log of so many events."""
    living = Living(folder, f"sqlite:///{folder / 'old.sqlite'}")
    living.see()
    for part in range(0, events, 1000):
        at = living.later()
        living.store.record(*(
            Event(at=at, kind="profile-learned", source_id="ship",
                  detail={"url": f"{URL}?{part + number}", "why": "a word or two about it"})
            for number in range(1000)
        ))  # fmt: skip
    living.end()
    tracemalloc.start()
    try:
        assert again(living)[1] == ()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_long_log_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """It took more than 2 kB an event when the log was held whole."""
    peak_of(tmp_path / "first", 1000)  # what is made once: statements, tables
    short, long = peak_of(tmp_path / "short", 1000), peak_of(tmp_path / "long", 5000)
    assert long - short < 4000 * 200


PATHS = st.integers(0, 3)
SOURCES = st.sampled_from(["ship", "river"])
DEEDS = st.one_of(
    st.tuples(st.just("see"), SOURCES, PATHS, st.integers(0, 5), st.booleans()),
    st.tuples(st.just("see"), SOURCES, PATHS, st.integers(0, 5), st.booleans()),
    st.tuples(st.just("crash"), SOURCES, PATHS, st.integers(0, 5)),
    st.tuples(st.just("vanish"), SOURCES, PATHS, st.sampled_from([404, 410])),
    st.tuples(st.just("touch"), SOURCES, PATHS),
    st.tuples(st.just("correct"), st.integers(0, 9), st.sampled_from(["甲", "乙"])),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("put back"), st.integers(0, 9)),
    st.tuples(st.just("reread"), st.integers(0, 9), st.sampled_from(["丙", "丁"])),
    st.tuples(st.just("later"), st.sampled_from([1, 20, 40])),
    st.tuples(st.just("close")),
    st.tuples(st.just("restart")),
)


def do(living: Living, deed: tuple[object, ...]) -> None:
    """One deed of chance; one that cannot be is left undone."""
    store = living.store
    known = sorted(each.id for each in store.entries(states=tuple(EntryState)))
    match deed:
        case "see" | "crash", str() as source_id, int() as path, int() as which, *kept:
            living.see(
                source_id,
                is_kept=bool(kept),
                url=page(source_id, path),
                title=("渡口", "老渡口", "码头")[which % 3],
                text=(chinese()[0], chinese()[1])[which % 2],
                published=day(f"2026-11-{10 + which}"),
                doi="10.5555/one" if kept == [True] else None,
            )
        case "vanish", str() as source_id, int() as path, int() as status:
            living.vanish(page(source_id, path), status, source_id)
        case "touch", str() as source_id, int() as path:
            living.touch(page(source_id, path), source_id)
        case "correct", int() as at, str() as title if known:
            wanted = Wanted(title=title)
            store.corrections.put(
                known[at % len(known)], wanted, who="A", why="b", now=living.later()
            )
        case "undo", int() as at if known:
            with suppress(CorrectionError):
                store.corrections.undo(
                    known[at % len(known)], CorrectedField.TITLE, who="A", why="b",
                    now=living.later(),
                )  # fmt: skip
        case "withdraw" | "put back" as what, int() as at if known:
            act = store.withdrawals.withdraw if what == "withdraw" else store.withdrawals.undo
            with suppress(WithdrawalError):
                act(known[at % len(known)], who="A", why="b", now=living.later())
        case "reread", int() as at, str() as title if known:
            living.reread(known[at % len(known)], title=title)
        case "later", int() as days:
            living.later(days * DAY)
        case ("close",):
            store.close_documents(living.later())
        case ("restart",):
            living.write_log()
            living.writer.close()
            store.record(*living.writer.take_sealed())
            living.begin()


def page(source_id: str, path: int) -> str:
    return f"https://{source_id}.example/{path}"


@given(deeds=st.lists(DEEDS, min_size=8, max_size=30))
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow],
)
def test_whatever_happens_is_made_again(deeds: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as folder:
        living = Living(Path(folder), f"sqlite:///{folder}/old.sqlite")
        for deed in deeds:
            do(living, deed)
        living.see(url="https://ship.example/last")
        living.end()
        done, unlike = again(living)
        assert (unlike, done.lost, done.otherwise) == ((), (), ())


def small(folder: Path) -> Living:
    """Three articles in the files of two runs, the second of which revised the first article."""
    living = Living(folder, f"sqlite:///{folder / 'old.sqlite'}")
    living.see(url=page("ship", 1), title="一", text="第一篇的正文，讲码头。" * 5)
    living.see(url=page("ship", 2), title="二", text="第二篇的正文，讲渡船。" * 5)
    living.write_log()
    living.writer.close()
    living.later()
    living.begin()
    living.see(url=page("ship", 3), title="三", text="第三篇的正文，讲桥梁。" * 5)
    living.see(url=page("ship", 1), title="一（修订）", text="第一篇的正文，讲码头。" * 5)
    return living


def warcs(living: Living) -> list[Path]:
    return sorted(living.data.rglob("*.warc.gz*"))


def test_a_page_that_a_crash_came_before_is_no_article(tmp_path: Path) -> None:
    living = small(tmp_path)
    living.see(url=page("ship", 4), title="没有存下", is_kept=False)
    living.see(url=page("ship", 1), title="也没有存下", is_kept=False)
    living.vanish(page("ship", 2), 410)
    living.see(url=page("ship", 2), title="二", text="第二篇的正文，讲渡船。" * 5, is_kept=False)
    living.see(url=page("ship", 5), title="存下了", text="后来的正文，讲河堤。" * 5)
    living.end()
    done, unlike = again(living)
    assert (unlike, done.lost, done.otherwise) == ((), (), ())
    assert done.counts.never_kept == 3


def test_a_reading_that_a_crash_came_before_is_none_though_others_of_its_run_are(
    tmp_path: Path,
) -> None:
    """All that one `kanliu reread --apply` keeps has one instant."""
    living = small(tmp_path)
    one, two, _ = (entry.id for entry in living.store.entries())
    living.reread(one, title="又一读")
    living.reread(two, at=living.now, is_kept=False, title="没有存下")
    living.see(url=page("ship", 5), title="五", text="后来的正文，讲河堤。" * 5)
    living.end()
    done, unlike = again(living)
    assert (unlike, done.lost, done.otherwise) == ((), (), ())
    assert (done.counts.rereadings, done.counts.never_kept) == (1, 1)


def test_what_is_newer_than_the_log_in_the_files_is_kept_all_the_same(tmp_path: Path) -> None:
    """A crash of the whole machine: the pages are in the files, what came of them is not."""
    living = small(tmp_path)
    living.store.corrections.put(
        living.store.entries()[0].id, Wanted(title="改"), who="A", why="b", now=living.later()
    )
    living.writer.close()
    living.store.close()
    done, unlike = again(living)
    assert done.entries == 3
    # The correction was in no file.
    assert {each.table for each in unlike} == {"corrections", "revisions", "entries"}, unlike
    assert (done.lost, done.otherwise) == ((), ())


def test_what_is_cut_or_broken_costs_itself_and_is_told(tmp_path: Path) -> None:
    living = small(tmp_path)
    second = next(each for each in living.store.entries() if each.entry.title == "二")
    (capture,) = living.store.captures(second.id)
    living.end()
    first, last = warcs(living)
    whole = last.read_bytes()
    last.write_bytes(whole[:-20])
    broken = bytearray(first.read_bytes())
    broken[capture.offset + 60] ^= 1
    first.write_bytes(broken)
    done, unlike = again(living)
    words = "\n".join(done.lost)
    assert "a broken record" in words
    assert "a cut tail" in words
    assert f"metadata of {capture.id}, which is not there" in words
    lost = {each.key for each in unlike if each.table == "entries"}
    assert lost == {second.id}
    assert done.entries == 2


def test_an_older_release_gives_its_entries_without_how_they_were_printed(tmp_path: Path) -> None:
    living = small(tmp_path)
    events = [replace(each.event, detail={**each.event.detail}) for each in living_log(living)]
    living.end()
    for event in events:
        event.detail.pop("capture", None)  # type: ignore[attr-defined]
    older = {each.number: event_document(each) for each in link(events)}
    for path in warcs(living):
        rewrite_as_older(path, older)
    done, unlike = again(living)
    assert done.entries == 3
    told = [each for each in unlike if each.table != "events"]
    assert {each.what for each in told} == {"differs"}
    seen = {"first_seen", "seen", "changed", "opened", "ordered", "last_new"}  # asked, not read
    assert {column for each in told for column in each.columns} <= {"raw", *seen}
    assert sum("older release" in each for each in done.lost) == 4


def living_log(living: Living) -> list[LoggedEvent]:
    living.write_log()
    return living.store.ledger.events()


def rewrite_as_older(path: Path, events: dict[int, bytes]) -> None:
    """Records as the first release wrote them: no more than the entry, and a log without the
    captures."""
    records = []
    for each in scan(path, path.parents[3]):
        assert isinstance(each, Scanned)
        block, headers = each.record.block, each.record.headers
        uri = headers.get("WARC-Target-URI", "")
        if uri.startswith(EVENT_URI):
            block = events[int(uri.removeprefix(EVENT_URI))]
        elif headers["WARC-Type"] == "metadata":
            said = json.loads(block)
            names = ("journal", "source", "issn", "rules", "entry")
            block = json.dumps({name: said[name] for name in names}).encode()
        kept = {name: value for name, value in headers.items() if name != "Content-Length"}
        records.append(pack(Record(headers=kept, block=block), 1))
    path.write_bytes(b"".join(records))


def test_records_are_found_inside_packages_too(tmp_path: Path) -> None:
    living = small(tmp_path)
    living.end()
    first, _ = warcs(living)
    package = tmp_path / "packages" / "open" / "ship" / "2026-11.wacz"
    package.parent.mkdir(parents=True)
    with ZipFile(package, "w", ZIP_DEFLATED) as made:
        made.writestr("datapackage.json", "{}" * 100)
        made.write(first, "archive/data.warc.gz", ZIP_STORED)
    first.unlink()
    done, unlike = again(living)
    assert (unlike, done.lost, done.otherwise) == ((), (), ())
    # And so is what stands in both, once.
    first.write_bytes(ZipFile(package).read("archive/data.warc.gz"))
    done, unlike = again(living, "both.sqlite")
    assert (unlike, done.counts.sightings) == ((), 4)
    with Store.open(f"sqlite:///{tmp_path / 'both.sqlite'}") as store:
        for each in store.entries():
            for capture in store.captures(each.id):
                assert read_capture(tmp_path / "warc", capture).status == 200


def test_a_database_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    living = small(tmp_path)
    living.end()
    before = (tmp_path / "old.sqlite").read_bytes()
    with pytest.raises(StoreError, match="is not empty"):
        rebuild(tmp_path / "warc", living.url, now=living.now)
    assert (tmp_path / "old.sqlite").read_bytes() == before
    with pytest.raises(StoreError, match="no file there tells of anything"):
        rebuild(tmp_path / "empty" / "warc", f"sqlite:///{tmp_path}/x.sqlite", now=living.now)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database, and the one that was made again."""
    living = small(tmp_path_factory.mktemp("twice"))
    living.end()
    assert again(living)[1] == ()
    return living.data


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("entries", "UPDATE entries SET state = 'vanished' WHERE revision = 2"),
        ("revisions", "UPDATE revisions SET digest = 'x' WHERE number = 2"),
        ("captures", "UPDATE captures SET status = 404 WHERE url LIKE '%/2'"),
        ("addresses", "DELETE FROM locations WHERE url LIKE '%/2'"),
        ("events", "UPDATE events SET detail = '{}' WHERE number = 3"),
        ("sources", "UPDATE sources SET zone = 'UTC' WHERE id = 'ship'"),
        ("facts", "UPDATE facts SET value = 'x' WHERE name = 'authority'"),
    ],
)
def test_a_difference_is_seen(twice: Path, tmp_path: Path, table: str, change: str) -> None:
    changed = tmp_path / "changed.sqlite"
    shutil.copy(twice / "old.sqlite", changed)
    with sqlite3.connect(changed) as database:
        assert database.execute(change).rowcount == 1
    database.close()
    unlike = compare(f"sqlite:///{changed}", f"sqlite:///{twice / 'new.sqlite'}")
    assert {each.table for each in unlike} == {table}
