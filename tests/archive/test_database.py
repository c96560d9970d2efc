"""Opening, migrating, and what is said when a database refuses."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from archive.coding import encode_entry, write_json
from archive.correction import Wanted
from archive.database import MIGRATIONS, alembic_config, open_database
from archive.model import Kept
from archive.schema import REVISION, metadata
from archive.selection import Selection
from archive.store import Store
from foundation.errors import StoreError
from tests.archive.factories import NOW, entry, sighting, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1000k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small or read-only disk needs the right to mount one (root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'kanliu.sqlite'}"


# The schema


def test_migrations_arrive_at_the_declared_schema(new_url: str) -> None:
    database = open_database(new_url)
    database.migrate()
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                # No table of SQLAlchemy's: archive/word_index.py has the seam.
                "include_name": lambda name, kind, _: kind != "table" or name[:5] != "words",
            },
        )
        assert compare_metadata(context, metadata) == []
        made = {
            index["name"]: index.get("dialect_options", {})
            for index in inspect(connection).get_indexes("sources")
        }
    (condition,) = (
        str(where) for name, where in made["sources_unpublished"].items() if name.endswith("_where")
    )
    assert condition.strip("()").replace('"', "") == "change > published"
    database.close()


def test_the_newest_migration_is_the_one_that_the_code_names() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == REVISION


def test_a_store_of_the_first_schema_goes_on_with_what_it_has(new_url: str) -> None:
    database = open_database(new_url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO sources (id, host, zone, digest) "
                "VALUES ('ship', 'ship.example', 'Asia/Shanghai', 'x')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO entries (id, source_id, canonical_url, ordered, first_seen, changed, "
                "state, revision) VALUES ('tag:old', 'ship', 'https://ship.example/old', :now, "
                ":now, :now, 'live', 1)"
            ),
            {"now": NOW.strftime("%Y-%m-%dT%H:%M:%S.000000Z")},
        )
        connection.execute(
            text(
                "INSERT INTO revisions (entry_id, number, seen, digest, entry, raw) VALUES "
                "('tag:old', 1, :now, 'x', :entry, '{}')"
            ),
            {
                "now": NOW.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
                "entry": write_json(encode_entry(entry(url="https://ship.example/old"))),
            },
        )
    database.close()
    with Store.open(new_url) as store:
        assert [each.id for each in store.select(Selection(words=("货船",)))] == ["tag:old"]
        store.sync_sources([source()], NOW)
        assert store.keep(sighting(url="https://ship.example/new", title="新")).kept is Kept.NEW
        assert [each.also_in for each in store.entries()] == [(), ()]
        store.corrections.put("tag:old", Wanted(title="改"), who="林", why="错字", now=NOW)
        assert store.entry("tag:old").entry.title == "改"  # type: ignore[union-attr]


def test_migrating_again_changes_nothing(new_url: str) -> None:
    with Store.open(new_url, now=NOW) as store:
        store.sync_sources([source()], NOW)
        store.keep(sighting())
    with Store.open(new_url) as store:
        assert len(store.entries()) == 1


def test_a_newer_database_is_left_alone(new_url: str) -> None:
    database = open_database(new_url)
    database.migrate()
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"'9999' is newer than this Kanliu.*Install"):
        Store.open(new_url)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    database.close()


def test_alembic_is_loaded_only_to_migrate(tmp_path: Path) -> None:
    Store.open(url_of(tmp_path)).close()
    script = (
        "import sys; from archive.store import Store; Store.open(sys.argv[1]).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, url_of(tmp_path)], check=True)


# SQLite


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path))
    with database.reading() as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("busy_timeout", 30_000),
        ):
            assert connection.scalar(text(f"PRAGMA {pragma}")) == value
    database.close()


def test_readers_go_on_while_one_writes(store: Store) -> None:
    store.keep(sighting())
    with store._database.writing() as connection:
        connection.execute(text("UPDATE sources SET failures = 7"))
        seen: list[int] = []
        reader = threading.Thread(target=lambda: seen.append(store.status("ship").failures))
        reader.start()
        reader.join()
    assert seen == [0]
    assert store.status("ship").failures == 7


def test_two_threads_that_keep_take_turns(store: Store) -> None:
    kept: list[Kept] = []

    def keep(thread: int) -> None:
        for number in range(10):
            url = f"https://ship.example/{number}"
            text_ = f"第{number}篇的正文，两个线程都看见了它。" * 3
            kept.append(store.keep(sighting(url=url, title=f"文{number}", text=text_)).kept)

    threads = [threading.Thread(target=keep, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (kept.count(Kept.NEW), kept.count(Kept.UNCHANGED)) == (10, 20)


def test_a_failure_in_the_middle_leaves_nothing(store: Store) -> None:
    seen = sighting()
    seen.entry.found["broken"] = object()  # type: ignore[index]
    with pytest.raises(Exception, match="not JSON serializable"):
        store.keep(seen)
    assert store.entries() == []
    assert store.memory("ship").known == {}
    assert store.status("ship").entries == 0


# Refusals


def test_a_full_disk_is_said_and_the_store_goes_on_when_there_is_space(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, Store.open(url_of(disk), now=NOW) as store:
        store.sync_sources([source()], NOW)
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as opened, suppress(OSError):
            while opened.write(b"x" * 4096):
                pass
        with pytest.raises(StoreError, match=r"kanliu.sqlite: .*full.*free space"):
            store.keep(sighting(text="船" * 100_000))
        assert store.entries() == []
        filler.unlink()
        assert store.keep(sighting()).kept is Kept.NEW


def test_a_read_only_disk_is_said(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        with Store.open(url_of(disk), now=NOW) as store:
            store.sync_sources([source()], NOW)
        with closing(sqlite3.connect(disk / "kanliu.sqlite")) as raw:
            raw.execute("PRAGMA journal_mode = DELETE")  # a WAL database cannot even be read there
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with (
            pytest.raises(StoreError, match=r"kanliu.sqlite: .*readonly.*writable for user id"),
            Store.open(url_of(disk)) as store,
        ):
            store.keep(sighting())


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "kanliu.sqlite").write_bytes(b"these are not the bytes of a database " * 99)
    with pytest.raises(StoreError, match=r"not a database.*restore a backup"):
        Store.open(url_of(tmp_path))


def test_a_damaged_database_is_said(tmp_path: Path) -> None:
    with Store.open(url_of(tmp_path), now=NOW) as store:
        store.sync_sources([source()], NOW)
        for number in range(20):
            store.keep(sighting(url=f"https://ship.example/{number}", text=os.urandom(2000).hex()))
    file = tmp_path / "kanliu.sqlite"
    whole = bytearray(file.read_bytes())
    whole[8192:] = os.urandom(len(whole) - 8192)
    file.write_bytes(whole)
    with (
        pytest.raises(StoreError, match=r"malformed.*restore it from a backup"),
        Store.open(url_of(tmp_path)) as store,
    ):
        store.entries()


def test_a_database_held_by_another_program_is_said(tmp_path: Path) -> None:
    with Store.open(url_of(tmp_path), now=NOW) as store:
        with store._database.reading() as connection:
            connection.execute(text("PRAGMA busy_timeout = 50"))
        with closing(sqlite3.connect(tmp_path / "kanliu.sqlite", isolation_level=None)) as shell:
            shell.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=r"locked.*end the program"):
                store.sync_sources([source()], NOW)
        store.sync_sources([source()], NOW)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    with pytest.raises(StoreError, match=r"data: the data directory cannot be made.*KANLIU_DATA"):
        Store.open(url_of(tmp_path / "data"))


@pytest.mark.parametrize("url", ["mysql://host/name", "kanliu.sqlite", "", "oracle+x://h"])
def test_another_kind_of_database_is_refused_with_what_is_allowed(url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///PATH or postgresql://"):
        Store.open(url)


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(StoreError, match=r"start PostgreSQL") as caught:
        Store.open("postgresql://someone:s3cret@127.0.0.1:9/kanliu")
    assert "s3cret" not in str(caught.value)
