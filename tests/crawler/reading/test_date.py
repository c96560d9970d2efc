"""When a page says that it was published."""

from __future__ import annotations

import pytest

from crawler.reading.page import read_page
from tests.crawler.reading.pages import URL, VISITED, article, page, paragraphs


def published(body: bytes, *, url: str | None = None) -> list[str]:
    return [
        found.text for found in read_page(body, url=url, visited=VISITED, with_body=False).published
    ]


@pytest.mark.parametrize(
    "byline",
    [
        "<p>发布时间：2021-02-27 来源：河港研究</p>",
        "<p>作者：甲乙 2021-02-27 08:05 浏览：33</p>",
        "<p>来源：河港研究</p><p>2021年2月27日</p>",
        "<div><span>2021-02-27</span><span>河港研究</span></div>",
        "<p>2021-02-27 11:13更新 来源：河港研究</p>",
    ],
)
def test_the_date_under_the_title_is_found(byline: str) -> None:
    first = published(article(byline))[0]
    assert first.startswith(("2021-02-27", "2021年2月27日"))


def test_on_a_chinese_page_print_beats_metadata() -> None:
    head = '<meta property="article:published_time" content="2019-01-01">'
    assert published(article("<p>发布时间：2021-02-27</p>", head=head))[0] == "2021-02-27"


def test_on_another_page_metadata_beats_print() -> None:
    head = '<meta property="article:published_time" content="2019-01-01">'
    text = (
        "<p>The old harbour was opened again last winter, and its warehouses became shops.</p>" * 4
    )
    body = page(
        f"<h1>The old harbour</h1><p>Jan 5, 2019</p>{text}", title="The old harbour", head=head
    )
    assert published(body)[0] == "2019-01-01"


def test_what_is_labelled_as_published_beats_a_bare_date() -> None:
    assert published(article("<p>2020-01-01</p><p>发布时间：2021-02-27</p>"))[0] == "2021-02-27"


@pytest.mark.parametrize("label", ["收稿日期", "修回日期", "录用日期", "访问日期", "截稿日期"])
def test_other_meanings_are_never_publication(label: str) -> None:
    assert published(article(f"<p>{label}：2021-02-27</p>")) == []


def test_an_update_beside_a_publication_is_an_update() -> None:
    raw = read_page(
        article("<p>发布时间：2021-02-27 更新时间：2022-03-01</p>"), url=None, visited=VISITED
    )
    assert [found.text for found in raw.published] == ["2021-02-27"]
    assert [found.text for found in raw.updated] == ["2022-03-01"]


def test_a_signature_at_the_end_of_the_body_is_a_date() -> None:
    body = article(end="<p>河港研究杂志社编辑部 2021/02/27</p>")
    (found,) = read_page(body, url=None, visited=VISITED).published
    assert (found.text, found.where) == ("2021/02/27", "signature")


def test_several_dates_under_the_body_are_comments_and_no_signature() -> None:
    end = "<p>读者 2021-03-01 09:19</p><p>写得好。</p><p>读者 2021-03-05 10:20</p>"
    assert published(article(end=end)) == []


def test_dates_in_prose_and_in_the_footer_are_not_taken() -> None:
    text = "<p>" + "旧码头建于1934年6月1日，在1999年10月1日停用，" * 4 + "此后长期空置。</p>"
    body = page(f"<h1>旧码头的新作坊</h1>{paragraphs()}{text}{paragraphs()}").replace(
        "版权所有".encode(), "版权所有 2009-2021 备案日期 2009-01-01".encode()
    )
    assert published(body) == []


def test_scripts_and_addresses_are_asked_last() -> None:
    script = '<script>var ct = "1614384000";</script>'
    assert published(article(head=script), url="https://journal.example/2020/0101/1.html") == [
        'var ct = "1614384000"',
        "2020/0101",
    ]


def test_an_issue_in_an_address_is_no_day() -> None:
    assert published(article(), url="https://journal.example/CN/Y2015/V55/I1/12") == []


def test_metadata_that_has_only_the_year_does_not_hide_the_printed_day() -> None:
    head = '<meta name="citation_publication_date" content="2021">'
    text = (
        "<p>The old harbour was opened again last winter, and its warehouses became shops.</p>" * 4
    )
    body = page(
        f"<h1>The old harbour</h1><p>Published: 27 February 2021</p>{text}",
        title="The old harbour",
        head=head,
    )
    assert published(body) == ["27 February 2021", "2021"]


def test_no_date_gives_no_candidate() -> None:
    assert published(article(), url=URL) == []
