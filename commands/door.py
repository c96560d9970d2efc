"""What every command shares: the app, common options, how settings are had, how errors and data are
told. Imports a room only when it is needed, so that `kanliu --help` answers at once."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from archive.model import SourceStatus
    from foundation.settings import Settings
    from sources.model import Render, Source

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
SourceIds = Annotated[list[str], typer.Argument(metavar="ID...", help="Source ids")]
Why = Annotated[str, typer.Option("--why", help="For the record, and for whoever comes after you")]


def tell_version(is_asked: bool) -> None:
    """`--version` ends the command, wherever it stands."""
    if is_asked:
        from importlib.metadata import version

        print(version("kanliu"))
        raise typer.Exit


@app.callback()
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
