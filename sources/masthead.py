"""刊头: a journal's labels and numbers, from what was printed to what they mean.

Pure, and lenient where it reads a page: a number that does not check is no number, its label
stays. `find_faults` is the strict reading, for a file that a person wrote.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from foundation.text import clean, is_chinese, join_cjk, one_line, to_simplified
from sources.model import Masthead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The normal label, and every wording met for it. A wording is compared without spaces, case,
# brackets' width and script (简/繁), so each stands here once.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "主管单位": ("主管", "主管部门", "supervisor", "supervised by"),
    "主办单位": ("主办", "主办方", "sponsor", "sponsored by", "主办机构"),
    "出版单位": (
        *("编辑出版", "编辑出版单位", "出版", "出版者", "出版社", "编辑部", "编辑单位", "杂志社"),
        *("publisher", "published by", "発行所", "発行元", "발행처", "발행기관"),
    ),
    "ISSN": (
        *("国际标准刊号", "国际标准连续出版物号", "国际刊号", "国际标准期刊号", "刊号issn"),
        *("issn号", "国际统一刊号", "print issn", "issn(print)", "p-issn", "pissn", "issn-l"),
    ),
    "eISSN": ("e-issn", "issn(online)", "online issn", "electronic issn", "电子issn", "网络issn"),
    "CN": (
        *("国内统一刊号", "国内统一连续出版物号", "国内刊号", "国内统一期刊号", "统一刊号", "cn号"),
        *("刊号", "刊号cn", "国内统一标准刊号"),
    ),
    "周期": (
        *("刊期", "出版周期", "期刊周期", "出刊周期", "发行周期", "出版频率", "刊行频率"),
        *("frequency", "publication frequency", "刊行頻度", "刊行频度", "발행주기", "간기"),
    ),
    "出版地": ("出版地点", "place of publication"),
    "语种": ("文种", "语言", "language"),
    "开本": ("版本", "format"),
    "邮发代号": ("邮政代号", "邮局代号", "国内邮发代号"),
    "国外代号": ("国外发行代号", "国外邮发代号"),
    "期刊级别": ("级别", "刊物级别", "期刊等级"),
    "数据库收录": ("收录", "期刊收录", "收录情况", "数据库", "indexed in"),
    "复合影响因子": ("影响因子", "impact factor"),
    "综合影响因子": (),
    "现用刊名": ("刊名", "期刊名称", "杂志名称", "中文刊名"),
    "曾用刊名": ("曾用名", "原刊名"),
    "主编": ("总编", "总编辑", "editor-in-chief", "editor in chief"),
    "社长": (),
    "投稿邮箱": ("投稿信箱", "投稿email", "投稿e-mail", "投稿邮件"),
    "创刊时间": ("创刊", "创刊日期", "创刊年", "创刊年份", "founded"),
    "期刊基本参数": ("基本参数",),
}

# How many days from one number to the next. A prior only: the gaps that we see decide.
_DAYS: Mapping[float, tuple[str, ...]] = {
    1: ("日", "每日", "daily", "일간"),
    3.5: ("周二", "半周", "semiweekly", "twiceweekly"),
    7: ("周", "每周", "星期", "weekly", "주간"),
    10: ("旬",),
    14: ("双周", "biweekly", "fortnightly", "隔週", "격주간"),
    15: ("半月", "半月刊", "semimonthly", "twicemonthly", "bimensual"),
    30: ("月", "每月", "monthly", "월간"),
    61: ("双月", "隔月", "bimonthly", "격월간"),
    92: ("季", "季度", "每季", "quarterly", "계간"),
    122: ("四月", "triannual", "threetimesayear"),
    183: ("半年", "semiannual", "semiannually", "halfyearly", "biannual", "twiceayear", "반년간"),
    365: ("年", "年度", "每年", "annual", "annually", "yearly", "연간"),
}

_DASHES = r"[-‐‑‒–—―−－]"
_ISSN = re.compile(rf"(?<![0-9A-Za-z])(\d{{4}})\s?{_DASHES}\s?(\d{{3}}[\dXx])(?![0-9A-Za-z])")
_BARE_ISSN = re.compile(r"(\d{4})(\d{3}[\dXx])")
# CN 14-1384/F: region, serial, class of the 中图法. An ISSN has four digits before the dash.
_CN = re.compile(
    rf"(?<![0-9])(\d{{2}})\s?{_DASHES}\s?(\d{{4}})(?![0-9])"
    r"(?:\s?/\s?([A-Z][A-Z0-9]{0,4}(?:[·.][A-Z0-9]{1,4})?))?"
)
# Printed by agents who sell numbers: Hong Kong has no CN.
_UNLAWFUL_CN = re.compile(r"CN\s?\(\s?HK\s?\)|CN\s?HK", re.IGNORECASE)
_PER_YEAR = re.compile(
    r"(?:每?年|全年|一年)(?:出版|出|刊)?(\d{1,3})期|(\d{1,3})期[/每]?年|(\d{1,3})(?:issues|times)?(?:per|a)year"
)
_CODE = re.compile(r"CN[^*]{4,20}\*\d{4}\*(?P<period>[a-z])\*")
# The codes of 期刊基本参数 are first letters of English words, but t (ten days) and b (bimonthly).
_BASIC_PERIODS = {
    "d": "日刊",
    "w": "周刊",
    "t": "旬刊",
    "s": "半月刊",
    "m": "月刊",
    "b": "双月刊",
    "q": "季刊",
    "f": "半年刊",
    "a": "年刊",
}

ISSN_ALLOWED = "an ISSN such as 2096-1847, whose last sign checks the others"
CN_ALLOWED = "a CN number such as 14-1384/F: region, serial 0001 to 9999, class"

CnKind = Literal["newspaper", "print", "online", "electronic"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cn:
    """国内统一刊号. The serial says what kind of publication the number was given to."""

    region: str
    serial: str
    class_: str | None = None

    @property
    def kind(self) -> CnKind:
        """0001 to 0999 newspaper, to 5999 print, to 8999 online, to 9999 electronic."""
        match int(self.serial):
            case number if number < 1000:
                return "newspaper"
            case number if number < 6000:
                return "print"
            case number if number < 9000:
                return "online"
            case _:
                return "electronic"

    def __str__(self) -> str:
        tail = f"/{self.class_}" if self.class_ else ""
        return f"{self.region}-{self.serial}{tail}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A label whose value cannot be meant so. A warning may stand: the page prints it like that."""

    label: str
    message: str
    is_warning: bool = False


@lru_cache(maxsize=1000)  # the same few labels stand in every file
def normal_label(label: str) -> str:
    """`周 期：` → `周期`, `主辦單位` → `主办单位`, `国际刊号` → `ISSN`; others are only tidied."""
    tidy = _tidy_label(label)
    key = _label_key(tidy)
    if key not in _NORMAL and is_chinese(key):
        key = to_simplified(key)
    return _NORMAL.get(key, tidy)


def is_known_label(label: str) -> bool:
    """Whether this is a masthead's label in one of the wordings that we know."""
    return normal_label(label) in SYNONYMS


def parse_masthead(labels: Mapping[str, str]) -> Masthead:
    """What the labels say, every label kept as printed and in order."""
    known: dict[str, str] = {}
    for label, value in labels.items():
        known.setdefault(normal_label(label), one_line(value))
    basic = known.get("期刊基本参数", "")
    numbers = f"{known.get('ISSN', '')} {known.get('CN', '')}"
    period = known.get("周期") or _basic_period(basic)
    return Masthead(
        labels=dict(labels),
        issn=find_issn(numbers),
        eissn=find_issn(known.get("eISSN", "")),
        cn=find_cn(f"{numbers} {basic}"),
        supervisor=known.get("主管单位") or None,
        sponsor=known.get("主办单位") or None,
        publisher=known.get("出版单位") or None,
        period=period,
        interval=interval_of(period) if period else None,
    )


def find_faults(labels: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with labels that a person wrote into a file."""
    for label, value in labels.items():
        match normal_label(label):
            case "ISSN" | "eISSN":
                yield from _issn_faults(label, value)
            case "CN":
                yield from _cn_faults(label, value)
            case "周期" if interval_of(value) is None:
                message = f'"{value}" gives no rhythm; known are 周刊, 半月刊, 月刊, 双月刊, 季刊 …'
                yield Fault(label=label, message=message, is_warning=True)


def check_issn(text: str) -> str:
    """The ISSN in its normal form `2096-1847`; ValueError where it is none or does not check."""
    plain = re.sub(r"^\W*ISSN\W*", "", _plain(text), flags=re.IGNORECASE).strip()
    match = _ISSN.fullmatch(plain) or _BARE_ISSN.fullmatch(plain)
    if match is None:
        raise ValueError(f'"{text}" is not {ISSN_ALLOWED}')
    digits = (match[1] + match[2]).upper()
    expected = _check_sign(digits)
    if digits[7] != expected:
        raise ValueError(
            f'"{text}" does not check: {digits[:4]}-{digits[4:7]} ends in {expected}, '
            f"not {digits[7]}; allowed is {ISSN_ALLOWED}"
        )
    return f"{digits[:4]}-{digits[4:]}"


def find_issn(text: str) -> str | None:
    """The first ISSN in a text whose check sign is right."""
    for candidate in _issn_candidates(text):
        try:
            return check_issn(candidate)
        except ValueError:
            continue
    return None


def parse_cn(text: str) -> Cn:
    """`CN 14-1384/F` → its parts; ValueError where it is no number of the national register."""
    plain = re.sub(r"^\W*CN[\s:]*", "", _plain(text), flags=re.IGNORECASE).strip()
    match = _CN.fullmatch(plain.upper())
    if match is None or match[2] == "0000":
        raise ValueError(f'"{text}" is not {CN_ALLOWED}')
    return Cn(region=match[1], serial=match[2], class_=match[3])


def find_cn(text: str) -> str | None:
    """The first CN number in a text, in its normal form `14-1384/F`."""
    plain = _plain(text)
    if _UNLAWFUL_CN.search(plain):
        return None
    for match in _CN.finditer(plain.upper()):
        if match[2] != "0000":
            return str(Cn(region=match[1], serial=match[2], class_=match[3]))
    return None


def interval_of(period: str) -> timedelta | None:
    """`半月刊` → 15 days. None for what gives no rhythm: 不定期, and 上旬刊, which is a
    sub-series of a journal and not its period."""
    key = _period_key(period)
    days = _DAYS_OF.get(key) or _DAYS_OF.get(key.removesuffix("刊").removesuffix("出版"))
    if days is not None:
        return timedelta(days=days)
    match = _PER_YEAR.search(key)
    if match is None:
        return None
    number = int(next(group for group in match.groups() if group))
    return timedelta(days=365) / number if number else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", one_line(text))


def _tidy_label(label: str) -> str:
    return join_cjk(" ".join(unicodedata.normalize("NFKC", clean(label)).split())).strip(" :【】[]")


def _label_key(label: str) -> str:
    return re.sub(r"\s", "", label).casefold()


def _period_key(period: str) -> str:
    key = re.sub(r"[\s\-()]", "", _plain(period)).casefold()
    return to_simplified(key) if is_chinese(key) else key


def _check_sign(digits: str) -> str:
    """Weights 8 to 2, modulo 11; ten is X."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=False))
    return "0123456789X"[-total % 11]


def _issn_candidates(text: str) -> list[str]:
    """What looks like an ISSN; a text without any is one itself, perhaps without its dash."""
    plain = _plain(text)
    return ["-".join(match.groups()) for match in _ISSN.finditer(plain)] or [plain]


def _issn_faults(label: str, value: str) -> Iterator[Fault]:
    if find_issn(value) is None:
        try:
            check_issn(_issn_candidates(value)[0])
        except ValueError as error:
            yield Fault(label=label, message=str(error))


def _cn_faults(label: str, value: str) -> Iterator[Fault]:
    """`刊号` may hold either number; `CN (HK)` is a fact about the page, so it may stand."""
    if find_cn(value) or find_issn(value):
        return
    if _UNLAWFUL_CN.search(_plain(value)):
        message = f'"{value}" is no number of the national register: it is shown, not used'
        yield Fault(label=label, message=message, is_warning=True)
    else:
        yield Fault(label=label, message=f'"{value}" is not {CN_ALLOWED}')


def _basic_period(parameters: str) -> str | None:
    """The third of the 期刊基本参数: `CN 11-5643/D*1994*b*A4*…` → 双月刊."""
    match = _CODE.search(_plain(parameters))
    return _BASIC_PERIODS.get(match["period"]) if match else None


_NORMAL = {
    _label_key(wording): label
    for label, wordings in SYNONYMS.items()
    for wording in (label, *wordings)
}
_DAYS_OF = {wording: days for days, wordings in _DAYS.items() for wording in wordings}
