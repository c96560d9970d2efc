"""A page parsed once, for all readers: its tree, its lines of visible text, its address.

A line is what a person sees as one: the text of a block element up to the next block or break.
Does not judge what a line means, never fetches, never raises on bad markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from crawler.reading.encoding import Decoded, decode
from foundation.text import clean, is_chinese, one_line

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One visible line. `element` is the block that holds it, `position` its place among the
    lines of the page, `link_share` how much of the text is inside links (0 to 1)."""

    text: str
    element: HtmlElement
    position: int
    link_share: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page, decoded and parsed; read into lines when somebody first asks for them.

    The tree is shared: readers do not change it, they work on copies. `elements` are all of it,
    in order; while they are held, lxml need not make each anew for every reader (a third of the
    whole reading). `regions` are the parts of which the lines are read, in order, each of elements
    that follow one another; none means all of it.
    """

    decoded: Decoded
    tree: HtmlElement
    elements: tuple[HtmlElement, ...]
    url: str | None
    regions: tuple[tuple[HtmlElement, ...], ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that a person sees, in order: of the regions, where there are such. Between
        two regions stand empty lines, so that nothing is near that is not. Of more than any book
        has, the first: every reader then ends in time, whatever it does with a line."""
        lines: list[Line] = []
        for region in self.regions or ((self.tree,),):
            if lines:
                first = len(lines)
                lines += [_empty(region[0], first + at) for at in range(_GAP_LINES)]
            for part in region:
                walk = _walk(part, self.hidden, first=len(lines))
                lines += islice(walk, max(0, _MOST_LINES - len(lines)))
        return tuple(_first_signs(lines))

    def within(self, regions: tuple[tuple[HtmlElement, ...], ...]) -> Document:
        """The same page, read in these parts alone."""
        return replace(self, regions=regions)

    def tagged(self, tag: str) -> Sequence[HtmlElement]:
        """All elements of a tag, in order. The tree is walked once for all that ask: a walk of
        lxml's own takes three times as long, and there were ten of them."""
        return self._by_tag.get(tag, ())

    @cached_property
    def _by_tag(self) -> Mapping[str, Sequence[HtmlElement]]:
        by_tag: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        for element in self.elements:
            by_tag[str(element.tag)].append(element)
        return by_tag

    def having(self, *attributes: str) -> Sequence[HtmlElement]:
        """All elements with any of these attributes, in order. One look at each serves all that
        ask: an XPath for one of them takes as long as that."""
        found = [self._by_attribute[name] for name in attributes if name in self._by_attribute]
        if len(found) < 2:
            return found[0] if found else ()
        wanted = frozenset(chain.from_iterable(found))
        return [element for element in self.elements if element in wanted]

    @cached_property
    def _by_attribute(self) -> Mapping[str, Sequence[HtmlElement]]:
        by_attribute: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        for element in self.elements:
            for name in element.keys():  # noqa: SIM118 -- an element is no mapping
                by_attribute[name].append(element)
        return by_attribute

    @cached_property
    def head_title(self) -> str:
        """The text of the page's `<title>`; empty where its head has none."""
        titles = (title for title in self.tagged("title") if _is_in_head(title))
        return next((one_line(text) for title in titles if (text := title.text)), "")

    @cached_property
    def written(self) -> int:
        """`written_in` of the whole page."""
        return written_in(self.tree)

    def key_of(self, line: Line) -> str:
        """`letters` of a line of this page; several readers compare by it."""
        key = self._keys.get(line.position)
        if key is None:
            key = self._keys[line.position] = letters(line.text)
        return key

    @cached_property
    def _keys(self) -> dict[int, str]:
        return {}

    @cached_property
    def hidden(self) -> frozenset[HtmlElement]:
        """The elements that the page hides from people. One that holds most of what is written
        is not among them: a script shows it as soon as it has loaded."""
        hidden = [each for each in self.having(*_HIDING) if is_hidden(each)]
        large = sorted(
            ((size, at) for at, each in enumerate(hidden) if (size := _SIZE(each)) >= _LARGE),
            reverse=True,
        )
        if not large:
            return frozenset(hidden)
        # Two that are not one inside the other cannot both hold most of it.
        half = self.written / 2
        outermost = [hidden[at] for size, at in large if size > half][:_MOST_SHOWN_LATER]
        return frozenset(hidden) - {each for each in outermost if written_in(each) > half}

    @cached_property
    def is_huge(self) -> bool:
        """Whether the page is so large that it is read in a plainer way, not to hold up a poll."""
        if len(self.elements) > MOST_ELEMENTS:
            return True
        if len(self.decoded.text) <= _MOST_CHARS:
            return False
        # White space and titles as well: the extractor's regular expressions walk over all of it.
        said = (
            (element.tail or "", "" if element.tag in ("script", "style") else element.text or "")
            for element in self.elements
        )
        return sum(len(tail) + len(text) for tail, text in said) > _MOST_CHARS

    @property
    def is_markup(self) -> bool:
        """Whether this is a page at all: a PDF, JSON or plain text has no tag in it."""
        return (
            not self.decoded.text.startswith(("%PDF-", "PK\x03\x04"))
            and _TAG.search(self.decoded.text) is not None
        )

    @cached_property
    def base(self) -> str | None:
        """What relative addresses are relative to."""
        hrefs = (base.get("href") for base in self.tagged("base"))
        href = next((href for href in hrefs if href is not None), "")
        return join(self.url, href) if href else self.url

    @cached_property
    def is_chinese(self) -> bool:
        """Whether what is written here is mostly Chinese: the printed date then comes first."""
        # The longest lines: a Chinese menu does not make an English article Chinese.
        longest = sorted(self.lines, key=lambda line: -len(line.text))[:20]
        sample = "".join(line.text[:300] for line in longest)[:_SAMPLE_CHARS]
        han = sum(map(len, _HAN.findall(sample)))
        if not han:  # counting all letters takes ten times as long
            return False
        return han * 4 > sum(map(len, _LETTER.findall(sample))) and is_chinese(sample)


def read_document(
    body: bytes, *, url: str | None, http_charset: str | None = None, forced: str | None = None
) -> Document:
    """Decode and parse a page. Anything gives a document, if an empty one."""
    decoded = decode(body, http_charset=http_charset, forced=forced)
    tree = parse(decoded.text)
    return Document(decoded=decoded, tree=tree, elements=tuple(tree.iter(etree.Element)), url=url)


def parse(text: str) -> HtmlElement:
    """Parse HTML. From bytes, for lxml refuses a text that still names its old encoding."""
    # huge_tree lifts the depth from 256 to 2,048, where libxml2 stops on its own.
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    # One class for all elements: asking Python for the class of each takes as long as the parsing.
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing but white space and comments
        return html.document_fromstring("<html></html>")
    for holder in _FULL_DEPTH(tree):
        _flatten(holder)
    return tree


def read_lines(
    root: HtmlElement, *, hidden: Container[HtmlElement] | None = None
) -> tuple[Line, ...]:
    """The visible lines below an element. `hidden` are those of its page, where they are known."""
    return tuple(_walk(root, frozenset(_find_hidden(root)) if hidden is None else hidden))


def first_lines(root: HtmlElement, count: int) -> tuple[Line, ...]:
    """The first so many visible lines below an element, however many there are."""
    return tuple(islice(_walk(root, frozenset(_find_hidden(root))), count))


def written_in(element: HtmlElement) -> int:
    """How many signs are written in an element for people, scripts and styles left out. Counted
    where the tree is: to take the texts out for it costs ten times as much."""
    return int(_SIZE(element)) - sum(int(_SIZE(each)) for each in _SCRIPTS(element))


def is_hidden(element: HtmlElement) -> bool:
    """Whether the page hides this element from people. `visibility` does not count: WeChat and
    others set it on the whole article until their script has run."""
    if element.tag in ("html", "body"):
        return False
    if "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _DISPLAY_NONE.search(style))


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """What a source's selector points at: CSS, or XPath when it begins with `/` or `(`. Text and
    attributes that an XPath gives are wrapped, so that all answers are elements."""
    is_xpath = selector.startswith(("/", "("))
    found = tree.xpath(selector) if is_xpath else tree.cssselect(selector)
    return (
        [_as_element(each) for each in found] if isinstance(found, list) else [_as_element(found)]
    )


def text_of(element: HtmlElement) -> str:
    """The text of an element as one line; breaks and blocks part words."""
    return one_line(" ".join(line.text for line in read_lines(element)))


def place_of(element: HtmlElement) -> str:
    """A place that a person finds again: `div#content`, `td.text`, `h1`."""
    if name := element.get("id"):
        return f"{element.tag!s}#{name}"
    classes = (element.get("class") or "").split()
    return f"{element.tag!s}.{classes[0]}" if classes else str(element.tag)


def _is_in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _as_element(value: object) -> HtmlElement:
    if isinstance(value, html.HtmlElement):
        return value
    element: HtmlElement = html.Element("span")
    element.text = one_line(str(value))
    return element


def join(base: str | None, href: str) -> str | None:
    """An absolute http(s) address, or None when it is none."""
    if PLAIN_ADDRESS.fullmatch(href):  # stays as it is: half of the links of most pages
        return href
    try:
        address = urljoin(base or "", href.strip())
        has_host = bool(urlsplit(address).hostname)
    except ValueError:  # "http://[": not an address
        return None
    return address if has_host and address.startswith(("http://", "https://")) else None


def letters(text: str) -> str:
    """A cheap key to compare two texts of one page by: letters and digits, no case, no width.
    For texts of different pages use foundation.text.fold, which also joins 简 and 繁."""
    if text.isascii():  # a fifth of the time
        return text.lower().translate(_LESS_MARKS)
    if not unicodedata.is_normalized("NFKC", text):
        for sign in _WIDE_MARKS:  # all that most Chinese lines have to be normalised for
            text = text.replace(sign, " ")
        text = unicodedata.normalize("NFKC", text)
    utf8 = text.encode("utf-8", "surrogatepass")
    if len(utf8) < _HARDLY_ANY_BEYOND * len(text):  # some ’ and é: the ASCII marks go by table
        text = utf8.translate(None, _ASCII_MARKS).decode("utf-8", "surrogatepass")
    return _NO_LETTER.sub("", text.casefold())


_UNSEEN = """
    head script style noscript template iframe object embed svg canvas select option textarea button
    audio video map title"""
_BLOCKS = """
    html body address article aside blockquote center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p
    pre section summary table tbody td tfoot th thead tr caption ul"""
# trafilatura and BeautifulSoup take 0.03 and 0.1 ms an element, and trafilatura compares long texts
# with each other. The largest page of the corpus has 8,000 elements and 60,000 characters.
MOST_ELEMENTS = 10_000
_MOST_CHARS = 1_000_000
# The longest page of the corpus has 3,000; a line costs all the readers together 0.01 ms.
_MOST_LINES = 30_000

#: An absolute address in which there is nothing to resolve, nor to encode.
PLAIN_ADDRESS = re.compile(
    r"https?://[a-z\d](?:[a-z\d.-]*[a-z\d])?/(?:[\w.~/-]*[\w~/-])?(?:\?[\w.~/=&+-]+)?", re.ASCII
)

UNSEEN_TAGS = frozenset(_UNSEEN.split())
BLOCK_TAGS = frozenset(_BLOCKS.split())

_NO_LETTER = re.compile(r"[\W_]+")
_WIDE_MARKS = "，：；！？（）…\u3000\xa0"
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_LESS_MARKS = dict.fromkeys(_ASCII_MARKS)
_HARDLY_ANY_BEYOND = 1.3
_SAMPLE_CHARS = 3_000
# More than any reader looks ahead or back from where it is (block.py).
_GAP_LINES = 30
_TAG = re.compile(r"<[a-zA-Z!?]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LETTER = re.compile(r"[^\W\d_]+")
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HIDING = ("hidden", "aria-hidden", "style")
_HIDING_BELOW = etree.XPath("|".join(f"descendant-or-self::*/@{name}" for name in _HIDING))
# Readers look at what is around an element: a page nested without end would be read for minutes.
# What stands deeper is moved up, as browsers do at 512. The deepest page of the corpus has 45
# levels.
_DEEPEST = 100
# The rows of a list stay whole: only what has a few levels more below it is taken apart.
_TALL = "[*/*/*/*]"
_FULL_DEPTH = etree.XPath("/*" * _DEEPEST + _TALL)
_TALL_BELOW = etree.XPath(f"descendant::*{_TALL}")
_SCRIPTS = etree.XPath("descendant-or-self::script|descendant-or-self::style")
# What is written in an element with its scripts, the bound of `written_in` from above: a page may
# nest hidden elements.
_SIZE = etree.XPath("string-length()")
_LARGE = 500  # below, no article is in it
# Pages hide their article in one element, some in another inside it.
_MOST_SHOWN_LATER = 3
_ONE_CLASS = etree.ElementDefaultClassLookup(element=html.HtmlElement)


def _first_signs(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines up to `_MOST_CHARS` signs altogether, the last of them cut there."""
    left = _MOST_CHARS
    for at, line in enumerate(lines):
        if len(line.text) >= left:
            return [*lines[:at], replace(line, text=line.text[:left])]
        left -= len(line.text)
    return lines


def _empty(element: HtmlElement, position: int) -> Line:
    return Line(text="", element=element, position=position)


def _flatten(holder: HtmlElement) -> None:
    """Move what stands deep inside an element up into it, in the order of the page. Each once:
    lxml's own drop_tag, level by level, moves the innermost as often as there are levels. What is
    moved is cleaned again: out of `&#14;` lxml reads what it does not let anybody write."""
    tall = frozenset(_TALL_BELOW(holder))
    walker = etree.iterwalk(holder, events=("start", "end"))
    pieces: list[HtmlElement | str] = []
    for event, element in walker:
        if element is holder:
            continue
        if element in tall:
            pieces.append((element.text if event == "start" else element.tail) or "")
        elif event == "start":
            pieces.append(element)
            walker.skip_subtree()
    del holder[:]
    said: list[str] = [holder.text or ""]
    last: HtmlElement | None = None
    for piece in (*pieces, None):
        if isinstance(piece, str):
            said.append(piece)
            continue
        if last is None:
            holder.text = clean("".join(said))
        else:
            last.tail = clean("".join(said))
        if piece is not None:
            holder.append(piece)
            said, last = [piece.tail or ""], piece


def _find_hidden(root: HtmlElement) -> list[HtmlElement]:
    """In the order of the page. Asks the attributes, not each element: most have none of these."""
    found = (element for value in _HIDING_BELOW(root) if is_hidden(element := value.getparent()))
    return list(dict.fromkeys(found))


def _walk(root: HtmlElement, hidden: Container[HtmlElement], *, first: int = 0) -> Iterator[Line]:
    """Written out in one loop: every page goes through it, element by element."""
    walker = etree.iterwalk(root, events=("start", "end"))
    blocks: list[HtmlElement] = [root]
    parts: list[str] = []
    linked = links = 0
    position = first
    for event, element in walker:
        tag = element.tag
        is_block = tag in BLOCK_TAGS
        if parts and (is_block or tag == "br"):
            if text := _line("".join(parts)):
                share = min(1.0, linked / len(text)) if linked else 0.0
                yield Line(text=text, element=blocks[-1], position=position, link_share=share)
                position += 1
            parts.clear()
            linked = 0
        if event == "start":
            if is_block:
                blocks.append(element)
            elif tag == "a":
                links += 1
            if tag in UNSEEN_TAGS or element in hidden:
                walker.skip_subtree()
                continue
            said = element.text
        else:
            if is_block:
                blocks.pop()
            elif tag == "a":
                links -= 1
            if element is root:
                break  # what follows it belongs to its parent
            said = element.tail
        if said and (parts or not said.isspace()):
            parts.append(said)
            if links:
                linked += len(said.strip())
    if text := _line("".join(parts)):
        share = min(1.0, linked / len(text)) if linked else 0.0
        yield Line(text=text, element=blocks[-1], position=position, link_share=share)


def _line(text: str) -> str:
    """`one_line`, with its tests made when the white space is one already: most lines then need
    nothing more."""
    line = " ".join(text.split())
    if line.isprintable() and unicodedata.is_normalized("NFC", line):
        return line
    return one_line(text)
