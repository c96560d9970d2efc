"""`kanliu export`: what goes out, what stays here, and that it is whole or not there."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import bagit
import pytest
from pybtex.database import parse_string
from warcio.archiveiterator import ArchiveIterator

from archive.handed import COLUMNS
from archive.model import EntryState
from archive.packages.conformance import examine
from archive.packages.lines import read_pages
from archive.selection import Selection
from archive.store import Store
from cli import main
from commands.handover import chosen_of, file_name, month_of
from foundation.settings import Settings
from house.handover import Exported, ExportError, Format, export
from sources.model import Masthead
from tests.archive.factories import NOW, day, source
from tests.archive.packages.raw import CLOSED, OCTOBER, RawFile
from tests.test_cli import kanliu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHIP = source(title="船讯", masthead=Masthead(issn="1234-5679"))
TEA = source("tea", title="茶")
SECRET = "闭门会上说了什么，未经许可不得转载。"
ARTICLES: tuple[dict[str, Any], ...] = (
    {"title": "第一艘", "number": "4", "published": day("2026-09-30")},
    {"title": "=第二艘{", "number": "4", "published": day("2026-10-01")},
    {"title": "闭门会", "number": "5", "published": day("2026-10-05"), "text": SECRET,
     "notice": CLOSED},
    {"title": "撤下的", "number": "4", "text": "撤下的正文"},
)  # fmt: skip
ANYBODY = {"issn": None, "issue": None, "month": None, "words": ()}


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two journals: of `ship` one article is closed, one was withdrawn."""
    folder = tmp_path_factory.mktemp("kept")
    with Store.open(f"sqlite:///{folder / 'kanliu.sqlite'}", now=NOW) as store:
        store.sync_sources([SHIP, TEA], NOW)
        file = RawFile(folder, store, "kanliu-1", OCTOBER)
        for number, fields in enumerate(ARTICLES):
            url = f"https://ship.example/{number}.html"
            file.article(url, images=(f"https://ship.example/{number}.png",), **fields)
        file.article("https://tea.example/1", source="tea", title="茶讯", issn="2096-1847")
        (gone,) = store.select(Selection(sources=frozenset({"ship"}), words=("撤下的",)))
        store.withdrawals.withdraw(gone.id, who="a", why="b", public_reason=None, now=NOW)
    return folder


class Desk:
    """A copy of that directory, and its store."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.store, self.folder = store, folder
        self.settings = Settings(data=folder, contact="archive@x.example")
        (self.path,) = folder.glob("warc/*/*/*.warc.gz")

    def named(self, title: str) -> str:
        return next(each.id for each in self.store.entries() if each.entry.title == title)

    def export(self, format_: str, to: str, journal: str | None = "ship", **given: Any) -> Exported:
        options = {name: given.pop(name, value) for name, value in ANYBODY.items()}
        words = options.pop("words")
        chosen = chosen_of(self.store, [SHIP, TEA], words, journal, **options)
        path = self.folder / to
        return export(
            self.settings, self.store, [SHIP, TEA], chosen, Format(format_), path, **given
        )


@pytest.fixture
def desk(tmp_path: Path, kept: Path) -> Iterator[Desk]:
    folder = tmp_path / "data"
    shutil.copytree(kept, folder)
    with Store.open(f"sqlite:///{folder / 'kanliu.sqlite'}") as store:
        yield Desk(folder, store)


def titles(lines: str) -> list[str]:
    return [json.loads(line)["entry"]["title"] for line in lines.splitlines()]


def everything(path: Path) -> bytes:
    """All bytes of an export, its packages and records unpacked."""
    if path.is_dir():
        return b"".join(everything(each) for each in path.rglob("*") if each.is_file())
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        whole = b"".join(package.read(name) for name in package.namelist())
        with package.open("archive/data.warc.gz") as file:
            for record in ArchiveIterator(file):
                whole += record.raw_stream.read()
    return whole


@pytest.mark.promise(number=24)
def test_line_24_a_package_holds_the_open_ones_and_names_the_rest(desk: Desk) -> None:
    (gone,) = desk.store.entries("ship", states={EntryState.WITHDRAWN})
    done = desk.export("wacz", "out.wacz")
    assert (done.entries, done.texts, done.captures, done.damaged) == (2, 2, 2, [])
    assert [each.title for each in done.closed] == ["闭门会"]
    assert "forbids re-publishing" in done.closed[0].why
    assert [each.id for each in done.withdrawn] == [gone.id]
    assert examine(desk.folder / "out.wacz").faults == ()
    with zipfile.ZipFile(desk.folder / "out.wacz") as package:
        pages = read_pages(package.read("pages/pages.jsonl"))
    assert [page["title"] for page in pages] == ["第一艘", "=第二艘{"]


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.promise(number=7)
def test_line_7_nothing_closed_and_nothing_withdrawn_goes_out(desk: Desk, format_: Format) -> None:
    desk.export(format_, "out")
    whole = everything(desk.folder / "out")
    assert "第一艘".encode() in whole
    for text in (SECRET, "撤下的"):
        assert text.encode() not in whole
        assert text.encode("gbk") not in whole


@pytest.mark.promise(number=24)
def test_a_bag_holds_captures_entries_and_texts_and_is_valid(desk: Desk) -> None:
    done = desk.export("bagit", "bag")
    bag = bagit.Bag(str(desk.folder / "bag"))
    assert bag.validate()
    assert done.files == len(bag.entries) - 3  # all but the tag files
    assert bag.info["External-Identifier"][1] == "urn:ISSN:1234-5679"
    assert bag.info["Source-Organization"] == "archive@x.example"
    data = desk.folder / "bag" / "data"
    texts = sorted(path.read_text("utf-8").splitlines()[0] for path in data.glob("texts/ship/*"))
    assert texts == ["=第二艘{", "第一艘"]
    assert examine(data / "ship.wacz").faults == ()
    assert titles((data / "entries.jsonl").read_text("utf-8")) == ["闭门会", "=第二艘{", "第一艘"]


def test_tables_and_references_are_read_back(desk: Desk) -> None:
    desk.export("csv", "out.csv")
    data = (desk.folder / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,source,")
    head, *rows = csv.reader(data.decode("utf-8-sig").splitlines())
    assert tuple(head) == COLUMNS
    assert [row[COLUMNS.index("title")] for row in rows] == ["闭门会", "'=第二艘{", "第一艘"]
    assert {row[COLUMNS.index("access")] for row in rows} == {"open", "closed"}

    desk.export("bibtex", "out.bib")
    entries = parse_string((desk.folder / "out.bib").read_text("utf-8"), "bibtex").entries
    assert sorted(entries) == sorted({key.lower() for key in entries})
    assert [each.fields["title"] for each in entries.values()] == [
        "{闭门会}", r"{=第二艘\textbraceleft{}}", "{第一艘}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"issue": "2026-4"}, ["=第二艘{", "第一艘"]),
        ({"month": "2026-10"}, ["=第二艘{", "闭门会"]),  # from midnight in Shanghai on
        ({"month": "2026-09"}, ["第一艘"]),
        ({"month": "2026-08"}, None),
        ({"words": ("第二艘",)}, ["=第二艘{"]),
        ({"journal": None, "words": ("船讯", "-第一艘")}, ["=第二艘{", "闭门会"]),
        ({"journal": None, "issn": "2096-1847"}, ["茶讯"]),
        ({"journal": None, "issn": "1234-5679"}, ["=第二艘{", "闭门会", "第一艘"]),
    ],
)
@pytest.mark.promise(number=24)
@pytest.mark.promise(number=29)
def test_what_was_asked_for_goes_out(
    desk: Desk, given: dict[str, Any], found: list[str] | None
) -> None:
    if found is None:
        with pytest.raises(ExportError, match="nothing was found"):
            desk.export("jsonl", "out.jsonl", **given)
        assert not (desk.folder / "out.jsonl").exists()
        return
    desk.export("jsonl", "out.jsonl", **given)
    assert sorted(titles((desk.folder / "out.jsonl").read_text("utf-8"))) == sorted(found)


@pytest.mark.parametrize("format_", [each for each in Format if each is not Format.BAGIT])
def test_the_same_archive_gives_the_same_bytes(desk: Desk, format_: Format) -> None:
    first, second = desk.export(format_, "a"), desk.export(format_, "b")
    assert first.sha256 == second.sha256
    assert (desk.folder / "a").read_bytes() == (desk.folder / "b").read_bytes()


def test_closed_texts_go_out_by_the_operators_word_alone_and_it_is_recorded(desk: Desk) -> None:
    assert not desk.store.events(kinds=["closed-exported"])
    done = desk.export("bagit", "bag", closed_too=True)
    assert ([each.title for each in done.closed_given], done.closed) == (["闭门会"], [])
    assert SECRET.encode() in everything(desk.folder / "bag")
    assert "撤下的".encode() not in everything(desk.folder / "bag")
    (told,) = desk.store.events(kinds=["closed-exported"])
    assert (told.source_id, told.detail["closed"], told.detail["format"]) == ("ship", "1", "bagit")


def test_a_journal_without_a_file_is_closed(desk: Desk) -> None:
    """The operator's word on it stood in the file, and may have been stricter than the page."""
    chosen = chosen_of(desk.store, [TEA], (), "ship", None, None, None)
    with pytest.raises(ExportError, match="the 3 chosen are closed"):
        export(desk.settings, desk.store, [TEA], chosen, Format.WACZ, desk.folder / "out.wacz")
    assert not list(desk.folder.glob("*out*"))


def test_nothing_is_overwritten_without_being_told_to(desk: Desk) -> None:
    desk.export("jsonl", "out.jsonl", issue="2026-4")
    before = (desk.folder / "out.jsonl").read_bytes()
    with pytest.raises(ExportError, match="is there already"):
        desk.export("jsonl", "out.jsonl")
    assert (desk.folder / "out.jsonl").read_bytes() == before
    desk.export("jsonl", "out.jsonl", force=True)
    assert (desk.folder / "out.jsonl").read_bytes() != before

    desk.export("bagit", "bag", issue="2026-4")
    (desk.folder / "bag" / "mine.txt").write_text("", "utf-8")
    desk.export("bagit", "bag", force=True)
    assert bagit.Bag(str(desk.folder / "bag")).validate()
    assert not (desk.folder / "bag" / "mine.txt").exists()
    (desk.folder / "warm").mkdir()
    (desk.folder / "warm" / "mine.txt").write_text("", "utf-8")
    with pytest.raises(ExportError, match="no bag"):
        desk.export("bagit", "warm", force=True)
    assert (desk.folder / "warm" / "mine.txt").exists()


def test_a_folder_gets_a_file_named_by_what_was_chosen(desk: Desk) -> None:
    (desk.folder / "out").mkdir()
    done = desk.export("csv", "out", issue="2026-4")
    assert done.to == str(desk.folder / "out" / "ship-2026-4.csv")
    assert file_name(["ship", "品牌 战略/../x", "2026-4"]) == "ship-品牌-战略-..-x-2026-4"


def test_a_broken_capture_is_named_and_a_failure_leaves_nothing(desk: Desk) -> None:
    capture = desk.store.captures(desk.named("第一艘"))[0]
    data = bytearray(desk.path.read_bytes())
    data[capture.offset + 60] ^= 1
    desk.path.write_bytes(data)
    done = desk.export("wacz", "out.wacz")
    assert [each.id for each in done.damaged] == [capture.id]
    assert examine(desk.folder / "out.wacz").pages == 1
    (desk.folder / "file").write_text("", "utf-8")
    with pytest.raises(Exception, match="cannot be written"):
        desk.export("csv", "file/below/out.csv")
    assert not list(desk.folder.glob(".*open"))


def test_a_month_is_one_of_the_journals_own_zone() -> None:
    since, until = month_of("2026-12", "Asia/Shanghai")
    assert since.isoformat() == "2026-12-01T00:00:00+08:00"
    assert until - since == timedelta(days=31)


@pytest.mark.slow
def test_the_command_says_what_came_of_it(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    journals = desk.folder / "journals"
    journals.mkdir()
    (journals / "ship.toml").write_text(
        'title = "船讯"\nlists = ["https://ship.example/list"]\n', "utf-8"
    )
    desk.store.close()
    given = ["export", "--data", str(desk.folder), "--journal", "ship"]

    done = kanliu(*given, "--format", "wacz", "--to", "a.wacz", folder=desk.folder)
    assert done.returncode == 0, done.stderr
    assert "a.wacz: 2 entries, 2 with their texts, 2 captures" in done.stdout
    assert "1 closed, left out:\n  闭门会: The notice forbids" in done.stdout
    assert "1 withdrawn, left out:" in done.stdout

    done = kanliu(*given, "--format", "jsonl", "--to", "b", "--json", folder=desk.folder)
    assert json.loads(done.stdout)["entries"] == 3
    for wrong, code in (
        ([*given, "--format", "pdf", "--to", "c"], 2),
        ([*given, "--format", "csv", "--to", "a.wacz"], 2),
        ([*given, "--format", "csv", "--to", "c", "--month", "2026-13"], 2),
        ([*given, "--format", "csv", "--to", "c", "--issue", "2020-1"], 1),
        (["export", "--format", "csv", "--to", "c"], 2),
    ):
        with pytest.raises(SystemExit) as left:
            main(wrong)
        assert left.value.code == code, wrong
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("kanliu: ")
    assert not (desk.folder / "c").exists()
