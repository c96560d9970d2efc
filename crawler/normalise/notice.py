"""转载声明: read what a text says on re-publishing, and which of a page's notices holds.

Pure: no network, no clock. The words are in `notice_words`, the decision in `notice_rules`; the
verbatim text is never changed. An error towards freedom gives away a text: in doubt, stricter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.model import NoticeClass, ReprintNotice
from crawler.normalise.notice_license import find_license, mark_licenses
from crawler.normalise.notice_parts import (
    find_condition,
    find_contact,
    find_holder,
    find_origin,
    has_source_line,
    is_nobody_else,
    is_same_name,
)
from crawler.normalise.notice_rules import (
    BARE_LICENSE,
    NO_RULE,
    decide,
    list_kinds,
    list_obligations,
)
from crawler.normalise.notice_sign import LICENSE_MARK, Sign, split_sentences
from crawler.normalise.notice_words import LANGUAGES, NOTICE_HINT
from foundation.text import is_chinese, join_cjk, one_line, to_simplified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.model import Found

__all__ = ["ELSEWHERE", "NOTICE_HINT", "REPRINT_TAG", "choose", "classify", "find_notices"]

# A kind for a notice that the page prints and that does not speak of this article.
ELSEWHERE = "elsewhere"

# What lets others publish the text. A page that is a reprint cannot give any of these.
_GIVING = frozenset(
    {
        NoticeClass.OPEN_LICENSE,
        NoticeClass.FREE,
        NoticeClass.FREE_ATTRIBUTION,
        NoticeClass.NC_ATTRIBUTION,
    }
)
# Strictest first: the order in which notices of one place contradict each other.
_STRICTNESS = (
    NoticeClass.FORBIDDEN,
    NoticeClass.THIRD_PARTY,
    NoticeClass.PERMISSION,
    NoticeClass.NC_ATTRIBUTION,
    NoticeClass.FREE_ATTRIBUTION,
    NoticeClass.FREE,
    NoticeClass.OPEN_LICENSE,
    NoticeClass.RESERVED,
)
# From the article outwards. What the page says of itself in its head stands with the template.
_PLACES = (("article",), ("template", "meta", "link"), ("column", "page"), ("footer",))
# A notice is some sentences long. Of a longer text only the sentences that may be one are read:
# that keeps the cost in bounds, and the prose around it from being read as part of the notice.
_LONGEST = 600

_CIRCLED_C = re.compile("[ⓒⒸ]")
# What a notice is headed with says nothing, and 须知 would be read as a must.
_HEADING = re.compile(
    r"^[\[【「『(<]\s?(?:转载|轉載|版权|版權|授权|授權)?(?:须知|須知)\s?[\]】」』)>]\s?",
    re.MULTILINE,
)
_ENDED = re.compile(r"[。.!?！？；;]\W*$")
# A licence and at most a holder after it. A name before it is the credit of some picture.
_BARE_LICENSE = re.compile(rf"^[\W_]*{LICENSE_MARK}[\W_]*(?:[^\W\d_][\w.-]*\s?){{0,3}}[\W_]*$")
# Two of these are a list of threads, not a notice.
REPRINT_TAG = re.compile(r"[(\[【「]转(?:载|帖|贴)?[)\]】」]")


def classify(
    text: str, *, language: str | None = None, outlets: Sequence[str] = ()
) -> ReprintNotice:
    """What the text says. `outlets` are the names of the page's own journal and site: a line
    `来源：X` that names one of them makes no reprint. Without any notice the class is `none`."""
    folded = _fold(text, language)
    origin = find_origin(text)
    signs = _read_signs(folded, language)
    if has_source_line(text):
        signs |= {Sign.SOURCE_LINE}
    if origin and origin.name and is_same_name(origin.name, outlets):
        signs -= {Sign.REPRINTED, Sign.FIRST_ELSEWHERE, Sign.SOURCE_LINE}
    rule = decide(signs)
    is_notice = rule.class_ is not NoticeClass.NONE
    license_ = find_license(folded) if rule.class_ is NoticeClass.OPEN_LICENSE else None
    return ReprintNotice(
        class_=rule.class_,
        text=text,
        obligations=list_obligations(rule.class_, signs, license_),
        kinds=list_kinds(rule.class_, signs),
        license=license_.id if license_ else None,
        license_url=license_.url if license_ else None,
        origin=origin if rule.class_ is NoticeClass.THIRD_PARTY else None,
        holder=find_holder(text) if is_notice else None,
        contact=find_contact(text) if is_notice else None,
        rule=rule.name,
    )


def find_notices(
    raw: Sequence[Found],
    *,
    language: str | None = None,
    source_name: str | None = None,
    journal: str | None = None,
    outlets: Sequence[str] = (),
) -> tuple[ReprintNotice, ...]:
    """The notices among strings that may be some, in their order, each text once.

    `source_name` is what the article's own 来源 says, `journal` and `outlets` are the names of
    the journal and its site. A notice that holds for other articles only (凡本网注明“来源：X”…)
    is kept, with `elsewhere` among its kinds.
    """
    own = (*((journal,) if journal else ()), *outlets)
    notices: dict[str, ReprintNotice] = {}
    for found in _join_torn(raw, language):
        notice = classify(found.text, language=language, outlets=own)
        if notice.class_ is not NoticeClass.NONE and found.text not in notices:
            is_elsewhere = not _holds_here(notice, found, source_name, own)
            kinds = (*notice.kinds, ELSEWHERE) if is_elsewhere else notice.kinds
            notices[found.text] = replace(notice, where=found.where, kinds=kinds)
    return tuple(notices.values())


def choose(notices: Sequence[ReprintNotice]) -> ReprintNotice | None:
    """The notice that holds: the nearest to the article, of two at one place the stricter. A mere
    copyright line gives way to any words on re-publishing, except where these would give the
    text away from farther off."""
    here = [notice for notice in notices if _is_sure(notice)]
    telling = [notice for notice in here if notice.class_ is not NoticeClass.RESERVED]
    reserving = [notice for notice in here if notice.class_ is NoticeClass.RESERVED]
    chosen = min(telling, key=_order, default=None)
    reserved = min(reserving, key=_order, default=None)
    if chosen is None or reserved is None:
        return chosen or reserved
    is_nearer = _distance(reserved) < _distance(chosen)
    return reserved if is_nearer and chosen.class_ in _GIVING else chosen


def _is_sure(notice: ReprintNotice) -> bool:
    """Whether a notice speaks of this article. A mere licence name may be a picture's, unless the
    page marks it up as its own (`rel=license`, a meta tag)."""
    is_marked_up = "license" in notice.where or notice.where.startswith("meta")
    return ELSEWHERE not in notice.kinds and (notice.rule != BARE_LICENSE or is_marked_up)


def _order(notice: ReprintNotice) -> tuple[int, int]:
    return _distance(notice), _STRICTNESS.index(notice.class_)


def _distance(notice: ReprintNotice) -> int:
    """How far from the article; an unknown place is as far as the footer."""
    ranks = (rank for rank, place in enumerate(_PLACES) if notice.where.startswith(place))
    return next(ranks, len(_PLACES) - 1)


def _holds_here(
    notice: ReprintNotice, found: Found, source_name: str | None, own: Sequence[str]
) -> bool:
    """Whether a notice speaks of an article whose 来源 is `source_name`; where that is not known,
    the article is the site's own (READING.md §5, rule 3)."""
    is_own = (
        source_name is None
        or not own
        or is_nobody_else(source_name)
        or is_same_name(source_name, own)
    )
    condition = find_condition(found.text)
    if condition is None:
        return is_own or notice.class_ not in _GIVING
    if condition.is_other:
        return not is_own
    if condition.name and source_name:
        return is_same_name(source_name, (condition.name,))
    return is_own


def _join_torn(raw: Sequence[Found], language: str | None) -> Iterator[Found]:
    """The strings; two at one place that are halves of one sentence as one. Halves are known by
    their meaning together: `不得转载` alone forbids, after `未经授权` it asks."""
    held: Found | None = None
    for found in raw:
        if held is not None and _is_torn(held, found, language):
            held = replace(held, text=f"{held.text}\n{found.text}")
            continue
        if held is not None:
            yield held
        held = found
    if held is not None:
        yield held


def _is_torn(first: Found, second: Found, language: str | None) -> bool:
    if first.where != second.where or _ENDED.search(first.text):
        return False
    classes = [classify(found.text, language=language).class_ for found in (first, second)]
    joined = classify(f"{first.text}\n{second.text}", language=language).class_
    return joined is not NoticeClass.NONE and joined not in classes


def _read_signs(folded: str, language: str | None) -> frozenset[Sign]:
    """Every statement that the text makes, in any language that may speak in it."""
    text, license_ = mark_licenses(folded)
    silent = "ja" if _is_chinese(folded, language) else "zh"
    speaking = [
        words for words in LANGUAGES if words.language != silent and words.may_speak.search(text)
    ]
    signs: set[Sign] = set()
    for words in speaking:
        text, hidden = words.hide(text)
        signs |= hidden
    for words in speaking:
        signs.update(words.find(text))
    if decide(frozenset(signs)) is NO_RULE:
        signs.update(sign for words in speaking for sign in words.guess(text))
    if decide(frozenset(signs)) is not NO_RULE:
        signs.update(sign for words in speaking for sign in words.find(text, besides=True))
    if Sign.CREDITS in signs:
        signs.add(Sign.MARKS)
    if license_ and license_.id and _BARE_LICENSE.search(text):
        signs.add(Sign.NAMES_LICENSE)
    if len(REPRINT_TAG.findall(text)) > 1:
        signs.discard(Sign.REPRINTED)
    return frozenset(signs)


def _fold(text: str, language: str | None) -> str:
    """The text as the tables of words expect it. Only Chinese is made simplified (rule 6)."""
    # NFKC makes a bare letter of the circled one.
    text = _CIRCLED_C.sub("©", text)
    lines = (one_line(line) for line in unicodedata.normalize("NFKC", text).splitlines())
    folded = join_cjk("\n".join(line for line in lines if line).lower())
    folded = _HEADING.sub("", folded)
    if len(folded) > _LONGEST:
        folded = "".join(part for part in split_sentences(folded) if NOTICE_HINT.search(part))
    return to_simplified(folded) if _is_chinese(folded, language) else folded


def _is_chinese(text: str, language: str | None) -> bool:
    return is_chinese(text) and not (language or "").lower().startswith(("ja", "ko"))
