"""The six verbs of OAI-PMH over the archive: a wish in, the answer's XML out. Reads the store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from lxml.etree import Element, QName, SubElement, tostring

from feeds.channel import homepage, publisher
from feeds.words import words
from web.oai.record import (
    OAI,
    OAI_DC,
    SCHEMAS,
    XSI,
    add,
    dublin_core,
    header,
    issn_urn,
    metadata,
    utc,
)
from web.oai.request import PREFIX, RefusedHarvest, Wish, parse_wish
from web.oai.token import Token, write_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from lxml.etree import _Element

    from archive.harvest import Head, Place, Span
    from archive.model import ArchivedEntry
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

#: As many records an answer as OJS and DSpace give: some 150 kB.
PAGE = 100
_OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
# The guideline's own words for what may stand before the second colon, and the schema's for mail.
_NAME_SPACE = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+")
_MAIL = re.compile(r"(?:mailto:)?(\S+@(?:\S+\.)+\S+)")


class FindSource(Protocol):
    """The source of an id, if it is followed."""

    def __call__(self, source_id: str) -> Source | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Repository:
    """The archive as a repository of OAI-PMH, its journals as sets."""

    settings: Settings
    store: Store
    source: FindSource
    page: int = PAGE

    def answer(self, pairs: Sequence[tuple[str, str]], now: datetime) -> bytes:
        """The answer to the arguments of a request."""
        try:
            wish = parse_wish(pairs)
            body = [self._verbs()[wish.verb](wish)]
            arguments = wish.arguments
        except RefusedHarvest as error:
            body, arguments = [_error(error)], error.arguments
        return self._document(now, arguments, body)

    def _verbs(self) -> Mapping[str, Callable[[Wish], _Element]]:
        return {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": self._sets,
            "GetRecord": self._record,
            "ListIdentifiers": self._list,
            "ListRecords": self._list,
        }

    # --- verbs --------------------------------------------------------------------------------

    def _identify(self, wish: Wish) -> _Element:
        element = Element(QName(OAI, "Identify"))
        authority, minted = self.store.authority, self.store.minted
        earliest = self.store.harvest.earliest()
        for name, text in (
            ("repositoryName", words(self.settings.language).all_journals),
            ("baseURL", self._base),
            ("protocolVersion", "2.0"),
            ("adminEmail", self._mail()),
            ("earliestDatestamp", utc(earliest) if earliest else f"{minted}T00:00:00Z"),
            ("deletedRecord", "persistent"),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ):
            add(element, OAI, name, text)
        if _NAME_SPACE.fullmatch(authority):
            element.append(_scheme(authority))
        return element

    def _formats(self, wish: Wish) -> _Element:
        if wish.identifier is not None:
            self._find(wish)
        element = Element(QName(OAI, "ListMetadataFormats"))
        format_ = SubElement(element, QName(OAI, "metadataFormat"))
        add(format_, OAI, "metadataPrefix", PREFIX)
        add(format_, OAI, "schema", SCHEMAS[OAI_DC])
        add(format_, OAI, "metadataNamespace", OAI_DC)
        return element

    def _sets(self, wish: Wish) -> _Element:
        if wish.token is not None:
            told = "the list of sets is given whole"
            raise RefusedHarvest("badResumptionToken", told, wish.arguments)
        titles = self.store.harvest.titles()
        if not titles:
            raise RefusedHarvest("noSetHierarchy", "no journal is kept here yet", wish.arguments)
        element = Element(QName(OAI, "ListSets"))
        for source_id, title in titles.items():
            source = self.source(source_id)
            set_ = SubElement(element, QName(OAI, "set"))
            add(set_, OAI, "setSpec", source_id)
            add(set_, OAI, "setName", source.title if source else title or source_id)
            if source is not None:
                SubElement(set_, QName(OAI, "setDescription")).append(_journal(source))
        return element

    def _record(self, wish: Wish) -> _Element:
        head, archived = self._find(wish)
        element = Element(QName(OAI, "GetRecord"))
        record = SubElement(element, QName(OAI, "record"))
        record.append(header(head, self._identifier(head)))
        if not head.is_deleted:
            record.append(metadata(archived, self.source(head.source_id), self.settings))
        return element

    def _list(self, wish: Wish) -> _Element:
        """So many records from a place on, and a token where there are more; at the end of a list
        that was begun, an empty one (section 3.5)."""
        token = wish.token
        span, after = (token.span, token.after) if token else (wish.span, None)
        element = Element(QName(OAI, wish.verb))
        heads = self._fill(element, wish.verb, span, after)
        if not heads:
            told = "there is no record that fits"
            raise RefusedHarvest("noRecordsMatch", told, wish.arguments)
        given = heads[: self.page]
        if token is None and len(heads) == len(given):
            return element
        cursor = token.cursor if token else 0
        size = token.size if token else self.store.harvest.count(span)
        left = SubElement(element, QName(OAI, "resumptionToken"))
        left.set("completeListSize", str(max(size, cursor + len(heads))))
        left.set("cursor", str(cursor))
        if len(heads) > len(given):
            following = Token(
                verb=wish.verb,
                span=span,
                after=given[-1].place,
                cursor=cursor + len(given),
                size=size,
            )
            left.text = write_token(following)
        return element

    def _fill(self, element: _Element, verb: str, span: Span, after: Place | None) -> list[Head]:
        """Put so many into the list; gives their heads, and the next one's where there is one."""
        harvest, limit = self.store.harvest, self.page + 1
        if verb == "ListIdentifiers":
            heads = harvest.heads(span, after=after, limit=limit)
            element.extend(header(each, self._identifier(each)) for each in heads[: self.page])
            return heads
        pairs = harvest.records(span, after=after, limit=limit)
        for head, archived in pairs[: self.page]:
            record = SubElement(element, QName(OAI, "record"))
            record.append(header(head, self._identifier(head)))
            if not head.is_deleted:
                record.append(metadata(archived, self.source(head.source_id), self.settings))
        return [head for head, _ in pairs]

    # --- names --------------------------------------------------------------------------------

    @property
    def _base(self) -> str:
        return f"{self.settings.public_url.rstrip('/')}/oai"

    def _identifier(self, head: Head) -> str:
        """`oai:` and what the entry's own id has after its date. The record is another thing than
        the article, whose id is a tag URI, so it has a name of its own (OAI's guideline)."""
        return f"oai:{self.store.authority}:{head.id.partition(',')[2].partition(':')[2]}"

    def _find(self, wish: Wish) -> tuple[Head, ArchivedEntry]:
        prefix = f"oai:{self.store.authority}:"
        identifier = wish.identifier or ""
        found = None
        if identifier.startswith(prefix):
            own = f"tag:{self.store.authority},{self.store.minted}:{identifier[len(prefix) :]}"
            found = self.store.harvest.record(own)
        if found is None:
            told = "no record of this archive is called so"
            raise RefusedHarvest("idDoesNotExist", told, wish.arguments)
        return found

    def _mail(self) -> str:
        """The protocol asks for an address of mail: the operator's, where that is one; else the
        one that every host with mail must have (RFC 5321 section 4.5.1)."""
        match = _MAIL.fullmatch(self.settings.contact or "")
        if match:
            return match[1]
        host = urlsplit(self.settings.public_url).hostname or ""
        return f"postmaster@{host if '.' in host else self.store.authority}"

    def _document(
        self, now: datetime, arguments: Mapping[str, str], body: Sequence[_Element]
    ) -> bytes:
        root = Element(QName(OAI, "OAI-PMH"), nsmap={None: OAI, "xsi": XSI})
        root.set(QName(XSI, "schemaLocation"), f"{OAI} {SCHEMAS[OAI]}")
        add(root, OAI, "responseDate", utc(now))
        add(root, OAI, "request", self._base, **arguments)
        root.extend(body)
        return tostring(root, encoding="UTF-8", xml_declaration=True)


def _error(error: RefusedHarvest) -> _Element:
    element = Element(QName(OAI, "error"), code=error.code)
    element.text = error.words
    return element


def _scheme(authority: str) -> _Element:
    """How our identifiers are made, for whoever takes them apart (the guideline's schema)."""
    element = Element(QName(OAI, "description"))
    scheme = SubElement(
        element, QName(_OAI_IDENTIFIER, "oai-identifier"), nsmap={None: _OAI_IDENTIFIER}
    )
    scheme.set(QName(XSI, "schemaLocation"), f"{_OAI_IDENTIFIER} {_OAI_IDENTIFIER}.xsd")
    for name, text in (
        ("scheme", "oai"),
        ("repositoryIdentifier", authority),
        ("delimiter", ":"),
        ("sampleIdentifier", f"oai:{authority}:journal/abcdefghijkl"),
    ):
        add(scheme, _OAI_IDENTIFIER, name, text)
    return element


def _journal(source: Source) -> _Element:
    masthead = source.masthead
    return dublin_core(
        [
            ("title", source.title),
            ("publisher", publisher(source)),
            ("language", source.language),
            ("identifier", homepage(source)),
            ("identifier", issn_urn(masthead.issn)),
            ("identifier", issn_urn(masthead.eissn)),
        ]
    )
