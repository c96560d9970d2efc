"""The archive's files as the source of truth: captures read again, the database made again."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

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
    from collections.abc import Callable, Iterator, Sequence

    from archive.difference import Difference
    from crawler.reread import Reread
    from house.again import Again, Anew

#: Differences shown; --json has them all.
MOST_ROWS = 40


def reread(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Source ids, or ids of entries")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Only what is as it is since then: 2026-11-01"),
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Keep what is new as revisions")] = False,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Read what was captured again by today's rules, without a request to any site, and show what
    would change. What a person corrected stays.

    Exit code: 0 done, whether or not anything would change; 1 something could not be read, or a
    feed not rendered; 2 wrong usage; 75 another instance holds the data.

    Example: kanliu reread brand-research --since 2026-11-01
    """
    from house.again import reread as read_again

    settings = settings_of(data=data, journals=journals)
    with progress() as tell:
        again = read_again(
            settings,
            ids or (),
            since=day_of(since) if since else None,
            is_applied=apply,
            tell=lambda done, all_: tell("reading", done, all_),
        )
    if json:
        print_json(again_rows(again))
    else:
        print_again(again, is_applied=apply)
    if again.failed:
        fail(f"kept, but not rendered: {', '.join(again.failed)}; see the log", EXIT_PERSON)
    sys.exit(EXIT_PERSON if any(each.problem for each in again.found) else 0)


def rebuild(
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Make it there, empty as it is, and leave it there"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare: nothing takes any place")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Take the old one's place though they differ")
    ] = False,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Make the database again from the archive's own files: WARC files and packages. It is made
    beside the old one and compared with it, and takes its place where nothing differs; the old one
    is kept aside.

    Exit code: 0 nothing differs, or there was none to compare with; 1 something differs; 2 wrong
    usage; 75 another instance holds the data.

    Example: kanliu rebuild --check
    """
    from house.again import rebuild_database

    if check and (anyway or database):
        fail("--check goes alone: it puts nothing anywhere", EXIT_USAGE)
    settings = settings_of(data=data, journals=journals)
    with progress() as tell:
        anew = rebuild_database(
            settings, url=database, is_checked_only=check, is_forced=anyway, tell=tell
        )
    print_json(anew) if json else print_anew(anew, is_checked_only=check)
    sys.exit(0 if anew.is_well else EXIT_PERSON)


def day_of(text: str) -> datetime:
    """The beginning of a day, or an instant, in UTC where it does not say otherwise."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--since is a day like 2026-11-01, not {text!r}", EXIT_USAGE)
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def again_rows(again: Again) -> dict[str, Any]:
    """Entries read again, as data."""
    return {
        "entries": again.entries,
        "kept": again.kept,
        "fields": counts(again.found),
        "changes": [
            {
                "entry": each.entry_id,
                "source": each.source_id,
                "url": each.url,
                "title": each.title,
                "fields": each.changes,
                "corrected": each.overruled,
                "text": text_rows(each.difference),
                "problem": each.problem,
            }
            for each in again.found
        ],
    }


def text_rows(made: Difference | None) -> dict[str, Any] | None:
    """What became of a text, as data."""
    if made is None:
        return None
    return {"added": made.added, "removed": made.removed, "paragraphs": made.paragraphs}


def counts(found: Sequence[Reread]) -> dict[str, int]:
    """How many entries change in each field, most first."""
    named = Counter(change.field for each in found for change in each.changes)
    return dict(named.most_common())


def print_again(again: Again, *, is_applied: bool) -> None:
    """What would change, entry by entry, and in sum."""
    from rich.markup import escape

    from terminal import console

    out = console()
    for each in again.found:
        out.print(f"[bold]{escape(each.title or '?')}[/] [dim]{escape(each.entry_id)}[/]")
        for line in lines_of(each):
            out.print(f"  {line}", soft_wrap=True)
    told = ", ".join(f"{name} {number}" for name, number in counts(again.found).items())
    changed = sum(bool(each.changes) for each in again.found)
    out.print(f"{again.entries} entries read, {changed} say something else: {told or 'nothing'}")
    broken = sum(each.problem is not None for each in again.found)
    if broken:
        out.print(f"[red]{broken} could not be read, and stay as they are[/]")
    if is_applied:
        out.print(f"{again.kept} revisions kept")
    elif changed:
        out.print("[dim]Nothing was kept. To keep it: kanliu reread --apply[/]")


def lines_of(each: Reread) -> Iterator[str]:
    """One entry read again."""
    from rich.markup import escape

    from terminal import shortened

    if each.problem:
        yield f"[red]{escape(each.problem)}[/]"
    for change in each.changes:
        if change.field == "text" and each.difference is not None:
            made = each.difference
            yield f"text: {made.added} letters added, {made.removed} removed"
            yield from text_lines(made)
        elif change.before or change.after:
            before, after = escape(shortened(change.before)), escape(shortened(change.after))
            yield f"{change.field}: [red]{before or '-'}[/] → [green]{after or '-'}[/]"
        else:
            yield f"{change.field}: other markup"
    for change in each.overruled:
        after = escape(shortened(change.after))
        yield f"[dim]{change.field}: the page says {after or '-'} now; a person's word stays[/]"


def text_lines(made: Difference) -> Iterator[str]:
    """The first changed paragraphs of a text, what is new and what is gone marked."""
    from rich.markup import escape

    from terminal import shortened

    marks = {"added": "[green]{}[/]", "removed": "[red strike]{}[/]"}
    for pieces in made.paragraphs[:3]:
        parts = (marks.get(each.mark, "{}").format(escape(shortened(each.text))) for each in pieces)
        yield "  " + "".join(parts)


def print_anew(anew: Anew, *, is_checked_only: bool) -> None:
    """What came of a rebuild."""
    from rich.markup import escape

    from terminal import console

    out, done = console(), anew.rebuilt
    out.print(
        f"{done.files} files: {done.entries} entries, {done.revisions} revisions, "
        f"{done.events} events"
    )
    told = [
        *(f"[yellow]not used: {escape(each)}[/]" for each in done.lost),
        *(f"[red]otherwise than the log: {escape(each)}[/]" for each in done.otherwise),
        *(
            f"[red]{each.table}: {escape(each.key)}: {each.what}"
            f"{' in ' + ', '.join(each.columns) if each.columns else ''}[/]"
            for each in anew.unlike or ()
        ),
    ]
    for line in told[:MOST_ROWS]:
        out.print(line, soft_wrap=True)
    if len(told) > MOST_ROWS:
        out.print(f"[dim]… and {len(told) - MOST_ROWS} more; --json has them all[/]")
    if done.counts.never_kept:
        out.print(f"[dim]{done.counts.never_kept} captures were never kept before a crash[/]")
    out.print(verdict(anew, is_checked_only=is_checked_only), soft_wrap=True)


def verdict(anew: Anew, *, is_checked_only: bool) -> str:
    """What a rebuild leaves, and what to do."""
    if anew.unlike:
        equal = f"[red]{len(anew.unlike)} differences[/]"
    else:
        equal = "no difference" if anew.unlike is not None else "nothing to compare with"
    if is_checked_only:
        return f"{equal}; nothing was changed"
    if anew.is_in_place:
        aside = f"; the old one is {anew.aside}" if anew.aside else ""
        return f"{equal}; the new database is in place{aside}"
    left = f"{equal}; the new database is {anew.database}"
    if anew.unlike:
        return f"{left}. To let it take the place of the old one: kanliu rebuild --anyway"
    return left


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr for a person who waits; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    is_seen = sys.stderr.isatty()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not is_seen
    ) as bar:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, all_: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=all_)
            bar.update(tasks[what], completed=done, total=all_)

        yield tell
