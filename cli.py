"""The operator's door: thin, one function a command. Imports each room only when its command is
called, so that `kanliu --help` answers at once."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from foundation.errors import (
    CorrectionError,
    DataLockedError,
    KanliuError,
    QueryError,
    SettingsError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from archive.model import Poll, SourceStatus
    from crawler.reading.batch import Mode
    from foundation.settings import Settings
    from sources.model import Render, Source
    from sources.read import Sources

app = typer.Typer(
    name="kanliu",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="""刊流 follows journals that publish on web pages, and turns each into feeds and an
    archive that lasts.

    To see it work: kanliu demo. To follow a journal: kanliu add URL, then kanliu run
    (docs/follow-a-journal.md).""",
)

#: sysexits.h EX_TEMPFAIL: cron may try again later, another instance holds the data.
EXIT_LOCKED = 75
EXIT_PERSON = 1
EXIT_USAGE = 2

DataOption = Annotated[
    Path | None,
    typer.Option("--data", envvar="KANLIU_DATA", show_envvar=True,
                 help="Where everything that is kept lives [default: ./var]"),
]  # fmt: skip
JournalsOption = Annotated[
    Path | None,
    typer.Option("--journals", envvar="KANLIU_JOURNALS", show_envvar=True,
                 help="The folder of source files [default: ./journals]"),
]  # fmt: skip
JsonOption = Annotated[bool, typer.Option("--json", help="Print data for machines")]
RenderOption = Annotated[
    str | None,
    typer.Option(metavar="plain|browser", help="As served, or as its scripts draw it in a browser"),
]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Source ids")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Console script. An error that a person can act on is one sentence on stderr, not a
    traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except DataLockedError as error:
        fail(error, EXIT_LOCKED)
    except (CorrectionError, QueryError, SettingsError) as error:
        fail(error, EXIT_USAGE)
    except KanliuError as error:
        fail(error, EXIT_PERSON)
    except BrokenPipeError:
        # `kanliu … | head`: nobody listens any more, also not to what is still in the buffer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_PERSON)


def tell_version(is_asked: bool) -> None:
    """`--version` ends the command, wherever it stands."""
    if is_asked:
        from importlib.metadata import version

        print(version("kanliu"))
        raise typer.Exit


@app.callback()
def root(
    settings: Annotated[
        Path | None,
        typer.Option(
            envvar="KANLIU_SETTINGS",
            show_envvar=True,
            help="The settings file [default: ./kanliu.toml]",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version, and end", is_eager=True, callback=tell_version
        ),
    ] = False,
) -> None:
    """Options that stand before the command."""
    if settings is not None:
        os.environ["KANLIU_SETTINGS"] = str(settings)


def fail(error: object, code: int) -> NoReturn:
    """Say what is wrong, and leave."""
    print(f"kanliu: {error}", file=sys.stderr)
    sys.exit(code)


def settings_of(**overrides: object) -> Settings:
    """The effective settings: command line over environment over kanliu.toml over defaults."""
    from foundation.settings import read_settings

    named = {name: value for name, value in overrides.items() if value is not None}
    settings = read_settings(environ=os.environ, overrides=named)
    if settings.searches:
        from archive.query import check_searches

        check_searches(settings.searches, where=settings.origins["searches"])
    return settings


def print_json(value: object) -> None:
    """Data for machines: one JSON value, instants as ISO strings."""
    from terminal import plain

    print(jsonlib.dumps(plain(value), ensure_ascii=False, indent=2))


def loop(settings: Settings, main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine function on the loop that Scrapy needs, with logging set up."""
    from crawler.service import run_loop
    from scheduler import set_up_logging

    set_up_logging(settings.log_level)
    return run_loop(main, reactor=settings.reactor)


def render_of(said: str | None) -> Render | None:
    """The option --render. Any other word is a usage error."""
    match said:
        case None | "plain" | "browser":
            return said
    fail(f"--render is plain or browser, not {said!r}", EXIT_USAGE)


def chosen(sources: Sequence[Source], ids: list[str] | None) -> list[Source]:
    """The sources named, or all. An unknown id is a usage error that names the known ones."""
    if not ids:
        return list(sources)
    by_id = {source.id: source for source in sources}
    unknown = [each for each in ids if each not in by_id]
    if unknown:
        known = ", ".join(sorted(by_id)[:20]) or "none"
        fail(f"no source {', '.join(unknown)} in the journals folder. Known: {known}", EXIT_USAGE)
    return [by_id[each] for each in ids]


def awake(statuses: Sequence[SourceStatus], sources: Sequence[Source]) -> list[Source]:
    """These sources less those at rest, which are named on stderr."""
    resting = {each.source_id: each for each in statuses if each.paused or each.retired}
    left = [source.id for source in sources if source.id in resting]
    if left:
        told = (f"{each} ({'retired' if resting[each].retired else 'paused'})" for each in left)
        print(f"left alone: {', '.join(told)}", file=sys.stderr)
    return [source for source in sources if source.id not in resting]


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the first round")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Where to keep it [default: a new temporary folder]")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the pages; 0 takes a free one")] = 8000,
) -> None:
    """Three sample journals become feeds on this machine, and go on publishing.

    Example: kanliu demo --once --data /tmp/kanliu-demo
    """
    from demo.run import run_demo

    sys.exit(run_demo(once=once, data=data, port=port))


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Any page of the journal: its front page, a list")],
    source_id: Annotated[
        str | None,
        typer.Option("--id", help="The source's id [default: made of the title or the host]"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take the best without asking")] = False,
    render: RenderOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Follow a journal: look at its site, show what would come, and write its source file.

    It asks for 25 pages at most: the page, its feeds, the lists and columns that it links to, and
    up to five articles of each. What was found is shown with its reasons, the best first; one is
    taken, and journals/ID.toml is written, with the pages that it was read from beside it.
    Nothing is overwritten. --json prints all that was found, and writes only with --yes.
    Where a page is an empty shell, it says so: --render browser lets its scripts draw it.

    Exit code: 0 written; 1 nothing was found that reads as articles, or the site cannot be had;
    2 wrong usage, or it is followed already.

    Example: kanliu add https://journal.example/
    """
    from datetime import UTC, datetime

    from crawler.add import write_possibility
    from crawler.probe import discover_at, hint_of
    from foundation.ids import check_id
    from sources.write import ExistsError, check_free
    from terminal import ask_choice, plain_discovery, print_discovery, tell_visit

    settings = settings_of(journals=journals)
    url = url if "://" in url else f"https://{url}"
    how = render_of(render) or "plain"
    try:
        if source_id is not None:
            check_id(source_id)
        check_free(settings.journals, source_id=source_id, lists=[url])
        if not (yes or json or sys.stdin.isatty()):
            raise ValueError(f"nobody can be asked here. Take the best: kanliu add {url} --yes")  # noqa: TRY301
    except (ExistsError, ValueError) as error:
        fail(error, EXIT_USAGE)
    found = loop(settings, lambda: discover_at(url, settings=settings, tell=tell_visit, render=how))
    if not json:
        print_discovery(found, hint=hint_of(url, settings) if found.is_shell else None)
    choice = 0 if yes else None if json else ask_choice(len(found.possibilities))
    file = None
    if choice is not None and found.possibilities:
        try:
            file = write_possibility(
                found.possibilities[choice],
                found,
                settings.journals,
                source_id=source_id,
                today=datetime.now(UTC).date(),
                render=how,
            )
        except ExistsError as error:
            fail(error, EXIT_USAGE)
    if json:
        print_json({**plain_discovery(found), "file": file})
    elif file is not None:
        print(f"written: {file}, and the pages that it was read from beside it")
        print(f"next: kanliu poll {file.stem} --dry-run, then kanliu run")
    sys.exit(0 if found.possibilities else EXIT_PERSON)


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Source files; all of --journals when none is named")
    ] = None,
    pages: Annotated[
        bool,
        typer.Option("--pages", help="Read the saved pages again, offline, and compare"),
    ] = False,
    write: Annotated[
        bool,
        typer.Option("--write", help="With --pages: expect from now on what is read now"),
    ] = False,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Are the source files right? All errors of all files at once.

    With --pages, the pages that `kanliu add` saved beside a file are read again, with no network,
    and compared with what is expected of them; exit code 1 on any difference. --write makes the
    new reading the expected one, and still ends with 1, so that somebody reads what changed.

    Example: kanliu check journals/brand-research.toml
    """
    from crawler.browser import without_browser
    from sources.read import read_files, read_sources

    settings = settings_of(journals=journals)
    found = read_files(files) if files else read_sources(settings.journals)
    if write and not pages:
        fail("--write goes with --pages", EXIT_USAGE)
    if pages:
        check_pages(found, json=json, is_named=bool(files), write=write)
    lacking = without_browser(found.sources, settings)
    errors = (*found.errors, *lacking)
    right = [each for each in found.sources if each.file not in {one.file for one in lacking}]
    if json:
        print_json(
            {
                "sources": [source.id for source in right],
                "errors": [
                    {"file": each.file, "key": each.key, "error": str(each)} for each in errors
                ],
            }
        )
    else:
        for each in (*found.warnings, *errors):
            print(each, file=sys.stderr)
        print(f"sources that are right: {len(right)}, errors: {len(errors)}")
    sys.exit(EXIT_PERSON if errors else 0)


def check_pages(found: Sources, *, json: bool, is_named: bool, write: bool) -> NoReturn:
    """`check --pages`: the saved pages of these sources, field by field."""
    from crawler.discovery.saved import accept, pages_folder, replay
    from foundation.errors import SourceError
    from terminal import print_replays

    replays = []
    errors = list(found.errors)
    for source in found.sources:
        if is_named or pages_folder(source).is_dir():
            try:
                replays.append(done := replay(source))
                if write and done.differences:
                    accept(source, done)
            except SourceError as error:
                errors.append(error)
    if json:
        told = [{"source_id": each.source_id, "differences": each.differences} for each in replays]
        print_json({"replays": told, "errors": [str(error) for error in errors]})
    else:
        print_replays(replays, errors)
    is_other = any(each.differences for each in replays)
    sys.exit(EXIT_PERSON if errors or is_other else 0)


@app.command()
def probe(
    page: Annotated[str, typer.Argument(metavar="URL|FILE", help="Any page of a journal")],
    source: Annotated[str | None, typer.Option(help="Read it as this source's page")] = None,
    as_list: Annotated[bool, typer.Option("--list", help="Read it as a list page")] = False,
    render: RenderOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """What is read from one page, and where each thing was found. Keeps nothing.

    Of the address of a front page or a list it shows what `kanliu add` would: the ways to follow
    the journal, each with five articles. --list shows the links of that one page instead.

    Example: kanliu probe https://journal.example/2026/1234.html
    """
    from crawler.discover import Discovery
    from crawler.probe import hint_of, probe_page
    from sources.read import find_on_host, read_sources
    from terminal import plain_discovery, print_discovery, print_probe, tell_visit

    settings = settings_of(journals=journals)
    sources = read_sources(settings.journals).sources
    known = chosen(sources, [source]) if source else find_on_host(sources, page)
    as_source = known[0] if len(known) == 1 else None
    how = render_of(render)
    seen = loop(
        settings,
        lambda: probe_page(
            page,
            settings=settings,
            source=as_source,
            as_list=as_list,
            tell=None if source else tell_visit,
            render=how,
        ),
    )
    if isinstance(seen, Discovery):
        hint = hint_of(page, settings) if seen.is_shell else None
        print_json(plain_discovery(seen)) if json else print_discovery(seen, hint=hint)
        sys.exit(0 if seen.possibilities else EXIT_PERSON)
    print_json(seen) if json else print_probe(seen, as_source)
    sys.exit(EXIT_PERSON if seen.obstacle else 0)


@app.command()
def read(
    batch: Annotated[
        Path,
        typer.Option(
            "--batch",
            metavar="IN.jsonl",
            help='One page a line: {"id", "html", "url"?, "visited"?}',
        ),
    ],
    lists: Annotated[bool, typer.Option("--lists", help="The pages are list pages")] = False,
    notices: Annotated[
        bool,
        typer.Option("--notices", help='Lines are {"id", "text"}: classify each reprint notice'),
    ] = False,
    dates: Annotated[
        bool, typer.Option("--dates", help='Lines are {"id", "text"}: read each date')
    ] = False,
) -> None:
    """The measuring stand: read many saved pages offline, one JSON line each, in order.

    Example: kanliu read --batch pages.jsonl > read.jsonl
    """
    from crawler.reading.batch import run_batch

    if lists + notices + dates > 1:
        fail("--lists, --notices and --dates exclude each other", EXIT_USAGE)
    mode: Mode = "lists" if lists else "notices" if notices else "dates" if dates else "pages"
    with batch.open(encoding="utf-8") as lines:
        summary = run_batch(lines, batch.parent, sys.stdout, mode=mode)
    print(f"{summary.lines} lines read, {summary.errors} errors", file=sys.stderr)
    sys.exit(EXIT_PERSON if summary.lines and summary.errors == summary.lines else 0)


@app.command()
def poll(
    ids: Ids = None,
    due: Annotated[bool, typer.Option("--due", help="Only what is due now: for cron")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be kept; keep nothing")
    ] = False,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Visit sources once, publish what is new, and end. A source that is paused or retired is
    visited only when it is named.

    Exit code: 0 every poll ended new or unchanged, or backs off as planned; 1 something needs a
    person; 2 wrong usage; 75 another instance holds the data.

    Example: kanliu poll --due
    """
    from house import exit_code, open_house, poll_once

    settings = settings_of(data=data, journals=journals)
    if dry_run:
        dry(settings, ids, json=json)

    async def rounds() -> tuple[list[Poll], Sequence[Source], int]:
        async with open_house(settings, "kanliu poll") as house:
            broken = (await house.refresh()).errors
            wanted = chosen(house.sources, ids)
            if due:
                ready = await house.all_due()
                wanted = [source for source in wanted if source.id in ready]
            elif not ids:
                wanted = awake(house.store.status(), wanted)
            polls = await poll_once(house, wanted)
            failures = {
                each.source_id: house.store.status(each.source_id).failures for each in polls
            }
            is_unwell = bool(broken or house.unrendered)
            code = max(exit_code(polls, failures), EXIT_PERSON if is_unwell else 0)
            return polls, house.sources, code

    from terminal import print_polls

    # Printed when the house is closed: whoever closes the pipe early holds nothing up.
    polls, sources, code = loop(settings, rounds)
    print_json(polls) if json else print_polls(polls, sources, is_due=due)
    sys.exit(code)


def dry(settings: Settings, ids: list[str] | None, *, json: bool) -> NoReturn:
    """`poll --dry-run`: beside a running service too, since it keeps nothing."""
    from house import exit_code, preview_once
    from sources.read import read_sources
    from terminal import print_preview

    wanted = chosen(read_sources(settings.journals).sources, ids)
    previews = loop(settings, lambda: preview_once(settings, wanted))
    if json:
        print_json([{"poll": poll, "entries": entries} for poll, entries in previews])
    else:
        for source, (poll, entries) in zip(wanted, previews, strict=True):
            print_preview(source, poll, entries)
    sys.exit(exit_code([poll for poll, _ in previews], {}))


@app.command()
def publish(
    ids: Ids = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Render feeds anew from the store; files whose bytes do not differ are left alone.

    Example: kanliu publish
    """
    from archive.lock import open_lock
    from house import now, open_store, publish_living
    from sources.read import read_sources

    settings = settings_of(data=data, journals=journals)
    sources = read_sources(settings.journals).sources
    with open_lock(settings.data, "kanliu publish"), open_store(settings) as store:
        store.close_documents(now())
        done = publish_living(store, sources, settings, chosen(sources, ids) if ids else None)
    if json:
        print_json({"written": done.written, "unchanged": done.unchanged, "failed": done.failed})
    else:
        print(f"{len(done.written)} files written, {done.unchanged} as they were")
    if done.failed:
        fail(f"not rendered, for the reasons above: {', '.join(done.failed)}", EXIT_PERSON)


@app.command()
def run(
    data: DataOption = None,
    journals: JournalsOption = None,
    host: Annotated[str | None, typer.Option(help="Address of the pages")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages")] = None,
) -> None:
    """The service: poll what is due, publish, serve the pages, until it is told to stop.

    Example: kanliu run --data /var/lib/kanliu
    """
    from scheduler import run as run_service

    settings = settings_of(data=data, journals=journals, host=host, port=port)
    loop(settings, lambda: run_service(settings))


@app.command()
def serve(
    data: DataOption = None,
    journals: JournalsOption = None,
    host: Annotated[str | None, typer.Option(help="Address of the pages")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages")] = None,
) -> None:
    """Only the pages and the published feeds, beside a service or cron that polls.

    Example: kanliu serve --port 8080
    """
    import asyncio

    from scheduler import serve_alone, set_up_logging

    settings = settings_of(data=data, journals=journals, host=host, port=port)
    set_up_logging(settings.log_level)
    asyncio.run(serve_alone(settings))


@app.command()
def status(
    ids: Ids = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """How each source stands: last outcome, last new article, when it is due.

    Example: kanliu status --json
    """
    from house import open_store, standing
    from sources.read import read_sources
    from terminal import print_status

    settings = settings_of(data=data, journals=journals)
    with open_store(settings) as store:
        rows = standing(store, read_sources(settings.journals).sources)
    unknown = set(ids or ()) - {row.source_id for row in rows}
    if unknown:
        fail(f"no source {', '.join(sorted(unknown))}; kanliu status names them all", EXIT_USAGE)
    rows = [row for row in rows if not ids or row.source_id in ids]
    print_json(rows) if json else print_status(rows)


@app.command(context_settings={"ignore_unknown_options": True})
def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="What to look for")
    ] = None,
    journal: Annotated[
        str | None, typer.Option(metavar="ID", help="Only in this journal: id or title")
    ] = None,
    notice: Annotated[
        str | None,
        typer.Option(metavar="CLASS", help="Only with this notice class, or: reusable"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Show at most so many")] = 20,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Search all that is kept: titles, authors, columns, keywords and texts, in simplified and
    traditional alike. Those with the words in their title come first, then the newest.

    All words must be there; -WORD must not; '"two words"' as one; author: journal: notice: year:
    column: keyword: choose (docs/search.md).

    Exit code: 0 found; 1 nothing was found; 2 wrong usage.

    Example: kanliu search 品牌 year:2024-2026 --notice reusable
    """
    from archive.query import parse_query
    from house import open_store
    from sources.read import read_sources
    from terminal import hit_rows, print_hits

    settings = settings_of(data=data, journals=journals)
    sources = {source.id: source for source in read_sources(settings.journals).sources}
    rights = {source.id: source.rights for source in sources.values()}
    chosen_by = [f'journal:"{journal}"' if journal else "", f"notice:{notice}" if notice else ""]
    query = " ".join(filter(None, [*(words or ()), *chosen_by]))
    with open_store(settings) as store:
        titles = {status.source_id: status.source_id for status in store.status()}
        titles |= {source.id: source.title for source in sources.values()}
        selection = parse_query(query, journals=titles)
        found = store.select(selection, rights=rights, limit=limit, by_relevance=True)
        count = store.count(selection, rights=rights)
    rows = hit_rows(found, selection.words, sources, settings)
    print_json({"query": query, "count": count, "entries": rows}) if json else print_hits(
        rows, count
    )
    sys.exit(0 if count else EXIT_PERSON)


def change_state(verb: str, source_id: str, why: str, data: Path | None) -> None:
    """Pause, resume or retire a source in the store; recorded as an event."""
    from datetime import UTC, datetime

    from house import open_store

    with open_store(settings_of(data=data)) as store:
        if source_id not in {status.source_id for status in store.status()}:
            fail(f"no source {source_id} in the store; kanliu status names them all", EXIT_USAGE)
        getattr(store, verb)(source_id, datetime.now(UTC), why)
    print(f"{source_id}: {verb}d")


SourceId = Annotated[str, typer.Argument(metavar="ID", help="Source id")]
Why = Annotated[str, typer.Option("--why", help="For the record, and for whoever comes after you")]


@app.command()
def pause(source_id: SourceId, why: Why = "", data: DataOption = None) -> None:
    """Stop visiting a source for now; its feeds stay as they are.

    Example: kanliu pause brand-research --why "the site is being moved"
    """
    change_state("pause", source_id, why, data)


@app.command()
def resume(source_id: SourceId, why: Why = "", data: DataOption = None) -> None:
    """Visit a paused or retired source again, from now on.

    Example: kanliu resume brand-research
    """
    change_state("resume", source_id, why, data)


@app.command()
def retire(source_id: SourceId, why: Why = "", data: DataOption = None) -> None:
    """The journal has ended: never visit it again; its feeds and its archive stay.

    Example: kanliu retire brand-research --why "ceased in 2026"
    """
    change_state("retire", source_id, why, data)


@app.command()
def correct(
    entry_id: Annotated[
        str, typer.Argument(metavar="ENTRY_ID", help="As its feed has it: guid in RSS, id in Atom")
    ],
    title: Annotated[str | None, typer.Option(help="The right title")] = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The right date, as exact as it is known, or: unknown"),
    ] = None,
    notice: Annotated[
        str | None, typer.Option(metavar="CLASS", help="What the reprint notice comes to")
    ] = None,
    notice_text: Annotated[
        str | None, typer.Option(help="The notice's words as printed, where none were found")
    ] = None,
    author: Annotated[
        list[str] | None, typer.Option(help="The right author; once for each of several")
    ] = None,
    who: Annotated[str, typer.Option(help="Who says so")] = "",
    why: Why = "",
    undo: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Let the page's own word count again")
    ] = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Put right what was read wrong; it holds whatever the page is read as later. With the id
    alone: what is corrected.

    Exit code: 0 done; 1 a feed could not be rendered; 2 wrong usage; 75 another instance holds
    the data.

    Example: kanliu correct tag:feeds.example,2026-11-23:tea/abc --published 2021-02-27 --who "A.
    Lin" --why "the page prints the day of its redesign"
    """
    from archive.correction import Wanted
    from house import correct_entry, open_store
    from terminal import correction_rows, print_corrections

    wanted = Wanted(
        title=title,
        published=iso_date(published) if published is not None else None,
        notice=chosen_of("NoticeClass", notice) if notice is not None else None,
        notice_text=notice_text,
        authors=tuple(author) if author else None,
    )
    field = chosen_of("CorrectedField", undo) if undo is not None else None
    if field and wanted != Wanted():
        fail("--undo goes alone: undo first, then correct", EXIT_USAGE)
    settings = settings_of(data=data, journals=journals)
    failed: Sequence[str] = ()
    if field or wanted != Wanted():
        held, failed = correct_entry(settings, entry_id, field or wanted, who=who, why=why)
    else:
        with open_store(settings) as store:
            if store.entry(entry_id) is None:
                fail(f"{entry_id}: no such entry; its id is in the journal's feed", EXIT_USAGE)
            held = store.corrections(entry_id)
    print_json(correction_rows(held)) if json else print_corrections(held)
    if failed:
        fail(f"corrected, but not rendered: {', '.join(failed)}; see the log", EXIT_PERSON)


def chosen_of(kind: str, word: str) -> Any:
    """A word of one of the closed lists, or a usage error that names them all."""
    from archive import correction

    words = getattr(correction, kind)
    try:
        return words(word)
    except ValueError:
        fail(f"{word!r} is none of {', '.join(words)}", EXIT_USAGE)


def iso_date(text: str) -> str:
    """A date as a person writes it, in ISO form where it is one that we read: 2021年2月27日."""
    from archive.correction import UNKNOWN
    from crawler.normalise.date import parse_date

    read = parse_date(text)
    if text == UNKNOWN or read.value is None or read.year_missing:
        return text  # the archive says what it takes
    # The offset is the source's, which the archive knows.
    return read.value[:-6] if read.zone == "assumed" else read.value


@app.command()
def settings(
    data: DataOption = None, journals: JournalsOption = None, json: JsonOption = False
) -> None:
    """The effective settings, and where each came from.

    Example: kanliu settings
    """
    from foundation.settings import explain
    from terminal import print_settings

    rows = explain(settings_of(data=data, journals=journals))
    print_json(rows) if json else print_settings(rows)


if __name__ == "__main__":
    main()
