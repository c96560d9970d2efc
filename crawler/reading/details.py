"""The smaller fields of an article page: issue, identifiers, licence, language, pictures, files.
Metadata first, then print. Gives strings as found; crawler.normalise checks them.
"""

from __future__ import annotations

import re
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from archive.model import Enclosure, Found
from crawler.reading.document import join
from crawler.reading.markup import percent_encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.reading.block import Block
    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>，。；、）)\]]+", re.IGNORECASE)
_ISSN = re.compile(r"\bISSN\s*[:：]?\s*(\d{4}\s*[-—–]\s*\d{3}[\dXx])", re.IGNORECASE)
_CN = re.compile(r"\bCN\s*[:：]?\s*(\d{2}\s*[-—–]\s*\d{4}(?:\s*/\s*[A-Z]{1,2}\d?)?)")
_VOLUME = re.compile(
    r"第\s*(\d{1,4})\s*卷|\bVol(?:ume|\.)?\s*(\d{1,4})\b|^\s*\d{4}\s*[,，]\s*(\d{1,4})\s*\(",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"第?\s*(\d{1,4})\s*期|\b(?:No|Issue|Number|Heft)\.?\s*(\d{1,4})\b|^\s*\d{4}\s*[,，]\s*\d{1,4}\s*\((\d{1,4})\)",
    re.IGNORECASE,
)
_PAGES = re.compile(
    r"\bpp?\.\s*(\d+\s*[-–—~]\s*\d+)|\(\d{1,4}\)\s*[:：]\s*([A-Z]?\d+\s*[-–—~]\s*[A-Z]?\d+)|第?\s*(\d+\s*[-–—~]\s*\d+)\s*[页頁]"
    r"|期\s*[:：]\s*(\d+\s*[-–—~]\s*\d+)"
)
# How a journal asks to be cited (GB/T 7714): `引用本文：甲乙.题目[J].河港学报,2026,45(2):91-97.`
_CITED = re.compile(
    r"\[J(?:/OL)?\]\s*[.．]\s*(?P<journal>[^,，.．]{2,40})[,，]\s*(?:19|20)\d\d\s*[,，]\s*"
    r"(?:(?P<volume>\d{1,4})\s*)?[(（](?P<number>[\w\-]{1,8})[)）]\s*[:：]\s*"
    r"(?P<pages>[A-Z]?\d+(?:\s*[-–—~+,，]\s*[A-Z]?\d+)*)"
)
_CITE = re.compile(r"引用(?:本文|格式|信息|方式)?|本文引用格式|引文格式")
_CITE_LINES = 2  # 引用本文 above the reference, or a number and a share button between
# Far from the title only with its year: 第2期工程 is no issue.
_YEAR_AND_NUMBER = re.compile(r"(?:19|20)\d\d\s*年?\s*第?\s*(\d{1,2})\s*期")
_ABSTRACT = re.compile(
    r"^[\[【(（]?\s*(?:内容|中文)?(?:摘\s*要|提\s*要)\s*[\]】)）]?\s*(?:[(（]\s*abstracts?\s*[)）])?\s*[:：]?\s*(.*)$"
    r"|^(?:abstract|zusammenfassung|résumé|要旨|抄録|초록)\s*[:：.]?\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SHORTEST_ABSTRACT = 30
_LABELLED_LINES = 40
_LICENSE_LINK = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/", re.IGNORECASE)
_FILE_TYPES = {".pdf": "application/pdf", ".epub": "application/epub+zip"}
_MOST_FILES = 5
# More than the body of any article has; a page may have 100,000.
_MOST_LINKS = 3_000
_LONGEST_CITATION = 600
_SHORT = 60  # a line of labels; prose is longer


def find_doi(metadata: Metadata, lines: Sequence[Line]) -> Found | None:
    for found in metadata.all("doi"):
        if match := DOI.search(found.text):
            return Found(text=match[0], where=found.where)
    return next(
        (
            Found(text=match[0].rstrip("."), where="line")
            for line in lines
            if (match := DOI.search(line.text)) and len(line.text) < 200
        ),
        None,
    )


def find_printed(pattern: re.Pattern[str], lines: Sequence[Line]) -> Found | None:
    """The first group that matched, in the first line that has it."""
    for line in lines:
        if len(line.text) < 200 and (match := pattern.search(line.text)):
            return Found(text=next(group for group in match.groups() if group), where="line")
    return None


def find_issue(metadata: Metadata, block: Block) -> dict[str, Found | None]:
    """Journal, ISSN, CN, volume, number and pages."""
    near = (*block.above, *block.head)
    short = [line for line in block.body if len(line.text) <= _SHORT][:_LABELLED_LINES]
    wide = (*near, *short, *block.tail)
    cited = _find_citation((*near, *block.body[:_LABELLED_LINES], *block.tail))
    return {
        "doi": find_doi(metadata, (*near, *block.tail)),
        "issn": metadata.first("issn") or find_printed(_ISSN, wide),
        "cn": find_printed(_CN, wide),
        "journal": metadata.first("journal") or cited.get("journal"),
        "volume": metadata.first("volume") or cited.get("volume") or find_printed(_VOLUME, near),
        "number": metadata.first("number")
        or cited.get("number")
        or find_printed(_NUMBER, near)
        or find_printed(_YEAR_AND_NUMBER, wide),
        "pages": _page_range(metadata) or cited.get("pages") or find_printed(_PAGES, near),
    }


def _find_citation(lines: Sequence[Line]) -> dict[str, Found]:
    """What the reference says by which the page asks to be cited; the references of the article
    stand under another label."""
    for at, line in enumerate(lines):
        label = _CITE.search(line.text[:_SHORT])
        if label is None:
            continue
        text = " ".join(each.text for each in lines[at : at + 1 + _CITE_LINES])[:_LONGEST_CITATION]
        if match := _CITED.search(text):
            told = match.groupdict()
            return {
                name: Found(text=value, where="label 引用本文")
                for name, value in told.items()
                if value
            }
    return {}


def find_abstract(metadata: Metadata, block: Block) -> Found | None:
    """The abstract of the metadata, else the one printed behind its label or under it."""
    lines = (*block.head, *block.body[:_LABELLED_LINES])
    for line, following in pairwise((*lines, *lines[-1:])):
        if match := _ABSTRACT.match(line.text):
            text = (match[1] or match[2] or "").strip() or following.text
            if len(text) >= _SHORTEST_ABSTRACT:
                return metadata.first("abstract") or Found(text=text, where="label 摘要")
    return metadata.first("abstract")


def _page_range(metadata: Metadata) -> Found | None:
    first, last = metadata.first("first_page"), metadata.first("last_page")
    if first and last and first.text != last.text:
        return Found(text=f"{first.text}-{last.text}", where=first.where)
    return metadata.first("page_range") or first


def find_license(document: Document, metadata: Metadata) -> Found | None:
    """A licence named by address: a rel=license link, or a link to Creative Commons."""
    for element in chain(document.tagged("link"), document.tagged("a")):
        href, relation = element.get("href") or "", element.get("rel")
        is_marked = relation is not None and "license" in relation.lower().split()
        if not is_marked and ("ommons" not in href.lower() or not _LICENSE_LINK.search(href)):
            continue  # nearly all, and a page may have 100,000
        if address := join(document.base, href):
            where = f"{element.tag!s}[rel=license]" if is_marked else "a[href]"
            return Found(text=address, where=where)
    return metadata.first("license")


def find_language(document: Document, metadata: Metadata) -> Found | None:
    """What the page declares; where it is Chinese and says otherwise, a template was copied."""
    declared = document.tree.get("lang") or document.tree.get("xml:lang")
    found = (
        Found(text=declared.strip(), where="html[lang]")
        if declared and declared.strip()
        else metadata.first("language")
    )
    if document.is_chinese and not (found and found.text.lower().startswith(("zh", "cn", "chi"))):
        return Found(text="zh", where="text")
    return found


def find_canonical(document: Document, metadata: Metadata) -> Found | None:
    for link in document.tagged("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (
            address := join(document.base, link.get("href") or "")
        ):
            return Found(text=address, where="link[rel=canonical]")
    return _address(metadata.first("canonical"), document)


def find_image(document: Document, metadata: Metadata) -> Found | None:
    return _address(metadata.first("image"), document)


def _address(found: Found | None, document: Document) -> Found | None:
    address = join(document.base, found.text) if found else None
    return Found(text=percent_encoded(address), where=found.where) if found and address else None


def find_enclosures(document: Document, metadata: Metadata, block: Block) -> tuple[Enclosure, ...]:
    """Files of the article: the PDF that its metadata names, and those linked from its body."""
    files: dict[str, Enclosure] = {}
    for found in metadata.all("pdf"):
        if address := join(document.base, found.text):
            files[address] = Enclosure(url=percent_encoded(address), type="application/pdf")
    links = block.container.iter("a") if block.container is not None else ()
    for link in islice(links, _MOST_LINKS):
        path = (link.get("href") or "").strip().lower().split("?")[0]
        kind = next((kind for ending, kind in _FILE_TYPES.items() if path.endswith(ending)), None)
        address = join(document.base, link.get("href") or "") if kind else None
        if address and kind and address not in files and len(files) < _MOST_FILES:
            title = " ".join("".join(link.itertext()).split()) or None
            files[address] = Enclosure(url=percent_encoded(address), type=kind, title=title)
    return tuple(files.values())
