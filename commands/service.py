"""Run: visit sources, publish, serve; once or until told to stop."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from commands.door import (
    EXIT_PERSON,
    DataOption,
    Ids,
    JournalsOption,
    JsonOption,
    awake,
    chosen,
    fail,
    loop,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Poll
    from foundation.settings import Settings
    from sources.model import Source


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
    from house.rooms import open_house
    from house.visits import exit_code, poll_once

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
            is_unwell = bool(broken or house.publications.unrendered)
            code = max(exit_code(polls, failures), EXIT_PERSON if is_unwell else 0)
            return polls, house.sources, code

    from terminal import print_polls

    # Printed when the house is closed: whoever closes the pipe early holds nothing up.
    polls, sources, code = loop(settings, rounds)
    print_json(polls) if json else print_polls(polls, sources, is_due=due)
    sys.exit(code)


def dry(settings: Settings, ids: list[str] | None, *, json: bool) -> NoReturn:
    """`poll --dry-run`: beside a running service too, since it keeps nothing."""
    from house.visits import exit_code, preview_once
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


def publish(
    ids: Ids = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Render feeds anew from the store; files whose bytes do not differ are left alone.

    Example: kanliu publish
    """
    from archive.deed import open_deed
    from archive.lock import open_lock
    from house.keeping import now, open_store
    from house.publishing import publish_living
    from sources.read import read_sources

    settings = settings_of(data=data, journals=journals)
    sources = read_sources(settings.journals).sources
    with open_lock(settings.data, "kanliu publish"), open_store(settings) as store:
        with open_deed(settings, store):
            store.close_documents(now())
        done = publish_living(store, sources, settings, chosen(sources, ids) if ids else None)
    if json:
        print_json({"written": done.written, "unchanged": done.unchanged, "failed": done.failed})
    else:
        print(f"{len(done.written)} files written, {done.unchanged} as they were")
    if done.failed:
        fail(f"not rendered, for the reasons above: {', '.join(done.failed)}", EXIT_PERSON)


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
