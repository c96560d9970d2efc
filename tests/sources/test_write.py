"""sources.write: a file that a person reads, right in itself, and never over another."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from foundation.errors import SourceErrors
from foundation.ids import RESERVED_IDS
from sources.read import read_source, read_sources
from sources.write import (
    Draft,
    ExistsError,
    Noted,
    check_free,
    make_id,
    parse_draft,
    print_draft,
    put_source,
    schema_line,
)

if TYPE_CHECKING:
    from pathlib import Path

LIST = "https://journal.example/list.html"
DRAFT = Draft(
    id="brand-research",
    title=Noted(value="品牌研究", note="masthead 现用刊名"),
    lists=(Noted(value=LIST, note="the address that was given"),),
    language=Noted(value="zh-CN", note="the script of the titles"),
    zone=Noted(value="Asia/Shanghai", note="of the language zh-CN"),
    homepage=Noted(value="https://journal.example/", note="front page"),
    feed=Noted(value="https://journal.example/rss.xml", note="5 of its 5 items are on the list"),
    platform=Noted(value="magtech", note="seen on the front page"),
    masthead={
        "主管单位": Noted(value='某省"社科院"'),
        "ISSN": Noted(value="ISSN 1234-5679", note="/about.html"),
        "周期": Noted(value="半月刊"),
    },
    masthead_note="read on /a/1.html",
    links_min=Noted(value=3, note="12 articles were listed on 2026-11-25"),
    rights=("[rights] the articles say: free-attribution on 5 of 5", "“如需转载,请注明来源”"),
    heading=("Written by kanliu add",),
)
WHOLE = """\
# Written by kanliu add

title = "品牌研究"  # masthead 现用刊名
lists = ["https://journal.example/list.html"]  # the address that was given
language = "zh-CN"  # the script of the titles
zone = "Asia/Shanghai"  # of the language zh-CN
homepage = "https://journal.example/"  # front page
feed = "https://journal.example/rss.xml"  # 5 of its 5 items are on the list
platform = "magtech"  # seen on the front page

[masthead]  # read on /a/1.html
"主管单位" = "某省\\"社科院\\""
"ISSN" = "ISSN 1234-5679"  # /about.html
"周期" = "半月刊"

[expect]
links_min = 3  # 12 articles were listed on 2026-11-25

# [rights] the articles say: free-attribution on 5 of 5
# “如需转载,请注明来源”

[schedule]
every = "auto"  # from the journal's own rhythm
"""


def test_a_whole_file_is_written_as_a_person_would() -> None:
    assert print_draft(DRAFT) == WHOLE


def test_what_was_written_is_what_is_read() -> None:
    source = parse_draft(DRAFT)
    assert (source.id, source.title, source.lists) == ("brand-research", "品牌研究", (LIST,))
    assert source.masthead.supervisor == '某省"社科院"'
    assert source.masthead.issn == "1234-5679"
    assert source.expect.links_min == 3
    assert source.platform == "magtech"
    assert source.rights.notice is None


def test_several_lists_stand_below_each_other_with_their_notes() -> None:
    lists = (Noted(value=LIST, note="column"), Noted(value="https://journal.example/b/"))
    text = print_draft(replace(DRAFT, lists=lists))
    assert '    "https://journal.example/list.html", # column\n' in text
    assert tomllib.loads(text)["lists"] == [each.value for each in lists]


def test_a_note_of_many_lines_cannot_become_keys() -> None:
    title = Noted(value="品牌\n研究", note="a\nid = 1" + "x" * 200)
    text = print_draft(replace(DRAFT, title=title, rights=("a\nb = 1",)))
    assert tomllib.loads(text)["title"] == "品牌 研究"
    assert tomllib.loads(text).keys() == tomllib.loads(WHOLE).keys()


def test_an_editor_finds_the_schema_where_it_lies(tmp_path: Path) -> None:
    assert schema_line(tmp_path / "journals") is None
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "schema.json").write_text("{}")
    line = schema_line(tmp_path / "journals")
    assert print_draft(replace(DRAFT, schema=line)).startswith("#:schema ../sources/schema.json\n")


@pytest.mark.parametrize(
    ("title", "url", "made"),
    [
        ("Letters on Open Fieldwork", "https://x.example/", "letters-on-open-fieldwork"),
        ("品牌研究", "https://www.ppyj.com.cn/", "ppyj"),
        (
            "某某学报",
            "https://xuebao.university.edu.cn/CN/volumn/current.shtml",
            "xuebao-university",
        ),
        ("品牌研究", "https://press.example/pinpai/list_1.html", "press-pinpai"),
        ("地理", "http://192.0.2.7/CN/volumn/current.shtml", "host-192-0-2-7"),
        ("Search", "https://x.example/", "search-2"),
        ("A", "https://x.example/", "x"),
    ],
)
def test_an_id_is_made_of_the_title_or_the_host(title: str, url: str, made: str) -> None:
    assert make_id(title, url, ()) == made


def test_an_id_that_is_taken_or_reserved_is_never_made() -> None:
    assert make_id("品牌", "https://ppyj.cn/", {"ppyj", "ppyj-2"}) == "ppyj-3"
    for reserved in RESERVED_IDS:
        assert make_id("题", f"https://{reserved}.example/", ()) not in RESERVED_IDS
    assert len(make_id("word " * 40, "https://x.example/", ())) <= 64


def test_file_and_pages_appear_together_and_nothing_else(tmp_path: Path) -> None:
    file = put_source(tmp_path / "journals", DRAFT, pages={"01.html": b"<p>", "pages.toml": b""})
    assert read_source(file).title == "品牌研究"
    names = sorted(path.name for path in file.parent.iterdir())
    assert names == ["brand-research.pages", "brand-research.toml"]
    assert (file.parent / "brand-research.pages" / "01.html").read_bytes() == b"<p>"
    assert [each.id for each in read_sources(file.parent).sources] == ["brand-research"]


@pytest.mark.parametrize("name", ["brand-research.toml", "brand-research.pages"])
def test_what_exists_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(ExistsError, match=name):
        put_source(tmp_path, DRAFT, pages={})
    assert (tmp_path / name).read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_with_errors_is_not_put_in_place(tmp_path: Path) -> None:
    wrong = replace(DRAFT, masthead={"ISSN": Noted(value="1234-5678")})
    with pytest.raises(SourceErrors, match="does not check"):
        put_source(tmp_path, wrong, pages={})
    assert list(tmp_path.iterdir()) == []


def test_an_id_and_a_list_belong_to_one_source(tmp_path: Path) -> None:
    assert check_free(tmp_path / "none", source_id="a", lists=[LIST]) == frozenset()
    put_source(tmp_path, DRAFT, pages={})
    assert check_free(tmp_path, source_id="other", lists=["https://o.example/"]) == {
        "brand-research"
    }
    with pytest.raises(ExistsError, match=r"brand-research\.toml exists"):
        check_free(tmp_path, source_id="brand-research", lists=[])
    for address in (LIST, "https://journal.example/rss.xml", LIST.replace("https", "http")):
        with pytest.raises(ExistsError, match="followed already, by brand-research"):
            check_free(tmp_path, source_id=None, lists=[address])
