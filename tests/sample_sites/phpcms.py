"""《茶馆评论》 on PHPCMS V9, on the pattern of its default templates (list.html, show.html as
published with the system): the date stands inside the h1, under the title."""

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
    paragraphs,
)

TITLE = "茶馆评论"
BASE = "https://phpcms.example"
POOL = (
    "清早五点半开门，最先到的总是送报人和守夜人，两个人隔着一张桌子喝完第一泡，各自回去睡觉。",
    "掌柜认得每一只盖碗的主人。客人三个月不来，碗就收进柜子最上层，再来时不必开口，自会取下。",
    "说书先生的醒木是一块旧枕木做的，拍下去声音发闷，他说这样才不惊着后排打盹的人。",
    "评一家茶馆，先看炉子，再看抹布，最后才看茶叶。前两样做不好，第三样也好不到哪里去。",
    "附近修路那一年生意最淡，却有一桌人天天来，把整部县志里的地名念了一遍，又争了一遍。",
    "账本上写着茶钱，也写着谁家添了孩子，谁家搬去了城里，像是一份没有人订的地方报。",
)
ROWS = (
    (91, "盖碗收在柜子最上层", "2026-06-30", "老秦"),
    (90, "醒木为什么要闷", "2026-06-25", "方既白"),
    (88, "一桌人把县志争了一遍", "2026-06-18", "老秦"),
    (87, "先看炉子再看抹布", "2026-06-11", "方既白"),
    (85, "守夜人的第一泡", "2026-06-04", "苏小满"),
    (82, "账本是另一种地方报", "2026-05-28", "苏小满"),
)
DRAFTS = drafts(ROWS, POOL)
PER_PAGE = 4
LIST = "/index.php?m=content&c=index&a=lists&catid=6"
NOTICE = "转载请注明出处：《茶馆评论》，并保留作者姓名。"


def build() -> SampleSite:
    pages = {
        "/": page(front()),
        "/index.php": page(front()),
        LIST: page(listing(DRAFTS[:PER_PAGE], 1)),
        f"{LIST}&page=2": page(listing(DRAFTS[PER_PAGE:], 2)),
        "/index.php?m=content&c=rss&rssid=6": SamplePage(body=rss().encode(), type="text/xml"),
        **{path_of(each): page(article(each)) for each in DRAFTS},
    }
    return SampleSite(
        name="phpcms",
        title=TITLE,
        language="zh-CN",
        start="/",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each),
                title=each.title,
                published=each.day,
                notice_class="free-attribution",
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(path=LIST, rows=tuple(map(row, DRAFTS[:PER_PAGE])), next=f"{LIST}&page=2"),
            SampleList(path=f"{LIST}&page=2", rows=tuple(map(row, DRAFTS[PER_PAGE:])), next=None),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    return f"/index.php?m=content&c=index&a=show&catid=6&id={draft.number}"


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=f"{draft.day} 10:20:11")


def href_of(draft: Draft) -> str:
    """As V9 prints it: whole, the ampersands bare."""
    return f"{BASE}{path_of(draft)}"


def frame(title: str, body: str) -> str:
    hot = "".join(
        f'<li><a href="{href_of(each)}" target="_blank">{each.title}</a></li>'
        for each in (DRAFTS[2], DRAFTS[5], DRAFTS[0])
    )
    month = "".join(
        f'<li><span>{40 - place * 7}</span><a href="{href_of(each)}" class="title" title="{each.title}">{each.title[:8]}...</a></li>'
        for place, each in enumerate(DRAFTS[3:5])
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title}</title>
<link href="{BASE}/statics/css/reset.css" rel="stylesheet" type="text/css" />
<link href="{BASE}/statics/css/default_blue.css" rel="stylesheet" type="text/css" />
<script type="text/javascript" src="{BASE}/statics/js/jquery.min.js"></script>
</head>
<body>
<div class="body-top"><div class="content"><div class="login lh24 blue"><a href="{BASE}/index.php?m=content&c=rss&siteid=1" class="rss ib">rss</a><span class="rt"><script type="text/javascript">document.write('<iframe src="{BASE}/index.php?m=member&c=index&a=mini&forward='+encodeURIComponent(location.href)+'&siteid=1"></iframe>')</script></span></div></div></div>
<div class="header"><div class="logo"><a href="{BASE}/"><img src="{BASE}/statics/images/v9/logo.jpg" /></a></div>
<div class="nav-bar"><map><ul class="nav-site"><li><a href="{BASE}"><span>首页</span></a></li><li class="line">|</li><li><a href="{BASE}{LIST}"><span>茶话</span></a></li><li class="line">|</li><li><a href="{BASE}/index.php?m=content&c=index&a=lists&catid=9"><span>来稿须知</span></a></li></ul></map></div></div>
<div class="main"><div class="col-left">{body}</div>
<div class="col-auto"><div class="box"><h5 class="title-2">频道总排行</h5><ul class="content digg">{hot}<li><a href="{BASE}/index.php?m=content&c=index&a=show&catid=6&id=7">卖瓜子的老人</a></li></ul></div>
<div class="bk10"></div><div class="box"><h5 class="title-2">频道本月排行</h5><ul class="content rank">{month}</ul></div></div></div>
<div class="footer"><p class="info"><a href="{BASE}/index.php?m=content&c=index&a=lists&catid=2">关于我们</a>|<a href="{BASE}/index.php?m=link">友情链接</a></p>
<p>Powered by <strong><a href="http://www.phpcms.cn" target="_blank">Phpcms</a></strong> <em>V9</em> &copy; 2026 <img src="{BASE}/statics/images/copyright/rss.gif" /></p></div>
</body></html>"""


def front() -> str:
    rows = "".join(
        f'<li><span class="rt">{each.day[5:]}</span>·<a href="{href_of(each)}" target="_blank" title="{each.title}">{each.title}</a></li>'
        for each in DRAFTS[:5]
    )
    return frame(
        f"{TITLE} - 坐下来慢慢说",
        f'<div class="box cat-area"><h5 class="title-1">茶话<a href="{BASE}{LIST}" class="more">更多>></a></h5>'
        f'<div class="content"><ul class="list lh24 f14">{rows}</ul></div></div>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    rows = "\n".join(
        f'<li><span class="rt">{row(each).printed}</span>·<a href="{href_of(each)}" target="_blank">{each.title}</a></li>'
        for each in some
    )
    first, second = f"{BASE}{LIST}", f"{BASE}{LIST}&page=2"
    pager = (
        f'<a class="a1">6条</a> <a href="{first}&page=1" class="a1">上一页</a> <span>1</span> '
        f'<a href="{second}">2</a> <a href="{second}" class="a1">下一页</a>'
        if number == 1
        else f'<a class="a1">6条</a> <a href="{first}&page=1" class="a1">上一页</a> '
        f'<a href="{first}&page=1">1</a> <span>2</span> <a href="{second}" class="a1">下一页</a>'
    )
    return frame(
        f"茶话 - {TITLE}",
        f'<div class="crumbs"><a href="{BASE}">首页</a><span> > </span><a href="{first}">茶话</a> >  列表</div>'
        f'<ul class="list lh24 f14">{rows}<li class="bk20 hr"></li></ul>'
        f'<div id="pages" class="text-c">{pager}</div>',
    )


def article(draft: Draft) -> str:
    place = DRAFTS.index(draft)
    after = DRAFTS[place - 1] if place else DRAFTS[-1]
    return frame(
        f"{draft.title} - 茶话 - {TITLE}",
        f'<div class="crumbs"><a href="{BASE}">首页</a><span> &gt; </span><a href="{BASE}{LIST}">茶话</a> &gt;  正文</div>'
        f'<div id="Article"><h1>{draft.title}<br />\n<span>{draft.day} 10:20:11&nbsp;&nbsp;&nbsp;来源：{TITLE}&nbsp;&nbsp;&nbsp;'
        '评论：<a href="#comment_iframe" id="comment">0</a> 点击：</span><span id="hits"></span></h1>'
        f'<div class="content">{paragraphs(draft)}<p>（作者：{draft.author}）</p><p>{NOTICE}</p></div>'
        '<div id="pages" class="text-c"></div>'
        f'<p class="f14"><strong>上一篇：</strong><a href="{href_of(after)}">{after.title}</a><br /></p>'
        f'<div class="related"><h5 class="blue">延伸阅读：</h5><ul class="list blue lh24 f14"><li>·<a href="{href_of(DRAFTS[1])}">{DRAFTS[1].title}</a><span>({DRAFTS[1].day})</span></li></ul></div></div>'
        f'<script language="JavaScript" src="{BASE}/api.php?op=count&id={draft.number}&modelid=1"></script>',
    )


def rss() -> str:
    items = "".join(
        f"<item><title><![CDATA[{each.title}]]></title><link>{href_of(each).replace('&', '&amp;')}</link>"
        f"<description><![CDATA[{each.text[1]}]]></description>"
        f"<pubDate>{each.day} 10:20:11</pubDate></item>"
        for each in DRAFTS
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{TITLE}</title>'
        f"<link>{BASE}</link><generator>PHPCMS</generator>{items}</channel></rss>"
    )
