"""《高原气象观测》 on Magtech (玛格泰克), on the pattern of issue and archive pages of two journals
(classes j-title-1, j-volumn-doi, gk_qi) and of its article pages: meta in two languages, the whole
issue and its covers listed like articles."""

from __future__ import annotations

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

TITLE = "高原气象观测"
BASE = "https://magtech.example"
POOL = (
    "利用四个高寒站点的逐时资料，分析了积雪消融期地表反照率的日变化及其与云量的关系。",
    "结果表明，反照率在午后出现的次高值与薄云的增多同步，忽略这一点会使辐射收支偏高约百分之六。",
    "据此给出了按云量分档的订正系数，经独立年份检验，偏差减小到百分之二以内。",
    "文章还讨论了仪器结霜对清晨观测的影响，建议在日出后一小时内的资料单独标记。",
    "所用资料与订正程序均可向编辑部索取，以便同行复核。",
)
ROWS = (
    (101, "积雪消融期地表反照率的日变化", "2026-05-28", "多吉"),
    (102, "按云量分档的辐射收支订正", "2026-05-28", "苏北辰"),
    (103, "仪器结霜对清晨观测的影响", "2026-05-28", "多吉"),
    (104, "山谷风转换时刻的一种判别办法", "2026-05-28", "柳明川"),
    (91, "无人值守站的供电与通信", "2026-03-28", "苏北辰"),
    (92, "高寒草甸土壤冻融的两年观测", "2026-03-28", "柳明川"),
    (93, "冰雹日的雷达回波特征", "2026-03-28", "多吉"),
)
DRAFTS = drafts(ROWS, POOL)
MAY, MARCH = DRAFTS[:4], DRAFTS[4:]
NOTICE = f"版权所有 © 《{TITLE}》编辑部，未经书面许可不得转载"


def build() -> SampleSite:
    may, march = "/CN/Y2026/V45/I3", "/CN/Y2026/V45/I2"
    pages = {
        "/": front(),
        "/CN/home": front(),
        "/CN/volumn/current.shtml": listing(MAY, 3),
        "/CN/archive_by_years": archive(),
        may: listing(MAY, 3),
        march: listing(MARCH, 2),
        **{path_of(each): article(each) for each in DRAFTS},
    }
    return SampleSite(
        name="magtech",
        title=TITLE,
        language="zh-CN",
        start="/CN/home",
        pages={
            "/CN/rss_zxly.xml": SamplePage(body=rss().encode(), type="text/xml"),
            **{path: page(text) for path, text in pages.items()},
        },
        articles=tuple(
            SampleArticle(
                path=path_of(each), title=each.title, published=each.day, notice_class="permission"
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(path="/CN/volumn/current.shtml", rows=tuple(map(row, MAY)), next=march),
            SampleList(path=march, rows=tuple(map(row, MARCH)), next=None),
            SampleList(path="/CN/archive_by_years", rows=(), next=may),
        ),
        base=BASE,
    )


def doi_of(draft: Draft) -> str:
    return f"10.5555/gyqx.2026.{draft.number:04d}"


def path_of(draft: Draft) -> str:
    return f"/CN/{doi_of(draft)}"


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=draft.day)


def number_of(draft: Draft) -> int:
    return 3 if draft.number > 100 else 2


def pages_of(draft: Draft) -> str:
    first = number_of(draft) * 200 + draft.number % 10 * 11
    return f"{first}-{first + 10}"


def frame(title: str, body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/images/1000-0534/css/style.css">{head}</head>
<body><div class="banner"><img src="/images/1000-0534/banner.jpg" alt="{TITLE}"></div>
<div class="menu"><ul><li><a href="/CN/home">首页</a></li><li><a href="/CN/column/column1.shtml">期刊介绍</a></li><li><a href="/CN/volumn/current.shtml">当期目录</a></li><li><a href="/CN/archive_by_years">过刊浏览</a></li><li><a href="/CN/article/showTenYearOldVolumn.do">十年目录</a></li><li><a href="/EN/home">English</a></li></ul></div>
<div class="content">{body}</div>
<div class="footer"><p>{NOTICE}</p><p>本系统由<a href="http://www.magtech.com.cn/">北京玛格泰克科技发展有限公司</a>设计开发 技术支持：support@magtech.example</p></div>
</body></html>"""


def items(some: tuple[Draft, ...]) -> str:
    return "".join(
        f'<div class="noselectrow"><div class="j-title-1"><a href="{path_of(each)}">{each.title}</a></div>'
        f'<div class="j-author">{each.author}, 孙某某</div>'
        f'<div class="j-volumn-doi"><span class="j-volumn">2026, 45({number_of(each)}): {pages_of(each)}.</span> <a href="https://doi.org/{doi_of(each)}" class="j-doi">{doi_of(each)}</a></div>'
        f'<div class="j-btn"><a class="j-abs" href="{path_of(each)}">摘要</a> <a href="#1" onclick="lsdy1(\'PDF\',\'{each.number}\');return false;">PDF (2160KB)</a></div></div>'
        for each in some
    )


def front() -> str:
    read = "".join(
        f'<li><a href="/CN/10.5555/gyqx.2012.00{n}">早年被阅读得最多的一篇之{n}</a></li>'
        for n in (1, 2, 3)
    )
    return frame(
        TITLE,
        '<div class="left"><h3><a href="/CN/volumn/current.shtml">当期目录</a></h3>'
        f'<div class="n-j-q">2026年 第45卷 第3期 刊出日期：2026-05-28</div>{items(MAY)}</div>'
        f'<div class="right"><h3>阅读排行</h3><ul>{read}</ul></div>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    before = '<a href="/CN/Y2026/V45/I2">上一期</a>' if number == 3 else "上一期"
    after = '<a href="/CN/Y2026/V45/I3">下一期</a>' if number == 2 else "下一期"
    whole = "".join(
        f'<div class="j-title-1"><a href="/CN/abstract/abstract{number}{code}.shtml">{name}</a></div>'
        for code, name in ((900, f"2026年第45卷第{number}期电子期刊"), (901, "封面"), (902, "目次"))
    )
    return frame(
        f"2026年第45卷第{number}期-{TITLE}",
        f'<div class="n-j-q">2026年 第45卷 第{number}期 刊出日期：{some[0].day}</div><div>{before} {after}</div>'
        f'<div class="j-list">{whole}{items(some)}</div>',
    )


def archive() -> str:
    issues = "".join(
        f'<div class="gk_qi"><a href="/CN/Y{year}/V{year - 1981}/I{n}"><span>{year} Vol. {year - 1981} No. {n}</span></a></div>'
        for year, numbers in ((2026, (3, 2, 1)), (2025, (6, 5, 4)))
        for n in numbers
    )
    return frame(f"过刊浏览-{TITLE}", f'<div class="gk_nian">2026</div>{issues}')


def article(draft: Draft) -> str:
    first, last = pages_of(draft).split("-")
    english = f"A note on mountain weather, number {draft.number}"
    head = (
        f'<meta name="citation_title" xml:lang="zh" content="{draft.title}"><meta name="citation_title" xml:lang="en" content="{english}">'
        f'<meta name="citation_authors" xml:lang="zh" content="{draft.author}, 孙某某"><meta name="citation_authors" xml:lang="en" content="Somebody, Sun">'
        f'<meta name="citation_journal_title" content="{TITLE}"><meta name="citation_doi" content="{doi_of(draft)}">'
        f'<meta name="citation_date" content="{draft.day}"><meta name="citation_online_date" content="{draft.day}">'
        f'<meta name="citation_volume" content="45"><meta name="citation_issue" content="{number_of(draft)}">'
        f'<meta name="citation_firstpage" content="{first}"><meta name="citation_lastpage" content="{last}">'
        f'<meta name="DC.Title" content="{english}"><meta name="DC.Date" content="{draft.day}">'
    )
    return frame(
        draft.title,
        f'<p><span class="txt_biaoti">{TITLE}</span> 2026, Vol. 45 Issue ({number_of(draft)}): {pages_of(draft)}. doi: {doi_of(draft)}</p>'
        f'<h3 class="abs-tit">{draft.title}</h3><p>{draft.author}<sup>1</sup>, 孙某某<sup>2</sup></p><h3 class="abs-tit">{english}</h3>'
        f'<div><b>摘要</b><p>{"".join(draft.text)}</p></div><p><b>关键词：</b> <a href="/CN/article/advancedSearchResult.do?k=1">积雪</a>, <a href="/CN/article/advancedSearchResult.do?k=2">反照率</a></p>'
        f"<p><b>收稿日期:</b> 2025-11-08 <b>修回日期:</b> 2026-01-19 <b>出版日期:</b> {draft.day} <b>发布日期:</b> {draft.day}</p>"
        f"<p><b>引用本文:</b> {draft.author}, 孙某某. {draft.title}[J]. {TITLE}, 2026, 45({number_of(draft)}): {pages_of(draft)}.</p>",
        head,
    )


def rss() -> str:
    entries = "".join(
        f"<item><title><![CDATA[{each.title}]]></title><link>{BASE}{path_of(each)}</link>"
        f"<pubDate>{each.day}</pubDate></item>"
        for each in MAY
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{TITLE}</title>'
        f"<link>{BASE}/CN/home</link>{entries}</channel></rss>"
    )
