"""Tide and Letter on Open Journal Systems 3.3, on the pattern of its default theme as documented:
an issue's contents, the archive, articles with citation_* and DC.* tags, the feeds' plugin."""

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

TITLE = "Tide and Letter"
BASE = "https://ojs.example"
ROOT = "/index.php/tides"
POOL = (
    "Pilots who served before the radio learned to wait by the colour of the water, and this article asks what their notebooks kept of that patience.",
    "From nine hundred entries we draw a small vocabulary of delay, in which no two harbours agree on the word for a quarter of an hour.",
    "The argument is that waiting was a skill with masters and apprentices, and that it left the trade when the timetable entered it.",
    "An appendix lists the notebooks, their present keepers, and the pages that were too wet to read.",
    "We close with a proposal for teaching the reading of water to those who will never need it.",
)
ROWS = (
    (101, "Measuring the patience of harbour pilots", "2026-05-14", "Ana Pilot"),
    (102, "A grammar of lighthouse signals", "2026-05-14", "Ben Keeper"),
    (103, "Notes towards a history of fog", "2026-05-14", "Ana Pilot"),
    (104, "The vocabulary of delay", "2026-05-14", "Cleo Diver"),
    (91, "Ropes, knots and marginalia", "2026-02-12", "Ben Keeper"),
    (92, "Teaching the reading of water", "2026-02-12", "Cleo Diver"),
    (93, "Pages too wet to read", "2026-02-12", "Ana Pilot"),
)
DRAFTS = drafts(ROWS, POOL)
MAY, FEBRUARY = DRAFTS[:4], DRAFTS[4:]
FEED = f"{ROOT}/gateway/plugin/WebFeedGatewayPlugin/"


def build() -> SampleSite:
    may, february = f"{ROOT}/issue/view/12", f"{ROOT}/issue/view/11"
    pages = {
        "/": front(),
        ROOT: front(),
        f"{ROOT}/issue/current": listing(MAY, 12),
        may: listing(MAY, 12),
        february: listing(FEBRUARY, 11),
        f"{ROOT}/issue/archive": archive(),
        **{path_of(each): article(each) for each in DRAFTS},
    }
    return SampleSite(
        name="ojs",
        title=TITLE,
        language="en",
        start=ROOT,
        pages={
            f"{FEED}atom": SamplePage(body=atom().encode(), type="application/atom+xml"),
            **{path: page(text) for path, text in pages.items()},
        },
        articles=tuple(
            SampleArticle(
                path=path_of(each),
                title=each.title,
                published=each.day,
                notice_class="open-license",
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(path=f"{ROOT}/issue/current", rows=tuple(map(row, MAY)), next=None),
            SampleList(path=february, rows=tuple(map(row, FEBRUARY)), next=None),
            SampleList(path=f"{ROOT}/issue/archive", rows=(), next=may),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    return f"{ROOT}/article/view/{draft.number}"


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=draft.day)


def frame(title: str, body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="en-US" xml:lang="en-US"><head><meta charset="utf-8"><title>{title} | {TITLE}</title>
<meta name="generator" content="Open Journal Systems 3.3.0.8">
<link rel="alternate" type="application/atom+xml" href="{BASE}{FEED}atom">
<link rel="stylesheet" href="{BASE}{ROOT}/$$$call$$$/page/page/css?name=stylesheet" type="text/css">{head}</head>
<body class="pkp_page_issue pkp_op_current"><div class="pkp_structure_page"><header class="pkp_structure_head"><div class="pkp_site_name"><a href="{BASE}{ROOT}/index" class="is_text">{TITLE}</a></div>
<nav class="pkp_site_nav_menu"><ul id="navigationPrimary"><li><a href="{BASE}{ROOT}/issue/current">Current</a></li><li><a href="{BASE}{ROOT}/issue/archive">Archives</a></li><li><a href="{BASE}{ROOT}/about">About</a></li><li><a href="{BASE}{ROOT}/login">Login</a></li></ul></nav></header>
<div class="pkp_structure_content"><main class="pkp_structure_main">{body}</main>
<div class="pkp_structure_sidebar left"><div class="pkp_block block_most_read"><span class="title">Most read</span><ul><li><a href="{BASE}{ROOT}/article/view/7">An article of long ago, and much read</a></li><li><a href="{BASE}{ROOT}/article/view/9">Another that everybody has read by now</a></li></ul></div></div></div>
<footer class="pkp_structure_footer_wrapper"><div class="pkp_brand_footer"><a href="{BASE}{ROOT}/about/aboutThisPublishingSystem"><img alt="More information about the publishing system" src="{BASE}/templates/images/ojs_brand.png"></a></div></footer></div></body></html>"""


def contents(some: tuple[Draft, ...], number: int) -> str:
    summaries = "".join(
        f'<li><div class="obj_article_summary"><h3 class="title"><a id="article-{each.number}" href="{BASE}{path_of(each)}">{each.title}</a></h3>'
        f'<div class="meta"><div class="authors">{each.author}</div><div class="pages">{each.number}-{each.number + 8}</div></div>'
        f'<ul class="galleys_links"><li><a class="obj_galley_link pdf" href="{BASE}{path_of(each)}/{each.number + 200}">PDF</a></li></ul></div></li>'
        for each in some
    )
    return (
        f'<div class="obj_issue_toc"><div class="heading"><div class="published"><span class="label">Published:</span> <span class="value">{some[0].day}</span></div></div>'
        f'<div class="galleys"><ul class="galleys_links"><li><a class="obj_galley_link pdf" href="{BASE}{ROOT}/issue/view/{number}/40">Full Issue</a></li></ul></div>'
        f'<div class="sections"><div class="section"><h2>Articles</h2><ul class="cmp_article_list articles">{summaries}</ul></div></div></div>'
    )


def front() -> str:
    return frame(
        TITLE,
        f'<section class="current_issue"><h2>Current Issue</h2><div class="current_issue_title">Vol. 12 No. 2 (2026)</div>{contents(MAY, 12)}'
        f'<a href="{BASE}{ROOT}/issue/archive" class="read_more">View All Issues</a></section>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    return frame(
        f"Vol. 12 No. {number - 10} (2026)",
        f"<h1>Vol. 12 No. {number - 10} (2026)</h1>{contents(some, number)}",
    )


def archive() -> str:
    issues = "".join(
        f'<li><div class="obj_issue_summary"><h2><a class="title" href="{BASE}{ROOT}/issue/view/{n}">Vol. 12 No. {n - 10} (2026)</a></h2></div></li>'
        for n in (12, 11)
    )
    return frame("Archives", f'<h1>Archives</h1><ul class="issues_archive">{issues}</ul>')


def article(draft: Draft) -> str:
    slashed = draft.day.replace("-", "/")
    doi = f"10.5555/tides.{draft.number}"
    head = (
        f'<meta name="citation_journal_title" content="{TITLE}"><meta name="citation_author" content="{draft.author}">'
        f'<meta name="citation_title" content="{draft.title}"><meta name="citation_date" content="{slashed}">'
        f'<meta name="citation_volume" content="12"><meta name="citation_issue" content="2"><meta name="citation_doi" content="{doi}">'
        f'<meta name="citation_abstract_html_url" content="{BASE}{path_of(draft)}"><meta name="citation_language" content="en">'
        f'<meta name="DC.Title" content="{draft.title}"><meta name="DC.Date.created" scheme="ISO8601" content="{draft.day}">'
        '<meta name="DC.Date.dateSubmitted" scheme="ISO8601" content="2025-11-02"><meta name="DC.Date.modified" scheme="ISO8601" content="2026-06-01">'
        '<meta name="DC.Rights" content="https://creativecommons.org/licenses/by/4.0">'
    )
    return frame(
        draft.title,
        f'<article class="obj_article_details"><h1 class="page_title">{draft.title}</h1><div class="row"><div class="main_entry">'
        f'<section class="item authors"><ul class="authors"><li><span class="name">{draft.author}</span></li></ul></section>'
        f'<section class="item doi"><h2 class="label">DOI:</h2> <a href="https://doi.org/{doi}">https://doi.org/{doi}</a></section>'
        f'<section class="item abstract"><h2 class="label">Abstract</h2><p>{" ".join(draft.text)}</p></section></div>'
        f'<div class="entry_details"><div class="item galleys"><a class="obj_galley_link pdf" href="{BASE}{path_of(draft)}/{draft.number + 200}">PDF</a></div>'
        f'<div class="item published"><section class="sub_item"><h2 class="label">Published</h2><div class="value"><span>{draft.day}</span></div></section></div>'
        '<div class="item copyright"><h2 class="label">License</h2><a rel="license" href="https://creativecommons.org/licenses/by/4.0/"><img alt="Creative Commons License" src="//i.creativecommons.org/l/by/4.0/88x31.png"></a><p>This work is licensed under a <a rel="license" href="http://creativecommons.org/licenses/by/4.0/">Creative Commons Attribution 4.0 International License</a>.</p></div></div></div></article>',
        head,
    )


def atom() -> str:
    entries = "".join(
        f"<entry><id>{BASE}{path_of(each)}</id><title>{each.title}</title><updated>{each.day}T00:00:00+00:00</updated>"
        f'<author><name>{each.author}</name></author><link rel="alternate" href="{BASE}{path_of(each)}"/><published>{each.day}T00:00:00+00:00</published></entry>'
        for each in MAY
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>{BASE}{ROOT}/issue/feed</id><title>{TITLE}</title>'
        f'<updated>2026-05-14T00:00:00+00:00</updated><generator uri="http://pkp.sfu.ca/ojs/" version="3.3.0.8">Open Journal Systems</generator>{entries}</feed>'
    )
