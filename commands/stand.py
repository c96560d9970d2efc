"""The measuring stand: many saved pages read offline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.door import (
    EXIT_PERSON,
    EXIT_USAGE,
    fail,
)

if TYPE_CHECKING:
    from crawler.reading.batch import Mode


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
