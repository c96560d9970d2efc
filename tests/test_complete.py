"""`kanliu complete`: an issue of which an article is dead, out of the captures of a real poll."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.store import Store
from cli import main
from house.completeness import completeness
from sources.read import read_sources
from tests.archive.factories import NOW
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.platform_sites import SITES
from tests.sample_sites.magtech import MAY, path_of
from tests.test_cli import kanliu

if TYPE_CHECKING:
    from pathlib import Path

    from archive.completeness import IssueReport
    from tests.fake_site import FakeSite

LIST = "/CN/volumn/current.shtml"
LINE = "基本参数：CN10-0000/P*1980*b*A4*96*zh*P*￥20.00*800*{}*2026-05".format
DEAD = MAY[2]
PATH, TITLE = path_of(DEAD), DEAD.title


def polled(folder: Path, site: FakeSite, *, printed: int, dead: bool) -> Bench:
    """A journal of which the current issue was visited once."""
    bench = Bench(folder=folder, site=site, requisites=0)
    sample = SITES["magtech"].put_on(site)
    page = sample.pages[LIST].body.decode().replace('charset="utf-8"', 'charset="gbk"')
    site.page(LIST, page.replace("</body>", f"<p>{LINE(printed)}</p></body>"), charset="gbk")
    if dead:
        site.remove(PATH)
    bench.write_source("plateau", lists=[f"{site.url}{LIST}"], platform="magtech")
    bench.poll()
    return bench


def issues(bench: Bench) -> list[IssueReport]:
    sources = read_sources(bench.settings.journals).sources
    with Store.open(bench.settings.database_url) as store:
        report = completeness(store, bench.settings.data, sources, NOW)["plateau"]
    return list(report.issues)


@pytest.mark.slow
@pytest.mark.promise(number=28)
def test_line_28_gaps_of_an_issue_are_named_from_the_captures_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_fake_site() as site:
        bench = polled(tmp_path, site, printed=5, dead=True)

    issue, march = issues(bench)
    assert issue.issue is not None
    assert (issue.issue.slug, issue.listed, issue.kept, issue.printed) == ("2026-3", 4, 3, 5)
    assert march.is_whole
    (gap,) = issue.gaps
    assert (gap.title, gap.url) == (TITLE, f"{site.url}{PATH}")
    assert gap.why.startswith("asked for once: ")
    assert "404" in gap.why

    monkeypatch.chdir(tmp_path)
    told = ["complete", "--data", str(bench.settings.data), "plateau"]
    with pytest.raises(SystemExit) as left:
        main(told)
    assert left.value.code == 1
    said = capsys.readouterr().out
    assert "3 kept, 4 listed, 5 by 期刊基本参数: 2 lack" in said
    assert f"{TITLE}  {gap.url}" in said
    assert "1 that no list showed" in said
    done = kanliu(*told, "--json", folder=tmp_path)
    data, _ = json.loads(done.stdout)
    assert (data["lacking"], data["gaps"][0]["title"]) == (2, TITLE)


@pytest.mark.slow
def test_an_issue_that_is_kept_whole_is_whole_by_its_own_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_fake_site() as site:
        bench = polled(tmp_path, site, printed=4, dead=False)

    issue, march = issues(bench)
    assert (issue.listed, issue.kept, issue.printed, issue.lacking) == (4, 4, 4, 0)
    assert (march.printed, march.lacking) == (None, 0)  # the line is of another issue
    monkeypatch.chdir(tmp_path)
    for words, code in (([], 0), (["nobody"], 2)):
        with pytest.raises(SystemExit) as left:
            main(["complete", "--data", str(bench.settings.data), *words])
        assert left.value.code == code
    assert "nothing is known to lack" in capsys.readouterr().out


@pytest.mark.slow
def test_files_whole_and_issues_whole_are_one_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_fake_site() as site:
        bench = polled(tmp_path, site, printed=5, dead=True)
    monkeypatch.chdir(tmp_path)

    def verify(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main(["verify", "--data", str(bench.settings.data), *words])
        return int(str(left.value.code)), capsys.readouterr().out

    assert verify()[0] == 0
    code, said = verify("--issues")
    assert code == 1
    assert "1 whole, 0 damaged" in said
    assert f"{TITLE}  " in said
    code, said = verify("--issues", "--json")
    told = json.loads(said)
    assert (code, told["files"]["is_whole"], told["issues"][0]["lacking"]) == (1, True, 2)
    (path,) = bench.captures()
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    code, said = verify("--issues")
    assert code == 1
    assert "1 damaged" in said
    assert "could not be read: a list may be among them" in said


@pytest.mark.slow
def test_a_database_made_again_says_the_same_of_its_issues(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_fake_site() as site:
        bench = polled(tmp_path, site, printed=5, dead=True)
    monkeypatch.chdir(tmp_path)
    before = issues(bench)
    with pytest.raises(SystemExit) as left:
        main(["rebuild", "--data", str(bench.settings.data)])
    assert left.value.code == 0, capsys.readouterr().out
    with Store.open(bench.settings.database_url) as store:
        report = store.issue_reports.find("plateau")
    assert report is not None
    # What was asked for in vain is in no file (docs/what-is-kept.md).
    forgotten = [replace(gap, tries=0, reason=None) for gap in before[0].gaps]
    assert list(report.issues) == [replace(before[0], gaps=tuple(forgotten)), *before[1:]]


@pytest.mark.slow
def test_a_poll_leaves_a_report_for_the_pages(tmp_path: Path) -> None:
    with open_fake_site() as site:
        bench = polled(tmp_path, site, printed=4, dead=False)
    with Store.open(bench.settings.database_url) as store:
        report = store.issue_reports.find("plateau")
    assert report is not None
    assert [each.kept for each in report.issues] == [4, 3]
    assert report.is_whole
