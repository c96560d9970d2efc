"""The day that an address names: /2017/0803/2735.html, t20210227_12.html. Pure.

Weaker than anything printed: the address tells when a file was put up. Issues are no days:
/Y2015/V55/I1/, 202311001, issue/2026_4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.normalise.date import instant_of, parse_date

if TYPE_CHECKING:
    from datetime import datetime

    from archive.model import PrintedDate

_Y, _M, _D = r"(?P<y>(?:19[89]|20\d)\d)", r"(?P<m>0[1-9]|1[0-2])", r"(?P<d>0[1-9]|[12]\d|3[01])"
_FORMS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"/{_Y}/{_M}/?{_D}/",  # /2017/0803/, /2017/08/03/
        # /2017/8/3/a-name: Squarespace
        rf"/{_Y}/(?P<m>[1-9]|1[0-2])/(?P<d>[1-9]|[12]\d|3[01])/(?=[^/]*[^\d/][^/]*$)",
        rf"/{_Y}-{_M}[-/]{_D}(?=[/_.-]|$)",  # /2017-08-03-…, /2017-08/03/
        rf"[/_]t{_Y}{_M}{_D}_",  # TRS: t20210227_12.html
        # /20210227/, news_20210227.html; /abstract/20210227 is the number of an article
        rf"/{_Y}{_M}{_D}(?=[/_.-])",
        rf"[_-]{_Y}{_M}{_D}(?=[/_.-]|$)",
        rf"/art/{_Y}/(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/",  # Hanweb: /art/2021/2/27/art_1_2.html
        r"/(?P<y>\d\d)/(?P<m>\d\d)(?P<d>\d\d)/\d\d/[0-9A-Z]{16}\.",  # NetEase: /20/0731/20/FIT…
    )
)


def find_url_date(url: str, *, visited: datetime | None = None, zone: str) -> PrintedDate | None:
    """The day in the path of an address, if it exists and does not lie after the visit."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for form in _FORMS:
        if match := form.search(path):
            year, month, day = (int(match[part]) for part in ("y", "m", "d"))
            text = f"{year + 2000 if year < 100 else year}-{month:02}-{day:02}"
            date = parse_date(text, visited=visited, zone=zone)
            if date.value and not _is_after(date, visited, zone):
                return date
    return None


def find_url_year(url: str, *, month: int) -> int | None:
    """The year of a folder in the path, for a day that is printed without one: /2021/, /202103/,
    /2021-03/. A folder of another month says nothing of that day."""
    try:
        folders = urlsplit(url).path.split("/")[:-1]
    except ValueError:
        return None
    for folder in folders:
        named = _YEAR_FOLDER.fullmatch(folder)
        if named and (named["m"] is None or int(named["m"]) == month):
            return int(named["y"])
    return None


_YEAR_FOLDER: Final = re.compile(rf"{_Y}(?:[-_]?{_M})?")


def _is_after(date: PrintedDate, visited: datetime | None, zone: str) -> bool:
    """A number that happens to be a day, mostly."""
    day = instant_of(date, zone)
    return day is not None and visited is not None and day > visited
