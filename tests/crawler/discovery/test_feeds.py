"""crawler.discovery.feeds: a native feed is compared with the list before it is trusted."""

from __future__ import annotations

import json

from archive.model import ListedLink
from crawler.discovery.feeds import Channel, compare, read_channel, read_identify

BASE = "https://journal.example/a"


def rows(*numbers: int, day: str | None = None, folder: str = "") -> list[ListedLink]:
    return [
        ListedLink(url=f"{BASE}{folder}/{n}.html", title=f"第{n}篇文章", published=day)
        for n in numbers
    ]


def test_the_same_articles_and_days_are_trusted() -> None:
    check = compare(
        rows(1, 2, 3, day="Fri, 20 Nov 2026 08:00:00 +0800"),
        rows(1, 2, 3, 4, day="2026-11-20"),
        days={},
    )
    assert (check.shared, check.comparable, check.agreeing) == (3, 3, 3)
    assert check.is_trusted
    assert check.words() == "3 of its 3 items are on the list (titles only), 3 of 3 days agree"


def test_another_channel_is_not_trusted() -> None:
    check = compare(rows(11, 12, 13), rows(1, 2, 3), days={})
    assert not check.is_trusted
    assert check.words().startswith("another channel than the list: 0 of its 3 items")


def test_wrong_days_are_not_trusted() -> None:
    check = compare(rows(1, 2, day="2026-11-25"), rows(1, 2, day="2026-03-02"), days={})
    assert not check.is_trusted
    assert "2 of 2 days differ" in check.words()


def test_the_day_of_the_article_page_counts_before_that_of_the_list() -> None:
    listed = rows(1, day="2026-11-25")
    days = {f"http://journal.example/a/{1}.html": "2026-03-02"}
    assert compare(rows(1, day="2026-03-02"), listed, days=days).agreeing == 1


def test_a_day_in_another_zone_is_the_same() -> None:
    feed = rows(1, day="Thu, 19 Nov 2026 23:00:00 GMT")
    assert compare(feed, rows(1, day="2026-11-20"), days={}).agreeing == 1


def test_the_same_articles_under_other_addresses_are_not_followed_twice() -> None:
    check = compare(rows(1, 2, folder="/rss"), rows(1, 2), days={})
    assert check.is_same_channel
    assert not check.is_trusted
    assert "twice" in check.words()


def test_a_feed_says_its_name_its_home_and_whether_it_has_texts() -> None:
    text = "一整段文字。" * 200
    rss = (
        "<rss version='2.0'><channel><title>某某杂志</title><link>https://journal.example/</link>"
        f"<item><title>题</title><description>{text}</description></item></channel></rss>"
    )
    home = "https://journal.example/"
    assert read_channel(rss.encode(), home) == Channel(
        title="某某杂志", homepage=home, has_texts=True
    )
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Letters</title>"
        "<link rel='self' type='application/atom+xml' href='/feed'/><link href='/'/>"
        "<entry><title>One</title></entry></feed>"
    )
    assert read_channel(atom.encode(), home) == Channel(title="Letters", homepage=home)
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "/"}
    assert read_channel(json.dumps(told).encode(), home) == Channel(title="J", homepage=home)


def test_what_is_no_feed_says_nothing() -> None:
    for body in (b"", b"{", b"[]", b"{}", b"<a", b"\xff\xfe"):
        assert read_channel(body, "https://journal.example/") == Channel()


def test_an_oai_repository_says_its_name() -> None:
    told = (
        "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><Identify>"
        "<repositoryName>Tide and Letter</repositoryName></Identify></OAI-PMH>"
    )
    assert read_identify(told.encode()) == "Tide and Letter"
    assert read_identify(b"<html><body>404</body></html>") is None
    assert read_identify(b"") is None
