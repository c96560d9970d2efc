"""Values for tests: each factory gives a plain, complete one, and takes what the test is about.

All texts are our own. `entry(title=…)` has a full date, a notice and a body, so that a test
which leaves something out says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.exchange import Capture
from archive.model import (
    ArchivedEntry,
    Entry,
    NoticeClass,
    Precision,
    PrintedDate,
    RawEntry,
    ReprintNotice,
    Sighting,
)
from sources.model import Masthead, Source

AUTHORITY = "feeds.example"
MINTED = "2026-03-01"
# When the sample entries were first seen: two days after the day that they print.
SEEN = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


def source(**fields: Any) -> Source:
    """A half-monthly Chinese magazine."""
    masthead = Masthead(
        labels={"主办单位": "河港城市文化研究所", "周期": "半月刊"},
        issn="1234-5679",
        eissn="2049-3630",
        cn="41-1234/G0",
        sponsor="河港城市文化研究所",
        publisher="《河港》编辑部",
        period="半月刊",
        interval=timedelta(days=15),
    )
    plain: dict[str, Any] = {
        "id": "river-port",
        "title": "河港",
        "lists": ("https://river-port.example/list.html",),
        "homepage": "https://river-port.example/",
        "masthead": masthead,
    }
    return Source(**plain | fields)


def day(value: str, raw: str | None = None) -> PrintedDate:
    """A date printed to the day: `day("2026-03-02")`."""
    return PrintedDate(raw=raw or value, value=value, precision=Precision.DAY)


def notice(class_: NoticeClass = NoticeClass.FREE_ATTRIBUTION, **fields: Any) -> ReprintNotice:
    """本刊文章欢迎转载: anyone may, with the source named."""
    plain: dict[str, Any] = {
        "class_": class_,
        "text": "本刊文章欢迎转载，转载时请写明出自《河港》。",
        "obligations": ("source",),
        "where": "body",
    }
    return ReprintNotice(**plain | fields)


def entry(**fields: Any) -> Entry:
    """An article with everything that a magazine's page gives."""
    plain: dict[str, Any] = {
        "url": "https://river-port.example/2026/0302/17.html",
        "canonical_url": "https://river-port.example/2026/0302/17.html",
        "title": "渡口的灯火",
        "title_raw": "渡口的灯火_河港",
        "published": day("2026-03-02"),
        "authors": ("林渡", "Ada River"),
        "notice": notice(),
        "summary": "一座老渡口怎样成了城市的客厅。",
        "text": "天黑以后，渡口先亮起来。\n人们在这里等船，也等人。",
        "html": "<p>天黑以后，渡口先亮起来。</p><p>人们在这里等船，也等人。</p>",
        "language": "zh-CN",
        "number": "5",
    }
    return Entry(**plain | fields)


def archived(which: int = 1, /, **fields: Any) -> ArchivedEntry:
    """An entry as the archive holds it. Fields of Entry may be given beside its own; `which`
    tells entries apart (id, address)."""
    own = {name: fields.pop(name) for name in _ARCHIVED & set(fields)}
    source_id = own.get("source_id", "river-port")
    if "entry" not in own:
        url = f"https://river-port.example/2026/0302/{which}.html"
        own["entry"] = entry(**{"url": url, "canonical_url": url} | fields)
    seen = own.setdefault("first_seen", SEEN)
    plain: dict[str, Any] = {
        "id": f"tag:{AUTHORITY},{MINTED}:{source_id}/{which}",
        "source_id": source_id,
        "revision": 1,
        "changed": seen,
    }
    return ArchivedEntry(**plain | own)


def sighting(article: Entry | None = None, **fields: Any) -> Sighting:
    """An article page as a poll of the sample magazine saw it."""
    article = article or entry()
    seen = fields.get("seen", SEEN)
    plain: dict[str, Any] = {
        "source_id": "river-port",
        "seen": seen,
        "listed": None,
        "raw": RawEntry(url=article.url),
        "entry": article,
        "capture": capture(article.url, seen),
        "body_digest": f"sha256:{hashlib.sha256(repr(article).encode()).hexdigest()}",
    }
    return Sighting(**plain | fields)


def capture(url: str, seen: datetime = SEEN) -> Capture:
    """Where the bytes of a page would be, if it had any."""
    digest = hashlib.sha256(f"{url} {seen}".encode()).hexdigest()
    return Capture(
        id=f"urn:uuid:{digest[:32]}",
        url=url,
        status=200,
        seen=seen,
        file="warc/sample.warc.gz",
        offset=0,
        digest=f"sha256:{digest}",
    )


def revised(one: ArchivedEntry, *, changed: datetime, **fields: Any) -> ArchivedEntry:
    """The same entry after an edit of these fields of its Entry."""
    edited = replace(one.entry, **fields)
    return replace(one, entry=edited, revision=one.revision + 1, changed=changed)


_ARCHIVED = frozenset(ArchivedEntry.__dataclass_fields__)
