"""A native feed beside the list page that it should mirror: whether both tell of the same articles
and days, and whether it carries texts. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lxml import etree

from crawler.normalise.date import parse_date
from crawler.normalise.url import canonical, join_url
from crawler.reading.xml import parse_xml
from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archive.model import ListedLink

# A summary of a few sentences is shorter; titles with a date are much shorter.
_FULL_TEXT_LETTERS = 800


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedCheck:
    """What a comparison showed: of `items` in the feed, `shared` stand on the list of `listed`
    articles, `moved` of them under another address; of `comparable` days, `agreeing` are the same.
    """

    items: int
    listed: int
    shared: int
    moved: int = 0
    comparable: int = 0
    agreeing: int = 0
    has_texts: bool = False

    @property
    def is_same_channel(self) -> bool:
        """Whether it tells of the articles on the list: of half of the shorter one, at least."""
        return self.shared > 0 and self.shared * 2 >= min(self.items, self.listed)

    @property
    def has_right_days(self) -> bool:
        return self.agreeing * 2 >= self.comparable

    @property
    def has_same_addresses(self) -> bool:
        """Otherwise each article would be asked for twice."""
        return self.moved * 2 < max(self.shared, 1)

    @property
    def is_trusted(self) -> bool:
        return self.is_same_channel and self.has_right_days and self.has_same_addresses

    def words(self) -> str:
        """The comparison for a person."""
        kind = "full texts" if self.has_texts else "titles only"
        told = f"{self.shared} of its {self.items} items are on the list ({kind})"
        if not self.is_same_channel:
            return f"another channel than the list: {told}"
        if not self.has_right_days:
            return f"{told}, but {self.comparable - self.agreeing} of {self.comparable} days differ"
        if not self.has_same_addresses:
            return f"{told}, but under other addresses: each would be asked for twice"
        days = f", {self.agreeing} of {self.comparable} days agree" if self.comparable else ""
        return told + days


def compare(
    feed: Sequence[ListedLink],
    listed: Sequence[ListedLink],
    *,
    days: Mapping[str, str],
    has_texts: bool = False,
) -> FeedCheck:
    """`days` are the ISO days that article pages print, by canonical address."""
    by_key = {canonical(link.url): link for link in listed}
    by_title = {fold(link.title): link for link in listed if link.title}
    shared = moved = comparable = agreeing = 0
    for item in feed:
        key = canonical(item.url)
        row = by_key.get(key) or by_title.get(fold(item.title or ""))
        if row is not None:
            shared += 1
            moved += key != canonical(row.url)
            key = canonical(row.url)
        said = days.get(key) or (day_of(row.published) if row else None)
        own = day_of(item.published)
        if said and own:
            comparable += 1
            agreeing += _is_near(said, own)
    return FeedCheck(
        items=len(feed),
        listed=len(listed),
        shared=shared,
        moved=moved,
        comparable=comparable,
        agreeing=agreeing,
        has_texts=has_texts,
    )


def day_of(printed: str | None) -> str | None:
    """The ISO day of a printed date; None where it goes no further than a month."""
    value = parse_date(printed).value if printed else None
    return value[:10] if value and len(value) >= 10 and not value.startswith("--") else None


def _is_near(one: str, other: str) -> bool:
    """Equal, or a day apart: a feed in UTC dates an article of 7 a.m. in Shanghai to yesterday."""
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= 1
    except ValueError:
        return one == other


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """What a feed says of itself."""

    title: str | None = None
    homepage: str | None = None
    has_texts: bool = False


def read_channel(body: bytes, url: str) -> Channel:
    """The feed's own title and home, and whether most of its items carry a text."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json(body, url)
    root = parse_xml(body)
    if root is None:
        return Channel()
    items = list(root.iter("{*}item", "{*}entry"))
    letters = [len("".join(item.itertext())) for item in items]
    head = list(_channel_elements(root))
    title = next((one_line("".join(each.itertext())) for each in head if _is(each, "title")), None)
    links = (
        each.get("href") or each.text or "" for each in head if _is(each, "link") and _is_home(each)
    )
    home = next((address for link in links if (address := join_url(url, link.strip()))), None)
    is_full = sum(count >= _FULL_TEXT_LETTERS for count in letters) * 2 > len(letters)
    return Channel(title=title or None, homepage=home, has_texts=bool(items) and is_full)


def read_identify(body: bytes) -> str | None:
    """The name of the repository in an answer to OAI-PMH's Identify."""
    root = parse_xml(body)
    names = root.iter("{*}repositoryName") if root is not None else ()
    return next((name for each in names if (name := one_line(each.text or ""))), None)


def _channel_elements(root: etree._Element) -> Iterator[etree._Element]:
    """The children of RSS's `channel` and of Atom's `feed`."""
    for holder in (*root.iterchildren("{*}channel"), root):
        yield from holder.iterchildren("{*}title", "{*}link")


def _is(element: etree._Element, name: str) -> bool:
    return etree.QName(element).localname == name


def _is_home(link: etree._Element) -> bool:
    return link.get("rel") in (None, "alternate") and "xml" not in (link.get("type") or "")


def _read_json(body: bytes, url: str) -> Channel:
    try:
        said = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return Channel()
    if not isinstance(said, dict):
        return Channel()
    title, home, items = said.get("title"), said.get("home_page_url"), said.get("items")
    texts = [
        len(str(item.get("content_html") or item.get("content_text") or ""))
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]
    return Channel(
        title=one_line(title) if isinstance(title, str) else None,
        homepage=join_url(url, home) if isinstance(home, str) else None,
        has_texts=bool(texts)
        and sum(each >= _FULL_TEXT_LETTERS for each in texts) * 2 > len(texts),
    )
