"""Notes on Small Instruments on a platform like Atypon's, on the pattern of its public addresses
(/toc/…/current, /doi/…, /action/showFeed?type=etoc) with the citation_* tags that scholarly
search engines ask for, and an RDF feed of the contents."""

from __future__ import annotations

from datetime import date

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

TITLE = "Notes on Small Instruments"
BASE = "https://citation.example"
POOL = (
    "We describe a hand-held device for reading the slope of a roof from the street and report its error on forty-one buildings.",
    "The error is dominated by the observer's height, which can be entered once and is then corrected for without further thought.",
    "A comparison with two commercial levels shows no difference that would matter to a builder, and a tenth of the price.",
    "Drawings, parts and the correction table are given in full so that the device can be built in a school workshop.",
    "Limits of the method are discussed, in particular its dependence on a clear view of both eaves and ridge.",
)
ROWS = (
    (21, "A hand-held gauge for roof slopes", "2026-05-12", "Marta Quill"),
    (22, "Correcting for the height of the observer", "2026-05-14", "Jonas Reed"),
    (23, "Balances that remember their zero", "2026-05-19", "Marta Quill"),
    (24, "The quietest ruler in the drawer", "2026-05-26", "Ada Finch"),
    (25, "On the wear of brass verniers", "2026-06-02", "Jonas Reed"),
    (11, "A sundial for overcast towns", "2026-02-10", "Ada Finch"),
    (12, "Three ways to hold a plumb line", "2026-02-17", "Marta Quill"),
    (13, "Counting raindrops with a coffee tin", "2026-02-24", "Jonas Reed"),
)
#: Articles whose tags give the month of the issue and the day online.
MONTHLY = (23, 24)
DRAFTS = drafts(ROWS, POOL)
SECOND, FIRST = DRAFTS[:5], DRAFTS[5:]


def build() -> SampleSite:
    pages = {
        "/": page(front()),
        "/journal/nsi": page(front()),
        "/toc/nsi/current": page(listing(SECOND, 2)),
        "/toc/nsi/7/2": page(listing(SECOND, 2)),
        "/toc/nsi/7/1": page(listing(FIRST, 1)),
        "/loi/nsi": page(archive()),
        "/action/showFeed?type=etoc&feed=rss&jc=nsi": SamplePage(
            body=rss().encode(), type="application/rss+xml"
        ),
        **{path_of(each): page(article(each)) for each in DRAFTS},
        **{f"{path_of(each)}?af=R": page(article(each)) for each in SECOND},
    }
    newest = sorted(DRAFTS, key=lambda each: each.day, reverse=True)
    return SampleSite(
        name="citation",
        title=TITLE,
        language="en",
        start="/journal/nsi",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each),
                title=each.title,
                published=each.day,
                notice_class="open-license",
            )
            for each in newest
        ),
        lists=(
            SampleList(path="/toc/nsi/current", rows=tuple(map(row, SECOND)), next="/toc/nsi/7/1"),
            SampleList(path="/toc/nsi/7/1", rows=tuple(map(row, FIRST)), next=None),
            SampleList(path="/loi/nsi", rows=(), next="/toc/nsi/7/2"),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    return f"/doi/full/10.5555/nsi.2026.{draft.number:04d}"


def printed(draft: Draft) -> str:
    return date.fromisoformat(draft.day).strftime("%-d %B %Y")


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=printed(draft))


def frame(title: str, body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<link type="text/css" rel="stylesheet" href="/wro/product.css">
<link rel="alternate" type="application/rss+xml" title="{TITLE}" href="/action/showFeed?type=etoc&amp;feed=rss&amp;jc=nsi">
{head}</head>
<body class="pb-ui"><div id="pb-page-content"><header class="header base"><a href="/" title="Society of Workshop Science"><img src="/pb-assets/logo.svg" alt="Society of Workshop Science"></a>
<nav class="main-nav"><ul><li><a href="/journal/nsi">Journal home</a></li><li><a href="/toc/nsi/current">Current issue</a></li><li><a href="/loi/nsi">All issues</a></li><li><a href="/page/nsi/author-guidelines">Author guidelines</a></li><li><a href="/action/showLogin">Sign in</a></li></ul></nav></header>
<main>{body}</main>
<footer><ul><li><a href="/page/about">About us</a></li><li><a href="/page/help">Help and contact</a></li></ul><p>&copy; 2026 Society of Workshop Science</p></footer></div></body></html>"""


def dates(draft: Draft) -> str:
    """The month of the issue beside the day online, or the one day of both."""
    day = draft.day.replace("-", "/")
    if draft.number in MONTHLY:
        return (
            '<meta name="citation_publication_date" content="2026/06">'
            f'<meta name="citation_online_date" content="{day}">'
        )
    return f'<meta name="citation_publication_date" content="{day}">'


def items(some: tuple[Draft, ...]) -> str:
    return "".join(
        '<div class="issue-item"><div class="badges"><span class="access__type">Open Access</span></div>'
        f'<h5 class="issue-item__title"><a href="{path_of(each)}" title="{each.title}">{each.title}</a></h5>'
        f'<ul class="rlist--inline loa"><li><span class="hlFld-ContribAuthor">{each.author}</span></li></ul>'
        f'<div class="issue-item__header"><span>pp. {each.number * 4}&ndash;{each.number * 4 + 3}</span><span class="epub-section__date">First Published: {printed(each)}</span></div>'
        f'<ul class="rlist--inline"><li><a href="/doi/abs/10.5555/nsi.2026.{each.number:04d}">Abstract</a></li>'
        f'<li><a href="{path_of(each)}">Full text</a></li><li><a href="/doi/pdf/10.5555/nsi.2026.{each.number:04d}">PDF</a></li>'
        f'<li><a href="{path_of(each)}#references">References</a></li></ul></div>'
        for each in some
    )


def front() -> str:
    read = "".join(
        f'<li><a href="/doi/full/10.5555/nsi.2019.000{n}">An old favourite of our readers, part {n}</a></li>'
        for n in (1, 2, 3)
    )
    return frame(
        f"{TITLE}: Society of Workshop Science",
        f'<h1>{TITLE}</h1><p>Online ISSN 1234-5679. Four issues a year.</p><section class="current-issue"><h2>Latest articles</h2>{items(SECOND[:4])}</section>'
        f'<aside class="widget most-read"><h2>Most read</h2><ul>{read}</ul></aside>',
    )


def archive() -> str:
    issues = "".join(
        f'<li><a href="/toc/nsi/{volume}/{n}">Volume {volume}, Issue {n}</a></li>'
        for volume, numbers in ((7, (2, 1)), (6, (4, 3, 2, 1)))
        for n in numbers
    )
    return frame(f"All issues | {TITLE}", f'<h1>All issues</h1><ul class="loi">{issues}</ul>')


def listing(some: tuple[Draft, ...], number: int) -> str:
    before = (
        '<a href="/toc/nsi/7/1" title="Previous Issue" class="content-navigation__btn--pre">Previous issue</a>'
        if number == 2
        else ""
    )
    return frame(
        f"{TITLE}: Vol 7, No {number}",
        f'<div class="content-navigation">{before}</div><h1>Volume 7, Issue {number}</h1>'
        f'<p class="toc-whole"><a href="/action/showPdf?issue=nsi7.{number}">Full issue PDF</a> <a href="/doi/10.5555/nsi.2026.{number}000">Front matter</a></p>'
        f'<div class="toc__section"><h4>Articles</h4>{items(some)}</div>',
    )


def article(draft: Draft) -> str:
    doi = f"10.5555/nsi.2026.{draft.number:04d}"
    head = (
        f'<meta name="citation_journal_title" content="{TITLE}"><meta name="citation_title" content="{draft.title}">'
        f'<meta name="citation_author" content="{draft.author}">{dates(draft)}'
        f'<meta name="citation_doi" content="{doi}"><meta name="citation_volume" content="7"><meta name="citation_issue" content="{draft.number // 10}">'
        f'<meta name="citation_firstpage" content="{draft.number * 4}"><meta name="citation_lastpage" content="{draft.number * 4 + 3}">'
        f'<meta name="citation_issn" content="1234-5679"><meta name="citation_pdf_url" content="{BASE}/doi/pdf/{doi}">'
        f'<meta name="dc.Title" content="{draft.title}"><meta name="dc.Date" scheme="WTN8601" content="{draft.day}">'
        f'<link rel="canonical" href="{BASE}{path_of(draft)}">'
    )
    return frame(
        f"{draft.title} | {TITLE}",
        f'<article><div class="citation"><h1 class="citation__title">{draft.title}</h1><div class="loa"><span>{draft.author}</span></div>'
        f'<div class="epub-section"><span>First published: </span><span class="epub-date">{printed(draft)}</span> <a href="https://doi.org/{doi}">https://doi.org/{doi}</a></div></div>'
        f'<section class="article-section__abstract"><h2>Abstract</h2><p>{draft.text[1]}</p></section><section class="article-section__full">{paragraphs(draft)}</section>'
        f'<p class="accordion">Received: 3 November 2025; Accepted: 20 January 2026</p>'
        '<p class="license">This is an open access article distributed under the terms of the <a href="https://creativecommons.org/licenses/by/4.0/">Creative Commons Attribution License 4.0</a>, which permits unrestricted use, distribution and reproduction in any medium, provided the original work is properly cited.</p></article>',
        head,
    )


def rss() -> str:
    entries = "".join(
        f'<item rdf:about="{BASE}{path_of(each)}?af=R"><title>{each.title}</title><link>{BASE}{path_of(each)}?af=R</link>'
        f"<description>{TITLE}, Volume 7, Issue 2, June 2026.</description><dc:title>{each.title}</dc:title>"
        f"<dc:creator>{each.author}</dc:creator><dc:date>{each.day}T07:00:00Z</dc:date>"
        f"<prism:publicationName>{TITLE}</prism:publicationName><prism:volume>7</prism:volume><prism:number>2</prism:number></item>"
        for each in SECOND
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
        f'<channel rdf:about="{BASE}/toc/nsi/current"><title>{TITLE}: Table of Contents</title><link>{BASE}/toc/nsi/current</link></channel>'
        f"{entries}</rdf:RDF>"
    )
