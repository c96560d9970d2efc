"""`/<source>/completeness/`: whether each issue of a journal is kept whole, and what lacks. Of
articles it shows only what the journal's own contents pages do, and only of those that lack."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from archive.completeness import Verdict, as_data
from web.days import Day, print_instant
from web.frame import web_address
from web.pages.issue import issue_name, issue_path
from web.pages.selection import Link, journal_link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archive.completeness import Gap, IssueReport, JournalReport
    from sources.model import Source
    from web.frame import Frame
    from web.words import Words

#: More are in the JSON; what lacks of a first visit may be hundreds.
GAPS_MOST = 50
#: As many are read at a glance.
_GAPS_SHOWN = 10
_SUMS = {
    Verdict.LACKS: "sum-lacks",
    Verdict.WHOLE: "sum-whole",
    Verdict.UNKNOWN: "sum-unknown",
}
_LABELS = {Verdict.WHOLE: "verdict.whole", Verdict.UNKNOWN: "verdict.unknown"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GapRow:
    """An article that lacks, as the contents page shows it; `url` is None where a browser should
    not open its address."""

    title: str
    address: str
    url: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueState:
    """How an issue was found. `path` is its page; None where nothing of it is kept."""

    name: str
    language: str
    slug: str
    path: str | None
    verdict: Verdict
    label: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    gaps: tuple[GapRow, ...]
    is_long: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class YearState:
    """The issues of a year; `name` is empty where it is not known."""

    name: str
    issues: tuple[IssueState, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CompletenessPage:
    """All issues. `computed` is None where nobody compared them yet."""

    journal: Link
    language: str
    computed: Day | None
    computed_text: str
    sums: tuple[str, ...]
    years: tuple[YearState, ...]
    rest: IssueState | None
    basis: tuple[str, ...]
    json_path: str


def completeness_page(
    report: JournalReport | None, source: Source, frame: Frame
) -> CompletenessPage:
    """A journal's issues as they were found last."""
    say, words = frame.words.say, frame.words
    issues = report.issues if report else ()
    known = [each for each in issues if each.issue is not None]
    rest = next((each for each in issues if each.issue is None), None)
    computed = print_instant(report.computed, source.zone, frame.language) if report else None
    by_year = groupby(known, key=lambda each: each.issue.year if each.issue else None)
    return CompletenessPage(
        journal=journal_link(source, frame),
        language=source.language,
        computed=computed,
        computed_text=say("computed", day=computed.text) if computed else "",
        sums=tuple(_sums(known, words)),
        years=tuple(
            YearState(
                name=str(year) if year else "",
                issues=tuple(_state(each, source, frame) for each in found),
            )
            for year, found in by_year
        ),
        rest=_state(rest, source, frame) if rest else None,
        basis=tuple(_basis(report, source, frame)) if report else (),
        json_path=frame.path_of(f"/{source.id}/completeness.json"),
    )


def completeness_data(report: JournalReport | None, source: Source, frame: Frame) -> dict[str, Any]:
    """The same for machines."""
    return {
        "source": source.id,
        "journal": source.title,
        "computed": _machine(report.computed if report else None),
        "lists": {
            "captured": report.lists if report else 0,
            "first": _machine(report.first if report else None),
            "last": _machine(report.last if report else None),
            "unread": report.unread if report else 0,
        },
        "broken_records": report.broken if report else 0,
        "issues": [_issue_data(each, source, frame) for each in (report.issues if report else ())],
    }


def _issue_data(each: IssueReport, source: Source, frame: Frame) -> dict[str, Any]:
    data = as_data(each, is_public=True)
    for gap in data["gaps"]:
        gap["shown"] = _machine(gap["shown"])
    name = path = None
    if each.issue is not None:
        name = issue_name(each.issue, source)
        is_shown = each.kept > each.withdrawn
        path = frame.address_of(issue_path(source.id, each.issue)) if is_shown else None
    return {"name": name, "page": path, **data}


def _machine(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def _sums(issues: list[IssueReport], words: Words) -> Iterator[str]:
    counts = Counter(each.verdict for each in issues)
    for verdict, key in _SUMS.items():
        if counts[verdict]:
            yield words.count(key, counts[verdict])


def _state(each: IssueReport, source: Source, frame: Frame) -> IssueState:
    words = frame.words
    issue = each.issue
    label = words.count("verdict.lacks", each.lacking) if each.lacking else ""
    is_shown = issue is not None and each.kept > each.withdrawn
    return IssueState(
        name=issue_name(issue, source) if issue else words.say("no-issue-articles"),
        language=source.language if issue else frame.language,
        slug=issue.slug if issue else "no-issue",
        path=frame.link(issue_path(source.id, issue)) if issue and is_shown else None,
        verdict=each.verdict,
        label=label or words.say(_LABELS[each.verdict]),
        facts=tuple(_facts(each, words)),
        notes=tuple(_notes(each, words)),
        gaps=tuple(_gap(gap, source, frame) for gap in each.gaps[:GAPS_MOST]),
        is_long=len(each.gaps) > _GAPS_SHOWN,
    )


def _facts(each: IssueReport, words: Words) -> Iterator[str]:
    yield words.count("listed", each.listed) if each.listed else words.say("no-contents")
    yield words.count("kept", each.kept)
    if each.withdrawn:
        yield words.count("kept-withdrawn", each.withdrawn)
    if each.issue is not None:
        if each.printed is None:
            yield words.say("no-number")
        else:
            yield words.count("printed", each.printed)


def _notes(each: IssueReport, words: Words) -> Iterator[str]:
    if len(each.gaps) > GAPS_MOST:
        yield words.count("lacking-more", len(each.gaps) - GAPS_MOST)
    if each.unlisted:
        yield words.count("unlisted", each.unlisted)


def _gap(gap: Gap, source: Source, frame: Frame) -> GapRow:
    words = frame.words
    facts = [words.count("gap-asked", gap.tries) if gap.tries else words.say("gap-never")]
    if gap.status is not None:
        facts.append(words.say("gap-status", n=gap.status))
    if gap.shown is not None:
        day = print_instant(gap.shown, source.zone, frame.language, to_day=True)
        facts.append(words.say("gap-shown", day=day.text))
    if gap.is_hidden:
        return GapRow(title=words.say("gap-hidden"), address="", url=None, facts=tuple(facts))
    return GapRow(
        title=gap.title or words.say("untitled"),
        address=gap.url,
        url=web_address(gap.url),
        facts=tuple(facts),
    )


def _basis(report: JournalReport, source: Source, frame: Frame) -> Iterator[str]:
    """What the answer rests on, and what of it could not be read."""
    words = frame.words
    if report.first is not None and report.last is not None:
        first, last = (
            print_instant(each, source.zone, frame.language, to_day=True).text
            for each in (report.first, report.last)
        )
        one_day = "rests-on-day.one" if report.lists == 1 else "rests-on-day"
        key = one_day if first == last else "rests-on-lists"
        yield words.say(key, n=f"{report.lists:,}", first=first, last=last)
    else:
        yield words.say("rests-on-nothing")
    if report.unread:
        yield words.count("unread-lists", report.unread)
    if report.broken:
        yield words.count("broken-records", report.broken)
