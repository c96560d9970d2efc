"""Pages to be visited: our own words, at the size of a journal's."""

from __future__ import annotations

from random import Random

#: The size of an article page of a Chinese magazine, frame and all (READING.md measured 41 kB).
PAGE_BYTES = 40_000

# Characters of which texts are drawn: no two articles of the benchmarks may be alike, else each
# would be found in every other source (archive.elsewhere).
_SIGNS = (
    "老街早市从五点开始卖豆腐的人把木桶摆成一排热气在路灯下散修鞋摊子要等到七主说底是走出来不着急"
    "研究者里住了三个月记每家店历也它们怎样名声传给代河边桥头船夫空筐茶现泡钱可以欠账写柱上过年新漆"
    "盖掉大提午后收地只剩菜叶有扫算本去挂翻数目对就问夜水音守灯熄最东留还没回看山风雨雪花草树石田村"
)


def paragraph(number: int, at: int) -> str:
    """A paragraph of about 110 characters that no other article has."""
    draw = Random(number * 1_000 + at)
    clauses = ("".join(draw.choices(_SIGNS, k=draw.randint(7, 14))) for _ in range(10))
    return ",".join(clauses) + "。"


FRAME_ROW = '<li class="item"><a href="/about/{0}.html" title="栏目{0}">栏目导航{0}</a></li>\n'


def article(number: int, *, size_bytes: int = PAGE_BYTES) -> bytes:
    """An article page with frame, masthead, notice and signature date, padded by its frame."""
    paragraphs = "".join(
        f"<p>第{number}篇第{at}段。{paragraph(number, at)}</p>\n" for at in range(24)
    )
    title = f"老街早市的第{number}次走访"
    head = (
        f"<!doctype html>\n<html><head><meta charset='utf-8'><title>{title}</title></head><body>\n"
    )
    main = (
        f"<div class='main'><h1>{title}</h1>\n<div class='info'>发布时间:"
        f"2026-11-{number % 27 + 1:02d} 来源:某某杂志</div>\n<div class='content'>{paragraphs}"
        "<p>本文由: 某某杂志社编辑部整理发布,如需转载,请注明来源。</p>\n"
        f"<p>某某杂志社编辑部</p><p>2026/11/{number % 27 + 1:02d}</p></div></div>\n"
    )
    frame: list[str] = []
    size = len((head + main).encode())
    while size < size_bytes:
        frame.append(FRAME_ROW.format(len(frame)))
        size += len(frame[-1].encode())
    return f"{head}<ul class='nav'>{''.join(frame)}</ul>{main}</body></html>".encode()


def listing(first: int, count: int, *, prefix: str = "") -> bytes:
    """A list page of `count` articles from number `first`, newest first."""
    rows = "".join(
        f"<li><a href='{prefix}/a/{number}'>老街早市的第{number}次走访</a>"
        f"<span>2026-11-{number % 27 + 1:02d}</span></li>\n"
        for number in range(first + count - 1, first - 1, -1)
    )
    return (
        "<!doctype html><html><head><meta charset='utf-8'><title>文章列表</title></head><body>"
        f"<ul class='nav'>{''.join(FRAME_ROW.format(at) for at in range(20))}</ul>"
        f"<ul class='list'>{rows}</ul></body></html>"
    ).encode()
