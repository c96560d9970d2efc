"""Which of the strings on a page is its title."""

from __future__ import annotations

import re

import pytest

from crawler.reading.document import read_document
from crawler.reading.metadata import read_metadata
from crawler.reading.title import Headline, find_headline
from tests.crawler.reading.pages import page, paragraphs


def headline(body: bytes, *, url: str | None = None, listed: str | None = None) -> Headline:
    document = read_document(body, url=url)
    return find_headline(document, read_metadata(document), listed=listed)


def best(body: bytes, **more: str | None) -> str:
    return headline(body, **more).titles[0].text


def test_citation_title_beats_everything() -> None:
    head = (
        '<meta name="citation_title" content="真正的题目"><meta property="og:title" content="别的">'
    )
    assert best(page(f"<h1>别的</h1>{paragraphs()}", head=head)) == "真正的题目"


def test_a_heading_that_the_title_begins_with_is_the_title() -> None:
    assert best(page(f"<h1>河港研究</h1><h2>旧码头的新作坊</h2>{paragraphs()}")) == "旧码头的新作坊"


def test_a_line_that_is_no_heading_can_be_the_title() -> None:
    assert (
        best(page(f"<h1>河港研究</h1><div class=t>旧码头的新作坊</div>{paragraphs()}"))
        == "旧码头的新作坊"
    )


@pytest.mark.parametrize("separator", ["_", " - ", "|", "——", "-", " – ", " » "])
def test_a_suffix_goes_when_a_line_confirms_the_rest(separator: str) -> None:
    body = page(
        f"<p class=t>旧码头的新作坊</p>{paragraphs()}", suffix=f"{separator}访谈{separator}河港"
    )
    assert best(body) == "旧码头的新作坊"


def test_a_suffix_stays_when_nothing_confirms_that_it_is_one() -> None:
    assert best(page(paragraphs(), title="图说河港| 旧码头", suffix="")) == "图说河港| 旧码头"


def test_the_sites_name_is_cut_off_where_the_page_tells_it() -> None:
    head = '<meta property="og:site_name" content="河港研究">'
    assert best(page(paragraphs(), head=head)) == "旧码头的新作坊"


def test_og_title_cut_at_an_unescaped_quote_gives_way_to_the_longer() -> None:
    head = '<meta property="og:title" content="师傅说">'
    body = page(paragraphs(), title="师傅说“手艺要有人看见”", suffix="", head=head)
    assert best(body) == "师傅说“手艺要有人看见”"


def test_a_title_broken_over_two_lines_is_joined() -> None:
    body = page(
        f"<h1>旧码头的新作坊<br>——河港更新访谈</h1>{paragraphs()}",
        title="旧码头的新作坊——河港更新访谈",
    )
    assert best(body) == "旧码头的新作坊 ——河港更新访谈"


def test_the_columns_name_in_front_of_a_heading_is_left_out() -> None:
    head = '<meta property="og:title" content="旧码头的新作坊">'
    body = page(
        f"<h1><span>访谈</span> 旧码头的新作坊</h1>{paragraphs()}", title="访谈：旧码头", head=head
    )
    assert best(body) == "旧码头的新作坊"


def test_the_list_pages_text_is_a_candidate_with_its_place() -> None:
    titles = headline(
        page(paragraphs(), title="河港研究", suffix=""), listed="旧码头的新作坊"
    ).titles
    assert ("旧码头的新作坊", "list") in [(found.text, found.where) for found in titles]


def test_a_title_outside_of_the_head_is_found() -> None:
    assert (
        best(b"<html><body><title>A title in the body</title><p>x</p></body></html>")
        == "A title in the body"
    )


def test_the_line_of_the_title_is_where_it_is_shown() -> None:
    line = headline(page(f"<p>访谈</p><h1>旧码头的新作坊</h1>{paragraphs()}")).line
    assert line is not None
    assert line.element.tag == "h1"


def test_a_page_without_any_title_has_none() -> None:
    assert headline(b"<p>x</p>") == Headline(titles=(), line=None)


TITLE = "旧码头的新作坊：城市更新中的手艺与生计"


@pytest.mark.parametrize(
    "suffix",
    [
        "_期刊导读_河港研究网",
        "__2021年第4期_河港政府网",
        "-河港新闻网",
        " | 河港日报",
        "--时政--河港网",
        " - 城市更新 - 河港论坛 -  Powered by Discuz!",
        "_新闻中心_河港大学",
    ],
)
def test_a_suffix_goes_when_it_is_what_sites_are_called(suffix: str) -> None:
    assert best(page(paragraphs(), title=TITLE, suffix=suffix)) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "中美-欧盟三边对话的启示",
        "图说河港| 旧码头",
        "专访 | 河港大学",
        "城市-乡村-互联网",
        "报与网",
    ],
)
def test_what_is_not_called_like_a_site_stays(title: str) -> None:
    assert best(page(paragraphs(), title=title, suffix="")) == title


@pytest.mark.parametrize("title", ["河港研究杂志社", "《河港研究》编辑部官方网站", "河港研究网"])
@pytest.mark.parametrize(
    "shown",
    [
        f"<div class=title>{TITLE}</div><div class=info>时间：2021-02-27</div>",
        f"<table><tr><td class=biaoti>{TITLE}</td></tr></table>",
        f"<p align=center><strong>{TITLE}</strong></p><p align=center>甲乙 丙丁</p>",
        f"<h1>河港研究网</h1><h2>{TITLE}</h2>",
        f"<h1>河港研究杂志社</h1><h3>{TITLE}</h3>",
        f"<h1><a href=/>某某札记</a></h1><h2><a href=12.html>{TITLE}</a></h2>",
    ],
)
def test_where_the_head_names_the_site_alone_the_title_stands_over_the_text(
    title: str, shown: str
) -> None:
    assert best(page(shown + paragraphs(), title=title, suffix="")) == TITLE


def test_where_the_head_names_the_column_the_title_stands_over_the_text() -> None:
    body = page(f"<h3>{TITLE}</h3>{paragraphs()}", title="期刊导读-河港研究网", suffix="")
    assert best(body) == TITLE


@pytest.mark.parametrize("claim", [f"{TITLE[:10]}..._河港研究网", f"{TITLE[:12]}…"])
def test_a_claim_that_was_cut_to_fit_is_gone_on_with_by_the_page(claim: str) -> None:
    body = f"<h2>推荐阅读</h2><div class=tt>{TITLE}</div>{paragraphs()}"
    assert best(page(body, title=claim, suffix="")) == TITLE


@pytest.mark.parametrize(
    "tail", ["<span>2021-02-27 08:05</span>", " 【字体：大 中 小】", " 浏览：33", "[复制链接]"]
)
def test_counters_and_buttons_in_a_heading_are_no_title(tail: str) -> None:
    assert best(page(f"<h1>{TITLE}{tail}</h1>{paragraphs()}", title=TITLE)) == TITLE


def test_a_heading_that_links_to_the_home_page_is_the_sites_name() -> None:
    logo = '<h1><a href="index.html">甲乙的札记</a></h1>'
    body = f"{logo}<h2>{TITLE}</h2>{paragraphs()}<h2>最新评论</h2>"
    bare = re.sub(rb"<title>.*</title>", b"", page(body))
    assert best(bare) == TITLE


def test_the_name_in_the_copyright_line_is_no_part_of_a_title() -> None:
    body = page(f"{paragraphs()}", title=TITLE, suffix=" - 河港研究杂志社")
    assert best(body) == TITLE


def test_a_year_in_front_of_a_heading_belongs_to_it() -> None:
    head = '<meta property="og:title" content="旧码头作坊名录与开放时间">'
    body = page(f"<h1>2021 旧码头作坊名录与开放时间</h1>{paragraphs()}", title="名录", head=head)
    assert best(body) == "2021 旧码头作坊名录与开放时间"


BYLINE = "<p>作者：甲乙 来源：河港 点击：33</p>"
BOXES = "".join(f"<p class=bt>{name}</p><p>共十二篇</p>" for name in ("栏目导航", "本站统计一览"))


@pytest.mark.parametrize("title", ["札记", "河港札记"])  # of which nothing tells that it is a site
@pytest.mark.parametrize(
    "shown",
    [
        f"<table><tr><td>理论探讨<br><font>{TITLE}</font><tr><td>作者：甲乙</table>",
        f"<dl><dt>{TITLE}</dt><dd>发布日期：2021-02-27</dd></dl>",
        f"<div>{TITLE}</div><div>——访谈</div>{BYLINE}",
        f"{BOXES}<p align=center><b>{TITLE[:10]}<br>{TITLE[10:]}</b></p>",
        f"<h3>登录入口</h3><p>快讯</p><h3>{TITLE}</h3><h4>New workshops on the old quay</h4>",
        f"<p>主管：某局　主办：某会{'　刊号 CN 41-1234' * 4}</p><div>{TITLE}</div><p>作者</p>",
        f"<div><b>随笔</b><strong class=card-title>{TITLE}</strong><i>甲乙</i></div>",
        f"<p align=center><b>{TITLE[:-5]}</b></p><p align=center><b>{TITLE[-5:]}</b></p>",
        f"<table><tr><td>{TITLE}<tr><td>文：甲乙（本刊）</table>",
    ],
)
def test_what_stands_over_the_text_is_believed_before_a_head_that_nothing_shows(
    title: str, shown: str
) -> None:
    found = best(page(shown + paragraphs(), title=title, suffix=""))
    assert found.replace(" ", "").removesuffix("——访谈") == TITLE


MENU = "<ul><li><a href=/>首页</a></li><li><a href=/2>小说</a></li></ul>"


def test_a_heading_over_the_menu_that_the_head_repeats_is_the_banner() -> None:
    banner = "<h1>河港札记</h1><h2>写给读者的文字</h2>"
    body = page(f"{banner}{MENU}<p>{TITLE}</p>{BYLINE}{paragraphs()}", title="河港札记", suffix="")
    assert best(body) == TITLE


def test_a_heading_under_the_menu_that_the_head_repeats_is_the_title() -> None:
    body = page(
        f"{MENU}<h1>{TITLE}</h1><p>访谈录</p>{BYLINE}{paragraphs()}", title=TITLE, suffix=""
    )
    assert best(body) == TITLE


def test_a_column_behind_the_title_goes_when_the_menu_has_it() -> None:
    menu = MENU.replace("首页", "本站")
    body = page(f"{menu}<div>渡口</div>{paragraphs()}", title="渡口 - 小说", suffix=" - 河港文学网")
    assert best(body) == "渡口"


def test_a_column_in_a_heading_of_the_first_rank_gives_way_to_the_title() -> None:
    body = page(f"<h1>会报</h1><h2>{TITLE}</h2>{paragraphs()}", title=f"{TITLE} ｜ 会报 第58号")
    assert best(body) == TITLE


@pytest.mark.parametrize("tag", ["h1", "p"])
def test_a_subtitle_on_a_line_of_its_own_is_of_the_title(tag: str) -> None:
    body = page(f"<{tag}>{TITLE}</{tag}><p>——以旧码头为例</p>{paragraphs()}", title=TITLE)
    assert best(body) == f"{TITLE} ——以旧码头为例"


def test_a_paragraph_that_a_dash_begins_is_no_subtitle() -> None:
    told = "——" + "这里的每一块木板都有人记得，" * 6
    assert best(page(f"<h1>{TITLE}</h1><p>{told}</p>{paragraphs()}", title=TITLE)) == TITLE


def test_what_is_merely_set_in_the_middle_is_the_title_where_the_head_names_a_column() -> None:
    crumb = "<p align=center>·首页 > 新闻</p><ul><li><a href=/2>基层视角</a></li></ul>"
    shown = f"{crumb}<p align=center>{TITLE}</p>{paragraphs()}"
    assert best(page(shown, title="基层视角", suffix="")) == TITLE
    motto = f"<p align=center>二十年来同读者一起</p>{paragraphs()}"
    assert best(page(motto, title=TITLE, suffix="")) == TITLE


def test_the_column_that_a_heading_has_behind_the_title_goes_when_the_menu_has_it() -> None:
    heading = f"<h1>{TITLE} &gt; 小说</h1>"
    body = page(f"{heading}{MENU}{paragraphs()}", title=f"{TITLE} > 小说", suffix="")
    assert best(body) == TITLE


def test_a_paper_on_the_web_is_no_title() -> None:
    shown = f"<div class=title>{TITLE}</div>{paragraphs()}"
    assert best(page(shown, title="河港日报数字报", suffix="")) == TITLE
