"""Find the masthead 刊头 among the lines of a page: label → value, in the order printed.

Pure. What a label means, and whether its number checks, is for `sources.masthead` to say. A
masthead is taken for one only when two labels stand together and one of them is such as journals
alone print: `版本: 2` and `语言: 中文` on a page about software make none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foundation.text import is_chinese, one_line, to_simplified
from sources.masthead import (
    SYNONYMS,
    find_cn,
    find_issn,
    interval_of,
    is_known_label,
    normal_label,
    parse_masthead,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# The longest value met is a list of databases; prose after a colon is longer.
_LONGEST_VALUE = 120
_LONGEST_UNKNOWN_VALUE = 40
_LONGEST_LABEL = 12

# 期刊基本参数 as GB/T (CAJ-CD) orders them: CN*founded*period*format*pages*language*carrier*price*
# print run*articles*month.
_PARAMETERS = (
    *("CN", "创刊时间", "周期", "开本", "页数", "语种"),
    *("载体类型", "定价", "印数", "文章篇数", "出版年月"),
)
_PARAMETERS_LINE = re.compile(r"CN\s?\d{2}-\d{4}[^*]{0,8}(?:\*[^*\s]{1,12}){8,10}")

# What a line must have to be worth a closer look.
_MAY_LABEL = re.compile(r"[:：]|ISSN|issn|CN\s?\d")

# Values known without their label, where they stand last behind a gap: 主办：某某学会 季刊.
_BARE_PERIOD = re.compile(r"[\u4e00-\u9fff]{1,3}刊")
_BARE_FORMAT = re.compile(r"大?\d{1,2}开本?|[A-C]\d")
_BARE_FOUNDING = re.compile(r"((?:18|19|20)\d\d年?(?:\d{1,2}月)?)(?:创刊|創刊)")
_LAST = re.compile(r"(?P<first>.*\S)\s+(?P<last>\S+)")
# 刊名：经济 季刊 is all a name.
_NAMES_OF_JOURNALS = frozenset(("现用刊名", "曾用刊名"))

# Without any of these no row is `_is_of_a_journal`, and no line need be looked at closely: a
# number like an ISSN or a CN, the label of a 周期 (each wording of it ends so), or of an 邮发代号.
_NUMBER_LIKE = re.compile(r"\d\d\s?[-‐‑‒–—―−－]\s?\d{3}")
_PERIOD_LIKE = re.compile(
    r"(?:[周週刊]\s*期|[频頻]\s*[率度]|requency|REQUENCY|[주간]\s*기)[】\])]?\s*(?:[:：]|$)",
    re.MULTILINE,
)
_PERIOD_SIGNS = ("期", "率", "度", "requency", "REQUENCY", "기")
_BEHIND_A_GAP = re.compile(r"[办辦管版][^\n]*\s[半双雙]?[日周週旬月季年]刊(?:\s|$)")

# Labels of an article, which may stand next to a masthead and are no part of it.
_ARTICLE_LABEL = re.compile(
    r"作者|来源|時間|时间|日期|发布|發布|更新|浏览|瀏覽|阅读|閱讀|点击|點擊|编辑$|責編|责编|标签|"
    r"关键词|摘要|本文由|字号|制作|版权"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """One label and its value. `is_known` is whether the label is one of a masthead."""

    label: str
    value: str
    is_known: bool


def find_masthead(lines: Sequence[str]) -> Mapping[str, str]:
    """The labels by their normal names, each with its first value; empty where none is found.
    Unknown labels count as long as they stand among known ones. The parts of a line of
    期刊基本参数 follow it under names of their own."""
    found: dict[str, str] = {}
    for run in _find_runs(lines) if _may_be_a_journal("\n".join(lines)) else ():
        if _is_masthead(run):
            told = {row.label for row in run if _is_of_a_journal(row)}
            for row in run:
                # 刊期：某某学会 is no period where another row of the run has one.
                if row.label not in told or _is_of_a_journal(row):
                    found.setdefault(row.label, row.value)
    for label, value in _find_parameters(lines):
        found.setdefault(label, value)
    return found


def _may_be_a_journal(text: str) -> bool:
    return (
        _NUMBER_LIKE.search(text) is not None
        or "邮" in text
        or "郵" in text
        or (any(sign in text for sign in _PERIOD_SIGNS) and _PERIOD_LIKE.search(text) is not None)
        or ("刊" in text and _BEHIND_A_GAP.search(text) is not None)
    )


def _find_runs(lines: Sequence[str]) -> Iterator[list[_Row]]:
    """The rows that stand together. An empty line parts nothing."""
    run: list[_Row] = []
    for line in _join_cells([line for line in map(one_line, lines) if line]):
        rows = list(_find_rows(line))
        if not rows and run:
            yield run
            run = []
        run.extend(rows)
    if run:
        yield run


def _is_masthead(run: Sequence[_Row]) -> bool:
    known = {row.label for row in run if row.is_known}
    return len(known) > 1 and any(_is_of_a_journal(row) for row in run)


def _is_of_a_journal(row: _Row) -> bool:
    """Whether nothing but a journal prints this."""
    match row.label:
        case "ISSN" | "eISSN":
            return find_issn(row.value) is not None
        case "CN":
            return find_cn(row.value) is not None
        case "周期":
            return interval_of(row.value) is not None
        case "邮发代号":
            return re.match(r"\d{1,2}-\d", row.value) is not None
        case _:
            return False


def _join_cells(lines: Sequence[str]) -> Iterator[str]:
    """The lines; the cells of a table, a label alone and then its value, as one."""
    rest = iter(lines)
    for line in rest:
        if len(line) <= _LONGEST_LABEL and is_known_label(line):
            value = next(rest, "")
            yield f"{line}:{value}"
        else:
            yield line


def _find_rows(line: str) -> Iterator[_Row]:
    """The labels of a line with their values; of an unknown label only when it opens the line."""
    matches = _label_matches(line)
    if not matches:
        row = _unknown_row(line)
        if row:
            yield row
        return
    ends = [match.start() for match in matches[1:]] + [len(line)]
    for match, end in zip(matches, ends, strict=True):
        value = line[match.end() : end].strip(" ;；:：,，|｜、/·")
        if 0 < len(value) <= _LONGEST_VALUE:
            yield from _parted(
                normal_label(match["label"] or match["number"] or match["glued"]), value
            )


def _parted(label: str, value: str) -> list[_Row]:
    """A label's value, and behind it the values that need no label."""
    behind: list[_Row] = []
    while label not in _NAMES_OF_JOURNALS and (match := _LAST.fullmatch(value)):
        row = _bare_row(match["last"])
        if row is None or row.label == label:
            break
        behind.insert(0, row)
        value = match["first"].rstrip(" ;；:：,，|｜、/·")
    return [_Row(label=label, value=value, is_known=True), *behind]


def _bare_row(value: str) -> _Row | None:
    if _BARE_PERIOD.fullmatch(value) and interval_of(value):
        return _Row(label="周期", value=value, is_known=True)
    if _BARE_FORMAT.fullmatch(value):
        return _Row(label="开本", value=value, is_known=True)
    if match := _BARE_FOUNDING.fullmatch(value):
        return _Row(label="创刊时间", value=match[1], is_known=True)
    return None


def _label_matches(line: str) -> list[re.Match[str]]:
    """The known labels of a line; `ISSN` before a number is one unless it belongs to a value."""
    matches: list[re.Match[str]] = []
    if not _MAY_LABEL.search(line):
        return matches
    simplified = to_simplified(line) if is_chinese(line) else line
    is_aligned = len(simplified) == len(line)
    for match in _LABEL.finditer(simplified if is_aligned else line):
        before = line[matches[-1].end() : match.start()] if matches else line
        # Of two labels without anything between them the first is the label.
        is_value = match["number"] and matches and not before.strip()
        is_part = match["glued"] and not (matches and before.strip())
        if not (is_value or is_part):
            matches.append(match)
    return matches


def _unknown_row(line: str) -> _Row | None:
    label, _, value = (part.strip() for part in line.replace("：", ":").partition(":"))
    is_label = 1 < len(label) <= _LONGEST_LABEL and 0 < len(value) <= _LONGEST_UNKNOWN_VALUE
    if not is_label or _ARTICLE_LABEL.search(label):
        return None
    return _Row(label=normal_label(label), value=value, is_known=False)


def _find_parameters(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if "*" not in line:
            continue
        match = _PARAMETERS_LINE.search(unicodedata.normalize("NFKC", one_line(line)))
        if match is None:
            continue
        yield "期刊基本参数", match[0]
        period = parse_masthead({"期刊基本参数": match[0]}).period
        for label, value in zip(_PARAMETERS, match[0].split("*"), strict=False):
            if label != "周期":
                yield label, value
            elif period:
                yield label, period


def _spaced(wording: str) -> str:
    """A wording as it may be printed: 主 管 单 位."""
    return r"[\s\u3000]*".join(re.escape(sign) for sign in wording)


_WORDINGS = sorted(
    {wording for label, wordings in SYNONYMS.items() for wording in (label, *wordings)},
    key=len,
    reverse=True,
)
# So long that they are part of no other word: they need no gap before them.
_LONG_WORDINGS = [wording for wording in _WORDINGS if len(wording) > 3 and is_chinese(wording)]
_LABEL = re.compile(
    rf"(?<![^\s|｜;；,，、/【\[(])(?:(?P<label>{'|'.join(map(_spaced, _WORDINGS))})[】\])]?\s*[:：]"
    r"|(?P<number>ISSN\s?(?=\d{4}-\d{3})|CN\s?(?=\d{2}-\d{4})|邮发代号\s?(?=\d{1,2}-\d)))\s*"
    rf"|(?P<glued>{'|'.join(_LONG_WORDINGS)})[】\])]?\s*[:：]\s*",
    re.IGNORECASE,
)
