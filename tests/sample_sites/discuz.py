"""《骑行志》 on the portal of Discuz! X3.4, on the pattern of its default templates (portal list.htm
and view.htm as published with the system): dates without leading zeros, a forum beside."""

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

TITLE = "骑行志"
BASE = "https://discuz.example"
POOL = (
    "下坡前最后一次检查刹车，领队总要走到队尾，从最后一个人问起，再慢慢走回最前面。",
    "补胎的时候路边来了个放羊的孩子，蹲着看完全程，最后把自家的打气筒也扛了出来。",
    "地图上标着的那条机耕路早已长满芒草，我们推车走了四公里，只遇到一位采药的人。",
    "夜里扎营的地方要离水远一点，离路近一点，这是前一支队伍在留言簿上写给后来人的话。",
    "修车摊的老师傅不收外地人的工钱，只要求回去之后寄一张合影，墙上已经贴满了四排。",
    "雨衣再贵也挡不住一整天的雨，真正有用的是出发前就把第二天的干袜子装进塑料袋里。",
)
ROWS = (
    (64, "推车走过的四公里", "2026-05-18", "阿岭"),
    (63, "留言簿上的扎营规矩", "2026-05-11", "骆驼草"),
    (61, "墙上的四排合影", "2026-05-04", "阿岭"),
    (58, "放羊孩子的打气筒", "2026-04-20", "骆驼草"),
    (57, "从队尾问起的领队", "2026-04-13", "白杨"),
    (55, "干袜子与一整天的雨", "2026-04-06", "白杨"),
    (52, "过垭口那天的风", "2026-03-30", "阿岭"),
)
DRAFTS = drafts(ROWS, POOL)
PER_PAGE = 5
LIST = "/portal.php?mod=list&catid=2"
NOTICE = "转载须知：本文版权归《骑行志》所有，转载请联系编辑部并取得授权。"


def build() -> SampleSite:
    pages = {
        "/": page(front()),
        "/portal.php": page(front()),
        LIST: page(listing(DRAFTS[:PER_PAGE], 1)),
        f"{LIST}&page=2": page(listing(DRAFTS[PER_PAGE:], 2)),
        "/portal.php?mod=rss&catid=2": SamplePage(body=rss().encode(), type="application/xml"),
        **{path_of(each): page(article(each)) for each in DRAFTS},
    }
    return SampleSite(
        name="discuz",
        title=TITLE,
        language="zh-CN",
        start="/",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each), title=each.title, published=each.day, notice_class="permission"
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
    return f"/article-{draft.number}-1.html"


def printed(draft: Draft) -> str:
    year, month, day = map(int, draft.day.split("-"))
    return (
        f"{year}-{month}-{day} 21:{draft.number}"
        if draft.number < 60
        else f"{year}-{month}-{day} 08:30"
    )


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=printed(draft))


def frame(title: str, body: str) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title} -  Powered by Discuz!</title>
<meta name="generator" content="Discuz! X3.4" />
<meta name="author" content="Discuz! Team and Comsenz UI Team" />
<meta name="copyright" content="2001-2017 Comsenz Inc." />
<base href="{BASE}/" />
<link rel="stylesheet" type="text/css" href="data/cache/style_1_common.css?Xyz" />
<script type="text/javascript">var STYLEID = '1', STATICURL = 'static/', IMGDIR = 'static/image/common', VERHASH = 'Xyz', charset = 'utf-8', discuz_uid = '0';</script>
</head>
<body id="nv_portal" class="pg_list" onkeydown="if(event.keyCode==27) return false;">
<div id="append_parent"></div><div id="ajaxwaitid"></div>
<div id="toptb" class="cl"><div class="wp"><div class="z"><a href="javascript:;" onclick="setHomepage('{BASE}/');">设为首页</a><a href="{BASE}/">收藏本站</a></div></div></div>
<div id="hd"><div class="wp"><div class="hdc cl"><h2><a href="./" title="{TITLE}"><img src="static/image/common/logo.png" alt="{TITLE}" border="0" /></a></h2></div>
<div id="nv"><ul><li class="a" id="mn_portal"><a href="portal.php" hidefocus="true" title="Portal">门户<span>Portal</span></a></li><li><a href="portal.php?mod=list&catid=2">路上</a></li><li id="mn_forum"><a href="forum.php" hidefocus="true" title="BBS">论坛<span>BBS</span></a></li></ul></div></div></div>
<div id="wp" class="wp">{body}</div>
<div id="ft" class="wp cl"><div id="flk" class="y"><p><a href="archiver/">Archiver</a><span class="pipe">|</span><a href="forum.php?mobile=yes">手机版</a><span class="pipe">|</span><strong><a href="{BASE}/" target="_blank">{TITLE}</a></strong></p><p class="xs0">GMT+8, 2026-5-19 20:11 , Processed in 0.041 second(s), 12 queries .</p></div>
<div id="frt"><p>Powered by <strong><a href="http://www.discuz.net" target="_blank">Discuz!</a></strong> <em>X3.4</em></p><p class="xs0">&copy; 2001-2017 <a href="http://www.comsenz.com" target="_blank">Comsenz Inc.</a></p></div></div>
</body></html>"""


def side() -> str:
    threads = "".join(
        f'<li>&bull; <a href="thread-{300 + n}-1-1.html">求购二手货架之{n}，成色好一点的</a></li>'
        for n in (1, 2, 3)
    )
    return (
        '<div class="sd pph"><div class="bm"><div class="bm_h cl"><h2>相关分类</h2></div><div class="bm_c"><ul class="xl xl2 cl">'
        '<li>&bull; <a href="portal.php?mod=list&catid=3">器材</a></li></ul></div></div>'
        '<div class="bm"><div class="bm_h cl"><h2>热帖推荐</h2></div><div class="bm_c"><ul class="xl cl">'
        f"{threads}</ul></div></div></div>"
    )


def front() -> str:
    rows = "".join(
        f'<li><em>{printed(each).split()[0][5:]}</em><a href="{path_of(each)[1:]}" title="{each.title}" target="_blank">{each.title}</a></li>'
        for each in DRAFTS[:5]
    )
    return frame(
        f"{TITLE}门户",
        '<div id="ct" class="wp cl"><div class="mn"><div class="block bm"><div class="blocktitle title"><span class="titletext">路上</span>'
        '<a href="portal.php?mod=list&catid=2" class="more y">更多</a></div>'
        f'<div class="dxb_bc"><div class="module cl xl xl1"><ul>{rows}</ul></div></div></div></div>{side()}</div>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    rows = "".join(
        f'<dl class="bbda cl"><dt class="xs2"><a href="{path_of(each)[1:]}" target="_blank" class="xi2" >{each.title}</a> </dt>'
        f'<dd class="xs2 cl">{each.text[1][:60]} ...</dd><dd><span class="xg1"> {printed(each)}</span></dd></dl>'
        for each in some
    )
    first, second = "portal.php?mod=list&catid=2&page=1", "portal.php?mod=list&catid=2&page=2"
    pager = (
        f'<div class="pg"><strong>1</strong><a href="{second}">2</a><label><input type="text" name="custompage" class="px" size="2" value="1" /><span title="共 2 页"> / 2 页</span></label><a href="{second}" class="nxt">下一页</a></div>'
        if number == 1
        else f'<div class="pg"><a href="{first}" class="prev">&nbsp;&nbsp;</a><a href="{first}">1</a><strong>2</strong><label><span title="共 2 页"> / 2 页</span></label></div>'
    )
    return frame(
        f"路上 - {TITLE}",
        f'<div id="pt" class="bm cl"><div class="z"><a href="./" class="nvhm" title="首页">{TITLE}</a> <em>&rsaquo;</em><a href="portal.php">门户</a> <em>&rsaquo;</em>路上</div></div>'
        '<div id="ct" class="ct2 wp cl"><div class="mn"><div class="bm"><div class="bm_h cl"><a href="portal.php?mod=rss&catid=2" class="y xi2 rss" target="_blank" title="RSS">订阅</a><h1 class="xs2">路上</h1></div>'
        f'<div class="bm_c xld">{rows}</div></div><div class="pgs cl">{pager}</div></div>{side()}</div>',
    )


def article(draft: Draft) -> str:
    place = DRAFTS.index(draft)
    before = (
        f'<em>上一篇：<a href="{path_of(DRAFTS[place + 1])[1:]}">{DRAFTS[place + 1].title}</a></em>'
        if place + 1 < len(DRAFTS)
        else ""
    )
    return frame(
        f"{draft.title} - {TITLE}",
        f'<div id="pt" class="bm cl"><div class="z"><a href="./" class="nvhm" title="首页">{TITLE}</a> <em>&rsaquo;</em><a href="portal.php">门户</a> <em>&rsaquo;</em><a href="portal.php?mod=list&catid=2">路上</a> <em>&rsaquo;</em>查看内容</div></div>'
        f'<div id="ct" class="ct2 wp cl"><div class="mn"><div class="bm vw"><div class="h hm"><h1 class="ph">{draft.title} </h1>'
        f'<p class="xg1">{printed(draft)}<span class="pipe">|</span>发布者: <a href="home.php?mod=space&uid=1">admin</a><span class="pipe">|</span>查看: <em id="_viewnum">{draft.number * 31}</em><span class="pipe">|</span>评论: 0<span class="pipe">|</span>原作者: {draft.author}</p></div>'
        f'<div class="s"><div><strong>摘要</strong>: {draft.text[1][:50]} ...</div></div>'
        f'<div class="d"><table cellpadding="0" cellspacing="0" class="vwtb"><tr><td id="article_content">{paragraphs(draft)}<p>{NOTICE}</p></td></tr></table>'
        '<div id="click_div"><table cellpadding="0" cellspacing="0" class="atd"><tr><td><a href="home.php?mod=spacecp&ac=click&op=add&clickid=1">路过</a></td><td><a href="home.php?mod=spacecp&ac=click&op=add&clickid=2">鲜花</a></td></tr></table></div></div>'
        f'<div class="o cl ptm pbm"><a href="home.php?mod=spacecp&ac=favorite&type=article&id={draft.number}" class="oshr ofav">收藏</a></div>'
        f'<div class="pren pbm cl">{before}</div></div></div>{side()}</div><input type="hidden" id="portalview" value="1">',
    )


def rss() -> str:
    items = "".join(
        f"<item><title>{each.title}</title><link>{BASE}{path_of(each)}</link>"
        f"<description><![CDATA[{each.text[1]}]]></description><category>路上</category>"
        f"<author>admin</author><pubDate>{each.day}T00:30:00Z</pubDate></item>"
        for each in DRAFTS
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{TITLE} - 路上</title>'
        f"<link>{BASE}/portal.php?mod=list&amp;catid=2</link><generator>Discuz! Board by Comsenz Inc.</generator>"
        f"<ttl>30</ttl>{items}</channel></rss>"
    )
