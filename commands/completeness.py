"""Whether issues are kept whole."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.door import (
    EXIT_PERSON,
    DataOption,
    Ids,
    JournalsOption,
    JsonOption,
    chosen,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.completeness import IssueReport, JournalReport
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source


def complete(
    ids: Ids = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Whether each issue is kept whole: what its contents page showed, and how many articles the
    issue itself says that it has (期刊基本参数), against what was captured. What lacks is named.

    Files are read once: what their lists showed is remembered.

    Exit code: 0 nothing is known to lack; 1 something does, or a file could not be read as a
    whole; 2 wrong usage.

    Example: kanliu complete tea
    """
    from house.keeping import open_store
    from terminal import clear_line

    settings = settings_of(data=data, journals=journals)
    with open_store(settings) as store:
        whole = find_whole(settings, store, ids)
    clear_line()
    print_json(whole.rows) if json else whole.print()
    sys.exit(0 if whole.is_whole else EXIT_PERSON)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """How the issues of these sources were found."""

    sources: Sequence[Source]
    found: Mapping[str, JournalReport]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to lack, and everything could be read."""
        return all(each.is_whole for each in self.found.values())

    @property
    def rows(self) -> list[dict[str, object]]:
        """For machines."""
        return rows_of(self.found)

    def print(self) -> None:
        """For people."""
        print_complete(self.found, self.sources)


def find_whole(settings: Settings, store: Store, ids: list[str] | None = None) -> Whole:
    """What lacks of the issues of these sources, or of all; with progress on a terminal."""
    from house.completeness import completeness
    from house.keeping import now
    from sources.read import read_sources
    from terminal import tell

    sources = chosen(read_sources(settings.journals).sources, ids)
    return Whole(sources=sources, found=completeness(store, settings.data, sources, now(), tell))


def rows_of(found: Mapping[str, JournalReport]) -> list[dict[str, object]]:
    """Each issue as data."""
    from archive.completeness import as_data

    return [
        {"source": source_id, "computed": report.computed, **as_data(each, is_public=False)}
        for source_id, report in found.items()
        for each in report.issues
    ]


def print_complete(found: Mapping[str, JournalReport], sources: Sequence[Source]) -> None:
    """Each issue for people: one line, and what lacks below it."""
    from feeds.words import words

    if not any(report.issues for report in found.values()):
        print("Nothing is kept yet. Next: kanliu poll")
    for source in sources:
        report = found.get(source.id)
        if report is None or not report.issues:
            continue
        print(f"{source.title} ({source.id})")
        say = words(source.language)
        for each in report.issues:
            issue = each.issue
            name = say.issue_name(issue.year, issue.volume, issue.number) if issue else "no issue"
            print_issue(name, each)
        if report.unread:
            print(f"  {report.unread} of {report.lists} lists could not be read by today's rules")
    broken = max((report.broken for report in found.values()), default=0)
    if broken:
        print(f"{broken} records or files could not be read: a list may be among them. "
              "Next: kanliu verify")  # fmt: skip


def print_issue(name: str, each: IssueReport) -> None:
    """One issue, and what lacks of it."""
    printed = f", {each.printed} by 期刊基本参数" if each.printed is not None else ""
    withdrawn = f" ({each.withdrawn} taken down)" if each.withdrawn else ""
    state = f"{each.lacking} lack" if each.lacking else WHOLE[each.verdict]
    print(f"  {name}: {each.kept} kept{withdrawn}, {each.listed} listed{printed}: {state}")
    for gap in each.gaps:
        print(f"    {gap.title or '?'}  {gap.url}\n      {gap.why}")
    if each.unlisted:
        print(f"    {each.unlisted} that no list showed")


#: What is said of an issue of which nothing is known to lack, by its verdict.
WHOLE = {
    "whole": "nothing is known to lack",
    "unknown": "nothing is known to lack; no list and no number tells what it should hold",
}
