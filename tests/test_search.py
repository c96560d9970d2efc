"""`kanliu search`, as a person or a script calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archive.model import NoticeClass
from archive.store import Store
from foundation.settings import Settings
from terminal import hit_row, marked
from tests import factories
from tests.test_cli import kanliu

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = 'title = "河港"\nlists = ["https://river-port.example/list.html"]\n'
CLOSED = "灯火管制的细则不得转载。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data directory with three articles of one journal."""
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "river-port.toml").write_text(SOURCE, "utf-8")
    url = f"sqlite:///{tmp_path / 'var' / 'kanliu.sqlite'}"
    forbidden = factories.notice(NoticeClass.FORBIDDEN, text="严禁转载")
    with Store.open(url, now=factories.SEEN) as store:
        store.sync_sources([factories.source()], factories.SEEN)
        for number, fields in enumerate(
            (
                {},
                {"title": "夜航", "text": "两岸没有灯火，只有水声。", "number": "6"},
                {"title": "灯火管制", "text": CLOSED, "notice": forbidden},
            )
        ):
            address = f"https://river-port.example/{number}.html"
            made = factories.entry(url=address, canonical_url=address, **fields)
            store.keep(factories.sighting(made))
    return tmp_path


@pytest.mark.slow
def test_what_is_found_is_shown_with_titles_first(folder: Path) -> None:
    done = kanliu("search", "燈火", folder=folder)
    assert done.returncode == 0
    assert "灯火管制\n" in done.stdout
    assert CLOSED[:4] + "的细则" not in done.stdout
    assert "3 of 3 shown" in done.stdout
    assert done.stdout.index("渡口的灯火") < done.stdout.index("夜航")


@pytest.mark.slow
def test_what_is_found_is_data_with_its_marks(folder: Path) -> None:
    done = kanliu("search", "灯火", "-渡口", "--notice", "reusable", "--json", folder=folder)
    told = json.loads(done.stdout)
    assert (told["count"], len(told["entries"])) == (1, 1)
    (entry,) = told["entries"]
    assert (entry["journal"], entry["notice"]) == ("河港", "free-attribution")
    assert entry["issue"] == "2026-6"
    assert [part["text"] for part in entry["snippet"] if part["is_marked"]] == ["灯火"]


@pytest.mark.slow
def test_the_exit_code_says_whether_anything_was_found(folder: Path) -> None:
    assert kanliu("search", "没有这样的词", folder=folder).returncode == 1
    assert kanliu("search", "灯火", "--journal", "river-port", folder=folder).returncode == 0
    for wrong in (["notice:gratis"], ["灯火", "--journal", "tea"], ['"灯火'], []):
        done = kanliu("search", *wrong, folder=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("kanliu: ")


@pytest.mark.slow
def test_a_saved_search_that_cannot_be_understood_stops_every_command(folder: Path) -> None:
    broken = '[searches.brand]\ntitle = "品牌"\nquery = "notice:gratis"\n'
    (folder / "kanliu.toml").write_text(broken, "utf-8")
    done = kanliu("settings", folder=folder)
    assert done.returncode == 2
    assert "kanliu.toml: searches.brand.query: 'gratis' is no class" in done.stderr
    (folder / "kanliu.toml").write_text(broken.replace("gratis", "free"), "utf-8")
    assert "brand: notice:free" in kanliu("settings", folder=folder).stdout


def test_an_entry_of_a_source_without_file_is_shown_by_its_id() -> None:
    row = hit_row(factories.archived(), ["渡口"], None, Settings())
    assert (row["journal"], row["notice"]) == ("river-port", NoticeClass.FREE_ATTRIBUTION)
    assert marked(row["title"], "", "bold") == "[bold]渡口[/]的灯火"
    assert marked((), "", "bold") == "?"
