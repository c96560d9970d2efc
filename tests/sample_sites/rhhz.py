"""《近岸海洋研究》 on the system of RHHZ (仁和汇智), on the pattern of its public pages (classes
article-list-…, meta citation_id, /cn/article/doi/…). An issue
prints no day, its articles print five."""

from __future__ import annotations

from tests.sample_sites.site import (
    Draft,
    SampleArticle,
    SampleList,
    SampleRow,
    SampleSite,
    drafts,
    page,
)

TITLE = "近岸海洋研究"
BASE = "https://rhhz.example"
POOL = (
    "利用连续三年的走航资料，分析了河口最大浑浊带在枯水期与丰水期的位置变化，并估算了悬沙的净输运量。",
    "结果显示，枯水期浑浊带上移约七公里，与潮差的相关性强于与径流量的相关性。",
    "数值试验进一步表明，底床粗糙度的季节变化是不可忽略的因素，忽略之则悬沙浓度偏低两成左右。",
    "以上认识可为航道维护中疏浚时机的选择提供参考，也为后续生态调查的站位布设提供了依据。",
    "文中还给出了观测仪器在高浑浊水体中的标定办法，其误差较常规办法减小近一半。",
)
ROWS = (
    (301, "河口最大浑浊带的枯水期上移", "2026-06-20", "蒋望潮"),
    (302, "高浑浊水体中光学仪器的标定办法", "2026-06-20", "戴小屿"),
    (303, "底床粗糙度的季节变化及其影响", "2026-06-20", "蒋望潮"),
    (304, "海草床边缘的夜间溶解氧", "2026-06-20", "温如玉"),
    (305, "养殖网箱阵列后的流场恢复距离", "2026-06-20", "戴小屿"),
    (201, "潮沟分汊处的泥沙分选", "2026-04-20", "温如玉"),
    (202, "风暴过后滩面恢复的逐日观测", "2026-04-20", "蒋望潮"),
    (203, "浮标供电的三种冬季方案", "2026-04-20", "戴小屿"),
)
DRAFTS = drafts(ROWS, POOL)
JUNE, APRIL = DRAFTS[:5], DRAFTS[5:]
ONLINE = {3: "2026-05-28", 2: "2026-03-30"}


def build() -> SampleSite:
    june, april = "/cn/article/2026/3", "/cn/article/2026/2"
    pages = {
        "/": page(front()),
        "/cn/article/current": page(listing(JUNE, 3)),
        june: page(listing(JUNE, 3)),
        april: page(listing(APRIL, 2)),
        **{path_of(each): page(article(each)) for each in DRAFTS},
    }
    return SampleSite(
        name="rhhz",
        title=TITLE,
        language="zh-CN",
        start="/",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each),
                title=each.title,
                published=ONLINE[each.number // 100],
                notice_class="open-license",
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(path="/cn/article/current", rows=tuple(map(row, JUNE)), next=april),
            SampleList(path=april, rows=tuple(map(row, APRIL)), next=None),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    return f"/cn/article/doi/10.5555/jahy.2026{draft.number}"


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=None)


def href_of(draft: Draft) -> str:
    """As the system prints it: without the scheme."""
    return f"//{BASE.partition('//')[2]}{path_of(draft)}"


def frame(title: str, body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="zh">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{title}</title>
<link rel="stylesheet" href="/style/web/css/base.css?t=202601"><script src="/style/web/js/article.js"></script>
{head}</head>
<body>
<div class="header"><div class="logo"><img src="/fileJAHY/journal/img/logo.png" alt="{TITLE}"></div>
<ul class="nav clearfix"><li><a href="/">首页</a></li><li><a href="/news/qikanjianjie.htm">期刊介绍</a></li><li><a href="/cn/article/current">当期目录</a></li><li><a href="/archive_list.htm">过刊浏览</a></li><li><a href="/cn/news/tougao">投稿指南</a></li><li><a href="/en/">English</a></li></ul></div>
<div class="main clearfix">{body}</div>
<div class="footer"><div class="container"><p>版权所有 © 《{TITLE}》编辑部　备案号：示例备00000000号</p>
<p>本系统由<a href="http://www.rhhz.net" target="_blank">北京仁和汇智信息技术有限公司</a>开发　百度统计</p></div></div>
</body></html>"""


def items(some: tuple[Draft, ...]) -> str:
    return "".join(
        f'<div class="article-list" id="a{each.number}"><div class="article-list-left"><input type="checkbox" name="check"></div>'
        f'<div class="article-list-right"><div class="article-list-title"><a href="{href_of(each)}" target="_blank">{each.title}</a></div>'
        f'<div class="article-list-author"><a href="/cn/search/author?q=1">{each.author}</a>, <a href="/cn/search/author?q=2">赵某</a></div>'
        f'<div class="article-list-time"><font>2026, 48({each.number // 100}): {pages_of(each)}.</font> <font>doi: <a href="https://doi.org/10.5555/jahy.2026{each.number}">10.5555/jahy.2026{each.number}</a></font></div>'
        f'<div class="article-list-zy"><font class="count1"><a href="{href_of(each)}">摘要</a> (<span>120</span>)</font> '
        f'<font class="count2"><a href="{href_of(each)}?viewType=HTML">HTML</a> (<span>60</span>)</font> <font class="count3"><a href="javascript:void(0);" onclick="downloadpdf(\'{each.number}\')">PDF 3180KB</a> (<span>25</span>)</font></div></div></div>'
        for each in some
    )


def pages_of(draft: Draft) -> str:
    place = draft.number % 100
    return f"{draft.number // 100 * 200 + place * 12}-{draft.number // 100 * 200 + place * 12 + 11}"


def front() -> str:
    top = "".join(
        f'<li><a href="//{BASE.partition("//")[2]}/cn/article/doi/10.5555/jahy.2015{n}01">多年前被引用得最多的一篇之{n}</a></li>'
        for n in (1, 2, 3)
    )
    return frame(
        TITLE,
        f'<div class="left"><div class="tab-title"><a href="/cn/article/current">当期目录</a></div><p>2026年 第48卷 第3期</p>{items(JUNE)}</div>'
        f'<div class="right"><h3>阅读排行</h3><ul class="rank">{top}</ul><h3>友情链接</h3><ul><li><a href="http://sea.example/">示例海洋学会</a></li></ul></div>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    before = '<a href="/cn/article/2026/2">上一期</a>' if number == 3 else "<span>上一期</span>"
    after = '<a href="/cn/article/2026/3">下一期</a>' if number == 2 else "<span>下一期</span>"
    whole = (
        f'<div class="cover"><a href="/fileJAHY/journal/issue/2026/{number}/cover.pdf">封面</a> '
        f'<a href="/fileJAHY/journal/issue/2026/{number}/contents.pdf">目录</a></div>'
    )
    return frame(
        f"2026年 第48卷 第{number}期-{TITLE}",
        f'<div class="issue-head">{before}<b>2026年 第48卷 第{number}期</b>{after}</div>{whole}'
        f'<div class="articleListBox">{items(some)}</div>',
    )


def article(draft: Draft) -> str:
    number = draft.number // 100
    first, last = pages_of(draft).split("-")
    head = (
        f'<meta name="citation_id" content="{draft.number}"><meta name="citation_title" content="{draft.title}">'
        f'<meta name="citation_title" xml:lang="en" content="An essay on estuaries, number {draft.number}">'
        f'<meta name="citation_authors" content="{draft.author}; 赵某"><meta name="citation_journal_title" content="{TITLE}">'
        f'<meta name="citation_volume" content="48"><meta name="citation_issue" content="{number}">'
        f'<meta name="citation_firstpage" content="{first}"><meta name="citation_lastpage" content="{last}">'
        f'<meta name="citation_doi" content="10.5555/jahy.2026{draft.number}"><meta name="citation_issn" content="1234-5679">'
        f'<meta name="citation_online_date" content="{ONLINE[number].replace("-", "/")}"><meta name="citation_date" content="{draft.day}">'
        '<meta name="dc.rights" content="http://creativecommons.org/licenses/by/3.0/">'
    )
    return frame(
        draft.title,
        f'<div class="article-header"><div class="header-year">2026 Vol. 48, No. {number}</div>'
        f'<div class="article-title"><h2>{draft.title}</h2></div><ul class="article-author"><li>{draft.author}<sup>1</sup>,</li><li>赵某<sup>1, 2</sup></li></ul>'
        f'<div class="article-history"><ul><li>收稿日期：2025-10-12</li><li>修回日期：2026-01-22</li><li>录用日期：2026-02-18</li><li>网络出版日期：{ONLINE[number]}</li><li>刊出日期：{draft.day}</li></ul></div>'
        f'<div class="article-abstract"><h3>摘要</h3><p>{"".join(draft.text)}</p></div>'
        '<div class="article-keyword">关键词: <a href="/cn/search?k=1">河口</a> / <a href="/cn/search?k=2">悬沙</a></div>'
        '<div class="article-license"><p>本文为开放获取文章，遵循知识共享署名 4.0 国际许可协议（<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>）。</p></div></div>'
        f'<div class="related"><h3>相关文章</h3><ul><li><a href="{href_of(DRAFTS[3])}">{DRAFTS[3].title}</a></li></ul></div>',
        head,
    )
