"""crawler.discovery.journal: what pages say of the journal, and nothing that they do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Entry, Found, ListedLink
from crawler.discovery.journal import Journal, bare_name, find_journal
from crawler.normalise.entry import normalise_entry
from crawler.reading.document import read_document
from crawler.reading.page import read_page
from tests import journal_pages

VISITED = datetime(2026, 11, 25, tzinfo=UTC)
HOME = "https://journal.example/"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("品牌研究", "品牌研究"),
        ("品牌研究官网", "品牌研究"),
        ("《品牌研究》杂志社官方网站", "品牌研究"),
        ("欢迎访问《品牌研究》编辑部", "品牌研究"),
        ("品牌研究杂志社", "品牌研究"),
        ("品牌研究-首页", "品牌研究"),
        ("地理与环境 2026年第18卷第4期", "地理与环境"),
        ("Welcome to Letters on Open Fieldwork", "Letters on Open Fieldwork"),
        ("Letters on Open Fieldwork Vol. 7 No. 4 (2026)", "Letters on Open Fieldwork"),
        ("The Slow Harbour Review » Feed", "The Slow Harbour Review"),
        ("中国网站研究", "中国网站研究"),
        ("首页", "首页"),
    ],
)
def test_a_name_is_bare(printed: str, name: str) -> None:
    assert bare_name(printed) == name
    assert bare_name(name) == name


def journal(
    articles: list[str],
    *,
    front: str = "<html><body><a href='/'>首页</a></body></html>",
    url: str = HOME,
    names: tuple[Found, ...] = (),
    listed: tuple[str, ...] = (),
) -> Journal:
    urls = [f"{HOME}a/{number}.html" for number in range(len(articles))]
    entries: list[Entry] = [
        normalise_entry(
            read_page(html.encode(), url=at, visited=VISITED, listed=ListedLink(url=at)),
            source=None,
            visited=VISITED,
        )
        for at, html in zip(urls, articles, strict=True)
    ]
    return find_journal(
        front=[read_document(front.encode(), url=url)],
        articles=[
            read_document(html.encode(), url=at) for at, html in zip(urls, articles, strict=True)
        ],
        entries=entries,
        names=names,
        listed=listed,
    )


TWO = [journal_pages.article("街角小店的二十年"), journal_pages.article("招牌写给谁看")]


def titled(suffix: str, office: str = "") -> list[str]:
    """Two articles whose `<title>` has a suffix."""
    return [
        each.replace("</title>", f"{suffix}</title>").replace("</body>", f"{office}</body>")
        for each in TWO
    ]


def test_the_name_in_the_masthead_comes_first() -> None:
    pages = [
        each.replace("周 期: 半月刊", "现用刊名:品牌研究<br>周 期: 半月刊")
        for each in titled("_某网")
    ]
    assert journal(pages).title == Found(text="品牌研究", where="/a/0.html")


def test_the_journal_of_the_metadata_comes_before_the_site() -> None:
    tags = """<meta name="citation_journal_title" content="品牌研究">
    <meta property="og:site_name" content="某大学"></head>"""
    pages = [each.replace("</head>", tags) for each in TWO]
    assert journal(pages).title.text == "品牌研究"


def test_the_office_in_the_footer_names_the_journal() -> None:
    assert journal(titled("", "<div>版权所有 《品牌研究》编辑部</div>")).title.text == "品牌研究"


def test_what_repeats_behind_the_titles_is_the_name() -> None:
    found = journal(
        titled("_品牌研究杂志社"), front="<title>文章列表_品牌研究杂志社</title><p>x</p>"
    ).title
    assert found == Found(text="品牌研究", where="<title> of 2 articles")


def test_the_maker_of_the_site_is_not_the_journal() -> None:
    front = "<title>文章 - 骑行志 - Powered by Discuz!</title><p>x</p>"
    assert journal(titled(" - 骑行志 - Powered by Discuz!"), front=front).title.text == "骑行志"


def test_a_feed_names_the_journal_where_pages_do_not() -> None:
    named = Found(text="品牌研究 RSS", where="the feed")
    assert journal(TWO, names=(named,)).title.text == "品牌研究"


def test_at_last_the_host_is_said_to_be_one() -> None:
    assert journal(TWO).title == Found(
        text="journal.example", where="the host: no page gives a name"
    )


def test_the_language_is_that_of_the_titles_whatever_the_template_declares() -> None:
    pages = [each.replace("<html>", '<html lang="en">') for each in TWO]
    found = journal(pages)
    assert (found.language.text, found.zone.text) == ("zh-CN", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("title", "declared", "language", "zone"),
    [
        ("街角小店的二十年", "zh", "zh-CN", "Asia/Shanghai"),
        ("網絡時代的舊書店與讀者", "zh-TW", "zh-TW", "Asia/Taipei"),
        ("網絡時代的舊書店與讀者", "", "zh-TW", "Asia/Taipei"),
        ("港のことばと暮らしの記録", "", "ja", "Asia/Tokyo"),
        ("항구의 말과 삶의 기록", "ko-KR", "ko-KR", "Asia/Seoul"),
        ("The words of a harbour", "en_us", "en-US", "UTC"),
        ("Die Wörter eines Hafens", "de", "de", "Europe/Berlin"),
        ("The words of a harbour", "", "en", "UTC"),
    ],
)
def test_language_and_zone_go_together(title: str, declared: str, language: str, zone: str) -> None:
    said = f' lang="{declared}"' if declared else ""
    found = journal([f"<html{said}><title>{title}</title><h1>{title}</h1><p>{title}</p></html>"])
    assert (found.language.text, found.zone.text) == (language, zone)


def test_an_offset_that_the_pages_print_gives_the_zone() -> None:
    html = "<html lang='en'><h1>The words of a harbour</h1></html>"
    listed = ("Fri, 20 Nov 2026 08:00:00 +0100",) * 2
    assert journal([html], listed=listed).zone.text == "Etc/GMT-1"


def test_the_masthead_is_what_several_articles_print() -> None:
    pages = [
        TWO[0].replace("周 期: 半月刊", "周 期: 半月刊<br>文章字数: 3200"),
        TWO[1].replace("周 期: 半月刊", "周 期: 半月刊<br>文章字数: 1800"),
    ]
    found = {label: each.text for label, each in journal(pages).masthead.items()}
    assert found["主管单位"] == "某省社会科学院"
    assert found["周期"] == "半月刊"
    assert "文章字数" not in found


def test_a_number_that_does_not_check_is_left_out() -> None:
    pages = [each.replace("1234-5679", "1234-5678") for each in TWO]
    found = journal(pages).masthead
    assert "ISSN" not in found
    assert "主管单位" in found


def test_a_line_with_an_issn_tells_the_rhythm_too() -> None:
    front = "<footer>ISSN 1234-5679 · Quarterly · A journal</footer>"
    found = {label: each.text for label, each in journal(TWO[:1], front=front).masthead.items()}
    assert found["ISSN"] == "ISSN 1234-5679"
    plain = [journal_pages.article("Words").replace(journal_pages.MASTHEAD, "")]
    found = {label: each.text for label, each in journal(plain, front=front).masthead.items()}
    assert found == {"ISSN": "1234-5679", "周期": "Quarterly"}


def test_a_period_at_the_end_of_a_name_is_a_label_of_its_own() -> None:
    front = "<small>主管：某省教育厅　主办：某省地理学会　季刊　ISSN 1234-5679</small>"
    found = {label: each.text for label, each in journal([], front=front).masthead.items()}
    assert (found["主办单位"], found["周期"]) == ("某省地理学会", "季刊")
