"""Sealing and checking at the command line, and by the service itself."""

from __future__ import annotations

import asyncio
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from archive.captures import CaptureWriter, find_rendering, finish, read_capture, write_log
from archive.holdings import HERE
from archive.lock import open_lock
from archive.packages.conformance import examine
from archive.store import Store
from archive.writer import Writer
from cli import main
from foundation.errors import StoreError
from foundation.settings import Settings
from house.caretaker import Caretaker
from sources.read import read_sources
from tests.archive.factories import exchange
from tests.archive.packages.raw import CLOSED, OCTOBER, raw_file
from tests.archive.test_fixity import flip
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing
from tests.test_cli import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.exchange import Capture
    from sources.model import Source

    class Door(Protocol):
        def __call__(self, *words: str) -> Answer: ...


SECOND_OF_NOVEMBER = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A month of one journal: an open article with its image, a closed one, a list page."""
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "river-port.toml").write_text(SOURCE, "utf-8")
    (tmp_path / "kanliu.toml").write_text(f'copies = ["{tmp_path / "second"}"]\n', "utf-8")
    data = tmp_path / "var"
    with open_store(data) as store:
        store.sync_sources(sources(tmp_path), OCTOBER)
        with raw_file(data, store) as raw:
            own = {"source": "river-port", "images": ("https://river.example/1.png",)}
            raw.article("https://river.example/1", **own)  # type: ignore[arg-type]
            raw.article("https://river.example/2", source="river-port", notice=CLOSED)
            raw.list_page("https://river.example/list", source="river-port")
    return tmp_path


def open_store(data: Path) -> Store:
    return Store.open(f"sqlite:///{data / 'kanliu.sqlite'}", now=OCTOBER)


def sources(folder: Path) -> list[Source]:
    return list(read_sources(folder / "journals").sources)


def packages(folder: Path) -> list[Path]:
    return sorted(folder.glob("packages/*/*/*.wacz"))


# At the command line


class Answer(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    said: str
    error: str


@pytest.fixture
def kanliu(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Door:
    """Commands in this process: a new one for each takes two seconds."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("KANLIU_SETTINGS", raising=False)

    def run(*words: str) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        told = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Answer(ended.value.code, told.out, told.err)

    return run


@pytest.mark.promise(number=18)
def test_a_month_is_sealed_copied_spoilt_found_and_restored(folder: Path, kanliu: Door) -> None:
    done = kanliu("seal")
    assert done.code == 0, done.error
    for words in (
        "sealed   packages/open/river-port/2026-10.wacz  1 articles, 7 records",
        "sealed   packages/dark/river-port/2026-10.2.wacz  1 articles",
        "copied   3 files",
        "removed  warc/2026/10/kanliu-1.warc.gz: all of it stands in packages",
    ):
        assert words in done.said
    again = kanliu("seal", "--json")
    assert json.loads(again.said)["packages"] == []

    whole = kanliu("verify")
    assert whole.code == 0, whole.said
    # Two packages, the file that tells of their sealing, and a copy of each.
    assert len(list((folder / "var" / "warc").rglob("*.warc.gz"))) == 1
    assert "6 files checked" in whole.said
    assert "6 whole, 0 damaged." in whole.said
    assert "No copy is out of this program's reach." in whole.said

    one, two = packages(folder / "var")
    flip(one, 700)
    flip(folder / "second" / two.relative_to(folder / "var"), 900)
    for tree in ("open", "dark"):
        (folder / f"var/packages/{tree}/manifest-sha256.txt").write_bytes(b"altered \xb9\n")
    found = kanliu("verify", "--json")
    assert found.code == 1
    report = json.loads(found.said)
    assert [(each["file"], each["place"], each["repaired"]) for each in report["damaged"]] == [
        ("packages/dark/river-port/2026-10.2.wacz", "here", None),
        ("packages/open/river-port/2026-10.wacz", str(folder / "second"), None),
        ("packages/open/manifest-sha256.txt", "here", None),
        ("packages/dark/manifest-sha256.txt", "here", None),
    ]
    mended = kanliu("verify", "--repair")
    assert mended.code == 0, mended.said
    assert f"Repaired from {folder / 'second'}." in mended.said
    assert "4 damaged, 4 repaired" in mended.said
    assert kanliu("verify").code == 0


def test_what_cannot_be_done_is_said(folder: Path, kanliu: Door) -> None:
    wrong = kanliu("seal", "--month", "October")
    assert (wrong.code, "not 'October'" in wrong.error) == (2, True)
    unknown = kanliu("seal", "nosuch")
    assert (unknown.code, "no source nosuch" in unknown.error) == (2, True)
    with open_lock(folder / "var", "kanliu run"):
        assert kanliu("seal").code == 75
        assert kanliu("verify", "--repair").code == 75
        only = kanliu("verify")
    assert only.code == 0, only.said + only.error
    (folder / "second").write_text("a file is in the way")
    trouble = kanliu("seal")
    assert trouble.code == 1
    assert "trouble" in trouble.said
    # What has no copy yet is not taken away.
    assert (folder / "var/warc/2026/10/kanliu-1.warc.gz").exists()


# By the service


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(SECOND_OF_NOVEMBER)


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(data=folder / "var", copies=(str(folder / "second"),))


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with open_store(folder / "var") as store:
        yield store


def tend(settings: Settings, store: Store, clock: Clock, folder: Path, *, times: int = 1) -> int:
    """Let the service look after what is kept; how often it finished the open captures."""
    finished: list[bool] = []
    found = sources(folder)
    with ThreadPoolExecutor(1) as executor:
        caretaker = Caretaker(
            settings,
            store,
            Writer(executor),
            sources=lambda: found,
            finish=lambda: finished.append(True),
            clock=clock,
        )

        async def ticks() -> None:
            for _ in range(times):
                await caretaker.tend()
                clock.now += timedelta(days=8)

        asyncio.run(ticks())
    return len(finished)


def test_the_service_seals_a_month_that_is_over(
    folder: Path, settings: Settings, store: Store, clock: Clock
) -> None:
    before = {
        entry.id: read_capture(settings.warc, store.captures(entry.id)[0])
        for entry in store.entries()
    }
    assert tend(settings, store, clock, folder) == 2  # for sealing, and for copies
    assert len(packages(settings.data)) == len(packages(folder / "second")) == 2
    assert not list(settings.warc.rglob("*.warc.gz"))
    for entry_id, as_it_was in before.items():
        assert read_capture(settings.warc, store.captures(entry_id)[0]) == as_it_was
    kinds = [each.kind for each in store.events()]
    assert [kinds.count(kind) for kind in ("package-sealed", "file-copied", "files-removed")] == [
        2, 2, 1,
    ]  # fmt: skip
    # There is nothing more to be sealed.
    assert tend(replace(settings, copies=()), store, clock, folder) == 0


@pytest.mark.parametrize(
    ("at", "seal"), [(datetime(2026, 11, 1, 0, 30, tzinfo=UTC), True), (SECOND_OF_NOVEMBER, False)]
)
def test_the_service_leaves_a_month_that_may_go_on_or_that_is_not_to_be_sealed(
    folder: Path, settings: Settings, store: Store, clock: Clock, at: datetime, *, seal: bool
) -> None:
    clock.now = at
    tend(replace(settings, seal=seal), store, clock, folder)
    assert packages(settings.data) == []
    (held,) = store.holdings.holdings(place=HERE)
    assert held.checked == at  # and is looked after as it is


def test_a_service_that_runs_on_seals_when_the_month_has_settled(
    folder: Path, settings: Settings, store: Store, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)
    assert tend(replace(settings, copies=()), store, clock, folder, times=2) == 1
    assert len(packages(settings.data)) == 2


@pytest.mark.promise(number=17)
def test_the_service_finds_and_repairs_one_flipped_bit_by_itself(
    folder: Path,
    settings: Settings,
    store: Store,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tend(settings, store, clock, folder)
    (one, *_) = packages(settings.data)
    whole = one.read_bytes()
    flip(one, 700)
    clock.now += timedelta(days=8)
    tend(settings, store, clock, folder)
    assert one.read_bytes() == whole
    error, repaired = (each for each in caplog.records if each.name == "archive.fixity")
    assert (error.levelname, repaired.levelname) == ("ERROR", "WARNING")
    (told,) = store.events(kinds=["file-repaired"])
    assert told.detail["from"] == str(folder / "second")
    (last, *_) = store.events(kinds=["fixity-checked"])
    assert (last.detail["damaged"], last.detail["repaired"]) == ("1", "1")


def test_no_more_is_checked_in_a_day_than_the_budget(
    folder: Path, settings: Settings, store: Store, clock: Clock
) -> None:
    tend(settings, store, clock, folder)
    sizes = sorted(each.size_bytes for each in store.holdings.holdings())
    small = replace(settings, verify_bytes=sizes[0] + 1)
    at = clock.now
    tend(small, store, clock, folder)
    checked = [each for each in store.holdings.holdings() if each.checked == at]
    assert 1 <= len(checked) <= 2  # the last may be larger than what is left
    tend(replace(settings, verify_bytes=0), store, clock, folder)
    assert not [each for each in store.holdings.holdings() if each.checked and each.checked > at]


@pytest.mark.promise(number=7)
def test_a_right_that_is_lost_moves_the_package(
    folder: Path, settings: Settings, store: Store, clock: Clock
) -> None:
    tend(settings, store, clock, folder)
    path = folder / "journals" / "river-port.toml"
    path.write_text(SOURCE + '\n[rights]\nnotice = "forbidden"\n', "utf-8")
    tend(settings, store, clock, folder)
    names = [path.relative_to(folder) for path in packages(settings.data)]
    assert [str(name) for name in names] == [
        "var/packages/dark/river-port/2026-10.2.wacz", "var/packages/dark/river-port/2026-10.wacz",
    ]  # fmt: skip
    assert [path.parent.parent.name for path in packages(folder / "second")] == ["dark", "dark"]


@pytest.mark.promise(number=30)
def test_a_take_down_moves_the_package_and_its_copies_at_once(
    folder: Path, kanliu: Door, store: Store
) -> None:
    assert kanliu("seal").code == 0
    (entry,) = (each for each in store.entries() if each.entry.url.endswith("/1"))
    done = kanliu("withdraw", entry.id, "--who", "林", "--why", "作者来信")
    assert done.code == 0, done.error
    for place in (folder / "var", folder / "second"):
        assert [path.parent.parent.name for path in packages(place)] == ["dark", "dark"]


def test_a_take_down_beside_the_service_moves_the_package_at_its_next_tick(
    folder: Path, settings: Settings, store: Store, clock: Clock
) -> None:
    (entry,) = (each for each in store.entries() if each.entry.url.endswith("/1"))
    found = sources(folder)
    with ThreadPoolExecutor(1) as executor:
        caretaker = Caretaker(
            settings, store, Writer(executor), sources=lambda: found,
            finish=lambda: None, clock=clock,
        )  # fmt: skip

        async def ticks() -> list[str]:
            await caretaker.tend()
            await caretaker.tend()
            before = [path.parent.parent.name for path in packages(settings.data)]
            store.withdrawals.withdraw(entry.id, who="林", why="作者来信", now=clock.now)
            await caretaker.tend()
            return before

        assert asyncio.run(ticks()) == ["dark", "open"]
    assert [path.parent.parent.name for path in packages(settings.data)] == ["dark", "dark"]


# Copies of what is not sealed yet


class Service:
    """What the service looks after, tick by tick, with captures that are being written."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, folder: Path) -> None:
        self.clock = clock
        self._store = store
        self._captures = CaptureWriter(
            settings.warc, software="Kanliu/test", operator="test", clock=clock
        )
        self._executor = ThreadPoolExecutor(1)
        found = sources(folder)
        self._caretaker = Caretaker(
            settings, store, Writer(self._executor), sources=lambda: found,
            finish=lambda: finish(store, self._captures), clock=clock,
        )  # fmt: skip

    def tick(self, later: timedelta = timedelta()) -> None:
        self.clock.now += later
        asyncio.run(self._caretaker.tend())

    def capture(self, url: str) -> Capture:
        return self._captures.write(exchange(url=url, started=self.clock.now))

    def poll(self) -> None:
        """What the end of each visit does to the log."""
        write_log(self._store, self._captures)

    def end(self) -> None:
        self._captures.close()
        self._executor.shutdown()


@pytest.fixture
def service(folder: Path, settings: Settings, store: Store, clock: Clock) -> Iterator[Service]:
    service = Service(replace(settings, seal=False), store, clock, folder)
    service.tick()
    yield service
    service.end()


def raw_files(folder: Path) -> set[str]:
    found = folder.glob("warc/*/*/*")
    return {path.relative_to(folder).as_posix() for path in found}


def test_what_is_captured_has_a_second_copy_within_a_day(
    folder: Path, settings: Settings, store: Store, service: Service
) -> None:
    second = folder / "second"
    before = raw_files(second)
    capture = service.capture("https://river.example/9")
    service.tick(timedelta(hours=15))
    assert (settings.data / f"{capture.file}.open").exists()  # it goes on within the day
    assert raw_files(second) == before
    service.tick(timedelta(hours=2))
    assert raw_files(second) == before | {capture.file}
    assert read_capture(second / "warc", capture) == read_capture(settings.warc, capture)
    copies = store.holdings.holdings(file=capture.file)
    assert {each.place for each in copies} == {HERE, str(second)}
    assert len({each.digest for each in copies}) == 1
    later = service.capture("https://river.example/10")
    assert later.file != capture.file


def test_an_archive_in_which_nothing_happens_makes_no_files(
    settings: Settings, service: Service
) -> None:
    service.capture("https://river.example/9")
    service.tick(timedelta(days=1))
    before = raw_files(settings.data)
    for _ in range(9):  # copies are made and files checked meanwhile, and each of it is an event
        service.poll()
        service.tick(timedelta(days=1))
    assert raw_files(settings.data) == before


def test_a_place_that_was_away_has_its_copies_within_the_hour(
    folder: Path, settings: Settings, service: Service
) -> None:
    second = folder / "second"
    second.rename(folder / "unplugged")
    second.write_text("no folder")
    capture = service.capture("https://river.example/9")
    service.tick(timedelta(days=1))
    assert raw_files(second) == set()
    second.unlink()
    (folder / "unplugged").rename(second)
    service.tick(timedelta(minutes=50))
    assert capture.file not in raw_files(second)
    other = service.capture("https://river.example/10")
    service.tick(timedelta(minutes=20))
    assert capture.file in raw_files(second)
    assert (settings.data / f"{other.file}.open").exists()  # no file is ended for that


def test_what_breaks_at_the_turn_of_the_day_delays_copies_by_an_hour_at_most(
    folder: Path, settings: Settings, store: Store, clock: Clock
) -> None:
    def finish() -> None:
        raise StoreError("disk full")

    found = sources(folder)
    with ThreadPoolExecutor(1) as executor:
        caretaker = Caretaker(
            replace(settings, seal=False), store, Writer(executor), sources=lambda: found,
            finish=finish, clock=clock,
        )  # fmt: skip
        with pytest.raises(StoreError, match="disk full"):
            asyncio.run(caretaker.tend())
        assert raw_files(folder / "second") == set()
        clock.now += timedelta(hours=1)
        asyncio.run(caretaker.tend())
    assert raw_files(folder / "second") == {"warc/2026/10/kanliu-1.warc.gz"}


def test_a_take_down_is_in_the_copies_at_the_next_tick(
    folder: Path, store: Store, service: Service
) -> None:
    (entry,) = (each for each in store.entries() if each.entry.url.endswith("/1"))
    store.withdrawals.withdraw(entry.id, who="林", why="作者来信", now=service.clock.now)
    service.tick(timedelta(seconds=15))
    copied = (folder / "second").rglob("*.warc.gz")
    assert [path for path in copied if b'"entry-withdrawn"' in gzip.decompress(path.read_bytes())]


def test_a_take_down_puts_no_copy_of_a_closed_text_into_an_open_tree(
    folder: Path, kanliu: Door, store: Store
) -> None:
    """Raw files hold what is closed beside what is open: their copies are for nobody, too."""
    assert kanliu("copy").code == 0
    (entry,) = (each for each in store.entries() if each.entry.url.endswith("/1"))
    assert kanliu("withdraw", entry.id, "--who", "林", "--why", "作者来信").code == 0
    second = folder / "second"
    assert {path.relative_to(second).parts[0] for path in second.rglob("*.gz")} == {"warc"}
    assert kanliu("seal").code == 0
    assert not (second / "warc/2026/10/kanliu-1.warc.gz").exists()
    assert {path.parent.parent.name for path in packages(second)} == {"dark"}


def test_copies_are_made_by_hand_and_shown(folder: Path, kanliu: Door) -> None:
    done = kanliu("copy")
    assert done.code == 0, done.error
    copied = raw_files(folder / "second")
    assert "warc/2026/10/kanliu-1.warc.gz" in copied
    assert f"copied   {len(copied)} files" in done.said
    assert json.loads(kanliu("copy", "--json").said) == {"awaited": 0, "copied": 0, "troubles": []}
    said = kanliu("verify").said
    assert f": 0 of 0 packages, {len(copied)} of {len(copied)} WARC files. This" in said


# With what a visit captured


@pytest.mark.slow
def test_what_a_visit_captured_is_sealed_and_reads_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("/a/1.html", "账本里的商标", "2026-11-05"), ("/a/2.html", "渡口", "2026-11-06")]
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing(rows))
        for path, title, day in rows:
            site.page(path, article(title, day=day))
        assert bench.poll().new == 2
    data = bench.settings.data
    with Store.open(f"sqlite:///{data / 'kanliu.sqlite'}") as store:
        captures = [each for entry in store.entries() for each in store.captures(entry.id)]
        before = {each.id: read_capture(data / "warc", each) for each in captures}
    monkeypatch.chdir(tmp_path)
    month = f"{before[captures[0].id].started:%Y-%m}"
    with pytest.raises(SystemExit, match="0"):
        main(["seal", "--data", str(data), "--month", month])
    assert "packages/open/magazine/" in capsys.readouterr().out
    for path in packages(data):
        assert examine(path).faults == (), path
    for path in (data / "warc").rglob("*.warc.gz"):
        path.unlink()
    with Store.open(f"sqlite:///{data / 'kanliu.sqlite'}") as store:
        moved = [each for entry in store.entries() for each in store.captures(entry.id)]
        assert {each.file.split("/")[0] for each in moved} == {"packages"}
        assert {each.id: read_capture(data / "warc", each) for each in moved} == before
        assert [find_rendering(data / "warc", each) for each in moved] == [None, None]
        told = [each.kind for each in store.events(kinds=["package-sealed"])]
    assert len(told) == len(packages(data)) == 2  # the journal's, and the log of events
