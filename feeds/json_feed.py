"""JSON Feed 1.1, with what only a journal's archive knows under `_kanliu`. Takes values, gives
bytes; no clock, no store, no files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.model import Precision
from feeds.channel import JSON, copies_url, publisher
from feeds.content import percent_encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.likeness import Elsewhere
    from archive.model import ReprintNotice
    from feeds.channel import Channel
    from feeds.content import Shown

    Json = dict[str, Any]

# Readers were seen to refuse larger ones (FEEDS.md): full texts up to here, then summaries.
_MOST_BYTES = 250_000
_VERSION = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenItem:
    """An entry already rendered, with its text and without."""

    full: bytes
    brief: bytes


def build_json_feed(channel: Channel, items: Sequence[WrittenItem]) -> bytes:
    """The document, from each entry's item in full and in brief."""
    head = {
        "version": _VERSION,
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url(JSON),
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.title}],
        "hubs": [{"type": "WebSub", "url": hub} for hub in channel.hubs],
        "_kanliu": _known(_channel_extension(channel)),
    }
    begin = _dump(_known(head)).removesuffix(b"}") + b',"items":[\n'
    end = b"\n]}\n"
    fitting = _fit(items, room=_MOST_BYTES - len(begin) - len(end))
    return begin + b",\n".join(fitting) + end


def _fit(items: Sequence[WrittenItem], *, room: int) -> list[bytes]:
    """The items, in full; where all of them do not fit, from the newest on in full while there is
    room left for the summaries of all that follow."""
    if sum(len(item.full) + 2 for item in items) <= room:
        return [item.full for item in items]
    room -= sum(len(item.brief) + 2 for item in items)
    fitting = []
    for item in items:
        more = len(item.full) - len(item.brief)
        fits = more <= room
        room -= more if fits else room
        fitting.append(item.full if fits else item.brief)
    return fitting


def write_item(shown: Shown, channel: Channel) -> WrittenItem:
    """One entry as it stands in this feed."""
    return WrittenItem(
        full=_item(shown, channel, full=True), brief=_item(shown, channel, full=False)
    )


def _item(shown: Shown, channel: Channel, *, full: bool) -> bytes:
    entry = shown.entry
    has_html = full and shown.content is not None
    return _dump(
        _known(
            {
                "id": shown.id,
                "url": shown.url,
                "external_url": shown.origin_url,
                "title": shown.title,
                "summary": shown.summary,
                "content_html": shown.content if has_html else None,
                "content_text": None if has_html else shown.summary,
                "image": percent_encode(entry.image) if entry.image and shown.content else None,
                "date_published": shown.published and shown.published.isoformat(),
                "date_modified": shown.updated.isoformat(),
                "authors": [{"name": name} for name in entry.authors],
                "tags": list(shown.tags),
                "language": shown.language if shown.language != channel.language else None,
                "attachments": list(_attachments(shown)),
                "_kanliu": _known(_extension(shown, channel)),
            }
        )
    )


def _attachments(shown: Shown) -> Iterator[Json]:
    for file in shown.entry.enclosures if shown.has_files else ():
        yield _known(
            {
                "url": percent_encode(file.url),
                "mime_type": file.type,
                "title": file.title,
                "size_in_bytes": file.size_bytes,
            }
        )


def _extension(shown: Shown, channel: Channel) -> Json:
    entry, archived = shown.entry, shown.archived
    printed = entry.published
    timemap, timegate = copies_url(channel.public_url, shown.id)
    issue = {"volume": entry.volume, "number": entry.number, "pages": entry.pages}
    return {
        "published": printed and printed.value,
        "published_raw": printed and printed.raw,
        "precision": (printed.precision if printed else Precision.NONE).value,
        "zone": printed and printed.zone,
        "first_seen": archived.first_seen.isoformat(),
        "revision": archived.revision,
        "state": archived.state.value,
        "notice": _notice(entry.notice) if entry.notice else None,
        "license_url": shown.license_url,
        "issue": _known(issue),
        "doi": entry.doi,
        "source": None if channel.source else {"id": shown.source.id, "title": shown.source.title},
        "timemap": timemap if shown.has_copies else None,
        "timegate": timegate if shown.has_copies else None,
        "also_in": [_also_in(other) for other in archived.also_in],
    }


def _also_in(other: Elsewhere) -> Json:
    """The same article in another journal: what this entry is to that one, and what says so."""
    return _known(
        {
            "source": _known({"id": other.source_id, "title": other.source_title}),
            "title": other.title,
            "url": percent_encode(other.url),
            "relation": other.relation.value,
            "reason": other.reason.value,
        }
    )


def _notice(notice: ReprintNotice) -> Json:
    return _known(
        {
            "class": notice.class_.value,
            "text": notice.text,
            "obligations": list(notice.obligations),
            "kinds": list(notice.kinds),
            "license": notice.license,
            "contact": notice.contact,
        }
    )


def _channel_extension(channel: Channel) -> Json:
    source = channel.source
    if source is None:
        return {"id": channel.id}
    return {
        "id": channel.id,
        "source": source.id,
        "publisher": publisher(source),
        "issn": source.masthead.issn,
        "eissn": source.masthead.eissn,
        "cn": source.masthead.cn,
        "zone": source.zone,
    }


def _known(values: Json) -> Json:
    """What is known: JSON Feed leaves out what is not, rather than saying null."""
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def _dump(values: Json) -> bytes:
    # Encoding is part of it: a lone surrogate raises here, where one item is at stake.
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
