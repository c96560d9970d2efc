"""One invented journal in many layouts: what happens to a site when it is redesigned. Each layout
is a function from an article to its page; all texts are our own."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One article, whatever it looks like."""

    number: int
    title: str
    day: str

    @property
    def path(self) -> str:
        return f"/k/{self.number}.html"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(
            f"{opening}这是第{self.number}次走访的第{at}段,记的是{self.title}。{rest}"
            for at, (opening, rest) in enumerate(_TEXTS, 1)
        )


_TEXTS = (
    (
        "早上五点,桥头的灯还亮着。",
        "卖菜的人把筐摆成一排,等第一班渡船靠岸。船夫先把空筐递上来,最后才收船钱。",
    ),
    (
        "船上下来的人不多,都认识。",
        "他们先问价钱,再问昨天的雨。有一位每天只买两根葱,买了十一年,也等了十一年。",
    ),
    (
        "到了七点,桥上就走不动了。",
        "修伞的把摊子挪到树下。他修一把伞要半个时辰,其中一刻钟是听人讲伞的来历。",
    ),
    (
        "近午的时候,茶摊坐满了人。",
        "茶是现泡的,钱可以欠着。欠账写在柱子上,过年的时候用新漆盖掉,大家都不提。",
    ),
    (
        "午后收摊,地上只剩下菜叶。",
        "有人扫地,有人算账,账本是去年的挂历翻过来写的。数目对不上,就去问卖茶的。",
    ),
    (
        "到了夜里,桥头只有水的声音。",
        "守桥的老人把灯一盏一盏熄掉,留下最东边的一盏,说是给还没有回来的人看的。",
    ),
)
_TITLES = (
    "桥头的早市",
    "渡船与菜筐",
    "修伞人的树荫",
    "挂历上的账本",
    "雨天不开的店",
    "河边的第二条街",
)
NOTICE = "本文由桥头纪事编辑部整理发布,如需转载,请注明来源。"
JOURNAL = "桥头纪事"


def piece(number: int) -> Piece:
    """Article number so and so; higher numbers are newer."""
    title = f"{_TITLES[number % len(_TITLES)]}之{number}"
    return Piece(
        number=number, title=title, day=f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}"
    )


def _document(body: str, title: str, *, head: str = "") -> str:
    return (
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>{escape(title)}"
        f"</title>{head}</head><body>{body}</body></html>"
    )


def _menu(name: str = "nav") -> str:
    links = "".join(f"<li><a href='/c{at}/'>栏目{at}</a></li>" for at in range(8))
    return f"<div class='{name}'><ul>{links}</ul></div>"


def _footer(name: str = "footer") -> str:
    return f"<div class='{name}'><p>{JOURNAL}编辑部 电话 000-0000</p></div>"


def _paragraphs(piece: Piece) -> str:
    return "".join(f"<p>{text}</p>" for text in piece.paragraphs)


def original(piece: Piece) -> str:
    """As the journal looks when it is followed first."""
    return _document(
        f"{_menu()}<div class='main'><h1>{piece.title}</h1><div class='info'>发布时间:{piece.day} "
        f"来源:{JOURNAL}</div><div class='content'>{_paragraphs(piece)}<p>{NOTICE}</p></div></div>"
        + _footer(),
        f"{piece.title}_{JOURNAL}",
    )


def renamed(piece: Piece) -> str:
    return (
        original(piece)
        .replace("class='main'", "class='page-body'")
        .replace("class='content'", "class='article-text'")
        .replace("class='info'", "class='meta-line'")
    )


def wrapped(piece: Piece) -> str:
    return (
        original(piece)
        .replace("<div class='main'>", "<div id='app'><section><div class='main'>")
        .replace("<div class='footer'>", "</section></div><div class='footer'>")
    )


def date_above(piece: Piece) -> str:
    return _document(
        f"{_menu('top-nav')}<article><div class='when'>发布时间:{piece.day}</div>"
        f"<h2>{piece.title}</h2>"
        f"<div class='words'>{_paragraphs(piece)}<p>{NOTICE}</p></div></article>{_footer()}",
        f"{piece.title} - {JOURNAL}",
    )


def signed(piece: Piece) -> str:
    """No date but the signature's, as in the page that this project starts from."""
    year, month, day = piece.day.split("-")
    return _document(
        f"{_menu()}<div class='left'><h2>{piece.title}</h2><div class='article'>"
        f"{_paragraphs(piece)}<p>{NOTICE}</p><p>{JOURNAL}编辑部</p><p>{year}/{month}/{day}</p></div></div>{_footer()}",
        f"{piece.title}",
    )


def tables(piece: Piece) -> str:
    rows = "".join(f"<br>　　{text}" for text in piece.paragraphs)
    return _document(
        f"<table width='960'><tr><td>{_menu('menu')}</td></tr><tr><td class='bt'><b>"
        f"<h1>{piece.title}</h1></b></td></tr><tr><td class='sj'>时间:{piece.day} "
        f"来源:{JOURNAL}</td></tr>"
        f"<tr><td class='wz'>{rows}<br>{NOTICE}</td></tr></table>{_footer('foot')}",
        f"{piece.title}-{JOURNAL}",
    )


def related_inside(piece: Piece) -> str:
    related = "".join(f"<li><a href='/old/{at}.html'>往期选读第{at}回</a></li>" for at in range(5))
    return _document(
        f"{_menu()}<div class='wrap'><h1>{piece.title}</h1><p class='meta'>{piece.day} · "
        f"{JOURNAL}</p><div class='post-body'>{_paragraphs(piece)}<div class='related'>"
        f"<h3>相关阅读</h3><ul>{related}</ul></div><p>{NOTICE}</p></div></div>{_footer()}",
        f"{piece.title} | {JOURNAL}",
    )


def sidebar_first(piece: Piece) -> str:
    side = "<p>本刊创办于桥头,每月两期,记的是河边的人和店。欢迎来稿,也欢迎来坐坐,茶是现泡的。</p>"
    return _document(
        f"<div class='side'><h3>关于本刊</h3>{side}</div><div class='col'><h1>{piece.title}</h1>"
        f"<span class='date'>{piece.day}</span><div class='txt'>{_paragraphs(piece)}<p>{NOTICE}</p>"
        f"</div></div>{_footer()}",
        f"{piece.title} {JOURNAL}",
    )


def flat(piece: Piece) -> str:
    return _document(
        f"{_menu()}<h1>{piece.title}</h1><p>发布时间:{piece.day}</p>{_paragraphs(piece)}<p>{NOTICE}</p>"
        + _footer(),
        f"{piece.title}_{JOURNAL}",
    )


def own_ids(piece: Piece) -> str:
    """Every page has ids of its own, as WordPress makes them."""
    return _document(
        f"<header>{_menu('menu-main')}</header><main><article id='post-{piece.number}' "
        f"class='post-{piece.number} hentry'><h1 class='entry-title'>{piece.title}</h1>"
        f"<time datetime='{piece.day}T08:00:00+08:00'>{piece.day}</time><div class='entry-content'>"
        f"{_paragraphs(piece)}<p>{NOTICE}</p></div></article></main>{_footer('site-footer')}",
        f"{piece.title} – {JOURNAL}",
        head=f"<meta property='og:title' content='{piece.title}'>",
    )


def scholarly(piece: Piece) -> str:
    return _document(
        f"{_menu()}<div class='paper'><h2 class='abs-tit'>{piece.title}</h2>"
        f"<p>刊出日期:{piece.day}</p><div class='abs-con'><h3>正文</h3>{_paragraphs(piece)}</div>"
        f"<p>{NOTICE}</p></div>{_footer()}",
        f"{piece.title}",
        head=f"<meta name='citation_title' content='{piece.title}'>"
        f"<meta name='citation_date' content='{piece.day}'>",
    )


# What nobody can read right: nothing of it may be published.


def empty_shell(piece: Piece) -> str:
    """The text comes by a script that we do not run."""
    return _document(
        f"<div id='root'>正在加载…</div><script>var article = {piece.number};</script>", JOURNAL
    )


def others_text(piece: Piece) -> str:
    """Every address shows the same announcement."""
    text = "".join(
        f"<p>本站改版中,{rest}请读者稍候,给您带来不便,编辑部深表歉意。</p>" for _, rest in _TEXTS
    )
    return _document(
        f"{_menu()}<div class='box'><h1>改版公告</h1><p>发布时间:2026-11-01</p>{text}</div>"
        + _footer(),
        f"改版公告_{JOURNAL}",
    )


def todays_date(piece: Piece) -> str:
    """The template prints the day of the visit where the article's stood."""
    return renamed(piece).replace(piece.day, "2026-11-20")


#: Layouts that can be read.
READABLE: Mapping[str, Callable[[Piece], str]] = {
    each.__name__: each
    for each in (
        *(renamed, wrapped, date_above, signed, tables, related_inside, sidebar_first, flat),
        *(own_ids, scholarly),
    )
}
#: Layouts that cannot.
UNREADABLE: Mapping[str, Callable[[Piece], str]] = {
    each.__name__: each for each in (empty_shell, others_text, todays_date)
}
