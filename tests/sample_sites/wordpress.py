"""The Slow Harbour Review on WordPress 6, on the pattern of a classic theme's templates (post
class, entry-title, entry-date, nav-links) with the head that a common SEO plugin writes."""

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

TITLE = "The Slow Harbour Review"
BASE = "https://wordpress.example"
POOL = (
    "The ferry office keeps a ledger of everyone who missed the last boat, with the reason they gave, and reading it takes an afternoon.",
    "Nobody on the quay could say when the clock had stopped, only that it had become easier to meet under once it showed one time.",
    "We counted the painted boats in three harbours and found that blue was losing to a grey that the chandlers call weather.",
    "A rope walker told us that the hands learn the twist in a month and spend the next ten years forgetting to think about it.",
    "The tide tables for the coming year were printed on the back of a parish cookery book, which is how most households came to own both.",
    "What the survey could not measure was how long people stood at the railing after the business that brought them there was done.",
)
ROWS = (
    (341, "The ledger of missed boats", "2026-05-22", "Ines Marlow"),
    (338, "Why the harbour clock shows ten past four", "2026-05-08", "Tom Ashgrove"),
    (334, "Grey is the new weather", "2026-04-24", "Ines Marlow"),
    (331, "Hands that forget the rope", "2026-04-10", "Petra Lind"),
    (327, "A cookery book with tide tables", "2026-03-27", "Tom Ashgrove"),
    (322, "Standing at the railing", "2026-03-13", "Petra Lind"),
    (319, "Letters to a pilot station", "2026-02-27", "Ines Marlow"),
)
DRAFTS = drafts(ROWS, POOL)
PER_PAGE = 4


def build() -> SampleSite:
    pages = {
        "/": page(listing(DRAFTS[:PER_PAGE], 1)),
        "/page/2/": page(listing(DRAFTS[PER_PAGE:], 2)),
        "/feed/": SamplePage(body=rss().encode(), type="application/rss+xml; charset=UTF-8"),
        **{path_of(each): page(article(each)) for each in DRAFTS},
    }
    return SampleSite(
        name="wordpress",
        title=TITLE,
        language="en",
        start="/",
        pages=pages,
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
            SampleList(path="/", rows=tuple(map(row, DRAFTS[:PER_PAGE])), next="/page/2/"),
            SampleList(path="/page/2/", rows=tuple(map(row, DRAFTS[PER_PAGE:])), next=None),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    slug = draft.title.lower().replace(" ", "-")
    return f"/{draft.day[:4]}/{draft.day[5:7]}/{slug}/"


def printed(draft: Draft) -> str:
    return date.fromisoformat(draft.day).strftime("%B %-d, %Y")


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=printed(draft))


def frame(title: str, body: str, head: str = "", classes: str = "blog") -> str:
    recent = "".join(
        f'<li><a href="{BASE}{path_of(each)}">{each.title}</a></li>' for each in DRAFTS[:5]
    )
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="profile" href="https://gmpg.org/xfn/11">
<title>{title}</title>
<link rel="alternate" type="application/rss+xml" title="{TITLE} &raquo; Feed" href="{BASE}/feed/" />
<link rel="alternate" type="application/rss+xml" title="{TITLE} &raquo; Comments Feed" href="{BASE}/comments/feed/" />
<link rel='stylesheet' id='wp-block-library-css' href='{BASE}/wp-includes/css/dist/block-library/style.min.css?ver=6.5.2' media='all' />
<link rel="https://api.w.org/" href="{BASE}/wp-json/" />
<meta name="generator" content="WordPress 6.5.2" />
{head}
</head>
<body class="{classes} wp-embed-responsive">
<div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header"><div class="site-branding"><p class="site-title"><a href="{BASE}/" rel="home">{TITLE}</a></p><p class="site-description">Notes from the quayside</p></div>
<nav id="site-navigation" class="main-navigation"><ul class="main-menu"><li class="menu-item"><a href="{BASE}/">Home</a></li><li class="menu-item"><a href="{BASE}/about/">About this review</a></li><li class="menu-item"><a href="{BASE}/category/essays/">Essays</a></li><li class="menu-item"><a href="{BASE}/submissions/">How to submit</a></li></ul></nav></header>
<div id="content" class="site-content">{body}
<aside class="widget-area"><section id="search-2" class="widget widget_search"><form role="search" method="get" action="{BASE}/"></form></section>
<section id="recent-posts-2" class="widget widget_recent_entries"><h2 class="widget-title">Recent Posts</h2><ul>{recent}</ul></section>
<section id="archives-2" class="widget widget_archive"><h2 class="widget-title">Archives</h2><ul><li><a href='{BASE}/2026/05/'>May 2026</a></li><li><a href='{BASE}/2026/04/'>April 2026</a></li><li><a href='{BASE}/2026/03/'>March 2026</a></li></ul></section>
<section id="categories-2" class="widget widget_categories"><h2 class="widget-title">Categories</h2><ul><li class="cat-item"><a href="{BASE}/category/essays/">Essays</a></li></ul></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info"><a class="site-name" href="{BASE}/" rel="home">{TITLE}</a>, <a href="https://wordpress.org/" class="imprint">Proudly powered by WordPress</a>.</div></footer></div>
</body></html>"""


def meta(draft: Draft) -> str:
    stamp = f"{draft.day}T09:00:00+00:00"
    return (
        f'<span class="byline">by <span class="author vcard"><a class="url fn n" href="{BASE}/author/{draft.author.split()[0].lower()}/">{draft.author}</a></span></span>'
        f'<span class="posted-on"><a href="{BASE}{path_of(draft)}" rel="bookmark"><time class="entry-date published" datetime="{stamp}">{printed(draft)}</time></a></span>'
        f'<span class="cat-links"><a href="{BASE}/category/essays/" rel="category tag">Essays</a></span>'
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    posts = "".join(
        f'<article id="post-{each.number}" class="post-{each.number} post type-post status-publish format-standard hentry category-essays entry">'
        f'<header class="entry-header"><h2 class="entry-title"><a href="{BASE}{path_of(each)}" rel="bookmark">{each.title}</a></h2></header>'
        f'<div class="entry-content"><p>{each.text[1]} <a href="{BASE}{path_of(each)}" class="more-link">Continue reading<span class="screen-reader-text"> &ldquo;{each.title}&rdquo;</span></a></p></div>'
        f'<footer class="entry-footer">{meta(each)}<span class="comments-link"><a href="{BASE}{path_of(each)}#respond">Leave a comment</a></span></footer></article>'
        for each in some
    )
    links = (
        f'<span aria-current="page" class="page-numbers current">1</span> <a class="page-numbers" href="{BASE}/page/2/">2</a> <a class="next page-numbers" href="{BASE}/page/2/"><span class="nav-next-text">Older posts</span></a>'
        if number == 1
        else f'<a class="prev page-numbers" href="{BASE}/"><span class="nav-prev-text">Newer posts</span></a> <a class="page-numbers" href="{BASE}/">1</a> <span aria-current="page" class="page-numbers current">2</span>'
    )
    return frame(
        f"{TITLE} &#8211; Notes from the quayside",
        f'<section id="primary" class="content-area"><main id="main" class="site-main">{posts}'
        f'<nav class="navigation pagination" aria-label="Posts"><h2 class="screen-reader-text">Posts navigation</h2><div class="nav-links">{links}</div></nav></main></section>',
    )


def article(draft: Draft) -> str:
    url, stamp = f"{BASE}{path_of(draft)}", f"{draft.day}T09:00:00+00:00"
    head = (
        f'<link rel="canonical" href="{url}" /><meta property="og:type" content="article" />'
        f'<meta property="og:title" content="{draft.title} - {TITLE}" /><meta property="og:site_name" content="{TITLE}" />'
        f'<meta property="article:published_time" content="{stamp}" /><meta property="article:modified_time" content="2026-06-01T12:00:00+00:00" />'
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Article",'
        f'"headline":"{draft.title}","datePublished":"{stamp}","dateModified":"2026-06-01T12:00:00+00:00",'
        f'"author":{{"@type":"Person","name":"{draft.author}"}}}}]}}</script>'
    )
    return frame(
        f"{draft.title} - {TITLE}",
        f'<section id="primary" class="content-area"><main id="main" class="site-main"><article id="post-{draft.number}" class="post-{draft.number} post type-post hentry entry">'
        f'<header class="entry-header"><h1 class="entry-title">{draft.title}</h1><div class="entry-meta">{meta(draft)}</div></header>'
        f'<div class="entry-content">{paragraphs(draft)}'
        '<p>This essay is published under a <a rel="license" href="https://creativecommons.org/licenses/by/4.0/">Creative Commons Attribution 4.0 International License</a>.</p></div></article>'
        f'<nav class="navigation post-navigation"><div class="nav-links"><div class="nav-previous"><a href="{BASE}{path_of(DRAFTS[-1])}" rel="prev"><span class="post-title">{DRAFTS[-1].title}</span></a></div></div></nav>'
        '<div id="comments" class="comments-area"><div id="respond" class="comment-respond"><h3 id="reply-title">Leave a comment</h3></div></div></main></section>',
        head,
        "post-template-default single single-post",
    )


def rss() -> str:
    items = "".join(
        f"<item><title>{each.title}</title><link>{BASE}{path_of(each)}</link>"
        f"<dc:creator><![CDATA[{each.author}]]></dc:creator>"
        f"<pubDate>{date.fromisoformat(each.day).strftime('%a, %d %b %Y')} 09:00:00 +0000</pubDate>"
        f'<guid isPermaLink="false">{BASE}/?p={each.number}</guid>'
        f"<description><![CDATA[<p>{each.text[1]}</p>]]></description></item>"
        for each in DRAFTS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{TITLE}</title>'
        f'<atom:link href="{BASE}/feed/" rel="self" type="application/rss+xml" /><link>{BASE}</link>'
        f"<language>en-GB</language><generator>https://wordpress.org/?v=6.5.2</generator>{items}</channel></rss>"
    )
