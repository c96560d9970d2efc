"""A source: one journal that we follow, as its file says. Values only; sources.read makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

# The publishing systems that crawler.platforms knows; a test there holds the two equal.
PlatformName = Literal[
    "auto",
    "plain",
    "feed",
    "sitemap",
    "oai",
    "ojs",
    "magtech",
    "etiller",
    "rhhz",
    "cbpt",
    "citation",
    "dedecms",
    "empirecms",
    "phpcms",
    "pbootcms",
    "discuz",
    "wordpress",
]

Render = Literal["plain", "browser"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Masthead:
    """刊头: what a journal prints about itself. `labels` keeps every label as printed, in order;
    the other fields are the known ones among them, normalised (sources.masthead)."""

    labels: Mapping[str, str] = field(default_factory=dict)
    issn: str | None = None
    eissn: str | None = None
    cn: str | None = None
    supervisor: str | None = None
    sponsor: str | None = None
    publisher: str | None = None
    period: str | None = None
    interval: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Selectors:
    """Where things are on this source's pages: CSS, or XPath when it starts with `/`, `./` or `(`.

    `links` selects the article links of a list page, or the blocks that hold one each; then
    `link_title` and `link_date` are looked for inside each block. The others belong to the
    article page. None means: find it.
    """

    links: str | None = None
    link_title: str | None = None
    link_date: str | None = None
    next: str | None = None
    title: str | None = None
    published: str | None = None
    authors: str | None = None
    body: str | None = None
    notice: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Expect:
    """What a healthy visit looks like; outside of it the operator hears."""

    links_min: int = 1
    links_max: int | None = None
    silence: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What the operator knows about re-publishing, over what the pages say.

    `notice` is a notice class and `text` the words it rests on, e.g. from a letter. A page's own
    stricter notice still wins.
    """

    notice: str | None = None
    text: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """When to look: a fixed interval, or None for `auto` (from the journal's own rhythm)."""

    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much one poll may ask of this source. Defaults of None come from the settings."""

    pages: int = 3
    entries: int = 200
    delay: timedelta | None = None
    timeout: timedelta | None = None
    size_bytes: int | None = None
    recheck: tuple[timedelta, ...] = (
        timedelta(days=1),
        timedelta(days=7),
        timedelta(days=30),
        timedelta(days=180),
    )
    rechecks: int = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """信源: a journal that we follow. `id` is the file's name and is never renamed or reused."""

    id: str
    title: str
    lists: tuple[str, ...]
    language: str = "zh-CN"
    zone: str = "Asia/Shanghai"
    homepage: str | None = None
    moved_to: str | None = None
    feed: str | None = None
    platform: PlatformName = "auto"
    render: Render = "plain"
    encoding: str | None = None
    groups: tuple[str, ...] = ()
    masthead: Masthead = field(default_factory=Masthead)
    selectors: Selectors = field(default_factory=Selectors)
    expect: Expect = field(default_factory=Expect)
    rights: Rights = field(default_factory=Rights)
    schedule: Rhythm = field(default_factory=Rhythm)
    limits: Limits = field(default_factory=Limits)
    file: str = ""
