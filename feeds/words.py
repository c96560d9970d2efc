"""The few words of our own that stand in a feed, in the feed's language. Values only.

A language that we do not speak gets English; the journal's words are never translated.
"""

from __future__ import annotations

from dataclasses import dataclass


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
)


def words(language: str) -> Words:
    """Our words in a language given as a tag such as `zh-CN`."""
    return _CHINESE if language.casefold().split("-")[0] == "zh" else _ENGLISH
