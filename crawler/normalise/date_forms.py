"""The forms in which dates are printed: one row a form, in the order in which they are tried.

Patterns meet flattened text (date_words.flatten), a row's reader turns the match into parts. To
teach a new wording, add a row to FORMS and one to tests/crawler/normalise/test_date.py.
"""

from __future__ import annotations

from typing import Final

from crawler.normalise.date_form import (
    HAS_AGO,
    HAS_DAY_WORD,
    HAS_DIGITS,
    HAS_EIGHT_DIGITS,
    HAS_ERA_NAME,
    HAS_HAN_DATE,
    HAS_HAN_ISSUE,
    HAS_LUNAR,
    HAS_PARTED,
    HAS_QUARTER,
    HAS_SEASON,
    HAS_VOLUME,
    Form,
    Hold,
    make_form,
)
from crawler.normalise.date_order import read_month_and_day, read_three_short, read_year_last
from crawler.normalise.date_reading import (
    read_ago,
    read_day_word,
    read_digits_with_time,
    read_epoch,
    read_era,
    read_issue,
    read_lunar,
    read_named_month,
    read_parts,
    read_quarter,
    read_roc_year,
    read_short_year,
    read_unix,
)
from crawler.normalise.date_words import (
    DAY_WORDS,
    ERAS,
    SEASONS,
    SMALL,
    UNITS,
    YEAR,
    has_month_name,
)

# --- patterns -------------------------------------------------------------------------------

_HEAD = r"(?<!\d)(?<!\d[.\-/])"  # not in the middle of a number
_Y4 = r"(?P<y>\d{4})"
_Y_OF_ISSUE = r"(?<!\d)(?P<y>(?:19|20)\d{2})"
_WORD = r"(?P<month>[^\W\d_]{3,12})"
_N_OF_ISSUE = rf"(?P<n>(?:{SMALL}|\d{{3}}|[ZS]\d{{1,2}})(?:\s?[-~/、合]\s?(?:{SMALL}|\d{{3}}))?)"
_SUPPLEMENT = r"(?P<n>(?:增刊|专刊|專刊|特刊|副刊|Suppl\.?)\s?\d{0,2})"
_PAREN = r"(?:\s?\([^()]{1,8}\)\s?)?"  # 2021年（令和3年）2月27日
_ERA = (
    rf"(?P<era>{'|'.join(name for name in ERAS if not name.isascii())})\s?"
    r"(?P<y>元|\d{1,3}|[一二三四五六七八九十百〇]{1,5})"
)
# A day of two digits may run into a time or a count: 2014-08-0114:45, 2014-08-0124人.
_DAY = r"(?P<d>\d{2}(?=\d{1,2}:\d\d)|\d{2}(?=\d{1,6}\s?[^\W\d_a-zA-Z])|\d{1,2}(?!\d))"
_DAY_HAN = rf"(?P<d>{SMALL})\s?(?:[日号號일]|(?=\s?\d{{1,2}}:\d\d)|(?=\s?$))"
_ALL = r"(?=\s*$|\s\d?\d:\d\d)"  # of a text, but for the time
_LUNAR_ONLY = (
    r"(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?(?![一二三四五六七八九]|\s?[日号號]))"
)
_LUNAR_DAY = rf"(?:{_LUNAR_ONLY}|十[一二三四五六七八九]|[二三]?十)"
_STEM = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"


_AGO_UNITS = "|".join(sorted((word for word in UNITS if not word.isascii()), key=len, reverse=True))

FORMS: Final[tuple[Form, ...]] = (
    # What is not a date of our calendar comes first, so that nothing is read out of its middle.
    make_form(
        "lunar calendar",
        rf"(?:农历|農曆|阴历|陰曆|夏历|旧历|舊曆|旧暦|음력)[^,。;\s)]{{0,14}}"
        rf"|(?:{_STEM}年|{YEAR}年)?\s?(?:正月|[冬腊臘]月|闰\w{{1,2}}月|閏\w{{1,2}}月)(?:{_LUNAR_DAY})?"
        rf"|(?:{_STEM}年)\s?{SMALL}月(?:{_LUNAR_DAY}|{SMALL}日?)?"
        rf"|(?:{YEAR}年)?{SMALL}月{_LUNAR_ONLY}",
        read_lunar,
        needs=HAS_LUNAR,
    ),
    # Issues: printed like dates, and none.
    make_form(
        "2021年第36卷第4期",
        rf"(?:{_Y_OF_ISSUE}\s?年?\s?[,(]?\s?)?第?\s?(?P<v>{SMALL}|\d{{3}})\s?[卷巻]\s?[,()]?\s?"
        rf"第?\s?(?:总?第)?{_N_OF_ISSUE}\s?\)?\s?[期号號호]",
        read_issue,
        needs=HAS_HAN_ISSUE,
    ),
    make_form(
        "2021年第4期",
        rf"(?<!\d)(?P<y>{YEAR})\s?[年./,\-년]?\s?(?:总|總)?第?\s?{_N_OF_ISSUE}\s?[期호]",
        read_issue,
        needs=HAS_HAN_ISSUE,
    ),
    make_form(
        "第4期", rf"(?<![年\d])第\s?{_N_OF_ISSUE}\s?[期号號]", read_issue, needs=HAS_HAN_ISSUE
    ),
    make_form(
        "2021년 제36권 제4호",
        rf"(?:{_Y_OF_ISSUE}\s?년?\s?,?\s?)?(?:제\s?)?(?:(?P<v>\d{{1,3}})\s?권\s?,?\s?)?"
        rf"제\s?{_N_OF_ISSUE}\s?호",
        read_issue,
        needs=HAS_HAN_ISSUE,
    ),
    make_form(
        "2021年增刊1",
        rf"{_Y_OF_ISSUE}\s?年?\s?,?\s?(?:(?P<v>\d{{1,3}})\s?)?(?:\(\s?)?{_SUPPLEMENT}\s?\)?(?!\w)",
        read_issue,
        needs=HAS_DIGITS,
    ),
    make_form(
        "2021,36(4)",
        rf"{_Y_OF_ISSUE}\s?(?:年\s?)?(?:[,;]\s?(?P<v>\d{{1,3}})?\s?)?\(\s?{_N_OF_ISSUE}\s?\)",
        read_issue,
        needs=HAS_DIGITS,
    ),
    make_form(
        "Vol. 36, No. 4 (2021)",
        rf"\bvol(?:\.|ume)?\s?(?P<v>\d{{1,4}})\s?[,.]?\s?(?:no|number|issue|iss|n)\b\.?\s?"
        rf"{_N_OF_ISSUE}\s?[,.]?\s?\({_Y_OF_ISSUE}\)",
        read_issue,
        needs=HAS_VOLUME,
    ),
    make_form(
        "2021 Vol. 36 No. 4",
        rf"(?:{_Y_OF_ISSUE}\s?年?\s?[,.]?\s?)?\bvol(?:\.|ume)?\s?(?P<v>\d{{1,4}})"
        rf"(?:\s?[,.(]?\s?(?:no|number|issue|iss|n)\b\.?\s?{_N_OF_ISSUE})?",
        read_issue,
        needs=HAS_VOLUME,
    ),
    make_form(
        "2021年春季号",
        rf"{_Y_OF_ISSUE}\s?[年년]?\s?(?P<n>[春夏秋冬](?:季?[号號刊卷]|季)?|[上下]半年[刊号號]|(?:봄|여름|가을|겨울)\s?호?)",
        read_issue,
        needs=HAS_DIGITS,
    ),
    make_form(
        "Spring 2021", rf"\b(?P<n>{'|'.join(SEASONS)})\s?,?\s?{_Y4}\b", read_issue, needs=HAS_SEASON
    ),
    make_form(
        "2021年第1季度",
        rf"(?<!\d){_Y4}\s?年?\s?第?\s?(?P<q>[1-4一二三四])\s?(?:季度?|분기|四半期)",
        read_quarter,
        needs=HAS_QUARTER,
    ),
    make_form(
        "2021 Q1", rf"(?<!\d){_Y4}\s?[年\-]?\s?Q(?P<q>[1-4])\b", read_quarter, needs=HAS_QUARTER
    ),
    make_form(
        "Q1 2021", rf"\bQ(?P<q>[1-4])[\s/,\-]{{1,2}}{_Y4}\b", read_quarter, needs=HAS_QUARTER
    ),
    # Set in pieces, one of them large: the day, or day and month.
    make_form(
        "27 2021-02",
        rf"^\s*(?P<d>\d{{2}})\s?[日/]?\s?(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>\d{{1,2}})\s?月?{_ALL}",
        read_parts,
        needs=HAS_DIGITS,
    ),
    make_form(
        "2021-02 27",
        rf"^\s*(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>\d{{2}})\s?月?\s(?P<d>\d{{2}})\s?日?{_ALL}",
        read_parts,
        needs=HAS_DIGITS,
    ),
    make_form(
        "02-27 2021",
        rf"^\s*(?P<m>\d{{2}})\s?[-/.月]\s?(?P<d>\d{{2}})\s?日?\s?(?P<y>(?:19|20)\d\d)\s?年?{_ALL}",
        read_parts,
        needs=HAS_DIGITS,
    ),
    make_form(
        "2021 02-27",
        rf"^\s*(?P<y>(?:19|20)\d\d)\s?年?\s?(?P<m>\d{{2}})\s?[-/.月]\s?(?P<d>\d{{2}})\s?日?{_ALL}",
        read_parts,
        needs=HAS_DIGITS,
    ),
    # The year first. Before the eras, because 2021年（令和3年）2月27日 names both.
    make_form(
        "2021年2月27日",
        rf"(?<!\d)(?P<y>{YEAR})\s?{_PAREN}[年년]\s?{_PAREN}(?P<m>{SMALL})\s?[月월]\s?{_DAY_HAN}",
        read_parts,
        needs=HAS_HAN_DATE,
    ),
    # Eras.
    make_form(
        "民國110年2月27日",
        rf"{_ERA}\s?(?:年{_PAREN}\s?|[./\-])"
        rf"(?:(?P<m>{SMALL})\s?(?:月\s?|[./\-])(?:(?P<d>{SMALL})\s?日?(?!\d))?)?",
        read_era,
        needs=HAS_ERA_NAME,
    ),
    make_form(
        "R3.2.27",
        r"(?<!\w)(?P<era>[RHS])(?P<y>\d{1,2})(?P<sep>[./\-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        read_era,
        hold=Hold.WEAK,
        needs=HAS_PARTED,
    ),
    make_form(
        "21年2月27日",
        rf"(?<![\d〇一二三四五六七八九十])(?P<y>\d{{2}}|[〇一二三四五六七八九]{{2}})\s?[年년]\s?(?P<m>{SMALL})\s?[月월]\s?{_DAY_HAN}",
        read_short_year,
        needs=HAS_HAN_DATE,
    ),
    make_form(
        "110年2月27日",
        r"(?<![\d第])(?P<y>1[0-4]\d)\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日",
        read_roc_year,
        needs=HAS_HAN_DATE,
    ),
    make_form(
        "2021年2月",
        rf"(?<!\d)(?P<y>{YEAR})\s?{_PAREN}[年년]\s?{_PAREN}(?P<m>{SMALL})\s?[月월](?!\s?\d)(?:份|[上中下]旬)?",
        read_parts,
        needs=HAS_HAN_DATE,
    ),
    make_form(
        "2021-02-27",
        rf"{_HEAD}{_Y4}\s?(?P<sep>[-/.|])\s?(?P<m>\d{{1,2}})\s?(?:(?P=sep)|月)\s?{_DAY}(?:\s?日|\.(?=\s(?:오[전후]|\d)))?",
        read_parts,
        needs=HAS_DIGITS,
    ),
    make_form(
        "2021年02-27",
        # both of two digits: 2021年7-8月合刊 is two months
        rf"(?<!\d){_Y4}\s?年\s?(?P<m>\d{{2}})\s?[-/.]\s?(?P<d>\d{{2}})(?!\d|\s?[月期号號刊])(?:\s?日)?",
        read_parts,
        needs=HAS_HAN_DATE,
    ),
    # Year last.
    make_form(
        "27/02/2021",
        rf"{_HEAD}(?P<a>\d{{1,2}})\s?(?P<sep>[-/.|])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?{_Y4}(?!\d)",
        read_year_last,
        needs=HAS_DIGITS,
    ),
    # Months by name.
    make_form(
        "Sat Feb 27 08:05:00 CST 2021",
        rf"\b{_WORD}\s(?P<d>\d{{1,2}})\s\d\d:\d\d(?::\d\d)?\s(?:[A-Z+\-0-9:]{{1,9}}\s)?{_Y4}\b",
        read_unix,
        needs=has_month_name,
    ),
    make_form(
        "27 February 2021",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[\s.\-/]{{0,3}}(?:(?:of|de)\s|d')?{_WORD}"
        rf"\.?[\s,.\-/]{{0,3}}(?:(?:de|del|of)\s)?(?P<y>\d{{4}}(?!\d)|(?<=-)\d{{2}}(?![\d:])|\d{{2}}(?=\s\d?\d:\d\d))",
        read_named_month,
        needs=has_month_name,
    ),
    make_form(
        "Feb 27, 2021",
        rf"(?<![^\W\d_]){_WORD}\.?[\s\-]{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,.\-]{{1,3}}(?:of\s)?{_Y4}(?!\d)",
        read_named_month,
        needs=has_month_name,
    ),
    make_form(
        "2021 Feb 27",
        rf"(?<!\d){_Y4}[\s,.\-/]{{1,3}}{_WORD}\.?[\s.\-/]{{1,2}}(?P<d>\d{{1,2}})(?!\d)",
        read_named_month,
        needs=has_month_name,
    ),
    make_form(
        "February 2021",
        rf"(?<![^\W\d_]){_WORD}\.?[\s,.\-/]{{1,3}}(?:(?:de|del|of)\s)?{_Y4}(?!\d)",
        read_named_month,
        hold=Hold.LOOSE,
        needs=has_month_name,
    ),
    make_form(
        "2021 February",
        rf"(?<!\d){_Y4}[\s,.\-/]{{1,3}}{_WORD}(?![^\W_])(?!\s\d)",
        read_named_month,
        hold=Hold.LOOSE,
        needs=has_month_name,
    ),
    # Digits only.
    make_form(
        "20210227080500",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])T?"
        r"(?P<h>[01]\d|2[0-3])(?P<min>[0-5]\d)(?P<s>[0-5]\d)?(?P<zone>Z)?(?!\d)",
        read_digits_with_time,
        hold=Hold.LOOSE,
        needs=HAS_EIGHT_DIGITS,
    ),
    make_form(
        "20210227",
        r"(?<!\d)(?<!\d-)(?<![备備证證第qQ号號码碼])(?<![qQ号號码碼话話][:：])(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d|\s?[期号號])",
        read_parts,
        hold=Hold.LOOSE,
        needs=HAS_EIGHT_DIGITS,
    ),
    make_form(
        "2021 02 27",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<sep>[ _])(?P<m>\d{2})(?P=sep)(?P<d>\d{2})(?!\d)",
        read_parts,
        hold=Hold.WEAK,
        needs=HAS_DIGITS,
    ),
    make_form(
        "2021-02",
        rf"{_HEAD}(?P<y>(?:19|20)\d{{2}})\s?[-/.]\s?(?P<m>0?[1-9]|1[0-2])(?![\d\-/]|\.\d)",
        read_parts,
        hold=Hold.LOOSE,
        needs=HAS_PARTED,
    ),
    make_form(
        "1614384300",
        r"(?:^|[=\"'(]|(?:time|date|ct)[\"']?\s?:)\s?(?P<s>[1-3]\d{9}(?:\d{3})?)(?=$|[\"');,\s])",
        read_epoch,
        hold=Hold.LOOSE,
        needs=HAS_EIGHT_DIGITS,
    ),
    # Two-digit years and missing years.
    make_form(
        "21-2-27",
        r"(?<![\d.\-/])(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{1,2})(?![\d\-/]|\.\d)",
        read_three_short,
        hold=Hold.WEAK,
        needs=HAS_PARTED,
    ),
    make_form(
        "110/02/27",
        r"(?<![\d.\-/])(?P<y>1[0-4]\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d\-/])",
        read_roc_year,
        hold=Hold.WEAK,
        needs=HAS_PARTED,
    ),
    make_form(
        "2月27日",
        rf"(?<![\d年년])(?P<m>{SMALL})\s?[月월]\s?(?P<d>{SMALL})\s?[日号號일]",
        read_parts,
        hold=Hold.LOOSE,
        needs=HAS_HAN_DATE,
    ),
    make_form(
        "02-27",
        r"(?<![\d.\-/])(?P<a>\d{2})(?P<sep>[-/.])(?P<b>\d{2})(?![\d\-/%]|\.\d)",
        read_month_and_day,
        hold=Hold.WEAK,
        needs=HAS_PARTED,
    ),
    make_form(
        "2-27",
        r"(?<![\d.\-/])(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?![\d\-/%]|\.\d)",
        read_month_and_day,
        hold=Hold.BARE,
        needs=HAS_PARTED,
    ),
    make_form(
        "31 Dec",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?[\s.\-]{{1,2}}(?:(?:of|de)\s)?{_WORD}(?![^\W_])",
        read_named_month,
        hold=Hold.WEAK,
        needs=has_month_name,
    ),
    make_form(
        "Dec 31",
        rf"(?<![^\W_]){_WORD}\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.,]\d)",
        read_named_month,
        hold=Hold.WEAK,
        needs=has_month_name,
    ),
    # Counted from the visit.
    make_form(
        "3小时前",
        rf"(?P<n>\d{{1,4}}|半|两|兩|[一二三四五六七八九十]{{1,3}})\s?(?P<unit>{_AGO_UNITS})\s?(?:[以之]?前|전)",
        read_ago,
        hold=Hold.LOOSE,
        needs=HAS_AGO,
    ),
    make_form(
        "3 hours ago",
        r"\b(?P<n>\d{1,4}|half an|an?|one)\s?(?P<unit>[a-z]{1,7})\.?\sago\b",
        read_ago,
        hold=Hold.LOOSE,
        needs=HAS_AGO,
    ),
    make_form(
        "vor 3 Stunden",
        r"\b(?:vor|il y a|hace|há)\s(?P<n>\d{1,4}|eine[rm]|une?|una)\s(?P<unit>[^\W\d_]{2,8})\b",
        read_ago,
        hold=Hold.LOOSE,
        needs=HAS_AGO,
    ),
    make_form(
        "昨天",
        rf"(?<![^\W_])(?:{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})",
        read_day_word,
        hold=Hold.WEAK,
        needs=HAS_DAY_WORD,
    ),
    make_form(
        "2021年",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?:\s?[年년]度?)?(?!\d|[.,]\d)",
        read_parts,
        hold=Hold.BARE,
        needs=HAS_DIGITS,
    ),
)
