"""Follow a journal: look at its site, write its file, see that it is right, let it rest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from commands.door import (
    EXIT_PERSON,
    EXIT_USAGE,
    DataOption,
    JournalsOption,
    JsonOption,
    RenderOption,
    SourceIds,
    Why,
    chosen,
    fail,
    loop,
    print_json,
    render_of,
    settings_of,
)

if TYPE_CHECKING:
    from house.rest import Verb
    from sources.read import Sources


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

    from archive.warc import without_credentials
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
        url = without_credentials(url)  # it is not sent, and the file would name it
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


def pause(ids: SourceIds, why: Why = "", data: DataOption = None) -> None:
    """Stop visiting sources for now; their feeds stay as they are.

    Exit code: 0 done, and in a file of the archive's own; 1 it could not be written down; 2 there
    is no such source, and nothing was done; 75 the database is being made again.

    Example: kanliu pause brand-research --why "the site is being moved"
    """
    change_state("pause", ids, why, data)


def resume(ids: SourceIds, why: Why = "", data: DataOption = None) -> None:
    """Visit paused or retired sources again, from now on.

    Exit code: as of kanliu pause.

    Example: kanliu resume brand-research
    """
    change_state("resume", ids, why, data)


def retire(ids: SourceIds, why: Why = "", data: DataOption = None) -> None:
    """The journal has ended: never visit it again; its feeds and its archive stay.

    Exit code: as of kanliu pause.

    Example: kanliu retire brand-research --why "ceased in 2026"
    """
    change_state("retire", ids, why, data)


def change_state(verb: Verb, ids: list[str], why: str, data: Path | None) -> None:
    """Pause, resume or retire sources, beside a running service too; recorded as events."""
    from house.rest import change_sources

    unknown = change_sources(settings_of(data=data), verb, ids, why)
    if unknown:
        named = ", ".join(unknown)
        fail(f"no source {named} in the store; kanliu status names them all", EXIT_USAGE)
    for each in ids:
        print(f"{each}: {verb}d")
