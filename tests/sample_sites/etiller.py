"""《山地工程学报》 on E-Tiller (勤云), the older .aspx layout, on the pattern of its public addresses
(reader/issue_list.aspx, view_abstract.aspx, create_pdf.aspx) and ids (QueryUI, FileTitle, Author,
Abstract). Where the link to the issue before stands is a guess."""

from __future__ import annotations

from html import unescape

from tests.sample_sites.site import (
    Draft,
    SampleArticle,
    SampleList,
    SamplePage,
    SampleRow,
    SampleSite,
    drafts,
    page,
)

TITLE = "山地工程学报"
BASE = "https://etiller.example"
POOL = (
    "为查明斜坡在连续降雨条件下的变形过程，选取三处典型断面布设位移与含水率观测点，获得两个水文年的逐时资料。",
    "结果表明，浅层含水率的响应滞后于降雨约三小时，深层滞后约两日，两者之差可以作为预警的辅助指标。",
    "在此基础上建立了考虑根系加固作用的稳定性计算式，并与现场裂缝的开展时间进行了对比。",
    "该方法参数少、量测简便，适用于人手有限的基层监测站，但对岩质陡坡的适用性仍需进一步检验。",
    "讨论部分比较了不同坡向的差异，指出阴坡的排水条件是造成变形滞后的主要原因之一。",
)
#: (issue, rows): the newest issue first.
ROWS = (
    (20260301, "连续降雨下浅层斜坡的逐时位移观测", "2026-06-25", "罗一川"),
    (20260302, "根系加固作用的简化计算式", "2026-06-25", "贺青原"),
    (20260303, "阴坡排水条件与变形滞后", "2026-06-25", "罗一川"),
    (20260304, "基层监测站的含水率量测办法", "2026-06-25", "秦岭南"),
    (20260305, "山区道路边坡裂缝的巡查记录分析", "2026-06-25", "秦岭南"),
    (20260201, "弃渣场截水沟的淤积速率", "2026-04-25", "贺青原"),
    (20260202, "夜间温差对裸露岩面剥落的影响", "2026-04-25", "罗一川"),
    (20260203, "小流域谷坊群拦沙效果的复测", "2026-04-25", "秦岭南"),
)
DRAFTS = drafts(ROWS, POOL)
JUNE, APRIL = DRAFTS[:5], DRAFTS[5:]
READER = "/ch/reader/"
#: Whose title has a footnote mark, which the system escapes in its tags.
FUNDED = 20260302
NOTICE = f"版权所有：《{TITLE}》编辑部　未经许可，不得转载"


def build() -> SampleSite:
    june, april = _issue(3), _issue(2)
    pages = {
        "/": page(front()),
        "/ch/index.aspx": page(front()),
        f"{READER}issue_browser.aspx": page(archive()),
        june: page(listing(JUNE, 3)),
        april: page(listing(APRIL, 2)),
        f"{READER}rss.aspx": SamplePage(body=rss().encode(), type="text/xml"),
        **{path_of(each): page(article(each)) for each in DRAFTS},
    }
    return SampleSite(
        name="etiller",
        title=TITLE,
        language="zh-CN",
        start="/ch/index.aspx",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each), title=each.title, published=each.day, notice_class="permission"
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(path=f"{READER}issue_browser.aspx", rows=(), next=june),
            SampleList(path=june, rows=tuple(map(row, JUNE)), next=april),
            SampleList(path=april, rows=tuple(map(row, APRIL)), next=None),
        ),
        base=BASE,
    )


def _issue(number: int) -> str:
    return f"{READER}issue_list.aspx?year_id=2026&quarter_id={number}"


def path_of(draft: Draft) -> str:
    return f"{READER}view_abstract.aspx?file_no={draft.number}&flag=1"


def row(draft: Draft) -> SampleRow:
    """An issue of this layout prints no day, only year, number and pages."""
    return SampleRow(path=path_of(draft), title=draft.title, printed=None)


def reference(draft: Draft) -> str:
    number, place = draft.number // 100 % 10, draft.number % 100
    return f"2026,44({number}):{place * 9 - 8}-{place * 9}"


def frame(title: str, body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{title}</title>
<link href="/ext_images/Style/css.css" rel="stylesheet" type="text/css" />
{head}</head>
<body>
<div class="top"><img src="/ext_images/banner.jpg" alt="{TITLE}" /></div>
<div class="nav"><ul><li><a href="/ch/index.aspx">首页</a></li><li><a href="/ch/first_menu.aspx?parent_id=20100915">期刊简介</a></li><li><a href="/ch/reader/issue_browser.aspx">过刊浏览</a></li><li><a href="/ch/reader/key_query.aspx">论文检索</a></li><li><a href="/ch/author/login.aspx">作者登录</a></li><li><a href="/ch/common_item.aspx?parent_id=6">联系我们</a></li></ul></div>
<div class="zhong">{body}</div>
<div class="foot"><p>{NOTICE}</p><p>地址：示例市山前路8号　邮政编码：000000　电话：000-00000000</p>
<p>技术支持：<a href="http://www.e-tiller.com" target="_blank">北京勤云科技发展有限公司</a></p></div>
</body></html>"""


def table(some: tuple[Draft, ...], at: str = "") -> str:
    return "".join(
        f'<tr><td width="20" valign="top"><input type="checkbox" name="selectcheckbox" value="{each.number}" /></td>'
        f'<td align="left"><a href="{at}view_abstract.aspx?file_no={each.number}&flag=1" target="_blank"><b>{each.title}</b></a></td></tr>'
        f"<tr><td></td><td>{each.author}，王某某</td></tr>"
        f'<tr><td></td><td>{reference(each)} [<a href="{at}view_abstract.aspx?file_no={each.number}&flag=1" target="_blank">摘要</a>(128)] '
        f'[<a href="{at}create_pdf.aspx?file_no={each.number}&year_id=2026&quarter_id={each.number // 100 % 10}&falg=1" target="_blank">PDF</a> 1.26 M](64)</td></tr>'
        for each in some
    )


def whole(number: int, at: str = "") -> str:
    """The cover and the contents, which the system lists like articles."""
    return "".join(
        f'<tr><td></td><td><a href="{at}view_abstract.aspx?file_no=20260{number}{code}&flag=1">{name}</a></td></tr>'
        for code, name in (("FM", "封面"), ("ML", "目录"))
    )


def front() -> str:
    hot = "".join(
        f'<li><a href="/ch/reader/view_abstract.aspx?file_no=20180{n}01&flag=1">早年被下载得最多的一篇论文之{n}</a></li>'
        for n in (1, 2, 3)
    )
    return frame(
        f"欢迎访问《{TITLE}》官方网站",
        '<div class="left"><div class="title">友情链接</div><ul><li><a href="http://society.example/">示例省地质学会</a></li></ul></div>'
        '<div class="center"><table width="100%"><tr><td><b>2026年第44卷第3期目录</b></td></tr></table>'
        f'<table id="table24" width="100%">{table(JUNE, "reader/")}</table></div>'
        f'<div class="right"><div class="title">下载排行</div><ul class="paihang">{hot}</ul></div>',
    )


def archive() -> str:
    years = "".join(
        f"<tr><td>{year} Vol.{year - 1982}</td>"
        + "".join(
            f'<td><a href="issue_list.aspx?year_id={year}&quarter_id={n}">No.{n}</a></td>'
            for n in (3, 2)
        )
        + "</tr>"
        for year in (2026,)
    )
    return frame(
        f"过刊浏览-{TITLE}",
        f'<table id="QueryUI" width="100%"><tr><td>过刊浏览<table cellspacing="1">{years}</table></td></tr></table>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    before = (
        f'<a href="issue_list.aspx?year_id=2026&quarter_id={number - 1}">上一期</a>'
        if number == 3
        else "<span>上一期</span>"
    )
    after = (
        "<span>下一期</span>"
        if number == 3
        else '<a href="issue_list.aspx?year_id=2026&quarter_id=3">下一期</a>'
    )
    return frame(
        f"2026年第{number}期-{TITLE}",
        f'<table width="100%"><tr><td>2026年第44卷第{number}期 {before} {after}</td></tr></table>'
        f'<form name="form1"><table id="table24" width="100%">{whole(number)}{table(some)}</table></form>',
    )


def article(draft: Draft) -> str:
    mark = "&lt;sup&gt;*&lt;/sup&gt;" if draft.number == FUNDED else ""
    first, last = reference(draft).partition(":")[2].split("-")
    head = (
        f'<meta name="DC.Title" content="{draft.title}"/><meta name="DC.Contributor" content="{draft.author}"/>'
        f'<meta name="citation_title" content="{draft.title}{mark}"/><meta name="citation_author" content="{draft.author}"/>'
        f'<meta name="citation_journal_title" content="{TITLE}"/><meta name="citation_date" content="{draft.day.replace("-", "")}"/>'
        f'<meta name="citation_volume" content="44"/><meta name="citation_issue" content="{draft.number // 100 % 10}"/>'
        f'<meta name="citation_firstpage" content="{first}"/><meta name="citation_lastpage" content="{last}"/>'
        f'<meta name="keywords" content="斜坡;含水率;观测"/>'
    )
    return frame(
        f"{draft.title}-{TITLE}",
        '<table id="QueryUI" width="100%"><tr><td><table width="100%" class="front_table">'
        f'<tr><td>引用本文:</td><td><span id="ReferenceText">{draft.author}.{draft.title}[J].{TITLE},{reference(draft)}.</span></td></tr>'
        '<tr><td colspan="2"><div>摘要点击: 128　全文点击: 64</div></td></tr>'
        f'<tr><td colspan="2" align="center"><b><span id="FileTitle">{draft.title}{unescape(mark)}</span></b></td></tr>'
        "<tr><td>投稿时间：2025-11-03　　修订日期：2026-01-16</td></tr>"
        f"<tr><td>发布日期：{draft.day}</td></tr>"
        f'<tr><td>DOI：</td><td><span id="DOI">10.5555/sdgc.{draft.number}</span></td></tr>'
        '<tr><td>中文关键词:</td><td><span id="KeyWord"><a href="key_query.aspx?k=1">斜坡</a>　<a href="key_query.aspx?k=2">含水率</a></span></td></tr>'
        f'<tr><td colspan="2"><span id="Author"><table><tr><td>作者</td><td>单位</td></tr><tr><td>{draft.author}</td><td>示例大学山地研究所</td></tr></table></span></td></tr>'
        f'<tr><td>中文摘要:</td></tr><tr><td colspan="2"><span id="Abstract">{"".join(draft.text)}</span></td></tr>'
        f'<tr><td colspan="2"><a id="URL" href="create_pdf.aspx?file_no={draft.number}&year_id=2026&quarter_id=3&falg=1">查看全文</a>　<a href="javascript:void(0)">查看/发表评论</a>　下载PDF阅读器</td></tr>'
        "</table></td></tr></table>",
        head,
    )


def rss() -> str:
    items = "".join(
        f"<item><title>{each.title}</title><link>{BASE}{path_of(each).replace('&', '&amp;')}</link>"
        f"<author>{each.author}</author><pubDate>{each.day} 00:00:00</pubDate></item>"
        for each in JUNE
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{TITLE}</title>'
        f"<link>{BASE}/ch/index.aspx</link>{items}</channel></rss>"
    )
