"""The few words of our own that stand in a feed, in the feed's language. Values only.

A language that we do not speak gets English; the journal's words are never translated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A number that is counted: 4, 4-5, S1; 增刊 is a name.
_COUNTED = re.compile(r"[A-Za-z]?\d[\w\-–~/.]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Wording of one language. Where a field has `{}`, what it names goes there."""

    retracted: str
    withdrawn: str
    withdrawn_text: str
    untitled: str
    source: str
    journal: str
    number: str
    volume: str
    listed: str
    original: str
    license: str
    reprinted_from: str
    all_journals: str
    feeds_of_all: str
    sponsored_by: str
    part_of: str
    year: str
    issue_joint: str
    contents: str
    by_author: str
    found_for: str
    group: str

    def issue_name(self, year: int | None, volume: str | None, number: str | None) -> str:
        """What an issue is called: 2026年第12卷第5期, 2026年增刊; 2026, vol. 12, no. 5."""
        parts = (
            self.year.format(year) if year else "",
            self.volume.format(volume) if volume else "",
            (self.number.format(number) if _COUNTED.fullmatch(number) else number)
            if number
            else "",
        )
        return self.issue_joint.join(part for part in parts if part)

    def issue(self, volume: str | None, number: str | None) -> str:
        """An issue in words, as far as it is known; empty when nothing is."""
        parts = (
            self.volume.format(volume) if volume else "",
            self.number.format(number) if number else "",
        )
        return " ".join(part for part in parts if part)


_CHINESE = Words(
    retracted="【撤稿】",
    withdrawn="【已撤下】{}",
    withdrawn_text="本站已撤下这篇文章。",
    untitled="（无题）",
    source="来源：",
    journal="《{}》",
    number="第{}期",
    volume="第{}卷",
    listed="、",
    original="阅读原文",
    license="许可：",
    reprinted_from="转载自：",
    all_journals="刊流：全部期刊",
    feeds_of_all="刊流订阅的全部期刊",
    sponsored_by="{}主办",
    part_of="{} · {}",
    year="{}年",
    issue_joint="",
    contents="{}目录（{} 篇）",
    by_author="作者：{}",
    found_for="搜索：{}",
    group="刊流：{}",
)
_ENGLISH = Words(
    retracted="[Retracted] ",
    withdrawn="[Withdrawn] {}",
    withdrawn_text="This site has taken the article down.",
    untitled="(untitled)",
    source="Source: ",
    journal="{}",
    number="no. {}",
    volume="vol. {}",
    listed=", ",
    original="read the original",
    license="Licence: ",
    reprinted_from="Reprinted from: ",
    all_journals="Kanliu: all journals",
    feeds_of_all="All journals followed by Kanliu",
    sponsored_by="{}",
    part_of="{} · {}",
    year="{}",
    issue_joint=", ",
    contents="{}: contents ({} articles)",
    by_author="By {}",
    found_for="Search: {}",
    group="Kanliu: {}",
)


def words(language: str) -> Words:
    """Our words in a language given as a tag such as `zh-CN`."""
    return _CHINESE if language.casefold().split("-")[0] == "zh" else _ENGLISH
