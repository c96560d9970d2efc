"""期刊基本参数: the line in which a journal prints how many articles an issue has. Pure.

GB/T (CAJ-CD) orders it: CN*founded*period*format*pages*language*carrier*price*print run*articles*
month (READING.md §6). The count is believed of an issue only where the line can be that issue's.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.issue import Issue

#: The label under which a masthead has the line.
LABEL = "期刊基本参数"
#: More articles than any issue has: a print run that stands where the count should.
_ARTICLES_MOST = 999

_LINE = re.compile(
    r"CN\s*(?P<cn>\d{2}\s*-\s*\d{4}(?:\s*/\s*[A-Z][A-Z0-9.]*)?)"
    r"\s*\*\s*(?P<founded>\d{4})[^*\n]{0,6}\*\s*(?P<period>[A-Za-z])\s*\*"
    # The parts between stand in this order, and some journals leave one out.
    r"(?:[^*\n]{0,16}\*){3,6}"
    r"\s*(?P<articles>\d{1,4})\s*篇?\s*\*"
    r"\s*(?P<year>\d{4})\s*[-.年/]\s*(?P<month>\d{1,2})(?!\d)"
)
#: Months that one number of a journal is for, by the letter of its period, and how many numbers a
#: month has where it has several.
_MONTHS = {"m": 1, "b": 2, "q": 3, "f": 6, "a": 12, "y": 12}
_A_MONTH = {"s": 2, "t": 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What the line says. `cn` is the number as printed, checked or not; `period` is the letter: m,
    b, q, …"""

    text: str
    cn: str
    period: str
    articles: int
    year: int
    month: int

    def is_of(self, issue: Issue) -> bool | None:
        """Whether an issue is the one that the line is about; None where neither number nor period
        tells, and the year fits."""
        if issue.year is not None and issue.year != self.year:
            return False
        numbers = [int(each) for each in re.findall(r"\d+", issue.number or "")]
        if not numbers or not re.fullmatch(r"[\d\s\-–/、合]+", issue.number or ""):
            return None
        first, last = min(numbers), max(numbers)
        if (months := _MONTHS.get(self.period)) is not None:
            return (first - 1) * months < self.month <= last * months
        if (a_month := _A_MONTH.get(self.period)) is not None:
            return first <= self.month * a_month and last > (self.month - 1) * a_month
        return None


def find_parameters(text: str) -> Parameters | None:
    """The first such line of a text, however wide its signs are."""
    return next(_find(text), None)


def _find(text: str) -> Iterator[Parameters]:
    if "*" not in text and "＊" not in text:
        return
    for match in _LINE.finditer(unicodedata.normalize("NFKC", text)):
        articles, month = int(match["articles"]), int(match["month"])
        if 0 < articles <= _ARTICLES_MOST and 1 <= month <= 12:
            yield Parameters(
                text=" ".join(match[0].split()),
                cn="".join(match["cn"].split()),
                period=match["period"].lower(),
                articles=articles,
                year=int(match["year"]),
                month=month,
            )
