"""The body of an article: as clean HTML with absolute addresses, and as text by paragraphs.

The source's selector says where it is, else trafilatura, else the densest part of the page. What
trafilatura found is looked up again on the page and cut out there, so that tables, figures, code
and formulas stay as the journal set them. Does not judge notices: it takes out the lines that it
is told to, at the ends of the body.
"""

from __future__ import annotations

import re
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from crawler.reading import markup
from crawler.reading.block import is_paragraph, width
from crawler.reading.document import MOST_ELEMENTS, letters, place_of, select, written_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bs4 import BeautifulSoup, Tag
    from lxml.html import HtmlElement

    from crawler.reading.block import Block
    from crawler.reading.document import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """`text` is the paragraphs with a newline between them, `where` how the body was found,
    `container` the element that it was cut out of, where it was one. `cut_off` is how many
    letters followed the article there."""

    text: str
    html: str
    where: str
    container: HtmlElement | None = None
    cut_off: int = 0


def read_body(
    document: Document,
    block: Block,
    *,
    selector: str | None = None,
    unwanted: Collection[str] = (),
    with_extractor: bool = True,
) -> Body | None:
    """Cut the body out of a page. `selector` is the source's own. `unwanted` are
    lines as printed that leave the body where they stand at its beginning or end: title,
    by-line, masthead, notice, signature. Without the extractor the densest part is the body."""
    refused = frozenset(map(letters, unwanted)) - {""}
    if selector and (selected := select(document.tree, selector)):
        return _cut(selected, document, f"selector {selector}", refused)
    wanted = _extract(document, block) if with_extractor and not document.is_huge else ""
    if wanted:
        lines = wanted.split("\n")
        wanted = "\n".join(lines[: _end_of_article(lines)])
        return _cut_what_says(wanted, document, refused) or _as_plain(wanted, refused)
    if block.container is not None and block.container.tag not in ("body", "html"):
        return _cut([block.container], document, f"densest: {place_of(block.container)}", refused)
    return None


def cut_known_body(
    document: Document,
    container: HtmlElement,
    *,
    unwanted: Collection[str],
    not_text: frozenset[str],
) -> Body | None:
    """Cut the body out where it is known to be. `not_text` are names of elements (path.name_of)
    that hold none of it."""
    refused = frozenset(map(letters, unwanted)) - {""}
    where = f"learned: {place_of(container)}"
    return _cut([container], document, where, refused, not_text=not_text)


# How much of trafilatura's text must be in what was cut out of the page, and how much of a
# container's text it takes to go down into it; below, the page is set in a way we do not follow.
_FAITHFUL = 0.9
_MOSTLY = 0.98
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# More lines than a masthead has; BeautifulSoup looks through all of a block's lines to drop one.
_MOST_TRIMMED = 100
# BeautifulSoup takes a second for two million. The longest body of the corpus has 175,000.
_MOST_SIGNS = 500_000
# A line this short is in any long text by chance.
_SHORT = 8


def _extract(document: Document, block: Block) -> str:
    """What trafilatura takes for the body, as text. Its own rules first: the other extractors that
    it asks for a second opinion say the same on twelve pages of thirteen, and take a third of the
    time. They are asked where its rules leave out most of what is written on the page, or of its
    densest part: a list whose every point has a link. The threads of a forum are all comments to
    it: these are asked for where hardly anything else was found."""
    tree = _visible(document)
    text, _ = _extracted(tree, fast=True)
    key = letters(text)
    if len(key) < _running_text(document) * _MOST_OF_THE_PAGE or _lacks_most(key, document, block):
        text, _ = _extracted(tree)
    if len(text) < _HARDLY_ANYTHING:
        again, comments = _extracted(tree, with_comments=True)
        if len(comments) > _A_THREAD * len(text) and len(comments) >= _HARDLY_ANYTHING:
            return f"{again}\n{comments}".strip()
    return text


def _extracted(
    tree: HtmlElement, *, fast: bool = False, with_comments: bool = False
) -> tuple[str, str]:
    found = bare_extraction(tree, fast=fast, include_comments=with_comments, include_tables=True)
    if not isinstance(found, Extracted):
        return "", ""
    return found.text or "", found.comments or ""


def _running_text(document: Document) -> int:
    """How many letters all paragraphs of a page have, those of its margins too."""
    return sum(len(document.key_of(line)) for line in document.lines if is_paragraph(line))


def _lacks_most(found: str, document: Document, block: Block) -> bool:
    """Whether most of the densest part is not in what was found, where that part is no box beside
    a longer text."""
    keys = [document.key_of(line) for line in block.body if is_paragraph(line)]
    whole = sum(map(len, keys))
    return whole >= len(found) * _MOST_OF_THE_PAGE and whole * _MOST_OF_THE_PAGE > sum(
        len(key) for key in keys if key in found
    )


# Measured on the corpus from 0.1 to 0.7: below 0.3 bodies are lost, above 0.5 nothing is won.
_MOST_OF_THE_PAGE = 0.5
_HARDLY_ANYTHING = 250
_A_THREAD = 4


def _visible(document: Document) -> HtmlElement:
    """A copy of the tree without what people do not see and machines made. What holds most of the
    page's text is shown later by a script, so it stays."""
    dropped = document.hidden | markup.find_machine_made(document)
    half = document.written / 2 if dropped else 0
    places = [
        at
        for at, element in enumerate(document.elements)
        if element in dropped and written_in(element) <= half
    ]
    copy = deepcopy(document.tree)
    elements = list(copy.iter(etree.Element)) if places else []
    for at in places:
        if elements[at].getparent() is not None:
            elements[at].drop_tree()
    for script in list(copy.iter("script")):
        if not (script.get("type") or "").endswith("json"):  # data may hold the text itself
            script.drop_tree()
    etree.strip_elements(copy, *_UNSEEN_BY_ALL, with_tail=False)
    return copy


# The extractor would walk over these some ten times before it drops them.
_UNSEEN_BY_ALL = (
    *("style", "svg", "template", "iframe", "object", "embed", "select", "textarea"),
    *("audio", "video", "map", "canvas"),
)


def _cut_what_says(wanted: str, document: Document, refused: frozenset[str]) -> Body | None:
    """The part of the page that says what trafilatura found, less what it left out."""
    key = letters(wanted)
    container = _smallest_around(document, key, refused)
    if container is None:
        return None
    body = _cut([container], document, f"trafilatura: {place_of(container)}", refused, wanted=key)
    taken_out = sum(len(line) for line in refused if line in key)
    taken_out += sum(len(letters(line)) for line in wanted.split("\n") if _leads_away(line))
    if body is None:
        return None
    said = len(letters(body.text)) + body.cut_off + taken_out
    return body if said >= _FAITHFUL * len(key) else None


def _smallest_around(
    document: Document, wanted: str, refused: frozenset[str]
) -> HtmlElement | None:
    """The deepest element around nearly all lines that say something wanted. Title and by-line
    do not count: with them it would be an element more on some pages and not on others."""
    weights: defaultdict[HtmlElement, int] = defaultdict(int)
    for line in document.lines:
        key = document.key_of(line)
        if len(key) < _SHORT or key in refused or key not in wanted:
            continue
        weights[line.element] += len(key)
        for ancestor in line.element.iterancestors():
            weights[ancestor] += len(key)
    if not weights:
        return None
    total = max(weights.values())
    # Of elements with the same share the deepest comes last in the order of the document.
    around = [element for element, weight in weights.items() if weight >= _MOSTLY * total]
    return max(around, key=lambda element: sum(1 for _ in element.iterancestors()))


def _cut(
    elements: Sequence[HtmlElement],
    document: Document,
    where: str,
    refused: frozenset[str],
    *,
    wanted: str | None = None,
    not_text: frozenset[str] = frozenset(),
) -> Body | None:
    """Elements of the page as a clean body; of very many only their lines, without markup."""
    inside = {each for element in elements for each in element.iter()}
    said = [line.text for line in document.lines if line.element in inside]
    if len(inside) > MOST_ELEMENTS or sum(map(len, said)) > _MOST_SIGNS:
        return _as_plain("\n".join(said), refused, where=f"{where}, lines only")
    soup = markup.read_markup(elements, base=document.base, without=not_text)
    if wanted is not None:
        _keep_only(soup, wanted)
    cut_off = _drop_appended(soup)
    _trim(soup, refused)
    # Anew, for what held only dropped blocks besides its own words is a leaf now.
    paragraphs = [text for leaf in markup.leaves(soup) if (text := markup.text_of(leaf))]
    body_html = markup.finish(soup)
    if not body_html:
        return None
    container = elements[0] if len(elements) == 1 else None
    return Body(
        text="\n".join(paragraphs),
        html=body_html,
        where=where,
        container=container,
        cut_off=cut_off,
    )


def _keep_only(soup: BeautifulSoup, wanted: str) -> None:
    """Drop the blocks that say what is not wanted. Between wanted blocks, pictures, tables and
    code stay even so: trafilatura leaves out short ones; and so does the heading of a wanted one.
    """
    all_leaves = markup.leaves(soup)
    is_wanted = [_is_in(leaf, wanted) for leaf in all_leaves]
    if True not in is_wanted:
        return
    first, last = is_wanted.index(True), len(is_wanted) - 1 - is_wanted[::-1].index(True)
    for place, leaf in enumerate(all_leaves):
        is_heading = leaf.name in _HEADINGS and place < last and is_wanted[place + 1]
        is_between = first < place < last and markup.is_matter(leaf)
        is_kept = is_wanted[place] or is_heading or is_between
        if not is_kept:
            leaf.decompose()


def _is_in(leaf: Tag, wanted: str) -> bool:
    """Whether most of a block's text is wanted. Piece by piece where it is not so as a whole:
    trafilatura leaves out a button or a footnote mark in the middle of a paragraph."""
    key = letters(leaf.get_text())
    if not key or key in wanted:
        return bool(key)
    pieces = [piece for text in leaf.stripped_strings if (piece := letters(text))]
    told = sum(len(piece) for piece in pieces if len(piece) >= _SHORT and piece in wanted)
    return told > len(key) / 2


def _trim(soup: BeautifulSoup, refused: frozenset[str]) -> None:
    """Take the refused lines off both ends, and what leads to other pages."""
    all_leaves = markup.leaves(soup)
    for side in (all_leaves, reversed(all_leaves)):
        written = ((leaf, key) for leaf in side if (key := letters(leaf.get_text())))
        for leaf, key in islice(written, _MOST_TRIMMED):
            if key not in refused and not _leads_away(markup.text_of(leaf)):
                break
            leaf.decompose()


def _drop_appended(soup: BeautifulSoup) -> int:
    """Cut off what follows the article; how many letters that were."""
    last = markup.leaves(soup)[-_MOST_TRIMMED:]
    texts = [markup.text_of(leaf) for leaf in last]
    end = _end_of_article(texts)
    for leaf in last[end:]:
        leaf.decompose()
    return sum(len(letters(text)) for text in texts[end:])


def _end_of_article(lines: Sequence[str]) -> int:
    """Where the first heading of other articles, of a newsletter or of the comments stands that
    has no prose behind it. In the middle of the prose such a heading is that of a box."""
    end = len(lines)
    for place in range(len(lines) - 1, 0, -1):
        if width(lines[place]) > _LONGEST_APPENDED:
            break
        if len(lines[place]) <= _LONGEST_HEADING and _HEADS_OTHERS.fullmatch(lines[place]):
            end = place
    return end


# Two lines of Latin letters, or the longest Chinese title: more is prose, or the teaser of a card
# that is let stand.
_LONGEST_APPENDED = 120
_LONGEST_HEADING = 60
_HEADS_OTHERS = re.compile(
    r"\W*(?:"
    r"(?:(?:see|read|view|browse)\s)?(?:more\s)?related\s(?:articles?|posts?|stories|content|news|reading|topics|items)"
    r"|more\s(?:like\sthis|stories|articles|posts|news)|(?:read\s)?more\s(?:from|by|on|about)\s.{1,40}"
    r"|you\s(?:may|might)\salso\s.{3,30}|recommended(?:\s(?:for\syou|reading|articles|stories|posts))?"
    r"|(?:leave|add|post|write)\s(?:a|your)\s(?:comment|reply)|(?:join|subscribe\sto|sign\sup\s(?:for|to))\s.{0,30}newsletters?"
    r"|subscribe\sto\sget\s.{5,45}|powered\sby\s.{2,50}|sign\s(?:up|in)|log\s?in"
    r"|(?:相关|相關|延伸|推荐|推薦|热门|熱門|更多|最新|精彩)(?:阅读|閱讀|文章|新闻|新聞|报道|報道|报导|資訊|资讯|推荐|推薦|链接|連結|内容|內容)"
    r"|猜你喜[欢歡]|(?:发表|發表|我要|网友|網友)(?:评论|評論|留言)"
    r"|das\skönnte\ssie\sauch\sinteressieren|mehr\szum\sthema|(?:weitere|ähnliche)\s(?:artikel|beiträge)|lesen\ssie\sauch"
    r"|(?:à\s)?lire\saussi|articles?\s(?:liés|similaires|connexes)|laisser\sun\scommentaire"
    r"|(?:artículos|noticias)\srelacionad[ao]s|te\spuede\sinteresar|deja\sun\scomentario"
    r"|関連(?:記事|リンク|ニュース)|おすすめ(?:記事)?|관련\s?기사"
    r")\W*",
    re.IGNORECASE,
)


def _leads_away(text: str) -> bool:
    return len(text) <= _LONGEST_LEADING_AWAY and _LEADS_AWAY.fullmatch(text) is not None


_LONGEST_LEADING_AWAY = 120
# Lines that lead to the next page or article, to where it is shared or printed. What is said
# behind the colon is another article's title.
_LEADS_AWAY = re.compile(
    r"\W*(?:(?:上|下|前|后|後)一?[篇页頁条條则則](?:\s*[:：].{0,80})?|分享(?:到|至).{0,40}"
    r"|第\s*\d+\s*[页頁]|共\s*\d+\s*[页頁]|首[页頁]|[尾末][页頁]|返回.{0,6}|打印(?:本页|本文)?|关闭(?:窗口|本页)?|收藏(?:本文)?"
    r"|回到?顶部|\d++|previous(?:\s(?:page|article|post))?(?:\s*:.{0,100})?"
    r"|next(?:\s(?:page|article|post))?(?:\s*:.{0,100})?|[\s|\[\]【】<>«»‹›·…./-]++)++",
    re.IGNORECASE,
)


def _as_plain(wanted: str, refused: frozenset[str], *, where: str = "trafilatura") -> Body | None:
    """Lines as paragraphs: trafilatura's own, where they cannot be found on the page again."""
    lines = [line for line in wanted.split("\n") if line.strip()]
    while lines and (letters(lines[0]) in refused or _leads_away(lines[0])):
        lines.pop(0)
    while lines and (letters(lines[-1]) in refused or _leads_away(lines[-1])):
        lines.pop()
    if not lines:
        return None
    return Body(
        text="\n".join(lines),
        html="".join(f"<p>{escape(line, quote=False)}</p>" for line in lines),
        where=where,
    )
