from __future__ import annotations

from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree

from feeds.renditions import (
    MOST,
    MOST_BYTES,
    add_rendition,
    digest_of,
    find_parts,
    parse_renditions,
)
from tests.factories import archived
from tests.feeds.render import documents

if TYPE_CHECKING:
    from archive.model import ArchivedEntry

FEEDS = ["rss.xml", "atom.xml"]


def numbered(count: int, **fields: object) -> list[ArchivedEntry]:
    return [archived(which, title=f"第{which}篇", **fields) for which in range(1, count + 1)]


def ids(document: bytes) -> list[str]:
    return [entry.id for entry in feedparser.parse(document).entries]


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_cut_up_and_put_together_again(name: str) -> None:
    document = documents(*numbered(3))[name]
    parts = find_parts(name, document)
    assert parts is not None
    assert len(parts.entries) == 3
    assert parts.since(frozenset()) == document


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_without_entries_has_none(name: str) -> None:
    document = documents()[name]
    parts = find_parts(name, document)
    assert parts is not None
    assert parts.entries == ()
    assert parts.since(frozenset()) == document


@pytest.mark.parametrize("name", FEEDS)
def test_line_36_a_delta_has_what_is_new_or_changed_and_nothing_else(name: str) -> None:
    before = find_parts(name, documents(*numbered(3))[name])
    changed = archived(2, title="第二篇，改过")
    after = find_parts(name, documents(*numbered(1), changed, *numbered(4)[2:])[name])
    assert before is not None
    assert after is not None
    delta = after.since(frozenset(before.digests))
    assert set(ids(delta)) == {changed.id, archived(4).id}
    root = etree.fromstring(delta)
    assert root.tag == etree.fromstring(documents()[name]).tag


def test_a_tombstone_counts_as_an_entry() -> None:
    document = documents(*numbered(1))["atom.xml"]
    grave = b'\n  <at:deleted-entry ref="x" when="2026-11-26T00:00:00Z"/>\n</feed>'
    parts = find_parts("atom.xml", document.replace(b"\n</feed>", grave))
    assert parts is not None
    assert len(parts.entries) == 2
    assert b"deleted-entry" not in parts.since(frozenset(parts.digests))


def test_what_is_no_feed_of_ours_has_no_parts() -> None:
    assert find_parts("feed.json", b"{}") is None
    assert find_parts("atom.xml", b"<html></html>") is None
    assert add_rendition("feed.json", b"{}", b"known\n") == b"known\n"


def test_renditions_are_read_as_they_were_written_the_newest_first() -> None:
    first, second = (documents(*numbered(count))["rss.xml"] for count in (2, 3))
    content = add_rendition("rss.xml", second, add_rendition("rss.xml", first, b""))
    read = parse_renditions(content)
    assert list(read) == [digest_of(second), digest_of(first)]
    assert len(read[digest_of(second)] - read[digest_of(first)]) == 1


def test_a_feed_that_comes_back_is_remembered_once() -> None:
    first, second = (documents(*numbered(count))["rss.xml"] for count in (2, 3))
    content = b""
    for document in (first, second, first):
        content = add_rendition("rss.xml", document, content)
    assert list(parse_renditions(content)) == [digest_of(first), digest_of(second)]


def test_renditions_are_bounded_in_number_and_in_bytes() -> None:
    content = b""
    for count in range(1, MOST + 10):
        content = add_rendition(
            "rss.xml", documents(*numbered(1, text=str(count)))["rss.xml"], content
        )
    assert len(parse_renditions(content)) <= MOST
    lines = b"".join(b"%032x %s\n" % (line, b"0" * 3000) for line in range(200))
    assert len(add_rendition("rss.xml", documents()["rss.xml"], lines)) <= MOST_BYTES


@pytest.mark.parametrize("garbled", [b"", b"\0" * 4096, b"\n\n", "坏".encode(), b"abc"])
def test_a_garbled_file_of_renditions_is_held_by_nobody(garbled: bytes) -> None:
    document = documents(*numbered(1))["rss.xml"]
    assert digest_of(document) not in parse_renditions(garbled)
    assert digest_of(document) in parse_renditions(add_rendition("rss.xml", document, garbled))
