"""A closed document of history without what was taken down: the one reason for which its bytes
ever change. Bytes in, bytes out; all but the entries taken down stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml.etree import fromstring, tostring

from feeds.journal import NAMESPACES, deleted_entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.model import ArchivedEntry

_ATOM = f"{{{NAMESPACES['atom']}}}"


def without_entries(document: bytes, withdrawn: Iterable[ArchivedEntry]) -> bytes:
    """The Atom document with a tombstone (RFC 6721) in the place of each of these entries. What is
    none of its entries, or was taken out already, changes nothing."""
    graves = {
        one.id: deleted_entry(one.id, one.state_since or one.changed, comment="withdrawn")
        for one in withdrawn
    }
    feed = fromstring(document)
    found = [one for one in feed.iterfind(f"{_ATOM}entry") if one.findtext(f"{_ATOM}id") in graves]
    if not found:
        return document
    for entry in found:
        grave = graves[entry.findtext(f"{_ATOM}id") or ""]
        grave.tail = entry.tail
        feed.replace(entry, grave)
    return tostring(feed, encoding="UTF-8", xml_declaration=True) + b"\n"
