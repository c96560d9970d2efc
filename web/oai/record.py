"""A record: an entry as Dublin Core (oai_dc). Metadata are always given; of a summary, keywords and
the words of a title as much as the notice lets feeds carry, and never the text.

A retracted article has its mark in the title, as in the feeds; a withdrawn one has no metadata.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from lxml.etree import Element, QName, SubElement

from archive.model import Precision
from archive.rights import decide
from feeds.channel import publisher
from feeds.content import percent_encode, show
from feeds.words import words
from foundation.text import clean
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml.etree import _Element

    from archive.harvest import Head
    from archive.model import ArchivedEntry, PrintedDate
    from archive.rights import Amount
    from feeds.content import Shown
    from foundation.settings import Settings

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMAS = {OAI: f"{OAI[:-1]}/OAI-PMH.xsd", OAI_DC: f"{OAI_DC[:-1]}.xsd"}
# These are dates as W3C writes them; a quarter and an issue are not.
_DATES = frozenset(
    (Precision.SECOND, Precision.MINUTE, Precision.DAY, Precision.MONTH, Precision.YEAR)
)


def header(head: Head, identifier: str) -> _Element:
    """Identifier, instant and set of a record; all that there is of a deleted one."""
    element = Element(QName(OAI, "header"), {"status": "deleted"} if head.is_deleted else {})
    add(element, OAI, "identifier", identifier)
    add(element, OAI, "datestamp", utc(head.changed))
    add(element, OAI, "setSpec", head.source_id)
    return element


def metadata(archived: ArchivedEntry, source: Source | None, settings: Settings) -> _Element:
    """The metadata of a record that is not deleted. Of a source without a file we know neither
    its masthead nor the operator's word, so its articles are given as links are."""
    known = source or _stand_in(archived)
    carry = decide(
        archived.entry.notice,
        source_rights=known.rights,
        noncommercial=settings.noncommercial,
        state=archived.state,
    )
    amount: Amount = "link" if source is None or carry.feed == "link" else "summary"
    shown = show(archived, source=known, carry=replace(carry, feed=amount))
    element = Element(QName(OAI, "metadata"))
    page = (
        f"{settings.public_url.rstrip('/')}/{archived.source_id}/{archived.id.rpartition('/')[2]}/"
    )
    fields = [*_fields(shown), ("relation", page if source else None)]
    if amount == "summary":
        fields.append(("description", shown.summary))
    element.append(dublin_core(fields))
    return element


def dublin_core(fields: list[tuple[str, str | None]]) -> _Element:
    """<oai_dc:dc> with what is known."""
    element = Element(QName(OAI_DC, "dc"), nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    element.set(QName(XSI, "schemaLocation"), f"{OAI_DC} {SCHEMAS[OAI_DC]}")
    for name, text in fields:
        if text:
            add(element, DC, name, text)
    return element


def issn_urn(issn: str | None) -> str | None:
    """RFC 3044."""
    return f"urn:ISSN:{issn}" if issn else None


def add(parent: _Element, space: str, name: str, text: str, **attributes: str) -> _Element:
    """An element with a text, in which nothing stands that XML cannot have."""
    element = SubElement(parent, QName(space, name), attributes)
    element.text = clean(text)
    return element


def utc(instant: datetime) -> str:
    """To the second, as the protocol's granularity has it; the rest is cut off."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fields(shown: Shown) -> Iterator[tuple[str, str | None]]:
    """The article's own first. Its page is what the identifier leads to; our id of it is the one
    that its feeds have."""
    entry, source = shown.entry, shown.source
    yield "title", shown.title
    yield from (("creator", name) for name in entry.authors)
    yield from (("subject", tag) for tag in shown.tags)
    yield "publisher", publisher(source) or source.title
    yield "date", _w3c_date(entry.published)
    yield "type", "Text"
    yield "format", shown.url_type
    yield "identifier", shown.url
    yield "identifier", f"https://doi.org/{percent_encode(entry.doi)}" if entry.doi else None
    yield "identifier", shown.id
    yield "source", _citation(shown)
    issns = (entry.issn or source.masthead.issn, source.masthead.eissn)
    yield from (("source", issn_urn(issn)) for issn in dict.fromkeys(issns))
    yield "language", shown.language
    yield "relation", shown.origin_url
    yield "rights", shown.rights
    yield "rights", shown.license_url


def _citation(shown: Shown) -> str:
    """The journal and the place in it: `Tide and Letter, 2026, vol. 12, no. 2, 101-109`."""
    entry, say = shown.entry, words(shown.language)
    value = entry.published.value if entry.published else None
    year = int(value[:4]) if value and value[:4].isdigit() else None
    issue = say.issue_name(year, entry.volume, entry.number) if entry.number or entry.volume else ""
    parts = (entry.journal or shown.source.title, issue, entry.pages)
    return ", ".join(part for part in parts if part)


def _w3c_date(printed: PrintedDate | None) -> str | None:
    if printed is None or printed.value is None or printed.value.startswith("--"):
        return None
    return printed.value if printed.precision in _DATES else None


def _stand_in(archived: ArchivedEntry) -> Source:
    entry = archived.entry
    return Source(
        id=archived.source_id,
        title=entry.journal or archived.source_id,
        lists=(entry.url,),
        language=entry.language or "und",
    )
