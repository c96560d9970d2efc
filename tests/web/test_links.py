from __future__ import annotations

import pytest

from tests.factories import archived
from tests.feeds.render import documents
from web.links import link_header

HUB = "https://hub.example/"


def with_links(name: str) -> bytes:
    """A feed of ours with a hub and the way back, as one with such settings says it."""
    document = documents(archived(1))[name]
    atom = f'<link href="{HUB}" rel="hub"/><link href="https://f.example/a" rel="prev-archive"/>'
    return {
        "atom.xml": document.replace(b"<link ", atom.encode() + b"<link ", 1),
        "rss.xml": document.replace(
            b"<atom:link ", atom.replace("<link", "<atom:link").encode() + b"<atom:link ", 1
        ),
        "feed.json": document.replace(
            b'"items"', b'"hubs":[{"type":"WebSub","url":"%s"}],"items"' % HUB.encode(), 1
        ),
    }[name]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_line_37_the_header_says_what_the_document_says(name: str) -> None:
    own = f'<https://feeds.example/river-port/{name}>; rel="self"'
    assert link_header(name, documents(archived(1))[name]) == own
    expected = [own, f'<{HUB}>; rel="hub"']
    if name != "feed.json":
        expected.append('<https://f.example/a>; rel="prev-archive"')
    assert link_header(name, with_links(name)) == ", ".join(expected)


def test_a_closed_document_names_the_current_one() -> None:
    document = documents(archived(1))["atom.xml"].replace(
        b"<link ", b'<link href="https://f.example/now" rel="current"/><link ', 1
    )
    header = link_header("2026-03.atom", document)
    assert header is not None
    assert '<https://f.example/now>; rel="current"' in header


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("style.css", b"body {}"),
        ("opml.xml", b"<opml/>"),
        ("feed.json", b"not json"),
        ("atom.xml", b'<feed xmlns="http://www.w3.org/2005/Atom">\n</feed>'),
        (
            "atom.xml",
            b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="x&gt;"/>\n</feed>',
        ),
    ],
)
def test_where_there_is_no_link_there_is_no_header(name: str, document: bytes) -> None:
    assert link_header(name, document) is None
