"""When a page says that it was published."""

from __future__ import annotations

import pytest

from crawler.normalise.date import parse_date
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
    assert published(article(head=script), url="https://journal.example/2021/0227/1.html") == [
        'var ct = "1614384000"',
        "2021/0227",
    ]


def test_an_issue_in_an_address_is_no_day() -> None:
    assert published(article(), url="https://journal.example/CN/Y2015/V55/I1/12") == []
    assert published(article(), url="https://journal.example/qn/2014/5/qn20140508.shtml") == []
    named = published(article(), url="https://journal.example/2014/05/news_20140508.html")
    assert named == ["20140508"]


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


@pytest.mark.parametrize(
    "end",
    [
        "<p>作者:甲乙 阅读(1660) 评论(5) 编辑 发表于:2021-02-27 12:30</p>",  # blogs of the time
        "<p>posted @ 2021-02-27 12:40 甲乙 阅读(33)</p>",
        "<p>〓 河港论坛 发布时间 2021/02/27 22:36:13 by jia 〓</p>",
        "<p>Von Jana am 27.02.2021, 11:51 | 0 Meinungen | Hafen und Stadt, Werkstätten</p>",
        "<p>Veröffentlicht am: 27. Februar 2021</p><p>Kommentare</p><p>Jan am 1.3.2021</p>",
        "<p>February 27, 2021. Updated: December 7, 2021</p>",
    ],
)
def test_a_blog_prints_its_date_under_the_text(end: str) -> None:
    days = [parse_date(text).value or "" for text in published(article(end=end))]
    assert [day[:10] for day in days][:1] == ["2021-02-27"]


def test_the_dates_of_comments_are_not_the_articles() -> None:
    end = "<h3>网友评论</h3><p>读者甲 发表于 2021-03-01 09:19</p><p>写得好。</p>"
    assert published(article(end=end)) == []


def test_a_labelled_date_far_from_the_title_is_better_than_none_when_it_is_alone() -> None:
    top = "<table><tr><td>作者：甲乙 时间：2021-02-27 19:13:18</td></tr></table>"
    menu = "".join(f"<p>栏目{number}</p>" for number in range(40))
    body = page(f"{top}{menu}<h1>旧码头的新作坊</h1>{paragraphs()}")
    assert published(body) == ["2021-02-27 19:13:18"]
    assert published(page(f"{top}{top.replace('02-27', '03-27')}{menu}{paragraphs()}")) == []


ENGLISH = (
    "<p>The old harbour was opened again last winter, and its warehouses became shops.</p>" * 4
)


def english(byline: str, *, head: str = "", end: str = "") -> bytes:
    body = f"<h1>The old harbour</h1>{byline}{ENGLISH}{end}"
    return page(body, title="The old harbour", head=head, suffix="").replace(b"zh-CN", b"en")


def test_of_two_days_in_one_place_the_later_is_the_edits() -> None:
    times = (
        '<div class=date><time datetime="2021-12-10">Dec 10, 2021</time></div>'
        '<div class=date><time datetime="2021-02-27">Feb 27, 2021</time></div>'
    )
    assert published(english(times))[0] == "2021-02-27"


def test_a_day_that_the_metadata_calls_an_edit_gives_way() -> None:
    head = '<meta property="article:modified_time" content="2021-12-10T08:00:00Z">'
    times = "<p class=a>Dec 10, 2021</p><p class=b>Feb 27, 2021</p><p class=c>Mar 1, 2021</p>"
    assert published(english(times, head=head))[0] == "Feb 27, 2021"


@pytest.mark.parametrize(
    "byline",
    [
        "<p>Last updated: Feb 27, 2021</p>",
        "<p>Last updated: Feb 27, 2021 <time datetime=2021-02-27T08:05>three years ago</time></p>",
        "<div class=date-modified>Feb 27, 2021</div>",
        "<div class=field--name-changed><time datetime=2021-02-27>Feb 27, 2021</time></div>",
    ],
)
def test_an_edit_alone_is_no_publication_where_metadata_is_kept(byline: str) -> None:
    raw = read_page(english(byline), url=None, visited=VISITED, with_body=False)
    assert raw.published == ()
    assert [found.text for found in raw.updated] == ["Feb 27, 2021"]


def test_the_first_publication_is_told_far_from_the_edit() -> None:
    end = (
        "<h4>Article history</h4>"
        + "<p>Our team</p>" * 30
        + "<p>27 Feb 2021 | Originally published</p>"
    )
    assert published(english("<p>Last updated Mar 1, 2022</p>", end=end)) == ["27 Feb 2021"]


def dates_of(*metadata: str) -> str:
    return "".join(
        f'<meta property="article:{name}_time" content="{value}">'
        if name == "modified"
        else f'<meta name="{name}" content="{value}">'
        for name, value in (pair.split("=") for pair in metadata)
    )


@pytest.mark.parametrize(
    ("head", "byline", "first"),
    [
        # written on all day: both are moved on, and the node of the live report is not
        (
            [
                "pubdate=2021-02-28T08:05:10Z",
                "ptime=2021-02-27T06:00:00Z",
                "modified=2021-02-28T08:05:10Z",
            ],
            "<p>Updated 08:05, 28 Feb 2021</p>",
            "2021-02-27T06:00:00Z",
        ),
        (["pubdate=2021-02-26", "ptime=2021-02-27"], "<p>27 Feb 2021</p>", "2021-02-27"),
        # the printed day is the edit's as well: nothing is decided
        (
            ["pubdate=2021-02-27", "ptime=2021-06-01", "modified=2021-06-01T08:05:10Z"],
            "<p>1 June 2021</p>",
            "2021-02-27",
        ),
        # the zone is told from all that is printed
        (
            ["pubdate=2021-02-28T01:49:09Z", "ptime=2021-02-27T17:49:09"],
            "<p>27 Feb 2021</p>",
            "2021-02-28T01:49:09Z",
        ),
        # a year that a system made a day of
        (["pubdate=2021/01/01", "ptime=2021-02-27"], "", "2021-02-27"),
    ],
)
def test_of_several_days_in_the_metadata_print_confirms_one(
    head: list[str], byline: str, first: str
) -> None:
    assert published(english(byline, head=dates_of(*head)))[0] == first


def test_the_days_of_many_answers_are_not_the_threads() -> None:
    answers = "".join(
        f'<div itemprop=comment><time itemprop=datePublished datetime="2021-03-{day:02}">'
        f"Mar {day}</time><p>Thanks, that was of use to me.</p></div>"
        for day in (3, 5, 9)
    )
    byline = "<p>Started on: Feb 27, 2021</p>"
    assert published(english(byline, end=answers))[0] == "Feb 27, 2021"


def test_an_address_that_names_an_earlier_day_beats_metadata_that_a_move_rewrote() -> None:
    head = '<meta property="article:published_time" content="2023-06-17T18:28:00+02:00">'
    url = "https://journal.example/home/2021/2/27/the-old-harbour"
    assert published(english("", head=head), url=url) == ["2021/2/27"]
    same = '<meta property="article:published_time" content="2021-02-28T01:28:00+02:00">'
    assert published(english("", head=same), url=url)[0] == "2021-02-28T01:28:00+02:00"


def test_a_date_in_the_copyright_line_is_no_signature() -> None:
    end = "<p>河港研究杂志社 备案日期 2009-01-01 电话：000-0000 地址：河港市沿江路一号</p>"
    assert published(article(end=end)) == []


RELATED = (
    "<div class=rel><h3>相关阅读</h3><ul>"
    + "".join(
        f"<li><a href=/{month}.html>相关的旧文章标题</a><span>2020-0{month}-11</span></li>"
        for month in range(1, 6)
    )
    + "</ul></div>"
)


@pytest.mark.parametrize(
    ("around", "day"),
    [
        ("<div>今天是2026年11月20日 星期五</div>{h1}<p>2021-02-27 来源：河港日报</p>{text}", True),
        ("<div>2026年11月20日 星期五</div>{h1}<p>来源：河港</p>{text}<p>2021年2月27日</p>", True),
        ("{related}{h1}<p>时间：2021-02-27</p>{text}", True),
        ("{h1}<p>作者：甲乙</p>{text}{related}", False),
        ("{h1}{text}<p>2021年2月27日</p><p>上一篇：无</p><p>下一篇：旧文章</p>{related}", True),
        ("{h1}<p>2021-02-27</p><p>图为2020年5月1日的旧码头。甲乙摄</p>{text}", True),
        ("{h1}<p>图为2020年5月1日的旧码头。甲乙摄</p>{text}", False),
        ("{h1}<p>会议时间：2021年5月1日</p><p>截稿日期：2021年4月1日</p>{text}", False),
        ("{h1}<p>更新时间：2022-01-01 发布时间：2021-02-27</p>{text}", True),
        ("{h1}{text}<p>备案时间 2009-01-01</p>", False),
        ("{h1}{text}<h3>评论</h3><p>读者 2021-03-01</p>", False),
        ("<table><tr><td>{h1}<tr><td>[2021-2-27]<td>浏览：33<tr><td>{text}</table>", True),
        ("{h1}<p>河港网2021-02-27浏览33次</p>{text}", True),
        ("{rows}{h1}<p>编辑：本刊</p>{text}", False),
        # a label in a cell of its own
        (
            "{h1}<div>更新时间</div><p>2022-01-01</p><div>发布时间：</div><p>2021-02-27</p>{text}",
            True,
        ),
        ("{h1}<ul><li>收稿日期：<li>2020-01-01<li>出版日期<li>2021-02-27</ul>{text}", True),
        ("<table><tr><td>成文日期<td>2020-01-01<td>发布日期<td>2021-02-27</table>{h1}{text}", True),
        ("{h1}<ul><li>收稿日期：<li>2020-01-01</ul>{text}", False),
        # pieces of a date, one set large
        ("<div class=d><b>27</b><i>2021-02</i></div>{h1}{text}", True),
        ("{h1}<div><div>27</div><div>2021/02</div></div>{text}", True),
        ("{h1}<div><p>2021</p><p>02/27</p><p>08:05</p></div>{text}", True),
        # the paper's own day, and the day of the visit
        ("<p>2021年2月27日 星期六 第A3版：副刊</p>{h1}{text}", True),
        ("<p>2021年2月27日 星期六</p>{h1}{text}", False),
        # an update under the title is more than a bare day over it
        ("<p>公告：改版 2020-01-01</p>{h1}<p>更新时间：2021-02-27</p>{text}", True),
        ("{h1}<p>图为旧码头（2019年5月1日摄）</p>{text}", False),
        ("{h1}<p>发布：<script>document.write('2021-02-27')</script></p>{text}", True),
        ("{h1}<i id=d></i><script>d.innerHTML = '2021-02-27 08:05'</script>{text}", True),
        ("{h1}<i id=d></i><script>$('#d').text('2021年02月27日')</script>{text}", True),
        # the history of an article, below its abstract; a label in a line of its own
        (
            "{h1}{text}<ul><li>收稿: 2020-06-15<li>在线发布: 2021-02-27<li>出版: 2021-05-08</ul>",
            True,
        ),
        ("{h1}{text}<div><label>收稿日期：</label><div>2021-03-01</div></div>", False),
        # what has a place or an end, what is of the paper that the page puts up, what is the foot's
        ("{h1}<p>时间：2021年5月1日14:00</p><p>地点：报告厅</p>{text}", False),
        ("{h1}{text}<p>时间：2021年5月1日</p><p>地点：报告厅</p><p>2021年2月27日</p>", True),
        ("{h1}<p>公示期：2021年3月1日至2021年3月10日</p>{text}", False),
        ("{h1}<p>发文日期：2021-02-20</p><p>发布日期：2021-02-27</p>{text}", True),
        ("{h1}<p>发文日期：2021-02-27</p>{text}", True),
        ("{h1}{text}<p>附件：名单（2019年5月1日修订）.doc</p>", False),
        ("{h1}<p>（2019年5月1日河港市人民代表大会常务委员会第三次会议通过）</p>{text}", False),
        ("{h1}<p>最近登录：2026-11-20</p>{text}", False),
        ("{h1}{text}<p>建站日期：2009-03-04 备案</p>", False),
        ("<p>河港 2026年11月20日 多云 12℃</p>{h1}{text}", False),
        ("<p>2021年2月27日 星期六</p><p>第05版：副刊</p>{h1}{text}", True),
        # comments that no heading announces
        ("{h1}{text}<ol class='list comments'><li>甲 <time>2021-03-01 09:19</time></ol>", False),
        ("{h1}{text}<p>2021年2月27日</p><div id=comments><p>2021-03-01 09:19</p></div>", True),
        # numbers of funds, and when it was written
        ("{h1}<p>基金项目：省社科规划项目（20210301）</p>{text}", False),
        ("{h1}{text}<p>（作者系馆员；写于2020年5月1日）</p>", False),
    ],
)
def test_of_the_dates_around_an_article_its_own_is_taken(around: str, *, day: bool) -> None:
    rows = "".join(f"<li><a href=/{day}>旧文</a><i>2021-02-{day}</i></li>" for day in (27, 20, 11))
    body = around.format(
        h1="<h1>旧码头的新作坊</h1>", text=paragraphs(), related=RELATED, rows=rows
    )
    days = [(parse_date(text).value or "")[:10] for text in published(page(body))]
    assert days[:1] == (["2021-02-27"] if day else [])


MENU = "<ul><li><a href=/>首页</a><li><a href=/a>要闻</a><li><a href=/b>副刊</a></ul>"


@pytest.mark.parametrize(
    ("over_the_menu", "day"),
    [
        ("<div>2026-11-20 11:00:12</div>", False),
        ("<div>2026年11月20日 星期五 11:00</div>", False),
        ("<div>2021-02-27 08:05 第3期</div>", False),
        ("<div>电子报 2021-02-27</div>", True),
        ("<div>2021-02-27 08:05 第A3版</div>", True),
    ],
)
def test_a_clock_over_the_menu_is_the_visits(over_the_menu: str, *, day: bool) -> None:
    body = f"{over_the_menu}{MENU}<h1>旧码头的新作坊</h1><p>作者：甲乙</p>{paragraphs()}"
    days = [(parse_date(text).value or "")[:10] for text in published(page(body))]
    assert days == (["2021-02-27"] if day else [])


@pytest.mark.parametrize(
    "byline",
    ["<p>发布：02-27</p>", "<p>来源：本刊 02-27 08:05</p>", "<p>02-27</p>", "<p>2月27日 08:05</p>"],
)
def test_a_day_without_a_year_is_taken_where_the_page_or_its_address_tells_the_year(
    byline: str,
) -> None:
    whole = article(byline, end="<p>© 2010-2026 河港</p>")
    (text,) = published(whole)
    assert "27" in text
    assert len(published(article(byline), url="https://journal.example/2021/12.html")) == 1
    assert published(article(byline, end="<p>© 2010-2019 河港</p>")) == []


def test_days_without_a_year_are_those_of_a_list() -> None:
    rows = "<p>02-27 08:05</p><p>02-26 08:05</p><p>© 2026</p>"
    assert published(article(rows)) == []


def test_the_calendar_of_taiwan_is_read_on_its_pages() -> None:
    body = article("<p>發佈日期：110-02-27</p>").replace(b"zh-CN", b"zh-TW")
    assert published(body) == ["110-02-27"]


@pytest.mark.parametrize("issue", ["2021年2月號　第 131 期", "2021年2月"])
def test_a_magazine_that_prints_no_day_is_dated_by_its_month(issue: str) -> None:
    assert published(page(f"<p>{issue}</p><h1>旧码头的新作坊</h1>{paragraphs()}")) == ["2021年2月"]


def test_a_month_of_which_the_page_tells_is_no_date() -> None:
    line = "<p>旧码头自2021年2月起开放</p>"
    assert published(page(f"<h1>旧码头的新作坊</h1>{line}{paragraphs()}")) == []


@pytest.mark.parametrize(
    ("instant", "first"),
    [
        ("2021-02-27T08:05:00+08:00", "2021-02-27T08:05:00+08:00"),
        ("2021-02-27T00:00:00+08:00", "2021年2月27日"),
        ("2021-03-01T08:05:00+08:00", "2021年2月27日"),
    ],
)
def test_a_printed_day_has_the_instant_that_its_element_names(instant: str, first: str) -> None:
    byline = f"<p>发布于 <time datetime={instant}>2021年2月27日</time></p>"
    assert published(article(byline))[0] == first


def test_pieces_of_a_date_keep_the_time_behind_them() -> None:
    pieces = "<div><p>2021</p><p>02/27</p><p>08:05</p></div>"
    assert parse_date(published(article(pieces))[0]).value == "2021-02-27T08:05+08:00"


def test_a_month_that_signs_the_text_is_its_date() -> None:
    assert published(article(end="<p align=right>二〇二一年二月</p>")) == ["二〇二一年二月"]


def test_a_date_alone_where_the_text_begins_is_its_own() -> None:
    caption = (
        "<p>Jana walks over the quay in winter. The crane behind her was built in 1934. </p>" * 2
    )
    assert published(english(f"{caption}<p>February 27, 2021</p>")) == ["February 27, 2021"]


@pytest.mark.parametrize(
    "script",
    [
        'showDate("2021/02/27 08:05:00")',
        'state = {"publishedAt":"2021-02-27T08:05:00Z"}',
        'state = {"first_publication_date":"2021-02-27T08:05:00+0000"}',
        "var article = {id: 1, date_posted: '2021-02-27'}",
    ],
)
def test_what_systems_write_into_scripts_is_read(script: str) -> None:
    (text,) = published(english(f"<p><script>{script}</script></p>"))
    assert (parse_date(text).value or "")[:10] == "2021-02-27"
