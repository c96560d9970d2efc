"""Whether issues are kept whole."""

from __future__ import annotations

import sys
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

    from archive.completeness import IssueReport
    from sources.model import Source


def complete(
    ids: Ids = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Whether each issue is kept whole: what its contents page showed, and how many articles the
    issue itself says that it has (期刊基本参数), against what was captured. What lacks is named.

    Exit code: 0 nothing is known to lack; 1 something does; 2 wrong usage.

    Example: kanliu complete tea
    """
    from house.completeness import completeness
    from house.keeping import open_store
    from sources.read import read_sources
    from terminal import clear_line, tell

    settings = settings_of(data=data, journals=journals)
    sources = chosen(read_sources(settings.journals).sources, ids)
    with open_store(settings) as store:
        found = completeness(store, settings.data, sources, tell)
    clear_line()
    print_json(rows_of(found)) if json else print_complete(found, sources)
    lacks = any(not each.is_whole for issues in found.values() for each in issues)
    sys.exit(EXIT_PERSON if lacks else 0)


def rows_of(found: Mapping[str, Sequence[IssueReport]]) -> list[dict[str, object]]:
    """Each issue as data."""
    return [
        {
            "source": source_id,
            "issue": each.issue.slug if each.issue else None,
            "listed": each.listed,
            "kept": each.kept,
            "printed": each.printed,
            "lacking": each.lacking,
            "gaps": [
                {"title": gap.title, "url": gap.url, "why": gap.why, "shown": gap.shown}
                for gap in each.gaps
            ],
        }
        for source_id, issues in found.items()
        for each in issues
    ]


def print_complete(found: Mapping[str, Sequence[IssueReport]], sources: Sequence[Source]) -> None:
    """Each issue for people: one line, and what lacks below it."""
    from feeds.words import words

    if not any(found.values()):
        print("Nothing is kept yet. Next: kanliu poll")
    for source in sources:
        if issues := found[source.id]:
            print(f"{source.title} ({source.id})")
        say = words(source.language)
        for each in issues:
            issue = each.issue
            name = say.issue_name(issue.year, issue.volume, issue.number) if issue else "no issue"
            printed = f", {each.printed} by 期刊基本参数" if each.printed is not None else ""
            state = f"{each.lacking} lack" if each.lacking else "nothing is known to lack"
            print(f"  {name}: {each.kept} kept, {each.listed} listed{printed}: {state}")
            for gap in each.gaps:
                print(f"    {gap.title or '?'}  {gap.url}\n      {gap.why}")
            if each.lacking > len(each.gaps):
                print(f"    {each.lacking - len(each.gaps)} that no list showed")
