"""Values with defaults: a test names only what it is about. All texts are our own."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.exchange import Capture, Exchange
from archive.model import (
    Entry,
    Found,
    ListedLink,
    NoticeClass,
    Outcome,
    Poll,
    Precision,
    PrintedDate,
    RawEntry,
    ReprintNotice,
    Sighting,
)
from sources.model import Source

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
URL = "https://ship.example/2026/11/1.html"
TEXT = "船厂今天交付了第二十艘内河电动货船。\n它将在春天的第一个航次驶往下游，船上只有四名船员。"

_numbers = itertools.count(1)


def source(id_: str = "ship", **fields: Any) -> Source:
    defaults: dict[str, Any] = {"title": "船", "lists": (f"https://{id_}.example/list",)}
    return Source(id=id_, **{**defaults, **fields})


def day(text: str) -> PrintedDate:
    return PrintedDate(raw=text, value=text, precision=Precision.DAY)


def month(text: str) -> PrintedDate:
    return PrintedDate(raw=text, value=text, precision=Precision.MONTH)


def notice(text: str = "转载请注明出处", class_: str = "free-attribution") -> ReprintNotice:
    return ReprintNotice(class_=NoticeClass(class_), text=text)


def entry(**fields: Any) -> Entry:
    url = fields.get("url", URL)
    title = fields.get("title", "内河电动货船交付")
    defaults: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "title": title,
        "title_raw": title,
        "published": day("2026-11-20"),
        "text": TEXT,
    }
    return Entry(**{**defaults, **fields})


def capture(**fields: Any) -> Capture:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "id": f"urn:uuid:{number}",
        "url": URL,
        "status": 200,
        "seen": NOW,
        "file": "warc/2026/11/kanliu-1.warc.gz",
        "offset": number,
        "digest": f"sha256:{number}",
    }
    return Capture(**{**defaults, **fields})


def sighting(
    seen: datetime = NOW,
    *,
    source_id: str = "ship",
    listed: ListedLink | str | None = "as visited",
    asked: str | None = None,
    body_digest: str | None = None,
    etag: str | None = None,
    **fields: Any,
) -> Sighting:
    """A page as seen at an instant; the fields are the entry's. Its bytes differ from any other."""
    made = entry(**fields)
    if listed == "as visited":
        listed = ListedLink(url=made.url, title=made.title)
    assert not isinstance(listed, str)
    return Sighting(
        source_id=source_id,
        seen=seen,
        listed=listed,
        raw=RawEntry(
            url=made.url,
            titles=(Found(text=made.title_raw or "", where="h1"),),
            text=made.text,
            html=made.html,
        ),
        entry=made,
        capture=capture(url=made.url, seen=seen),
        body_digest=body_digest or f"sha256:body-{next(_numbers)}",
        etag=etag,
        asked=asked,
    )


def later(first: Sighting, span: timedelta, **fields: Any) -> Sighting:
    """The same page seen again, its entry altered."""
    return replace(
        first,
        seen=first.seen + span,
        entry=replace(first.entry, **fields),
        capture=capture(),
        body_digest=f"sha256:body-{next(_numbers)}",
    )


def poll(ended: datetime = NOW, **fields: Any) -> Poll:
    defaults: dict[str, Any] = {
        "source_id": "ship",
        "started": ended - timedelta(seconds=2),
        "ended": ended,
        "outcome": Outcome.UNCHANGED,
        "reason": "the list is as it was",
    }
    return Poll(**{**defaults, **fields})


def exchange(**fields: Any) -> Exchange:
    defaults: dict[str, Any] = {
        "url": URL,
        "method": "GET",
        "status": 200,
        "started": NOW,
        "request_headers": ((b"Host", b"ship.example"), (b"User-Agent", b"Kanliu/test")),
        "response_headers": ((b"Content-Type", b"text/html; charset=gbk"),),
        "body": "<p>船</p>".encode("gbk"),
    }
    return Exchange(**{**defaults, **fields})
