"""Clean the HTML of a body that was cut out of a page: safe tags only, absolute addresses, real
images, one paragraph for each line. Takes markup, gives markup and text; finds nothing.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

import nh3
from bs4 import BeautifulSoup, Tag
from lxml import etree, html

from crawler.reading.document import BLOCK_TAGS, PLAIN_ADDRESS, UNSEEN_TAGS, is_hidden, join
from crawler.reading.path import name_of
from foundation.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bs4 import PageElement
    from lxml.html import HtmlElement

    from crawler.reading.document import Document


def read_markup(
    elements: Sequence[HtmlElement], *, base: str | None, without: frozenset[str] = frozenset()
) -> BeautifulSoup:
    """A tidy tree of these elements: nothing hidden or active in it, nothing that is named in
    `without`, every address absolute, and every piece of text inside a block that holds no other
    block (`leaves`)."""
    soup = BeautifulSoup("".join(_slim(element, without) for element in elements), "lxml")
    splittable: list[Tag] = [soup.body] if soup.body else []
    for tag in _tags(soup):
        if tag.name in _IMAGES:
            _settle_image(tag, base)
        elif tag.name == "a":
            _settle_link(tag, base)
        elif tag.name == "table" and _is_layout(tag):
            splittable += _unframe(tag)
        elif tag.name in _STYLE_ONLY:
            tag.unwrap()
        elif tag.name in _SPLITTABLE:
            splittable.append(tag)
    for tag in splittable:
        _wrap_runs(soup, tag)
    return soup


def _slim(element: HtmlElement, without: frozenset[str]) -> str:
    """An element as HTML, without what may not be seen and attributes that nobody asks for.
    BeautifulSoup pays for each tag and attribute ten times what lxml does."""
    copy = deepcopy(element)
    if copy.tag not in _UNITS:
        copy.tag = "div"  # a cell or a list item means nothing without what was around it
    for script in copy.iter("script"):
        if (script.get("type") or "").startswith("math/tex"):
            _settle_formula(script)
    etree.strip_elements(copy, *_UNWANTED_TAGS, with_tail=False)
    for node in list(copy.iterdescendants(etree.Element)):
        said = node.items()
        if not said and not without:  # most, and each test below asks lxml anew
            continue
        if is_hidden(node) or is_machine_made(node) or (without and name_of(node) in without):
            node.drop_tree()
            continue
        kept = [(name, value) for name, value in said if name in _KEPT_ATTRIBUTES]
        if len(kept) == len(said):
            continue
        # One by one, lxml refuses to delete what is no name: `<p \x01=…>` from a damaged page.
        node.attrib.clear()
        for name, value in kept:
            node.set(name, value)
    return html.tostring(copy, encoding="unicode", with_tail=False)


def _settle_formula(script: HtmlElement) -> None:
    """A formula as MathJax 2 keeps it, as one that every MathJax reads: `\\(x=2\\)`."""
    is_display = "display" in (script.get("type") or "")
    opened, closed = ("\\[", "\\]") if is_display else ("\\(", "\\)")
    script.tag = "span"
    script.text = f"{opened}{(script.text or '').strip()}{closed}"


def leaves(soup: BeautifulSoup) -> list[Tag]:
    """The blocks that hold text or pictures and no other block, in order; a table is one."""
    found: list[Tag] = []
    _collect_leaves(soup.body or soup, found)
    return found


def _collect_leaves(block: Tag, found: list[Tag]) -> bool:
    """Whether there is any block below; depth is bounded by the parser's own limit."""
    has_block = False
    for child in block.children:
        if isinstance(child, Tag):
            is_block = child.name in _LEAVES
            if child.name in _UNITS or (not _collect_leaves(child, found) and is_block):
                found.append(child)
            has_block = has_block or is_block
    return has_block


def is_matter(leaf: Tag) -> bool:
    """Whether a leaf is a picture, a table of data, code or a point of a list that links to
    nothing, whatever its text."""
    if leaf.name == "li" and (around := leaf.find_parent(["ol", "ul"])) is not None:
        return around.find("a") is None
    if leaf.name not in _UNITS:
        return not leaf.get_text(strip=True)
    linked = sum(len(link.get_text()) for link in leaf.find_all("a"))
    return linked * 2 <= len(leaf.get_text())


def text_of(leaf: Tag) -> str:
    """What a leaf says: one line, or the rows of a table and the lines of code."""
    if leaf.name == "pre":
        return clean(leaf.get_text()).strip("\n")
    if leaf.name == "table":
        rows = (
            one_line(" ".join(cell.get_text(" ") for cell in row.find_all(["td", "th"])))
            for row in leaf.find_all("tr")
        )
        return "\n".join(row for row in rows if row)
    return one_line(leaf.get_text())


def finish(soup: BeautifulSoup) -> str:
    """The allowed part of a tree as HTML. The last word is nh3's: nothing passes but its list."""
    for tag in reversed(_tags(soup)):
        if tag.name in _MAY_BE_EMPTY and all(_is_blank(node) for node in tag.contents):
            tag.decompose()
    body = soup.body or soup
    markup = "".join(str(child) for child in body.contents)
    if "<pre" not in markup:  # what was taken out leaves its line behind
        markup = _BLANK_LINES.sub("\n", markup)
    return clean(
        nh3.clean(
            markup,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            clean_content_tags={"script", "style"},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
    ).strip()


def percent_encoded(address: str) -> str:
    """An address in ASCII: what is beyond it percent-encoded, the host in IDNA."""
    if PLAIN_ADDRESS.fullmatch(address):  # nearly all, in a tenth of the time
        return address
    try:
        parts = urlsplit(address)
        host = (
            parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
        )
    except (UnicodeError, ValueError):
        return quote(address, safe=_SAFE)
    return urlunsplit(
        (
            parts.scheme,
            host,
            quote(parts.path, safe=_SAFE),
            quote(parts.query, safe=_SAFE),
            quote(parts.fragment, safe=_SAFE),
        )
    )


_BLANK_LINES = re.compile(r"\n\s*\n")

# RFC 3986 reserved and unreserved, and % itself: what is encoded already stays so.
_SAFE = "%/:=&?~#+!$,;'@()*[]-._"

_INLINE = """
    a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span
    strong sub sup u var wbr"""
_BLOCK = """
    blockquote caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section
    table tbody td tfoot th thead tr ul"""
_MATH = """
    math mfrac mi mn mo mover mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr
    munder munderover semantics"""
_TAGS = {*_INLINE.split(), *_BLOCK.split(), *_MATH.split()}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "math": {"display", "alttext"},
}

# Inline tags that only carry style; without them a line break stands in its block.
_STYLE_ONLY = frozenset({"span", "font", "o:p", "nobr"})
_IMAGES = frozenset({"img", "amp-img", "image"})
_CELL_LINES = 6
_UNITS = frozenset({"table", "pre", "figure"})
_SPLITTABLE = frozenset(
    {"body", "div", "section", "article", "main", "center", "p", "blockquote", "form", "li", "dd"}
)
_BLOCKS = BLOCK_TAGS - {"html"}
_LEAVES = BLOCK_TAGS - {"html", "body", "hr"}
_MAY_BE_EMPTY = (_LEAVES - {"td", "th"}) | {"b", "strong", "em", "i"}
_UNWANTED_TAGS = (UNSEEN_TAGS - {"head", "title"}) | {"input", "link", "meta", "nav", "base"}

# Where scripts that load images late keep the address; `file` and `zoomfile` are Discuz's, `_src`
# UEditor's, real_src Sina's blogs'.
_LAZY = (
    *("data-src", "data-original", "data-original-src", "data-lazy-src", "data-lazyload"),
    *("data-lazy", "data-actualsrc", "data-url", "data-echo", "_src", "zoomfile", "file"),
    *("real_src", "original"),
)
_KEPT_ATTRIBUTES = frozenset({"srcset", "data-srcset", *_LAZY}).union(*_ATTRIBUTES.values())
_PLACEHOLDER = re.compile(
    r"^data:|blank|placeholder|loading|spacer|lazy|grey|1x1|pixel|transparent", re.IGNORECASE
)

# Summaries by machines are marked so, in the markup or at their end (corpus fragment F06).
_MACHINE_MADE = re.compile(
    r"(?:^|[-_\s])ai[-_]?(?:summary|abstract|digest|zhaiyao|generated)", re.IGNORECASE
)


def _tags(soup: BeautifulSoup) -> list[Tag]:
    """All tags of the body, in order. One walk costs a tenth of ten searches by name."""
    return [node for node in (soup.body or soup).descendants if isinstance(node, Tag)]


def _is_blank(node: PageElement) -> bool:
    return not isinstance(node, Tag) and not str(node).strip()


def is_machine_made(element: HtmlElement) -> bool:
    """Whether an element is marked as a summary made by a machine."""
    return _says_machine_made(element.get("class")) or _says_machine_made(element.get("id"))


def find_machine_made(document: Document) -> frozenset[HtmlElement]:
    """The elements that are marked so. Asks all names at once first: nearly no page has one."""
    named = document.having("class", "id")
    names = {name for each in named for name in (each.get("class"), each.get("id")) if name}
    if not _MACHINE_MADE.search("\n".join(names)):
        return frozenset()
    return frozenset(filter(is_machine_made, named))


@lru_cache(maxsize=4096)  # a page has hundreds of elements and a dozen names
def _says_machine_made(name: str | None) -> bool:
    return name is not None and _MACHINE_MADE.search(name) is not None


def _settle_link(link: Tag, base: str | None) -> None:
    address = join(base, str(link.get("href") or ""))
    if address:
        link["href"] = percent_encoded(address)
    else:  # javascript:, an anchor of the page, nothing
        link.unwrap()


def _settle_image(image: Tag, base: str | None) -> None:
    """Give an image the address that the site's script would give it later."""
    image.name = "img"
    source = str(image.get("src") or "")
    lazy = next((str(image[name]) for name in _LAZY if image.get(name)), "")
    if lazy and (
        not source
        or _PLACEHOLDER.search(source)
        or image.get("data-src")
        or image.get("data-original")
    ):
        source = lazy
    if not source:
        source = (
            str(image.get("srcset") or image.get("data-srcset") or "")
            .split(",")[0]
            .strip()
            .split(" ")[0]
        )
    address = join(base, source)
    if address:
        image["src"] = percent_encoded(address)
    else:
        image.decompose()


def _is_layout(table: Tag) -> bool:
    """A table that only sets the page: it holds a table, one column, or cells of paragraphs."""
    rows = table.find_all("tr")
    if table.find("table") or all(len(row.find_all(["td", "th"])) < 2 for row in rows):
        return True
    return any(len(cell.find_all(["p", "br"])) > _CELL_LINES for cell in table.find_all("td"))


def _unframe(table: Tag) -> list[Tag]:
    """Make plain blocks of a table's own rows and cells."""
    frame = [table, *table.find_all(["tbody", "thead", "tfoot", "tr", "td", "th"])]
    own = [tag for tag in frame if tag is table or tag.find_parent("table") is table]
    for tag in own:
        tag.name = "div"
    return own


def _wrap_runs(soup: BeautifulSoup, block: Tag) -> None:
    """Make a paragraph of each run of inline content between breaks and blocks, so that a line
    of the page is a block of its own. A block with a single run stays as it is."""
    children = list(block.contents)
    if not any(_is_break(child) for child in children):
        return
    run: list[PageElement] = []
    for child in children:
        if not _is_break(child):
            run.append(child)
            continue
        _wrap(soup, run)
        run = []
        if isinstance(child, Tag) and child.name == "br":
            child.extract()
    _wrap(soup, run)
    if block.name == "p":
        block.name = "div"


def _is_break(node: PageElement) -> bool:
    return isinstance(node, Tag) and (node.name == "br" or node.name in _BLOCKS)


def _wrap(soup: BeautifulSoup, run: Sequence[PageElement]) -> None:
    if not any(isinstance(node, Tag) or str(node).strip() for node in run):
        return
    paragraph = soup.new_tag("p")
    run[0].insert_before(paragraph)
    for node in run:
        paragraph.append(node.extract())
