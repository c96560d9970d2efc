"""`kanliu correct`: a person's word over what was read, at the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archive.lock import open_lock
from archive.store import Store
from commands.shelves import iso_date
from sources.read import read_sources
from tests import factories
from tests.test_cli import SOURCE, kanliu

if TYPE_CHECKING:
    from pathlib import Path

SIGNED = ("--who", "林", "--why", "印刷本上是另一天")

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "river-port.toml").write_text(SOURCE, "utf-8")
    return tmp_path


@pytest.fixture
def entry_id(folder: Path) -> str:
    with Store.open(f"sqlite:///{folder / 'var' / 'kanliu.sqlite'}") as store:
        store.sync_sources(read_sources(folder / "journals").sources, factories.SEEN)
        return store.keep(factories.sighting()).entry_id


def feed(folder: Path) -> dict[str, str]:
    file = folder / "var" / "public" / "river-port" / "feed.json"
    return json.loads(file.read_text("utf-8"))["items"][0]


def test_a_correction_is_kept_shown_published_and_undone(folder: Path, entry_id: str) -> None:
    none = kanliu("correct", entry_id, folder=folder)
    assert (none.returncode, none.stdout) == (0, "Nothing of this entry is corrected.\n")

    words = ("--title", "新题", "--published", "2026年3月1日", "--author", "甲", "--author", "乙")
    done = kanliu("correct", entry_id, *words, *SIGNED, folder=folder)
    assert done.returncode == 0, done.stderr
    for word in ("新题", "渡口的灯火", "2026-03-01", "2026-03-02", "甲、乙", "林"):
        assert word in done.stdout
    item = feed(folder)
    assert (item["title"], item["date_published"][:10]) == ("新题", "2026-03-01")

    told = json.loads(kanliu("correct", entry_id, "--json", folder=folder).stdout)
    assert [row["field"] for row in told] == ["authors", "published", "title"]
    assert (told[2]["value"], told[2]["read"], told[2]["who"]) == ("新题", "渡口的灯火", "林")
    assert told[1]["value"]["raw"] == "2026-03-02"

    undone = kanliu("correct", entry_id, "--undo", "title", *SIGNED, "--json", folder=folder)
    assert [row["field"] for row in json.loads(undone.stdout)] == ["authors", "published"]
    assert feed(folder)["title"] == "渡口的灯火"


def test_a_corrected_notice_decides_what_the_feed_carries(folder: Path, entry_id: str) -> None:
    done = kanliu("correct", entry_id, "--notice", "forbidden", *SIGNED, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "content_html" not in feed(folder)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--notice", "gratis", *SIGNED), "'gratis' is none of open-license, free"),
        (("--undo", "text", *SIGNED), "'text' is none of title, published, notice, authors"),
        (("--undo", "title", "--title", "x", *SIGNED), "--undo goes alone"),
        (("--undo", "title", *SIGNED), "title is not corrected"),
        (("--published", "neulich", *SIGNED), "'neulich' is no date. Next: write one of 2021"),
        (("--published", "2021年第4期", *SIGNED), "is no date"),
        (("--title", "", *SIGNED), "the title is empty"),
        (("--title", "x", "--why", "y"), "--who and --why"),
    ],
)
def test_wrong_usage_is_told_in_one_sentence(
    folder: Path, entry_id: str, words: tuple[str, ...], said: str
) -> None:
    done = kanliu("correct", entry_id, *words, folder=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.startswith("kanliu: ")
    assert "Traceback" not in done.stderr


def test_an_unknown_entry_is_wrong_usage(folder: Path) -> None:
    for words in ((), ("--title", "x", *SIGNED)):
        done = kanliu("correct", "tag:x,2026:y/z", *words, folder=folder)
        assert done.returncode == 2
        assert "tag:x,2026:y/z: no such entry" in done.stderr


def test_while_a_service_holds_the_data_corrections_can_be_seen_only(
    folder: Path, entry_id: str
) -> None:
    with open_lock(folder / "var", "kanliu run"):
        assert kanliu("correct", entry_id, folder=folder).returncode == 0
        done = kanliu("correct", entry_id, "--title", "新题", *SIGNED, folder=folder)
    assert done.returncode == 75
    assert "kanliu run" in done.stderr
    assert kanliu("correct", entry_id, "--json", folder=folder).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2021年2月27日", "2021-02-27"),
        ("2021年2月27日 8:05", "2021-02-27T08:05"),
        ("2021-02-27T08:05+09:00", "2021-02-27T08:05+09:00"),
        ("2021-02-27", "2021-02-27"),
        ("2021", "2021"),
        ("2021-04", "2021-04"),
        ("unknown", "unknown"),
        ("2月27日", "2月27日"),
        ("昨天", "昨天"),
    ],
)
def test_a_date_may_be_written_as_a_person_does(text: str, iso: str) -> None:
    assert iso_date(text) == iso
