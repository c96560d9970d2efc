"""What pages say of the journal itself: its bare name, language, time zone and masthead, each with
where it was found. Pure. Never invents: what no page says is left out, and a name that only the
host gives says so."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.model import Found
from crawler.normalise.masthead import find_masthead
from crawler.normalise.title import is_generic
from crawler.normalise.url import host_key
from crawler.reading.anchors import find_anchors
from crawler.reading.metadata import read_metadata
from foundation.text import fold, is_chinese, join_cjk, one_line, to_simplified
from sources.masthead import find_faults, find_issn, interval_of, is_known_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archive.model import Entry
    from crawler.reading.document import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Journal:
    """A journal as its pages describe it. `masthead` has the normal labels, in printed order."""

    title: Found
    language: Found
    zone: Found
    masthead: Mapping[str, Found] = field(default_factory=dict)


def find_journal(
    *,
    front: Sequence[Document],
    articles: Sequence[Document],
    entries: Sequence[Entry],
    listed: Sequence[str] = (),
    names: Sequence[Found] = (),
) -> Journal:
    """`front` are the front page, the lists and the page about the journal, `entries` the articles
    as read, `listed` the dates that lists and feeds print, `names` what its feeds call it."""
    language = find_language(front, entries)
    masthead = gather_masthead(front, articles, entries)
    title = next(_titles(front, articles, masthead, names, language.text))
    return Journal(
        title=title,
        language=language,
        zone=find_zone(language.text, entries, listed, front[0].url or ""),
        masthead=masthead,
    )


# --- title ------------------------------------------------------------------------------------


def bare_name(text: str) -> str:
    """A journal's name without what web pages put around it: 欢迎访问, 官网, 杂志社, an issue."""
    name = join_cjk(one_line(text))
    while True:
        quoted = _QUOTED.fullmatch(name)
        shorter = quoted[1] if quoted else name
        for pattern in (_BEFORE_NAME, _AFTER_NAME, _ISSUE_AFTER):
            shorter = pattern.sub("", shorter)
        shorter = shorter.strip(" -–—_|｜·:：,，")
        if shorter == name or len(shorter) < 2:
            return name
        name = shorter


def _titles(
    front: Sequence[Document],
    articles: Sequence[Document],
    masthead: Mapping[str, Found],
    names: Sequence[Found],
    language: str,
) -> Iterator[Found]:
    """The candidates that are names, best first; at last the host."""
    candidates = chain(
        (masthead[label] for label in ("现用刊名",) if label in masthead),
        _most_common(_metadata(articles, "journal", language)),
        _names_of_office(front, articles, masthead),
        _most_common(_metadata((*front, *articles), "site", language)),
        _repeated_parts(front, articles),
        names,
        _front_titles(front[:1]),
    )
    for found in candidates:
        name = bare_name(found.text)
        is_other = is_generic(name) or _COLUMN.fullmatch(name) or _NO_NAME.search(name)
        if 2 <= len(name) <= _NAME_LETTERS and not is_other:
            yield Found(text=name, where=found.where)
    yield Found(text=host_key(front[0].url or "") or "?", where="the host: no page gives a name")


def _metadata(documents: Iterable[Document], name: str, language: str) -> Iterator[Found]:
    for document in documents:
        if found := read_metadata(document, language=language).first(name):
            yield found


def _most_common(found: Iterable[Found]) -> Iterator[Found]:
    """Each text once, the commonest first: an article may name another journal."""
    listed = list(found)
    counts = Counter(each.text for each in listed)
    first = {each.text: each for each in reversed(listed)}
    yield from (first[text] for text, _ in counts.most_common())


def _names_of_office(
    front: Sequence[Document], articles: Sequence[Document], masthead: Mapping[str, Found]
) -> Iterator[Found]:
    """《品牌研究》编辑部: in the masthead, else in a line of most pages, as footers have it."""
    if publisher := masthead.get("出版单位"):
        yield from (
            Found(text=match[1], where=f"masthead 出版单位 {publisher.text}")
            for match in _OFFICE.finditer(publisher.text)
        )
    pages = [
        {match[1] for line in document.lines for match in _OFFICE.finditer(line.text[:_LINE])}
        for document in (*front, *articles)
    ]
    counts = Counter(chain.from_iterable(pages))
    for name, count in counts.most_common():
        if count * 2 > len(pages):
            yield Found(text=name, where=f"《{name}》 on {count} of {len(pages)} pages")


def _repeated_parts(front: Sequence[Document], articles: Sequence[Document]) -> Iterator[Found]:
    """The parts of `<title>` that stand on pages of both kinds: those that name the site."""
    shown = [_parts(document) for document in articles]
    here = [part for document in front for part in _parts(document)]
    counts = Counter(fold(part) for parts in shown for part in set(parts))
    least = 2 if len(shown) > 1 else 1
    for part in dict.fromkeys(reversed(here)):
        if counts[fold(part)] >= least:
            where = f"<title> of {counts[fold(part)]} articles"
            yield Found(text=part, where=where)
    # Only the articles have it: their lists are called by their column alone.
    for parts in shown[:1]:
        for part in reversed(parts[1:]):
            if counts[fold(part)] >= 2:
                yield Found(text=part, where=f"<title> of {counts[fold(part)]} articles")


def _front_titles(front: Sequence[Document]) -> Iterator[Found]:
    for document in front:
        parts = [part for part in _parts(document) if not _COLUMN.fullmatch(part)]
        yield from (Found(text=part, where="<title> of the front page") for part in parts)
        for anchor in find_anchors(document):
            node = anchor.element
            if _LOGO.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
                alt = next((image.get("alt") for image in node.iter("img")), None)
                if said := anchor.text or one_line(alt or ""):
                    yield Found(text=said, where="the logo")


def _parts(document: Document) -> list[str]:
    text = one_line(next((each.text_content() for each in document.tree.iter("title")), ""))
    return [part for part in _SEPARATOR.split(text) if part]


# The longest name of a journal met has 26 Chinese letters; in English a subtitle may follow.
_NAME_LETTERS = 90
# A footer's line; prose that mentions a journal's office is longer.
_LINE = 120
_QUOTED = re.compile(r"《([^《》]+)》")
_OFFICE = re.compile(
    r"《([^《》]{2,26})》\s*(?:杂志社|雜誌社|编辑部|編輯部|期刊社|编委会|学报编辑部)"
)
_BEFORE_NAME = re.compile(
    r"^(?:欢迎(?:您)?(?:访问|光临|来到)|歡迎(?:訪問|光臨)|welcome\s+to|home\s*[-|:»])\s*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"(?:[\s\-–—_|｜·»]*)(?:官方网站|官方網站|官网|網站|网站首页|首页|首頁|主页|门户网站|门户|期刊网|网站|欢迎您"
    r"|(?<=[\u3400-\u9fff》])(?:杂志社|雜誌社|编辑部|編輯部|期刊社|杂志官网)"
    r"|的?最新文章|\s(?:rss|atom)(?:\s*feed)?|»\s*feed|\s[-|:]\s*(?:home(?:page)?|feed|latest\s\w+)"
    r"|\s(?:official\s(?:web\s?)?site|homepage|website))$",
    re.IGNORECASE,
)
_ISSUE_AFTER = re.compile(
    r"[\s,，_\-|]*(?:(?:19|20)\d\d\s*年|第\s*\d+\s*[卷期]|\bvol(?:ume|\.)\s*\d|(?:19|20)\d\d\s*,?\s*vol).*$",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"(?:网站)?首[页頁]|主页|文章(?:列表|中心|内容)?|最新(?:文章|新闻|动态)|新闻(?:列表|中心|动态)?|资讯|列表页?|当期目录|本期目录|目录"
    r"|过刊(?:浏览|目录)?|网络首发|第?\s*\d+\s*页?|栏目|频道|home|index|current(?:\sissue)?|archives?|articles?|news"
    r"|(?:all|latest)\s\w+|blog|page\s*\d+|(?:19|20)\d\d年?.*期?|vol\..*",
    re.IGNORECASE,
)
# Publishing systems sign the titles of their pages; some put an address where a name belongs.
_NO_NAME = re.compile(
    r"://|^[\w.-]+\.[a-z]{2,6}$|powered\s+by|技术支持|discuz|dedecms|phpcms|empirecms|帝国|pbootcms|wordpress|勤云|玛格泰克|仁和汇智",
    re.IGNORECASE,
)
_LOGO = re.compile(r"logo|site[-_]?(?:name|title)|brand", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*(?:[|｜_＿»›·•]+|::|--+|——|\s[-–—:]\s|(?<=[^\x00-\x7f])[-–—](?=[^\x00-\x7f]))\s*"
)


# --- language and zone ------------------------------------------------------------------------


def find_language(front: Sequence[Document], entries: Sequence[Entry]) -> Found:
    """The language that the titles are written in; for the Latin script what the pages declare."""
    titles = "".join(entry.title or "" for entry in entries)
    declared = [tag for entry in entries if (tag := _language_tag(entry.language))]
    front_tag = _language_tag(front[0].tree.get("lang")) if front else None
    tag = Counter(declared).most_common(1)[0][0] if declared else front_tag
    if script := _script_of(titles):
        if tag and "-" in tag and _is_of_script(tag, script):
            return Found(text=tag, where="the pages declare it")
        return Found(text=script, where="the script of the titles")
    if tag and tag.split("-")[0] not in ("zh", "ja", "ko"):
        return Found(text=tag, where="the pages declare it")
    return Found(text="en" if titles else "zh-CN", where="a guess: no page declares one")


def _script_of(titles: str) -> str | None:
    hangul, kana, han = (len(pattern.findall(titles)) for pattern in (_HANGUL, _KANA, _HAN))
    if 8 * (hangul + kana + han) < len(titles):
        return None
    if hangul > han:
        return "ko"
    if kana * 10 > han:
        return "ja"
    if not is_chinese(titles):
        return "ja"
    return "zh-TW" if to_simplified(titles) != titles and _is_traditional(titles) else "zh-CN"


def _is_of_script(tag: str, script: str) -> bool:
    """Whether what a page declares fits what its titles are written in: templates are copied."""
    if tag.split("-")[0] != script.split("-")[0]:
        return False
    is_traditional = re.search(r"-(?:TW|HK|MO|Hant)\b", tag) is not None
    return not script.startswith("zh") or is_traditional == (script == "zh-TW")


def _is_traditional(titles: str) -> bool:
    """Whether a tenth of the letters are traditional; a single one is a name."""
    simple = to_simplified(titles)
    changed = sum(one != other for one, other in zip(titles, simple, strict=False))
    return changed * 10 > len(titles)


def _language_tag(declared: str | None) -> str | None:
    """`zh_cn`, `ZH-hans` → a tag as a source's file has it; None for what is none."""
    parts = re.split(r"[-_]", (declared or "").strip())
    if not re.fullmatch(r"[a-zA-Z]{2,3}", parts[0]):
        return None
    language = _LANGUAGES.get(parts[0].lower(), parts[0].lower())
    kept = [language]
    for part in parts[1:]:
        if re.fullmatch(r"[a-zA-Z]{4}", part):
            kept.append(part.title())
        elif re.fullmatch(r"[a-zA-Z]{2}|\d{3}", part):
            kept.append(part.upper())
    return "-".join(kept)


def find_zone(language: str, entries: Sequence[Entry], listed: Sequence[str], url: str) -> Found:
    """The zone that printed dates are meant in: of the language or the country where it has one
    zone only, else the offset that the pages print, else UTC."""
    host = urlsplit(url).hostname or ""
    for ending, national in _ZONE_OF_HOST.items():
        if host.endswith(ending):
            return Found(text=national, where=f"the host is in {ending}")
    if zone := _ZONE_OF_LANGUAGE.get(language) or _ZONE_OF_LANGUAGE.get(language.split("-")[0]):
        return Found(text=zone, where=f"of the language {language}")
    printed = [
        match[1] + match[2]
        for text in (*(e.published.value or "" for e in entries if e.published), *listed)
        if (match := _OFFSET.search(text))
    ]
    (offset, count) = Counter(printed).most_common(1)[0] if printed else ("", 0)
    if count * 2 > len(printed) and offset not in ("+0000", "-0000") and offset.endswith("00"):
        hours = int(offset[1:3])
        if 0 < hours <= 12:
            sign = "-" if offset[0] == "+" else "+"  # Etc/GMT-8 is east of Greenwich
            return Found(text=f"Etc/GMT{sign}{hours}", where=f"{count} dates printed {offset}")
    return Found(text="UTC", where="no page says another")


_HANGUL, _KANA = re.compile(r"[\uac00-\ud7a3]"), re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*([+-]\d{2}):?(\d{2})$")
_LANGUAGES = {
    "cn": "zh",
    "chi": "zh",
    "zho": "zh",
    "eng": "en",
    "jp": "ja",
    "jpn": "ja",
    "kor": "ko",
}
_ZONE_OF_LANGUAGE = {
    "zh-TW": "Asia/Taipei",
    "zh-HK": "Asia/Hong_Kong",
    "zh-Hant-TW": "Asia/Taipei",
    "zh-Hant-HK": "Asia/Hong_Kong",
    "zh": "Asia/Shanghai",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "de": "Europe/Berlin",
    "it": "Europe/Rome",
    "pl": "Europe/Warsaw",
}
_ZONE_OF_HOST = {
    ".cn": "Asia/Shanghai",
    ".tw": "Asia/Taipei",
    ".hk": "Asia/Hong_Kong",
    ".jp": "Asia/Tokyo",
    ".kr": "Asia/Seoul",
    ".uk": "Europe/London",
    ".fr": "Europe/Paris",
    ".es": "Europe/Madrid",
}


# --- masthead ---------------------------------------------------------------------------------


def gather_masthead(
    front: Sequence[Document], articles: Sequence[Document], entries: Sequence[Entry]
) -> dict[str, Found]:
    """The labels of the page that has the most, then what others add. What one article page alone
    prints is of that article."""
    found = [_masthead_of(document) for document in front]
    pages = [_masthead_of(document) for document in articles]
    counts = Counter((label, each.text) for page in pages for label, each in page.items())
    least = 2 if len(pages) > 1 else 1
    found += [
        {
            label: each
            for label, each in page.items()
            if counts[label, each.text] >= least and label not in _OF_ARTICLES
        }
        for page in pages
    ]
    best: dict[str, Found] = {}
    for place, page in enumerate(sorted(found, key=len, reverse=True)):
        for label, each in page.items():
            if place == 0 or is_known_label(label):
                best.setdefault(label, each)
    for label, each in _loose_labels(front, entries):
        best.setdefault(label, each)
    return {label: each for label, each in best.items() if _is_right(label, each.text)}


def _masthead_of(document: Document) -> dict[str, Found]:
    lines = [line.text for line in document.lines if len(line.text) <= _LINE]
    where = urlsplit(document.url or "").path or "/"
    found: dict[str, Found] = {}
    for label, value in find_masthead(lines).items():
        if label in _OF_ARTICLES:
            continue
        # `主办：某某学会　季刊　ISSN …` on one line: the period has no label of its own.
        *before, last = value.split(" ")
        if before and label in _OF_BODIES and interval_of(last):
            found[label] = Found(text=" ".join(before), where=where)
            found.setdefault("周期", Found(text=last, where=where))
        else:
            found[label] = Found(text=value, where=where)
    return found


def _loose_labels(
    front: Sequence[Document], entries: Sequence[Entry]
) -> Iterator[tuple[str, Found]]:
    """What a line with a number prints besides (`ISSN 1234-5679 · Quarterly`), and the ISSN of
    the articles' metadata."""
    numbers = Counter(entry.issn for entry in entries if entry.issn)
    for issn, count in numbers.most_common(1):
        if count * 2 > len(entries):
            where = next(entry.found.get("issn", "") for entry in entries if entry.issn == issn)
            yield "ISSN", Found(text=issn, where=where or "the articles")
    for document in front:
        where = urlsplit(document.url or "").path or "/"
        for line in document.lines:
            if len(line.text) > _LINE or "ISSN" not in line.text.upper():
                continue
            if (printed := find_issn(line.text)) is not None:
                yield "ISSN", Found(text=printed, where=where)
            for word in re.split(r"[\s·|｜,，;；/]+", line.text):
                if len(word) > 1 and interval_of(word):
                    yield "周期", Found(text=word, where=where)


def _is_right(label: str, value: str) -> bool:
    """Whether a file with this label would be without error."""
    return all(fault.is_warning for fault in find_faults({label: value}))


_OF_BODIES = frozenset(("主管单位", "主办单位", "出版单位"))
# 期刊基本参数 names what belongs to one issue; the rest is the article's own.
_OF_ARTICLES = frozenset(
    (
        "出版年月",
        "文章篇数",
        "印数",
        "页数",
        "文章编号",
        "DOI",
        "分类号",
        "中图分类号",
        "文献标识码",
        "关键词",
        "收稿日期",
    )
)
