"""A sighting ⇄ the metadata record of its capture: the whole of it, so that keeping it again from
the archive's files alone gives the same entry, id and revision. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archive.coding import (
    decode,
    decode_entry,
    decode_raw,
    encode,
    encode_entry,
    encode_raw,
    read_json,
    write_json,
)
from archive.model import ListedLink, Requisite, Sighting

if TYPE_CHECKING:
    from archive.exchange import Capture
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """What made an entry of a page: the version of the reading rules, the crawler's own (as in
    its User-Agent), and the browser that drew the page, where one did."""

    rules: str
    crawler: str
    rendered: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a metadata record says. `is_kept` is false where the page was looked at again for its
    layout alone: then keeping it would tell of something that was not."""

    sighting: Sighting
    making: Making
    is_kept: bool


def write_seen(
    sighting: Sighting, source: Source, making: Making, *, is_kept: bool = True
) -> bytes:
    """The record's JSON. What the capture itself says (address, status, file) is not repeated.
    Journal and ISSN are for whoever reads the file without us."""
    document: dict[str, Any] = {
        "journal": source.title,
        "source": sighting.source_id,
        "issn": source.masthead.issn or source.masthead.eissn,
        "zone": source.zone,
        "rules": making.rules,
        "crawler": making.crawler,
        "seen": sighting.seen.isoformat(),
        "asked": sighting.asked,
        "listed": encode(sighting.listed) if sighting.listed is not None else None,
        "etag": sighting.etag,
        "last_modified": sighting.last_modified,
        "body_digest": sighting.body_digest,
        "entry": encode_entry(sighting.entry),
        "raw": encode_raw(sighting.raw, sighting.entry),
    }
    if sighting.requisites:
        document["requisites"] = [encode(each) for each in sighting.requisites]
    if making.rendered is not None:
        document["rendered"] = making.rendered
    if not is_kept:
        document["kept"] = False
    return write_json(document).encode()


def read_seen(document: bytes, capture: Capture) -> Seen:
    """The sighting that a record tells of, of the capture beside it.

    Raises:
        ValueError: it tells of none, as those of older releases do.
    """
    said = read_json(document)
    try:
        entry = decode_entry(said["entry"])
        sighting = Sighting(
            source_id=said["source"],
            seen=datetime.fromisoformat(said["seen"]),
            listed=decode(ListedLink, said["listed"]) if said["listed"] is not None else None,
            raw=decode_raw(said["raw"], entry),
            entry=entry,
            capture=capture,
            body_digest=said["body_digest"],
            etag=said["etag"],
            last_modified=said["last_modified"],
            asked=said["asked"],
            requisites=tuple(decode(Requisite, each) for each in said.get("requisites", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"capture {capture.id}: its metadata tells of no sighting") from error
    making = Making(rules=said["rules"], crawler=said["crawler"], rendered=said.get("rendered"))
    return Seen(sighting=sighting, making=making, is_kept=said.get("kept", True))
