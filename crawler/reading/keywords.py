"""The keywords of an article: those that its markup names and those printed behind their label.
Gives strings as found, best place first; crawler.normalise parts and checks them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.metadata import unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.reading.block import Block
    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata


@dataclass(frozen=True, kw_only=True, slots=True)
class Keywords:
    """What was found, and the lines of the page that it was read from."""

    found: tuple[Found, ...]
    lines: tuple[Line, ...]


def find_keywords(document: Document, metadata: Metadata, block: Block) -> Keywords:
    """Tags for scholars, then print, then the tags that other systems write, and last
    `<meta name=keywords>`, which is the site's own list as often as the article's."""
    near = chain(block.head, block.body[:_LABELLED_LINES], block.tail)
    printed = next(_printed(document, tuple(near)), None)
    found = chain(
        metadata.all("keywords"),
        (printed[0],) if printed else (),
        metadata.all("tags"),
        metadata.all("page_keywords"),
    )
    return Keywords(found=unique(found), lines=printed[1] if printed else ())


# As for abstracts: what comes later in a body belongs to its text.
_LABELLED_LINES = 40
_LONGEST_LINE = 400

_HAN = r"(?:中文)?(?:关\s?键\s?[词字]|關\s?鍵\s?[詞字]|主题词|主題詞)"
_OTHER = (
    r"(?:english\s)?key\s?-?words?(?:\sand\sphrases)?|キーワード|키워드|주제어|schlüsselwörter|schlagwörter"
    r"|mots[\s-]cl[ée]s|palabras\sclave|parole\schiave|palavras-chave"
)
# Behind the word a colon or a bracket, or nothing at all: `Keywords matter` is a sentence.
_END = r"\s*(?:[(（]\s*(?:key\s?words?|关键词)\s*[)）])?\s*(?:[】\]]?\s*[:：]+|[】\]]|>>|»|$)\s*"
_LABELS = (
    re.compile(rf"^\W*{_HAN}{_END}", re.IGNORECASE),
    re.compile(rf"^\W*(?:{_OTHER}){_END}", re.IGNORECASE),
)
# Where the next label of the same line begins: 中图分类号：, Key words:.
_NEXT = re.compile(
    r"[\s,，;；]+(?:[【\[][^】\]]{2,12}[】\]]"
    r"|(?:[\u4e00-\u9fff]{2,10}|key\s?words?|abstract|doi|clc[\w\s]{0,12})\s*[:：])",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[;；,，、|｜]")


def _printed(
    document: Document, lines: tuple[Line, ...]
) -> Iterator[tuple[Found, tuple[Line, ...]]]:
    """What stands behind the label or, where the label has a line of its own, on the next one;
    in the language of the page first."""
    for label in _LABELS if document.is_chinese else reversed(_LABELS):
        for line, following in pairwise((*lines, *lines[-1:])):
            match = label.match(line.text) if len(line.text) <= _LONGEST_LINE else None
            if match is None:
                continue
            if value := line.text[match.end() :]:
                told: tuple[Line, ...] = (line,)
            else:
                value, told = _below(match[0], following), (line, following)
            if end := _NEXT.search(value):
                value = value[: end.start()]
            if 0 < len(value) <= _LONGEST_LINE:
                yield Found(text=value, where="label 关键词"), told


def _below(label: str, following: Line) -> str:
    """关键词 above a search box has no colon, and what follows it is no list."""
    is_list = label.rstrip().endswith((":", "：")) or _SEPARATOR.search(following.text)
    return following.text if is_list else ""
