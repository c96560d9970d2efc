"""The title candidates of an article page, best first, and the line where the title stands.

Cuts no suffix that nothing on the page confirms; the rest of normalising (columns, marks,
learned suffixes) is the work of crawler.normalise.title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.normalise.title import normalise_title
from crawler.reading.document import letters
from crawler.reading.metadata import unique
from crawler.reading.over_text import find_over_byline, find_over_text
from crawler.reading.site_name import (
    SEPARATOR,
    begins_a_name,
    is_home,
    is_logo,
    is_site_name,
    less_names,
    site_names,
)
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """The candidates, and the line that shows the title (None when no line does)."""

    titles: tuple[Found, ...]
    line: Line | None


def find_headline(document: Document, metadata: Metadata, *, listed: str | None = None) -> Headline:
    """Every title candidate, most believed first.

    The head of a page *claims* a title, its lines *show* one. A shown line that a claim begins
    with needs no other witness: neither the site's name in an h1 nor the suffix of a `<title>`
    passes that. `_score` weighs the rest.
    """
    names = site_names(document, metadata)
    claims = [
        Found(text=less_names(claim.text, names), where=claim.where)
        for claim in _claims(document, metadata)
    ]
    witness = _Witness.of(claims)
    sites = [key for claim in claims if is_site_name(claim.text) and (key := letters(claim.text))]
    shown = [
        Found(text=less_names(text, names), where=tag)
        for text, tag in islice(_shown(document, witness), _MOST_SHOWN)
        if (key := letters(text)) not in names and not begins_a_name(key, sites)
    ]
    if below := _below_a_banner(document, witness):
        names = replace(names, keys=names.keys | witness.wholes)
        shown = [Found(text=below.text, where="over text")]
    elif not any(map(witness.shows, shown)):
        shown += find_over_text(document, sites=sites)
    menu = _menu(document) if not any(map(witness.shows, shown)) else frozenset()
    candidates = [
        found
        for found in (*shown, *(_less_columns(claim, menu) for claim in claims))
        if found.text and letters(found.text) not in names
    ]
    if listed:
        candidates.append(Found(text=listed, where="list"))
    # Journals give the English title to machines alone.
    is_told_in_chinese = document.is_chinese and any(
        _HAN.search(found.text) and witness.begins(letters(found.text)) for found in shown
    )
    h1_count = len(document.tagged("h1"))

    def score(found: Found) -> float:
        key = letters(found.text)
        is_other = (
            is_site_name(found.text)
            or (key in menu and found.where in _CLAIMED)
            or (is_told_in_chinese and _CITED.search(found.where) and not _HAN.search(found.text))
        )
        return _score(found, witness, h1_count) - (_NOT_OF_THIS_PAGE if is_other else 0.0)

    # sorted() keeps the order of the page among equals
    ranked = sorted(candidates, key=score, reverse=True)
    titles = unique(
        _unkickered(_untailed(_uncut(found, claims), claims), claims) for found in ranked
    )
    line = _line_of((*ranked[:1], *titles), document)
    best = (_with_subtitle(title, line, document) for title in _less_menu(titles[:1], document))
    return Headline(titles=unique((*best, *titles)), line=line)


def _below_a_banner(document: Document, witness: _Witness) -> Line | None:
    """The line over the by-line, where the heading of the first rank is all that the head of the
    page claims and stands over the menu: the site's name, on every page of it."""
    if len(witness.wholes) != 1:
        return None
    (key,) = witness.wholes
    heading = next(iter(document.tagged("h1")), None)
    if heading is None or letters("".join(heading.itertext())) != key:
        return None
    for signed in find_over_byline(document):
        above = document.lines[: signed.position]
        at = next((line.position for line in above if line.element is heading), signed.position)
        if any(is_home(line.text) for line in above[at + 1 :]):
            return signed
    return None


def _menu(document: Document) -> frozenset[str]:
    """Short texts of the page's links: a claim that nothing shows and a link says is the name of
    a column."""
    links = islice(document.tagged("a"), _MOST_LINKS)
    texts = (one_line("".join(link.itertext())) for link in links)
    return frozenset(letters(text) for text in texts if len(text) <= _LONGEST_IN_A_MENU)


def _less_menu(titles: Sequence[Found], document: Document) -> list[Found]:
    """Titles without the column that the heading has behind `>` as well: 渡口 > 小说."""
    is_crumb = any(">" in title.text or "＞" in title.text for title in titles)
    return [_less_columns(title, _menu(document)) for title in titles] if is_crumb else [*titles]


def _less_columns(claim: Found, menu: Container[str]) -> Found:
    """A claim without trailing parts that the menu has as well: 渡口 - 小说 is 渡口."""
    text = claim.text
    while cuts := [match.span() for match in SEPARATOR.finditer(text)]:
        if letters(text[cuts[-1][1] :]) not in menu or not letters(text[: cuts[-1][0]]):
            break
        text = text[: cuts[-1][0]]
    return Found(text=text, where=claim.where)


# What a place is worth by itself. Measured on the corpus: an h1 alone is the title in 87 of 100
# pages that have just one, in half of those with several; og:title in 61, `<title>` in 20.
_PLACE = {
    "h1": 3.0,
    "h2": 1.5,
    "h3": 1.0,
    "h4": 1.0,
    "line": 0.8,
    "over text": 2.0,
    "centred": 1.0,
    "title": 1.5,
    "list": 1.4,
}
_CITATION, _SOCIAL = 9.0, 2.5
_ONE_OF_SEVERAL_H1 = 2.2
# What a claim that begins with the line adds, times the share of the claim that the line covers;
# a part that is not the beginning is as likely the column's or the site's name.
_CONFIRMED, _INNER_PART, _SMALL_LAST_PART = 3.0, -0.5, -1.5
_SMALL = 0.45
# What a heading confirms of a claim that was cut to fit: 旧码头的新作坊与…
_CUT = 0.8
# What the name of the site or of a column loses wherever it stands.
_NOT_OF_THIS_PAGE = 5.0
_LONGEST_IN_A_MENU = 12
# What an h1 that no claim confirms loses, and wins back as far as it sounds like one.
_UNCONFIRMED, _ALIKE = 0.3, 1.5
# Below, being alike says little: 会报 is in any title that the column's name follows.
_PAIRS = 6
# A line of three letters that is no heading confirms nothing: 首页 begins many titles.
_LINE_CHARS = 4
_LONGEST_SUBTITLE = 60
_SUBTITLE = re.compile(r"(?:—|─|－){2}\s?\w")

# Half a million characters in an h1 are no title, and comparing them takes seconds.
_LONGEST = 2_000
# The longest page of the corpus has 3,000 lines, and 38 headings of the first rank.
_MOST_LINES, _MOST_SHOWN = 10_000, 300
_MOST_LINKS = 3_000

_CLAIMED = frozenset({"title", "list"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_HAN = re.compile(r"[\u4e00-\u9fff]{4}")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Witness:
    """The claims as keys: whole, and in their parts between separators."""

    wholes: frozenset[str]
    parts: frozenset[str]
    pairs: frozenset[str]
    cut: frozenset[str]
    long: tuple[str, ...]

    @classmethod
    def of(cls, claims: Sequence[Found]) -> _Witness:
        split = [
            [key for part in SEPARATOR.split(claim.text) if (key := letters(part))]
            for claim in claims
        ]
        wholes = frozenset(letters(claim.text) for claim in claims) - {""}
        return cls(
            wholes=wholes,
            parts=frozenset(part for parts in split for part in parts),
            pairs=frozenset(pair for whole in wholes for pair in _pairs(whole)),
            cut=frozenset(
                key
                for claim in claims
                for part in SEPARATOR.split(claim.text)
                if _CUT_OFF.search(part) and len(key := letters(part)) >= _LETTERS_OF_A_CUT
            ),
            long=tuple(claim.text for claim in claims if len(claim.text) >= _LEAST_LENGTH),
        )

    def shows(self, found: Found) -> bool:
        """Whether a line of the page is what the head claims, and no name of the site."""
        key = letters(found.text)
        return (self.confirms(key) or self.goes_on(found.text, key)) and not is_site_name(
            found.text
        )

    def goes_on(self, text: str, key: str) -> bool:
        """Whether a line begins with a claim that ends in dots, or goes on where a long claim
        ends in the middle of its words: some systems cut at a length and say nothing."""
        if any(key.startswith(part) and key != part for part in self.cut):
            return True
        rests = (text[len(said) :] for said in self.long if text.startswith(said))
        return any(_WORDS_GO_ON.match(rest) and not _TAIL.match(letters(rest)) for rest in rests)

    def begins(self, key: str) -> bool:
        return any(whole.startswith(key) for whole in self.wholes)

    def ends(self, key: str) -> bool:
        return any(whole.endswith(key) for whole in self.wholes)

    def confirms(self, key: str) -> bool:
        return key in self.parts or self.begins(key)

    def coverage(self, key: str) -> float:
        around = [_width(whole) for whole in self.wholes if key in whole]
        return _width(key) / min(around) if around else 0.0


def _score(found: Found, witness: _Witness, h1_count: int) -> float:
    key = letters(found.text)
    if found.where not in _PLACE:
        return _CITATION if "title]" in found.where and _CITED.search(found.where) else _SOCIAL
    place = _PLACE[found.where]
    if found.where in ("title", "list"):
        return place
    if witness.goes_on(found.text, key):
        return place + _CONFIRMED * _CUT
    covered = witness.coverage(key)
    if witness.begins(key):
        return place + _CONFIRMED * covered
    if witness.ends(key) and covered < _SMALL:
        return place + _CONFIRMED * covered + _SMALL_LAST_PART
    if key in witness.parts:
        return place + _CONFIRMED * covered + _INNER_PART
    pairs = _pairs(key)
    alike = len(pairs & witness.pairs) / max(_PAIRS, len(pairs))
    return (
        (place if h1_count == 1 else min(place, _ONE_OF_SEVERAL_H1)) + _ALIKE * alike - _UNCONFIRMED
    )


_CUT_OFF = re.compile(r"(?:…|\.{2,})\s*$")
_LETTERS_OF_A_CUT = 6
# Below this no system cuts a title: 15 signs is the shortest limit met.
_LEAST_LENGTH = 14
# Chinese words behind it, and no bracket, bar or space.
_WORDS_GO_ON = re.compile(r"[\u3400-\u9fff“《]{2}.{0,60}$")
_CITED = re.compile(r"citation|dc\.|dcterms|prism|eprints", re.IGNORECASE)


def _width(key: str) -> int:
    """How much a key says: a Chinese character as much as three letters."""
    return len(key) + 2 * len(_WIDE.findall(key))


def _pairs(key: str) -> set[str]:
    return {a + b for a, b in pairwise(key)}


def _claims(document: Document, metadata: Metadata) -> list[Found]:
    """What the head of the page says the title is, with whatever suffix."""
    claims = [*metadata.all("title"), *metadata.all("social_title")]
    # For those who share a link. In the body it names a part: an event, a picture.
    claims += (
        Found(text=one_line(text[:_LONGEST]), where="meta[itemprop=name]")
        for text in document.tree.xpath("/html/head/meta[@itemprop='name']/@content")[:1]
    )
    for element in document.tagged("title"):
        parent = element.getparent()
        text = one_line("".join(element.itertext())[:_LONGEST])
        if text and (parent is None or parent.tag != "svg"):
            claims.append(Found(text=text, where="title"))
            break
    return [claim for claim in claims if not _is_cut(claim, claims)]


def _is_cut(claim: Found, claims: Sequence[Found]) -> bool:
    """Whether og:title ends at an unescaped quote that the `<title>` goes on with."""
    rest = next(
        (
            other.text[len(claim.text) :]
            for other in claims
            if other.where == "title" and other.text.startswith(claim.text)
        ),
        "",
    )
    return claim.where.startswith("meta") and rest.lstrip()[:1] in ('"', "“") and bool(rest.strip())


def _shown(document: Document, witness: _Witness) -> Iterator[tuple[str, str]]:
    """Headings of the first rank, and whatever other line a claim confirms; a title that is
    broken over two or three lines is joined as far as a claim goes with it."""
    longest = 2 * max(map(len, witness.wholes), default=0) + 20
    beginnings = {whole[:_LINE_CHARS] for whole in witness.wholes}
    for line in document.lines[:_MOST_LINES]:
        if len(line.text) > _LONGEST:
            continue
        tag = str(line.element.tag)
        is_heading = tag in _HEADINGS
        key = document.key_of(line) if is_heading or len(line.text) <= longest else ""
        if not key or not (is_heading or len(key) >= _LINE_CHARS):
            continue
        if is_heading and key not in witness.wholes and is_logo(line, document):
            continue
        if not is_heading and line.link_share == 1 and len(line.text) <= _LONGEST_IN_A_MENU:
            continue
        if not is_heading and key[:_LINE_CHARS] not in beginnings and key not in witness.parts:
            continue  # most lines of a page: neither of the two below
        if witness.begins(key):
            yield _join_broken(line, document, witness), tag if is_heading else "line"
        elif tag == "h1" or witness.confirms(key) or witness.goes_on(line.text, key):
            yield line.text, tag if is_heading else "line"


def _join_broken(line: Line, document: Document, witness: _Witness) -> str:
    text, key = line.text, document.key_of(line)
    for following in document.lines[line.position + 1 : line.position + 4]:
        more = document.key_of(following)
        if (
            not more
            or (key in witness.parts and not following.text.startswith("—"))
            or not witness.begins(key + more)
        ):
            break
        text, key = f"{text} {following.text}", key + more
    return text


def _with_subtitle(title: Found, line: Line | None, document: Document) -> Found:
    """`——以旧码头为例`, on a line of its own under the title, is of it (READING.md §3)."""
    if line is None or document.key_of(line) != letters(title.text):
        return title
    below = next(iter(document.lines[line.position + 1 :][:1]), line).text
    if len(below) > _LONGEST_SUBTITLE or not _SUBTITLE.match(below):
        return title
    return Found(text=f"{title.text} {below}", where=title.where)


def _unkickered(found: Found, claims: Sequence[Found]) -> Found:
    """A heading with the column's name in front of it, when a claim is the rest of it."""
    key = letters(found.text)
    for claim in claims:
        rest = letters(claim.text)
        if (
            found.where in _HEADINGS
            and len(rest) > len(key) / 2
            and key != rest
            and key.endswith(rest)
            and not key.removesuffix(rest).isdigit()  # 2021 旧码头的新作坊
            and not _says_more(found.text)
        ):
            return claim
    return found


def _says_more(text: str) -> bool:
    """Whether a heading has a mark that the normaliser reads: [原创], 【撤稿】."""
    title = normalise_title(text)
    return bool(title.kinds or title.status or title.is_retracted)


def _uncut(found: Found, claims: Sequence[Found]) -> Found:
    """A heading that was cut to fit, when a claim goes on with it."""
    key = letters(found.text)
    if found.where in _HEADINGS and _CUT_OFF.search(found.text):
        for claim in claims:
            first = SEPARATOR.split(claim.text)[0]
            more = letters(first)
            if more.startswith(key) and more != key and not _CUT_OFF.search(first):
                return Found(text=first, where=claim.where)
    return found


def _untailed(found: Found, claims: Sequence[Found]) -> Found:
    """A heading with what buttons and counters say behind it, when a claim is the beginning."""
    if found.where not in _HEADINGS:
        return found
    key = letters(found.text)
    for claim in claims:
        for part in (claim.text, *SEPARATOR.split(claim.text)):
            begun = letters(part)
            rest = key.removeprefix(begun)
            if begun and rest and rest != key and _TAIL.match(rest):
                return Found(text=part.strip(), where=found.where)
    return found


# In letters only: what follows a title in its own heading.
_TAIL = re.compile(
    r"(?:19|20)\d{6}|字[体体號号]大|大中小|来源|來源|作者|浏览|瀏覽|点击|點擊|阅读|閱讀|人气|分享|收藏|打印|列印|复制链接"
    r"|發佈|发布|发表|时间|日期|評論|评论|热度|views?\d|print$|share$|edit$"
)


def _line_of(titles: Sequence[Found], document: Document) -> Line | None:
    for title in titles[:3]:
        key, first = letters(title.text), title.text[:1]
        same = [
            line
            for line in document.lines
            if line.text.startswith(first) and key.startswith(document.key_of(line) or "\n")
        ]
        whole = [line for line in same if document.key_of(line) == key]
        if same:
            return next(
                (line for line in whole or same if line.element.tag in _HEADINGS),
                (whole or same)[0],
            )
    return None
