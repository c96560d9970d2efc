"""What a person does is in a file of the archive's own when the command says that it is done: the
database may be lost at once after."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.chain import read_event_document
from archive.correction import Wanted
from archive.lock import open_alone, open_beside, open_lock
from archive.model import EntryState
from archive.scan import Scanned, scan
from archive.store import Store
from archive.sweep import SEALED, sweep
from archive.warc import EVENT_URI
from archive.warc_file import WarcFile
from tests.archive.factories import NOW
from tests.crawler.polling import Bench
from tests.crawler.test_poll import ROWS, show
from tests.fake_site import open_fake_site
from tests.journal_pages import article
from tests.test_again import database, done, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

QUIET = {SEALED, "file-copied", "file-found", "fixity-checked"}
SIGNED = ("--who", "A. Lin", "--why", "a letter")


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A paused journal of three articles: the first corrected, the second taken down, the third
    closed."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path_factory.mktemp("polled"), site=site, body_extractor=False)
        bench.write_source()
        show(bench, ROWS)
        path, title, day = ROWS[2]
        bench.site.page(path, article(title, day=day, notice="未经本刊书面许可,不得转载。"))
        assert bench.poll().new == len(ROWS)
        first, second, _ = entry_ids(bench)
        with Store.open(bench.settings.database_url) as store:
            signed = {"who": "A. Lin", "why": "a letter", "now": NOW}
            store.corrections.put(first, Wanted(title="招牌写给谁看"), **signed)  # type: ignore[arg-type]
            store.withdrawals.withdraw(second, **signed)  # type: ignore[arg-type]
            store.pause("magazine", NOW)
        bench.polls()
        assert untold(bench) == []
        yield bench


@pytest.fixture
def bench(polled: Bench, tmp_path: Path) -> Bench:
    """A copy of it."""
    folder = tmp_path / "copy"
    shutil.copytree(polled.folder, folder)
    return replace(polled, folder=folder)


def entry_ids(bench: Bench) -> list[str]:
    with Store.open(bench.settings.database_url) as store:
        return [each.id for each in store.entries(states=tuple(EntryState))]


def untold(bench: Bench) -> list[str]:
    """The kinds of the events that no file has, but for those that begin none: that a file is
    finished, copied or whole."""
    with Store.open(bench.settings.database_url) as store:
        return [e.event.kind for e in store.ledger.untold() if e.event.kind not in QUIET]


def warcs(bench: Bench) -> list[Path]:
    return sorted(bench.settings.warc.rglob("*.*"))


def told(bench: Bench) -> list[tuple[int, str]]:
    """Number and kind of each event in the files, in their order."""
    found = []
    for path in warcs(bench):
        for each in scan(path, bench.settings.data):
            if isinstance(each, Scanned) and EVENT_URI in each.record.headers.get(
                "WARC-Target-URI", ""
            ):
                logged = read_event_document(each.record.block)
                found.append((logged.number, logged.event.kind))
    return found


def in_data(bench: Bench, *words: str) -> int:
    return done([*words, "--data", str(bench.settings.data)])


def pause(bench: Bench) -> int:
    return in_data(bench, "pause", "magazine", "--why", "it is being moved")


def resume(bench: Bench) -> int:
    return in_data(bench, "resume", "magazine")


def retire(bench: Bench) -> int:
    return in_data(bench, "retire", "magazine", "--why", "ceased")


def withdraw(bench: Bench) -> int:
    return run(bench, "withdraw", entry_ids(bench)[2], *SIGNED)


def put_back(bench: Bench) -> int:
    return run(bench, "withdraw", entry_ids(bench)[1], "--undo", *SIGNED)


def correct(bench: Bench) -> int:
    return run(bench, "correct", entry_ids(bench)[0], "--undo", "title", *SIGNED)


def publish(bench: Bench) -> int:
    """A month is over since these were seen."""
    with sqlite3.connect(database(bench)) as connection:
        connection.execute("UPDATE entries SET opened = '2020-01-01T00:00:00.000000Z'")
    connection.close()
    return run(bench, "publish")


def seal(bench: Bench) -> int:
    month = bench.captures()[0].parent
    return run(bench, "seal", "--month", f"{month.parent.name}-{month.name}")


def verify(bench: Bench) -> int:
    return in_data(bench, "verify")


def export(bench: Bench) -> int:
    to = ("--format", "jsonl", "--to", str(bench.folder / "out.jsonl"))
    return run(bench, "export", "--journal", "magazine", "--closed-too", *to)


DEEDS: dict[Callable[[Bench], int], str] = {
    pause: "source-paused",
    resume: "source-resumed",
    retire: "source-retired",
    withdraw: "entry-withdrawn",
    put_back: "withdrawal-undone",
    correct: "correction-undone",
    publish: "history-closed",
    seal: "package-sealed",
    export: "closed-exported",
}
BESIDE = (pause, resume, retire, withdraw, put_back, verify, export)


@contextmanager
def beside_a_service(bench: Bench) -> Iterator[None]:
    """Another process holds the data, and its WARC file, into which it has written."""
    month = bench.captures()[0].parent
    with open_lock(bench.settings.data, "kanliu run"):
        file = WarcFile(month / "kanliu-of-the-service.warc.gz", "none")
        file.append([b"half a record"])
        yield
        assert (month / "kanliu-of-the-service.warc.gz.open").read_bytes() == b"half a record"


@pytest.mark.parametrize(
    ("deed", "place"),
    [*((deed, "alone") for deed in DEEDS), *((deed, "beside") for deed in BESIDE if deed in DEEDS)],
)
def test_a_deed_is_in_a_finished_file_when_the_command_ends(
    bench: Bench, deed: Callable[[Bench], int], place: str
) -> None:
    before, files = told(bench), warcs(bench)
    with beside_a_service(bench) if place == "beside" else nullcontext():
        assert deed(bench) == 0
        assert untold(bench) == []
        (fresh,) = [each for each in bench.captures() if each not in files
                    and "service" not in each.name]  # fmt: skip
        assert fresh.name.endswith(".warc.gz")
    assert DEEDS[deed] in {kind for number, kind in told(bench) if (number, kind) not in before}
    numbers = [number for number, _ in told(bench)]
    assert sorted(numbers) == list(range(1, max(numbers) + 1))


def test_a_database_that_is_lost_at_once_after_loses_no_deed(bench: Bench) -> None:
    first, second, third = entry_ids(bench)
    with beside_a_service(bench):
        for deed in (put_back, withdraw, resume, retire):
            assert deed(bench) == 0
    assert correct(bench) == 0
    database(bench).unlink()
    assert run(bench, "rebuild") == 0
    with Store.open(bench.settings.database_url) as store:
        assert store.status("magazine").retired
        assert store.corrections.of(first) == ()
        states = [entry.state for id_ in (second, third) if (entry := store.entry(id_))]
        assert states == [EntryState.LIVE, EntryState.WITHDRAWN]
        assert store.ledger.find_break() is None


def test_several_sources_are_one_deed_and_one_file(bench: Bench) -> None:
    """Who ends a hundred journals gets one file, not a hundred."""
    ids = [f"journal-{number}" for number in range(100)]
    for each in ids:
        bench.write_source(each, lists=[f"{bench.site.url}/{each}.html"])
    bench.inside(_nothing)  # the sources are followed now
    files = len(warcs(bench))
    assert in_data(bench, "retire", "magazine", *ids, "--why", "all ceased") == 0
    assert len(warcs(bench)) == files + 1
    assert in_data(bench, "pause", ids[0], "nobody") == 2
    assert len(warcs(bench)) == files + 1
    with Store.open(bench.settings.database_url) as store:
        assert not store.status(ids[0]).paused


async def _nothing(_: object) -> None:
    pass


def test_what_has_nothing_to_tell_leaves_no_file(bench: Bench) -> None:
    files = warcs(bench)
    with beside_a_service(bench):
        assert run(bench, "withdraw", "https://magazine.example/none", *SIGNED) == 2
        assert in_data(bench, "pause", "nobody") == 2
    assert run(bench, "publish") == 0
    assert run(bench, "seal") == 0
    left = {each for each in warcs(bench) if "service" not in each.name}
    assert left == set(files)


def test_where_no_file_can_be_written_nothing_is_done(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(bench.settings.warc)
    bench.settings.warc.write_text("a file is in the way")
    feeds = bench.published()
    with Store.open(bench.settings.database_url) as store:
        before = store.ledger.head()
    for deed in (resume, retire, withdraw, put_back, correct, export):
        capsys.readouterr()
        assert deed(bench) == 1
        said = capsys.readouterr().err
        assert f"{bench.settings.warc}: no file can be written there" in said
        assert "nothing was done. Next: free space there" in said
    with Store.open(bench.settings.database_url) as store:
        assert store.ledger.head() == before
    assert bench.published() == feeds
    assert not (bench.folder / "out.jsonl").exists()


def test_a_full_disk_is_told_while_nothing_is_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The database is on another disk, so it would take the deed."""
    warc = bench.settings.warc
    shutil.rmtree(warc)
    warc.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(warc)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs the right to mount one (root)")
    try:
        with pytest.raises(OSError, match="No space"), (warc / "full").open("wb") as file:
            file.write(bytes(1_000_000))
        assert resume(bench) == 1
        assert "(No space left on device), so nothing was done" in capsys.readouterr().err
        with Store.open(bench.settings.database_url) as store:
            assert store.status("magazine").paused
        (warc / "full").unlink()
        assert resume(bench) == 0
        assert untold(bench) == []
        assert sorted(each.suffix for each in warc.rglob("*") if each.is_file()) == [".gz"]
    finally:
        subprocess.run(["umount", str(warc)], check=True)


KILLED = {
    "between database and file": """
        with Store.open(url) as store:
            store.resume("magazine", now)
            os.kill(os.getpid(), signal.SIGKILL)
    """,
    "before the file is finished": """
        store = Store.open(url)
        with open_captures(settings, store, rules="none") as captures:
            store.resume("magazine", now)
            captures.tell(store.ledger.untold())
            captures.sync()
            os.kill(os.getpid(), signal.SIGKILL)
    """,
    "in the middle of a record": """
        store = Store.open(url)
        with open_captures(settings, store, rules="none") as captures:
            store.resume("magazine", now)
            captures.tell(store.ledger.untold())
            os.truncate(captures._file._path, captures._file.size - 20)
            os.kill(os.getpid(), signal.SIGKILL)
    """,
}
OPENED = """
        import os, signal, sys
        from datetime import UTC, datetime
        from pathlib import Path
        from archive.captures import open_captures
        from archive.store import Store
        from foundation.settings import Settings
        settings = Settings(data=Path(sys.argv[1]))
        url, now = settings.database_url, datetime.now(UTC)
"""


@pytest.mark.parametrize("moment", KILLED)
@pytest.mark.parametrize("begins", [pause, "poll"])
def test_what_a_kill_kept_out_of_the_files_is_written_at_the_next_start(
    bench: Bench, moment: str, begins: Callable[[Bench], int] | str
) -> None:
    script = textwrap.dedent(OPENED) + textwrap.dedent(KILLED[moment])
    command = [sys.executable, "-c", script, str(bench.settings.data)]
    died = subprocess.run(command, check=False)
    assert died.returncode == -signal.SIGKILL
    assert "source-resumed" in untold(bench)
    if callable(begins):
        assert begins(bench) == 0
    else:
        bench.poll()
    assert untold(bench) == []
    assert "source-resumed" in {kind for _, kind in told(bench)}
    assert not [each for each in warcs(bench) if each.name.endswith(".open")]
    with Store.open(bench.settings.database_url) as store:
        is_paused = store.status("magazine").paused
    database(bench).unlink()
    assert run(bench, "rebuild") == 0
    with Store.open(bench.settings.database_url) as store:
        assert store.status("magazine").paused is is_paused
        assert store.ledger.find_break() is None


def test_no_deed_goes_into_a_database_that_another_replaces(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_alone(bench.settings.data, "kanliu rebuild"):
        for deed in BESIDE:
            capsys.readouterr()
            assert deed(bench) == 75
            assert "`kanliu rebuild`, process" in capsys.readouterr().err
    with open_beside(bench.settings.data, "kanliu verify"):
        assert pause(bench) == 0  # two may do something beside
        assert run(bench, "rebuild", "--check") == 75
        assert "`kanliu verify`, process" in capsys.readouterr().err
    assert run(bench, "rebuild", "--check") == 0


def test_a_sweep_takes_no_file_that_another_process_begins(tmp_path: Path) -> None:
    """A start may look for what a crash left just when a command begins its file."""
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            sweep(tmp_path, now=NOW)

    looking = [threading.Thread(target=look) for _ in range(2)]
    for each in looking:
        each.start()
    try:
        for number in range(400):
            file = WarcFile(tmp_path / f"{number}.warc.gz", "none")
            file.append([b"a record"])
            file.is_empty = False
            file.seal(NOW, tmp_path)
    finally:
        stop.set()
        for each in looking:
            each.join()
    assert len(list(tmp_path.glob("*.warc.gz"))) == 400
