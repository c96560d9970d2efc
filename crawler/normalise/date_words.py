"""The words and numerals that dates are printed with, as tables. Values only: nothing is read here.

Sources: READING.md §4, the corpus's date_forms.jsonl, Unicode CLDR month names (written down by
hand), the era tables of the Japanese Cabinet Office and of Taiwan (year 1 = 1912).
"""

from __future__ import annotations

import re
import unicodedata

# --- characters -----------------------------------------------------------------------------

# One character to one character, so that places in the flat text are places in the printed text.
_FLAT: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width ASCII
    **dict.fromkeys(map(ord, "\t\n\r\f\v\u00a0\u1680\u202f\u205f\u3000\u200b\ufeff"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-"),
    **dict.fromkeys(map(ord, "∶︰﹕"), ":"),
    **dict.fromkeys(map(ord, "⁄∕"), "/"),
    **dict.fromkeys(map(ord, "○◯〇零Ｏ"), "〇"),
    **dict.fromkeys(map(ord, "【〔［「『"), "["),
    **dict.fromkeys(map(ord, "】〕］」』"), "]"),
    **dict.fromkeys(map(ord, "〜～∼"), "~"),
    **dict(
        zip(map(ord, "壹贰貳弐叁參肆伍陆陸柒捌玖拾"), "一二二二三三四五六六七八九十", strict=True)
    ),
    **dict(zip(map(ord, "\uf98e\u2f47\u2f49"), "年日月", strict=True)),  # look-alikes from PDFs
}


# 元月 is January; 5元月租 is a price.
_FIRST_MONTH = re.compile(r"(?<![0-9])元(?=月(?:[0-9一二三四五六七八九十廿卅]|\W|$))")


def flatten(text: str) -> str:
    """The text with every variant of a digit, space or mark made plain; the length stays."""
    return text if text.isascii() else _FIRST_MONTH.sub("一", text.translate(_FLAT))


# --- numbers --------------------------------------------------------------------------------

_DIGITS = {**{d: int(d) for d in "0123456789"}, **dict.fromkeys("〇Oo", 0)} | {
    d: n for n, d in enumerate("一二三四五六七八九", start=1)
}
_TENS = {"廿": 20, "卅": 30}
_UNITS = {"十": 10, "百": 100, "千": 1000}

_1_9 = "[一二三四五六七八九]"
# 1 to 39 as months, days and issue numbers are printed.
SMALL = rf"(?:\d{{1,2}}|[廿卅]{_1_9}?|{_1_9}?十{_1_9}?|〇?{_1_9})"
# A year of four signs, or spelled out: 二〇二一, 二O二一, 二千零二十一.
YEAR = r"(?:[0-9〇Oo一二三四五六七八九]{4}|[一二]千[〇一二三四五六七八九十百]{1,6})"


def number(text: str) -> int:
    """The number that a run of Western or Chinese numerals stands for; 元 (first year) is 1."""
    if text == "元":
        return 1
    if text.isdecimal():
        return int(text)
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = pending = 0
    for sign in text:
        if sign in _UNITS:
            total, pending = total + (pending or 1) * _UNITS[sign], 0
        else:
            total += _TENS.get(sign, 0)
            pending = _DIGITS.get(sign, pending)
    return total + pending


# --- eras -----------------------------------------------------------------------------------

# name: (year before the first, last year of the era)
ERAS: dict[str, tuple[int, int | None]] = {
    "民國": (1911, None),
    "民国": (1911, None),
    "令和": (2018, None),
    "平成": (1988, 31),
    "昭和": (1925, 64),
    "大正": (1911, 15),
    "明治": (1867, 45),
    "R": (2018, None),
    "H": (1988, 31),
    "S": (1925, 64),
}

# --- months ---------------------------------------------------------------------------------

_MONTH_NAMES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
_ _ _ _ _ _ _ _ sept _ _ _
januar februar märz april mai juni juli august september oktober november dezember
jänner feber mrz _ _ _ _ _ _ okt _ dez
_ _ mär _ _ _ _ _ _ _ _ _
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janv févr _ avr _ _ juil _ _ _ _ déc
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene _ _ abr _ _ _ ago setiembre _ _ dic
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
gen _ _ _ mag giu lug ago set ott _ dic
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
_ fev _ _ _ _ _ _ _ out _ dez
januari februari maart april mei juni juli augustus september oktober november december
_ _ mrt _ _ _ _ _ _ _ _ _
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
янв фев мар апр _ июн июл авг сен окт ноя дек
_ февр _ _ _ _ _ _ сент _ нояб _
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
"""


def _bare(word: str) -> str:
    """A word without case and accents: `Août` and `aout` are one key."""
    marks = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in marks if not unicodedata.combining(sign))


_MONTHS = {
    _bare(name): month
    for line in _MONTH_NAMES.strip().splitlines()
    for month, name in enumerate(line.split(), start=1)
    if name != "_"
}


def month_named(word: str) -> int | None:
    """The month that a word names in one of the languages above."""
    return _MONTHS.get(_bare(word))


_STEMS = frozenset(name[:3] for name in _MONTH_NAMES.split()) | {name[:3] for name in _MONTHS}
_WORD_STEMS = re.compile(r"(?<![^\W\d_])[A-Za-z\u00c0-\u024f\u0400-\u04ff]{3}")


def has_month_name(text: str) -> bool:
    """Whether a word begins as a month does; a cheap test before the patterns with names."""
    return not _STEMS.isdisjoint(_WORD_STEMS.findall(text.lower()))


# --- relative words -------------------------------------------------------------------------

# Days before the day of the visit.
DAY_WORDS: dict[str, int] = {
    **dict.fromkeys(["今天", "今日", "today", "heute", "오늘", "刚刚", "剛剛", "刚才", "剛才"], 0),
    **dict.fromkeys(["just now", "たった今", "方才", "방금", "방금 전", "gerade eben"], 0),
    **dict.fromkeys(["昨天", "昨日", "昨晚", "yesterday", "gestern", "어제", "ayer"], 1),
    **dict.fromkeys(["前天", "前日", "一昨日", "おととい", "vorgestern", "그제", "그저께"], 2),
    "大前天": 3,
}

_UNITS_OF_TIME = {
    "seconds": "秒 秒钟 秒鐘 second sec s 초 sekunde sekunden segundo",
    "minutes": "分 分钟 分鐘 minute min m 분 minuten minuto",
    "hours": "小时 小時 个小时 個小時 时 時 時間 钟头 hour hr h 시간 stunde stunden heure hora",
    "days": "天 日 day d 일 tag tage tagen jour día giorno",
    "weeks": "周 週 个星期 個星期 星期 週間 礼拜 禮拜 week w 주 woche wochen semaine semana",
    "months": "个月 個月 月 か月 ヶ月 カ月 month mo 개월 monat monaten mois mes meses",
    "years": "年 year yr y 년 jahr jahren an année año",
}
UNITS = {word: unit for unit, words in _UNITS_OF_TIME.items() for word in words.split()}


def unit_named(word: str) -> str | None:
    """`seconds` … `years` for a unit word, singular or plural."""
    word = word.casefold()
    return UNITS.get(word) or UNITS.get(word.removesuffix("s"))


# --- seasons, weekdays ------------------------------------------------------------------------

SEASONS = ("spring", "summer", "autumn", "fall", "winter")

# Stands between a date and its time and says nothing new.
WEEKDAY = (
    r"(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天1-7]"
    r"|[日月火水木金土]曜日?|[일월화수목금토]요일|\([日月火水木金土一二三四五六]\)|\([일월화수목금토]\)"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b\.?)"
)
WEEKDAY_PATTERN = re.compile(rf"\(?{WEEKDAY}\)?", re.IGNORECASE)
