"""Handing over: what is kept leaves in forms that others read."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from commands.door import (
    EXIT_PERSON,
    EXIT_USAGE,
    DataOption,
    JournalsOption,
    JsonOption,
    fail,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.store import Store
    from house.handover import Chosen, Exported, LeftOut
    from sources.model import Source

#: Of what was left out so many are named on a terminal; --json has them all.
_NAMED = 20


def export(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]...", help="A query, as kanliu search takes it"),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="wacz|bagit|jsonl|csv|bibtex", help="What to write")
    ] = "",
    to: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The file, a folder for it, or the bag")
    ] = None,
    journal: Annotated[
        str | None, typer.Option(metavar="ID", help="All of this journal, or of it only")
    ] = None,
    issn: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Only what has this ISSN or eISSN")
    ] = None,
    issue: Annotated[
        str | None, typer.Option(metavar="ISSUE", help="Only this issue of it, such as 2026-4")
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Only what it published in this month")
    ] = None,
    closed_too: Annotated[
        bool,
        typer.Option("--closed-too", help="Texts that are closed as well: for yourself; recorded"),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="In place of what is there")] = False,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Take along what is kept: captures as WACZ, all of it as a BagIt bag, entries as JSON lines,
    as a table (CSV) or as references (BibTeX). docs/leave-us-or-hand-over.md says what each holds.

    Closed texts stay here, and what was withdrawn; what was left out is named.

    Exit code: 0 done; 1 nothing was found, or something is damaged and not in there; 2 wrong usage,
    or something is there already.

    Example: kanliu export --journal tea --issue 2026-4 --format wacz --to tea-2026-4.wacz
    """
    from contextlib import nullcontext

    from archive.lock import open_beside
    from house.handover import ExportError, Format
    from house.handover import export as hand_over
    from house.keeping import open_store
    from sources.read import read_sources
    from terminal import clear_line, tell

    if format_ not in list(Format):
        fail(f"--format is one of {', '.join(Format)}, not {format_!r}", EXIT_USAGE)
    if to is None:
        fail("--to is missing: the file or folder to write", EXIT_USAGE)
    if not (words or journal or issn):
        fail("what to export? Name a --journal or an --issn, or write a query", EXIT_USAGE)
    if (issue or month) and not journal:
        fail("--issue and --month are of one journal: name it with --journal", EXIT_USAGE)
    settings = settings_of(data=data, journals=journals)
    sources = read_sources(settings.journals).sources
    beside = open_beside(settings.data, "kanliu export") if closed_too else nullcontext()
    with beside, open_store(settings) as store:
        chosen = chosen_of(store, sources, words or (), journal, issn, issue, month)
        try:
            done = hand_over(
                settings,
                store,
                sources,
                chosen,
                Format(format_),
                to,
                closed_too=closed_too,
                force=force,
                tell=tell,
            )
        except ExportError as error:
            clear_line()
            fail(error, EXIT_USAGE if error.is_usage else EXIT_PERSON)
    clear_line()
    print_json(done) if json else print_exported(done)
    sys.exit(EXIT_PERSON if done.damaged else 0)


def chosen_of(
    store: Store,
    sources: Sequence[Source],
    words: Sequence[str],
    journal: str | None,
    issn: str | None,
    issue: str | None,
    month: str | None,
) -> Chosen:
    """What the options and words choose, or a usage error."""
    from dataclasses import replace

    from archive.issue import parse_slug
    from archive.query import issns_of, parse_query
    from archive.selection import Selection
    from house.handover import Chosen
    from sources.model import Source

    by_id = {source.id: source for source in sources}
    titles = {id_: id_ for id_ in store.source_ids()} | {s.id: s.title for s in sources}
    said = [*words, f"issn:{issn}"] if issn else list(words)
    query = " ".join(said)
    selection = (
        parse_query(query, journals=titles, issns=issns_of(sources)) if said else Selection()
    )
    names, shown = [*said], [query] if said else []
    source = None
    if journal is not None:
        if journal not in titles:
            known = ", ".join(sorted(titles)[:20]) or "none"
            fail(f"no journal {journal}. Known: {known}", EXIT_USAGE)
        source = by_id.get(journal) or Source(id=journal, title=journal, lists=())
        selection = replace(selection, sources=frozenset({journal}))
        names, shown = [journal, *names], [source.title, *shown]
    if issue is not None:
        if parse_slug(issue) is None:
            fail(f"--issue is as its address has it, such as 2026-4, not {issue!r}", EXIT_USAGE)
        selection = replace(selection, issue=issue)
    if month is not None:
        since, until = month_of(month, source.zone if source else "UTC")
        selection = replace(selection, since=since, until=until)
    further = [part for part in (issue, month) if part]
    return Chosen(
        selection=selection,
        name=file_name([*names, *further]),
        title=" ".join([*shown, *further]),
        source=source,
        is_of_words=bool(said),
    )


def month_of(month: str, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a month in the journal's zone, and that of the next."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        fail(f"--month is YYYY-MM, such as 2026-10, not {month!r}", EXIT_USAGE)
    year, index = first.year + first.month // 12, first.month % 12 + 1
    return first, first.replace(year=year, month=index)


def file_name(parts: Sequence[str]) -> str:
    """What was chosen as the name of a file: `tea-2026-4`."""
    import re

    words = (re.sub(r"[^\w.]+", "-", part).strip("-.") for part in parts)
    return "-".join(filter(None, words))[:80] or "export"


def print_exported(done: Exported) -> None:
    """What an export came to, for people."""
    texts = "" if done.format in ("csv", "bibtex") else f", {done.texts} with their texts"
    captures = f", {done.captures} captures" if done.captures else ""
    print(f"{done.to}: {done.entries} entries{texts}{captures}, {done.size_bytes} bytes")
    if done.sha256:
        print(f"sha256 {done.sha256}")
    print_left("closed, given out by your word and recorded", done.closed_given)
    print_left("closed, left out", done.closed)
    print_left("withdrawn, left out", done.withdrawn)
    print_left("damaged, left out", done.damaged)


def print_left(words: str, left: Sequence[LeftOut]) -> None:
    """What is not in there, or is by the operator's word alone."""
    if not left:
        return
    print(f"\n{len(left)} {words}:")
    for each in left[:_NAMED]:
        print(f"  {each.title or each.id}: {each.why}")
    if len(left) > _NAMED:
        print(f"  and {len(left) - _NAMED} more; --json names them all")
