"""`kanliu withdraw` and `kanliu show` at the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.lock import open_lock
from archive.store import Store
from cli import main
from sources.read import read_sources
from tests import factories
from tests.factories import SEEN
from tests.test_cli import SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Kanliu = Callable[..., "Done"]

SIGNED = ("--who", "林", "--why", "作者来信")
URL = factories.entry().url

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def kanliu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kanliu:
    """The command, in this process and this folder: a process of its own takes a second."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        told = capsys.readouterr()
        return Done(int(ended.value.code or 0), told.out, told.err)

    return run


@pytest.fixture
def public(tmp_path: Path, kanliu: Kanliu) -> Path:
    """An article of two revisions, published."""
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "river-port.toml").write_text(SOURCE, "utf-8")
    with Store.open(f"sqlite:///{tmp_path / 'var' / 'kanliu.sqlite'}") as store:
        store.sync_sources(read_sources(tmp_path / "journals").sources, SEEN)
        store.keep(factories.sighting())
        edited = factories.entry(title="渡口的灯", text="天黑以后，渡口先亮起来。\n人们等船。")
        store.keep(factories.sighting(edited, seen=SEEN + timedelta(days=1)))
    assert kanliu("publish").returncode == 0
    return tmp_path / "var" / "public"


@pytest.mark.promise(number=30)
def test_one_command_takes_an_article_down_and_one_puts_it_back(
    kanliu: Kanliu, public: Path
) -> None:
    assert "渡口的灯" in (public / "river-port" / "rss.xml").read_text("utf-8")

    done = kanliu("withdraw", URL, *SIGNED, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["state"], told["withdrawal"]["who"]) == ("withdrawn", "林")
    assert told["withdrawal"]["digest"] == told["captures"][-1]["digest"]
    for name in ("rss.xml", "atom.xml", "feed.json"):
        text = (public / "river-port" / name).read_text("utf-8")
        assert "渡口" not in text
        assert "已撤下" in text
        assert (public / "river-port" / f"{name}.gz").exists()

    again = kanliu("withdraw", told["id"], *SIGNED)
    assert again.returncode == 2
    assert "withdrawn already" in again.stderr
    undone = kanliu("withdraw", told["id"], "--undo", *SIGNED)
    assert (undone.returncode, undone.stdout) == (0, f"{told['id']} is live again.\n")
    assert "渡口的灯" in (public / "river-port" / "rss.xml").read_text("utf-8")


def test_the_story_of_an_article_is_told_in_words_and_as_data(kanliu: Kanliu, public: Path) -> None:
    kanliu("withdraw", URL, *SIGNED, "--public-reason", "应作者要求")
    shown = kanliu("show", URL)
    assert shown.returncode == 0, shown.stderr
    story = json.loads(kanliu("show", URL, "--json").stdout)
    for word in (
        story["id"], "withdrawn since", "by 林: 作者来信", "应作者要求", "free-attribution",
        "title-changed: 渡口的灯火 → 渡口的灯", "letters added", "人们{-在这里-}等船",
        *(each["digest"] for each in story["captures"]), "warc/sample.warc.gz at 0",
        "entry-new", "entry-revised", "entry-withdrawn",
    ):  # fmt: skip
        assert word in shown.stdout, word
    assert [each["number"] for each in story["revisions"]] == [1, 2]
    assert story["revisions"][1]["changes"][0]["after"] == "渡口的灯"
    assert [each["kind"] for each in story["events"]] == [
        "entry-new", "entry-revised", "title-changed", "entry-withdrawn",
    ]  # fmt: skip
    assert story["withdrawal"]["public_reason"] == "应作者要求"


def test_wrong_usage_changes_nothing(kanliu: Kanliu, public: Path) -> None:
    for words, said in (
        (("withdraw", URL), "needs a name and a reason"),
        (("withdraw", "https://river-port.example/none", *SIGNED), "no such entry"),
        (("withdraw", URL, "--undo", *SIGNED), "is not withdrawn, it is live"),
        (("show", "tag:x,2026:y/z"), "no such entry"),
    ):
        done = kanliu(*words)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert said in done.stderr
    shown = kanliu("show", URL)
    assert (shown.returncode, "withdrawn" in shown.stdout) == (0, False)


def test_beside_a_running_service_the_text_is_gone_at_once(kanliu: Kanliu, public: Path) -> None:
    """What that service does then: tests/test_loop.py."""
    with open_lock(public.parent, "kanliu run"):
        done = kanliu("withdraw", URL, *SIGNED)
        assert (done.returncode, "at its next tick" in done.stderr) == (0, True)
        for file in public.rglob("*.*"):
            if file.suffix in (".xml", ".json", ".atom"):
                assert "渡口" not in file.read_text("utf-8"), file
        assert "withdrawn since" in kanliu("show", URL).stdout
