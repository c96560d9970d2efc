"""Answers of OAI-PMH 2.0: records with their Dublin Core, the token for the rest, errors with their
words. Pure; takes bytes, never raises. What is followed of them is crawler.platforms' matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.reading.xml import local_name, parse_xml
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The text of one element of Dublin Core, and its language where that is given."""

    text: str
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record. `fields` are its elements of Dublin Core by name, in their order; none of a
    deleted one. `datestamp` is the day of a change to the record and dates no article."""

    identifier: str
    datestamp: str
    is_deleted: bool = False
    fields: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[Said, ...]:
        return self.fields.get(name, ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Harvested:
    """One answer: `token` leads to the rest of the list, None where this is the end; `errors` are
    code and words. `verbs` are the answers that it holds: none beside an error."""

    records: tuple[Record, ...] = ()
    token: str | None = None
    errors: tuple[tuple[str, str], ...] = ()
    verbs: tuple[str, ...] = ()


def read_harvest(body: bytes) -> Harvested:
    """What is no answer of OAI-PMH gives an empty one."""
    root = parse_xml(body)
    if root is None:
        return Harvested()
    tokens = (one_line(each.text or "") for each in _all(root, "resumptionToken"))
    return Harvested(
        records=tuple(_record(each) for each in _all(root, "record")),
        token=next(filter(None, tokens), None),
        errors=tuple(
            (each.get("code") or "", one_line("".join(each.itertext())))
            for each in _children(root, "error")
        ),
        verbs=tuple(
            name
            for each in root.iterchildren("{*}*")
            if (name := local_name(each)) not in _HEADINGS
        ),
    )


_HEADINGS = ("responseDate", "request", "error")


def _record(element: etree._Element) -> Record:
    header = next(_children(element, "header"), None)
    fields: dict[str, tuple[Said, ...]] = {}
    # <metadata> holds <oai_dc:dc>, and that the elements; a few leave the one in the middle out.
    for holder in _children(element, "metadata"):
        for each in holder.iter("{*}*"):
            text = one_line("".join(each.itertext())) if len(each) == 0 else ""
            if text:
                said = Said(text=text, language=each.get(_LANGUAGE) or "")
                fields[local_name(each)] = (*fields.get(local_name(each), ()), said)
    return Record(
        identifier=_text(header, "identifier"),
        datestamp=_text(header, "datestamp"),
        is_deleted=header is not None and header.get("status") == "deleted",
        fields=fields,
    )


def _text(element: etree._Element | None, name: str) -> str:
    found = _children(element, name) if element is not None else iter(())
    return next((one_line(each.text or "") for each in found), "")


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (each for each in root.iter("{*}*") if local_name(each) == name)


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (each for each in element.iterchildren("{*}*") if local_name(each) == name)
