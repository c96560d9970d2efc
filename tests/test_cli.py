"""The operator's door: what is asked of it answers at once, in words, or as data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from terminal import names, plain, span
from tests import factories

ROOT = Path(__file__).parent.parent
SOURCE = 'title = "某某杂志"\nlists = ["https://journal.example/list.html"]\n'


def kanliu(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "brand-research.toml").write_text(SOURCE, "utf-8")
    return tmp_path


@pytest.mark.slow
def test_help_needs_no_room_of_the_house(tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv = ['kanliu', '--help']\n"
        "import cli\n"
        "try:\n cli.main()\n"
        "finally:\n"
        " heavy = {'scrapy', 'sqlalchemy', 'trafilatura', 'pydantic', 'feedgen', 'lxml'}\n"
        " print(sorted(heavy & sys.modules.keys()), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr.strip() == "[]"
    assert "poll" in done.stdout


@pytest.mark.slow
def test_check_names_every_error_at_once(folder: Path) -> None:
    (folder / "journals" / "bad.toml").write_text('titel = "x"\nzone = "Mars/Base"\n', "utf-8")
    done = kanliu("check", folder=folder)
    assert done.returncode == 1
    assert "bad.toml: titel" in done.stderr
    assert "bad.toml: zone" in done.stderr
    assert "sources that are right: 1" in done.stdout
    told = json.loads(kanliu("check", "--json", folder=folder).stdout)
    assert told["sources"] == ["brand-research"]
    assert {error["key"] for error in told["errors"]} >= {"titel", "zone"}


@pytest.mark.slow
def test_settings_say_where_each_came_from(folder: Path) -> None:
    (folder / "kanliu.toml").write_text('contact = "mailto:a@library.example"\n', "utf-8")
    told = json.loads(kanliu("settings", "--json", folder=folder).stdout)
    origins = {row["key"]: row["origin"] for row in told}
    assert origins["contact"] == "kanliu.toml"
    assert origins["port"] == "default"


@pytest.mark.slow
def test_a_status_of_a_source_never_polled_is_said(folder: Path) -> None:
    done = kanliu("status", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "never polled" in done.stdout


@pytest.mark.slow
def test_notices_and_dates_are_read_in_batches(folder: Path) -> None:
    lines = folder / "in.jsonl"
    lines.write_text('{"id": "a", "text": "如需转载,请注明来源"}\nnot json\n', "utf-8")
    done = kanliu("read", "--batch", str(lines), "--notices", folder=folder)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["class"] == "free-attribution"
    assert "error" in second
    lines.write_text('{"id": "a", "text": "2021年第4期"}\n', "utf-8")
    (told,) = map(
        json.loads,
        kanliu("read", "--batch", str(lines), "--dates", folder=folder).stdout.splitlines(),
    )
    assert (told["value"], told["precision"]) == (None, "issue")


@pytest.mark.slow
def test_a_saved_page_is_probed_offline(folder: Path) -> None:
    page = folder / "page.html"
    page.write_text(
        "<html><body><h1>街角小店的二十年</h1><p>发布时间:2026-11-20</p>"
        f"<p>{'老顾客一直没有散去。' * 20}</p><p>未经许可,不得转载。</p></body></html>",
        "utf-8",
    )
    done = kanliu("probe", str(page), folder=folder)
    assert done.returncode == 0, done.stderr
    for word in ("街角小店的二十年", "2026-11-20", "permission"):
        assert word in done.stdout
    assert (
        json.loads(kanliu("probe", str(page), "--json", folder=folder).stdout)["kind"] == "article"
    )


@pytest.mark.slow
def test_a_probe_says_how_many_links_of_an_overlong_list_were_left(folder: Path) -> None:
    page = folder / "list.html"
    rows = "".join(f"<li><a href=/a/{n}.html>街角小店的第{n}年</a>" for n in range(3_050))
    page.write_text(f"<ul>{rows}</ul>", "utf-8")
    fields = json.loads(kanliu("probe", str(page), "--list", "--json", folder=folder).stdout)[
        "fields"
    ]
    assert ("links left", "50") in [(each["name"], each["value"]) for each in fields]


@pytest.mark.slow
def test_a_page_that_cannot_be_had_is_told_by_the_exit_code(folder: Path) -> None:
    done = kanliu("probe", "http://127.0.0.1:9/list.html", folder=folder)
    assert done.returncode == 1
    assert "127.0.0.1" in done.stdout


@pytest.mark.slow
def test_publish_names_what_could_not_be_rendered(folder: Path) -> None:
    script = (
        "import feeds.publish\n"
        "feeds.publish.common_documents = None\n"
        "import cli; cli.main(['publish'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "kanliu: not rendered" in done.stderr
    assert done.stderr.rstrip().endswith(": all")
    assert (folder / "var" / "public" / "opml.xml").exists()


def test_values_become_plain_data() -> None:
    told = plain(factories.entry(title="题"))
    assert told["title"] == "题"
    assert json.loads(json.dumps(told))["notice"]["class"] == "free-attribution"


def test_spans_are_said_as_a_person_would() -> None:
    from datetime import timedelta

    assert [span(timedelta(seconds=each)) for each in (5, 90, 7200, 200_000)] == [
        "5 s",
        "1 min",
        "2 h",
        "2 d",
    ]


def test_authors_stand_in_a_row_with_the_comma_of_their_script() -> None:
    assert names(["甲", "乙"]) == "甲、乙"
    assert names(["A", "B"]) == "A, B"


@pytest.mark.slow
def test_a_wrong_setting_is_wrong_usage(folder: Path) -> None:
    (folder / "kanliu.toml").write_text('delay = "fast"\n', "utf-8")
    done = kanliu("status", folder=folder)
    assert done.returncode == 2
    assert "delay" in done.stderr
    (folder / "other.toml").write_text('contact = "mailto:b@library.example"\n', "utf-8")
    told = kanliu("--settings", "other.toml", "settings", "--json", folder=folder)
    assert "mailto:b@library.example" in told.stdout


@pytest.mark.slow
def test_a_dry_run_says_how_a_visit_would_end_and_keeps_nothing(folder: Path) -> None:
    dry = kanliu("poll", "brand-research", "--dry-run", "--json", folder=folder)
    assert json.loads(dry.stdout)[0]["poll"]["outcome"] == "unreachable"
    assert not (folder / "var").exists()
    assert kanliu("pause", "nobody", folder=folder).returncode == 2


@pytest.mark.slow
def test_the_demo_leaves_an_archive_that_is_not_its_own_alone(folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "kanliu.sqlite").write_bytes(b"")
    done = kanliu("demo", "--once", "--data", "var", folder=folder)
    assert done.returncode == 1
    assert "not a demo's" in done.stderr


@pytest.mark.slow
def test_a_reader_that_closes_the_pipe_holds_nothing_up(folder: Path) -> None:
    for command in ("status", "check --json", "poll --dry-run", "poll"):
        words = f"{sys.executable} -m cli {command} | true"
        done = subprocess.run(
            ["bash", "-c", words],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, command


def test_the_version_is_told() -> None:
    from typer.testing import CliRunner

    from cli import app

    assert CliRunner().invoke(app, ["--version"]).output.strip()[0].isdigit()
