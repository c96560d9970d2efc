"""What a page says about itself in its markup: meta tags (citation_*, Dublin Core, PRISM,
Open Graph, article:*), JSON-LD, microdata, <time> and link tags.

Gives every candidate with its place, best first within a field. Does not decide between
metadata and print: page.py does.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from lxml import html

from archive.model import Found
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.document import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """Candidates by field. Fields are the keys of `META_NAMES`."""

    fields: Mapping[str, tuple[Found, ...]]

    def all(self, field: str) -> tuple[Found, ...]:
        """Every candidate for a field, best first."""
        return self.fields.get(field, ())

    def first(self, *fields: str) -> Found | None:
        """The best candidate of the first field that has one."""
        return next(chain.from_iterable(self.all(field) for field in fields), None)


def read_metadata(document: Document, *, language: str | None = None) -> Metadata:
    """Read all of a page's metadata in one walk over each kind. Where the same is said in several
    languages, it is taken in `language`, else in the page's own."""
    language = language or document.tree.get("lang")
    tags = _in_one_language(_meta_tags(document), language)
    nodes, named = _json_ld(document)
    props = _microdata(document)
    fields = {
        field: chain(
            _named(tags, META_NAMES.get(field, ())),
            _from_json_ld(nodes, JSON_LD_PATHS.get(field, ()), named),
            _named(props, MICRODATA_NAMES.get(field, ())),
        )
        for field in META_NAMES
    }
    # Each place names its authors whole, whomever the tag above it has named.
    return Metadata(
        fields={
            field: tuple(dict.fromkeys(found)) if field == "author" else unique(found)
            for field, found in fields.items()
        }
    )


def unique(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each text once, where it was found first."""
    first: dict[str, Found] = {}
    for value in found:
        first.setdefault(value.text, value)
    return tuple(first.values())


# Field → names of meta tags, best first; compared in lower case, with `dcterms.`, `dc:` and
# `dc_` written `dc.`. Where a name stands says what it means: online before print before page
# (READING.md §4). Chinese portals have names of their own: publishdate, pubdate, contentsource.
_META_NAMES = {
    "title": "citation_title dc.title prism.title eprints.title bepress_citation_title",
    "social_title": """
        og:title twitter:title twitter:text:title sailthru.title parsely-title articletitle
        headline title""",
    "online": """
        citation_online_date citation_epub_date bepress_citation_online_date dc.available
        prism.onlinedate""",
    "published": """
        citation_publication_date citation_date bepress_citation_date prism.publicationdate
        eprints.datestamp dc.issued dc.date.issued dc.date.created article:published_time
        article:published og:published_time og:article:published_time og:release_date datepublished
        publishdate pubdate publish_date publish-date publish_time publishtime pub_date
        published_time publication_date date.published dateofpublish sailthru.date parsely-pub-date
        article.published article_date_original article.created originalpublicationdate
        cxenseparse:recs:publishtime ptime weibo:article:create_at bytedance:published_time
        citation_year""",
    # What may be the file's date as well: these yield to a date printed under the title.
    "dated": "dc.date dc.created date createdate created displaydate",
    "updated": """
        article:modified_time article:modified og:updated_time og:modified_time dc.modified
        dc.date.modified prism.modificationdate datemodified lastmod last-modified last_modified
        modified_time updated_time article.updated bytedance:updated_time
        weibo:article:update_at""",
    "author": """
        citation_author citation_authors bepress_citation_author dc.creator dc.contributor.author
        prism.author eprints.creators_name author article:author_name article_author
        sailthru.author parsely-author byl og:article:author article:author dc.author""",
    "abstract": "citation_abstract dc.abstract dc.description.abstract eprints.abstract",
    "description": """
        og:description description dc.description twitter:description sailthru.description""",
    "keywords": """
        citation_keywords citation_keyword bepress_citation_keywords prism.keyword
        eprints.keywords""",
    "tags": "dc.subject article:tag og:article:tag",
    # The article's own, or the list of the whole site.
    "page_keywords": "news_keywords keywords",
    "doi": """
        citation_doi prism.doi bepress_citation_doi dc.identifier.doi doi dc.identifier
        publication_doi""",
    "issn": "citation_issn prism.issn prism.eissn dc.source.issn dc.identifier.issn issn",
    "journal": """
        citation_journal_title prism.publicationname bepress_citation_journal_title dc.source
        citation_journal dc.ispartof citation_journal_abbrev""",
    "site": "og:site_name application-name apple-mobile-web-app-title dc.publisher",
    "volume": """
        citation_volume prism.volume bepress_citation_volume dc.source.volume
        dc.citation.volume""",
    "number": """
        citation_issue prism.number prism.issue bepress_citation_issue dc.source.issue
        dc.citation.issue""",
    "first_page": """
        citation_firstpage citation_first_page prism.startingpage bepress_citation_firstpage
        citation_start_page""",
    "last_page": """
        citation_lastpage citation_last_page prism.endingpage bepress_citation_lastpage
        citation_end_page""",
    "page_range": "citation_pages prism.pagerange dc.identifier.pagenumber",
    "column": "article:section citation_section prism.section dc.type.articletype channel catalogs",
    "language": "citation_language dc.language content-language og:locale language",
    "license": "dc.rights dc.license prism.copyright citation_license copyright rights",
    "source": "contentsource mediaid article:source source original-source syndication-source",
    "source_url": "original-source syndication-source dc.source.uri",
    "image": "og:image:secure_url og:image og:image:url twitter:image twitter:image:src",
    "canonical": "og:url citation_abstract_html_url citation_public_url prism.url twitter:url",
    "pdf": "citation_pdf_url bepress_citation_pdf_url eprints.document_url",
    "generator": "generator",
}
META_NAMES: Mapping[str, tuple[str, ...]] = {
    field: tuple(names.split()) for field, names in _META_NAMES.items()
}

# Field → paths in a JSON-LD node that describes the article; a list on the way gives several.
JSON_LD_PATHS: Mapping[str, tuple[str, ...]] = {
    "social_title": ("headline", "name"),
    "published": ("datePublished", "dateCreated", "uploadDate"),
    "updated": ("dateModified",),
    "author": ("author.name", "author", "creator.name", "creator"),
    "abstract": ("abstract",),
    "description": ("description",),
    "tags": ("keywords",),
    "doi": ("sameAs", "identifier.value", "identifier"),
    "issn": ("isPartOf.issn", "isPartOf.isPartOf.issn"),
    "journal": ("isPartOf.isPartOf.name", "isPartOf.name"),
    "site": ("publisher.name",),
    "volume": ("isPartOf.volumeNumber", "isPartOf.isPartOf.volumeNumber"),
    "number": ("isPartOf.issueNumber",),
    "first_page": ("pageStart",),
    "last_page": ("pageEnd",),
    "page_range": ("pagination",),
    "column": ("articleSection",),
    "language": ("inLanguage",),
    "license": ("license",),
    "image": ("image.url", "image"),
    "canonical": ("mainEntityOfPage.@id", "mainEntityOfPage", "url"),
}

# Field → itemprop, property (RDFa) or class (microformats) of an element of the page.
MICRODATA_NAMES: Mapping[str, tuple[str, ...]] = {
    "social_title": ("headline",),
    "published": ("datepublished",),
    "updated": ("datemodified", "updated"),
    "author": ("author",),
}

# schema.org types that are an article's own node, not the site's, a breadcrumb's or a comment's.
_ARTICLE_TYPE = re.compile(
    r"article|posting|report|publication|chapter|review$|recipe|webpage$|creativework|periodical|qapage|howto",
    re.IGNORECASE,
)
_WEAK_TYPE = re.compile(
    r"webpage$|creativework$|periodical|publicationissue|publicationvolume", re.IGNORECASE
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>]+")

# An abstract has 3,000 characters; half a million in one tag is no metadata.
_LONGEST_CONTENT = 10_000
_SAME_PROPERTY = {
    "datecreated": "datepublished",
    "published": "datepublished",
    "article:published_time": "datepublished",
}

_Named = dict[str, list[Found]]
_Node = Mapping[str, object]
# A meta tag's value, and the language that the tag names.
_Spoken = tuple[Found, str | None]


def _in_one_language(found: Mapping[str, list[_Spoken]], language: str | None) -> _Named:
    """Magtech gives each citation_ tag twice, in Chinese and in English, by xml:lang: an author
    would be two. Tags that name no language are everybody's."""
    wanted = (language or "")[:2].lower()
    one: _Named = {}
    for name, values in found.items():
        spoken = {tongue[:2].lower() for _, tongue in values if tongue}
        if len(spoken) > 1:
            kept = wanted if wanted in spoken else next(t for _, t in values if t)[:2].lower()
            values = [v for v in values if not v[1] or v[1][:2].lower() == kept]
        one[name] = [value for value, _ in values]
    return one


def _meta_tags(document: Document) -> Mapping[str, list[_Spoken]]:
    found: dict[str, list[_Spoken]] = defaultdict(list)
    for tag in document.tagged("meta"):
        # `value` is a slip, but of whole sites
        content = tag.get("content") or tag.get("value") or ""
        content = one_line(content[:_LONGEST_CONTENT])
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            if name := tag.get(attribute):
                value = Found(text=content, where=f"meta[{attribute}={name.strip()}]")
                found[_key(name)].append((value, tag.get("xml:lang") or tag.get("lang")))
    return found


def _key(name: str) -> str:
    """One spelling of a meta name: `DCTERMS.issued`, `dc:Issued` → `dc.issued`."""
    key = "".join(name.lower().split())
    return re.sub(
        r"^(?:dcterms|dc|prism|eprints)[.:_-]",
        lambda m: m[0][:-1].replace("dcterms", "dc") + ".",
        key,
    )


def _named(found: _Named, names: Sequence[str]) -> Iterator[Found]:
    for name in names:
        yield from found.get(name, ())


def _microdata(document: Document) -> _Named:
    found: _Named = defaultdict(list)
    authors_of: object = None
    for element in document.having("itemprop", "property", "pubdate"):
        if not _is_in_body(element):
            continue
        value = _property_value(element)
        names = f"{element.get('itemprop', '')} {element.get('property', '')}".lower().split()
        if "author" in names:
            scope = _scope_of(element)
            if scope is _OF_A_COMMENT or authors_of not in (None, scope):
                continue
            authors_of, value = scope, _name_of(element) or value
        for name in names:
            # A question's dateCreated stands above its answers' datePublished: the first counts.
            name = _SAME_PROPERTY.get(name, name)
            if value:
                found[name.removeprefix("schema:")].append(
                    Found(text=value, where=f"*[itemprop={name}]")
                )
        if value and element.tag == "time" and "pubdate" in element.attrib:
            found["datepublished"].append(Found(text=value, where="time[pubdate]"))
    return found


def _is_in_body(element: HtmlElement) -> bool:
    return element.tag == "body" or next(element.iterancestors("body"), None) is not None


_OF_A_COMMENT = object()
_NO_SCOPE = object()
_COMMENT = re.compile(r"comment|answer|review$|reply", re.IGNORECASE)


def _scope_of(element: HtmlElement) -> object:
    """The item whose author an element names, told from those of comments and answers: a page of
    a forum has an author for each."""
    scope: object = None
    for ancestor in element.iterancestors():
        if "itemscope" not in ancestor.attrib and "itemprop" not in ancestor.attrib:
            continue
        kind = f"{ancestor.get('itemtype') or ''} {ancestor.get('itemprop') or ''}"
        if any(map(_COMMENT.search, kind.split())):
            return _OF_A_COMMENT
        scope = ancestor if scope is None else scope
    return _NO_SCOPE if scope is None else scope


def _name_of(element: HtmlElement) -> str | None:
    """The name in a person's item, without standing and badges."""
    for part in element.iter():
        if part.get("itemprop") == "name":
            return _property_value(part)
    return None


def _property_value(element: HtmlElement) -> str:
    """The machine-readable value of an element if it has one, else what it says."""
    # <abbr title=…> is how hAtom tells a machine's date
    for attribute in ("content", "datetime", *(("title",) if element.tag == "abbr" else ())):
        if value := element.get(attribute):
            return one_line(value)
    text = one_line("".join(element.itertext()))
    return text if len(text) <= 300 else ""


def _json_ld(document: Document) -> tuple[list[_Node], dict[str, _Node]]:
    """The nodes that describe an article, proper articles before web pages and videos; and the
    persons by their @id: a graph names the author of an article by reference."""
    nodes: list[_Node] = []
    for script in document.tagged("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes.extend(_nodes(_loads(script.text or "")))
    articles = [node for node in nodes if _ARTICLE_TYPE.search(_type(node))]
    named = {str(node["@id"]): node for node in nodes if "@id" in node and _is_person(node)}
    return sorted(articles, key=lambda node: bool(_WEAK_TYPE.search(_type(node)))), named


def _is_person(node: _Node) -> bool:
    kind = node.get("@type")
    return "Person" in kind if isinstance(kind, list) else kind == "Person"


def _loads(text: str) -> object:
    """JSON as sites write it: in comments, with bare newlines, with a semicolon behind it."""
    bare = (
        re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", "", text)
        .strip()
        .rstrip(";")
    )
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(key), depth + 1)


def _type(node: Mapping[str, object]) -> str:
    kind = node.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _from_json_ld(
    nodes: Sequence[_Node], paths: Sequence[str], named: Mapping[str, _Node]
) -> Iterator[Found]:
    for node in nodes:
        for path in paths:
            for value in _follow(node, path.split("."), named):
                yield Found(text=value, where=f"json-ld {_type(node)}.{path}")


def _follow(value: object, path: Sequence[str], named: Mapping[str, _Node]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _follow(item, path, named)
    elif path:
        if isinstance(value, dict):
            node = value if path[0] in value else named.get(str(value.get("@id")), value)
            yield from _follow(node.get(path[0]), path[1:], named)
    elif (
        isinstance(value, str | int)
        and not isinstance(value, bool)
        and (text := _plain(str(value)))
    ):
        yield text


def _plain(text: str) -> str:
    """JSON-LD strings hold entities and tags as often as not."""
    if "&" in text or "<" in text:
        text = html.fragment_fromstring(text, create_parent="p").text_content()
    return one_line(text)
