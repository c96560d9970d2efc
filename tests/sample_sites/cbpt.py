"""《城乡记忆研究》 on CNKI's CBPT, the older .aspx layout, on the pattern of its public addresses
(WKx/WebPublication/wkTextContent.aspx?colType=4, paperDigest.aspx?paperID=…) and the class of its lists
(column_contbox_zxlist). No page prints a day, none has citation tags."""

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

TITLE = "城乡记忆研究"
BASE = "https://cbpt.example"
POOL = (
    "口述史料的整理常被当作抄写，实际却是一次次取舍。本文以三个街区的访谈为例，讨论取舍的依据如何写进档案说明。",
    "研究发现，同一事件在邻里之间至少有四种说法，其差异多半与讲述者当年的住处有关。",
    "文章主张保留互相矛盾的讲述，并为每一段讲述注明时间、场合与在场的人。",
    "在方法上，本文把地名的旧称作为线索，把散落的讲述重新连到地图上去。",
    "这样的做法费时，却使后来的研究者有可能提出今天还没有想到的问题。",
)
ROWS = (
    (31, "邻里之间的四种说法", "2026-06", "顾南巷"),
    (32, "旧地名与记忆地图", "2026-06", "邵一弄"),
    (33, "口述史料整理中的取舍", "2026-06", "顾南巷"),
    (34, "供销社柜台的声音档案", "2026-06", "葛青石"),
    (35, "为互相矛盾的讲述留一个位置", "2026-06", "邵一弄"),
    (21, "拆迁通知里的措辞变迁", "2026-03", "葛青石"),
    (22, "县广播站稿件的保存与辨认", "2026-03", "顾南巷"),
    (23, "老照片背面的铅笔字", "2026-03", "邵一弄"),
)
DRAFTS = drafts(ROWS, POOL)
JUNE, MARCH = DRAFTS[:5], DRAFTS[5:]
ROOT = "/WKB2/WebPublication/"


def build() -> SampleSite:
    june, march = _issue(2), _issue(1)
    pages = {
        "/": front(),
        f"{ROOT}index.aspx?mid=cxjy": front(),
        f"{ROOT}wkTextContent.aspx?colType=4&tp=gklb": archive(),
        june: listing(JUNE, 2),
        march: listing(MARCH, 1),
        **{path_of(each): article(each) for each in DRAFTS},
    }
    return SampleSite(
        name="cbpt",
        title=TITLE,
        language="zh-CN",
        start=f"{ROOT}index.aspx?mid=cxjy",
        pages={path: page(text) for path, text in pages.items()},
        articles=tuple(
            SampleArticle(
                path=path_of(each), title=each.title, published=None, notice_class="reserved"
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(path=f"{ROOT}wkTextContent.aspx?colType=4&tp=gklb", rows=(), next=june),
            SampleList(path=june, rows=tuple(map(row, JUNE)), next=march),
            SampleList(path=march, rows=tuple(map(row, MARCH)), next=None),
        ),
        base=BASE,
    )


def _issue(number: int) -> str:
    return f"{ROOT}wkTextContent.aspx?colType=4&yt=2026&st=0{number}"


def path_of(draft: Draft) -> str:
    return f"{ROOT}paperDigest.aspx?paperID={draft.number:02d}ac4f70-5e8f-486f-8519-bf2c7263{draft.number:04d}"


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=None)


def frame(title: str, body: str) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{title}</title>
<link href="../WebResource/css/style.css" rel="stylesheet" type="text/css" /></head>
<body><form method="post" action="./" id="form1"><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUK" />
<div class="banner"><img src="../Images/banner.jpg" alt="{TITLE}" /></div>
<div class="nav"><ul><li><a href="index.aspx?mid=cxjy">首 页</a></li><li><a href="wkTextContent.aspx?contentID=1&mid=cxjy">期刊简介</a></li><li><a href="wkTextContent.aspx?colType=4&tp=gklb">过刊浏览</a></li><li><a href="wkTextContent.aspx?contentID=2&mid=cxjy">投稿须知</a></li><li><a href="../EditorB2N/index.aspx?t=1&mid=cxjy">作者投稿</a></li></ul></div>
<div class="contain">{body}</div>
<div class="foot"><p>版权所有 《{TITLE}》编辑部　地址：示例市旧城街1号</p><p>本系统由中国知网提供技术支持 <span>您是第 10086 位访问者</span></p></div></form>
</body></html>"""


def items(some: tuple[Draft, ...]) -> str:
    return "".join(
        f'<ul class="column_contbox_zxlist"><li><h3><a href="{path_of(each).rpartition("/")[2]}" target="_blank">{each.title}</a></h3>'
        f"<samp>{each.author};钱某某;</samp><p>{each.text[1]}</p>"
        f'<span><label>2026年0{2 if each.number > 30 else 1}期 {each.number}-{each.number + 9}页</label> <a href="{path_of(each).rpartition("/")[2]}" target="_blank">[查看摘要]</a> '
        f'<a href="../WebPublication/wkDownLoad.aspx?fileID={each.number}&pid=1">[下载全文]</a></span></li></ul>'
        for each in some
    )


def front() -> str:
    hot = "".join(
        f'<li><a href="paperDigest.aspx?paperID=0{n}ac4f70-0000-486f-8519-bf2c72630000">从前下载得最多的论文之{n}</a></li>'
        for n in (1, 2, 3)
    )
    return frame(
        f"《{TITLE}》编辑部",
        '<div class="left"><h2>通知公告</h2><ul><li><a href="wkTextContent.aspx?contentID=11&mid=cxjy">关于启用新投稿邮箱的通知</a></li></ul></div>'
        f'<div class="mid"><h2>最新目录 <a href="{_issue(2).rpartition("/")[2]}">更多</a></h2>{items(JUNE)}</div>'
        f'<div class="right"><h2>下载排行</h2><ul class="rank">{hot}</ul></div>',
    )


def archive() -> str:
    issues = "".join(
        f'<li><a href="wkTextContent.aspx?colType=4&yt={year}&st=0{n}">{year}年0{n}期</a></li>'
        for year, numbers in ((2026, (2, 1)),)
        for n in numbers
    )
    return frame(f"过刊浏览 - {TITLE}", f'<div class="mid"><ul class="guokan">{issues}</ul></div>')


def listing(some: tuple[Draft, ...], number: int) -> str:
    before = (
        f'<a href="wkTextContent.aspx?colType=4&yt=2026&st=0{number - 1}">上一期</a>'
        if number == 2
        else ""
    )
    return frame(
        f"2026年0{number}期 - {TITLE}",
        f'<div class="mid"><div class="title">2026年0{number}期 {before}</div>'
        f'<ul class="column_contbox_zxlist"><li><h3><a href="paperDigest.aspx?paperID=fm{number}">封面</a></h3></li></ul>{items(some)}</div>',
    )


def article(draft: Draft) -> str:
    number = 2 if draft.number > 30 else 1
    return frame(
        f"{draft.title}-《{TITLE}》",
        f'<div class="mid"><div class="paper"><h3>{draft.title}</h3><p>作者：{draft.author};钱某某;</p>'
        f"<p>摘要(Abstract)：{''.join(draft.text)}</p><p>关键词(KeyWords)：口述史;档案;地名</p>"
        f"<p>参考文献:</p><p>[1] 某某. 街道的年轮[M]. 示例出版社, 2011.</p><p>基本信息：</p><p>引用信息：[1]{draft.author},钱某某.{draft.title}[J].{TITLE},2026,(0{number}):{draft.number}-{draft.number + 9}.</p></div>"
        f'<p><a href="wkDownLoad.aspx?fileID={draft.number}&pid=1">下载全文</a></p></div>',
    )
