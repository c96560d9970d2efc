"""One entry: its whole story, and taking it down."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from commands.door import (
    EXIT_PERSON,
    DataOption,
    JournalsOption,
    JsonOption,
    Why,
    fail,
    print_json,
    settings_of,
)

Named = Annotated[
    str,
    typer.Argument(
        metavar="ENTRY", help="Its id (guid in RSS, id in Atom), or its address, here or there"
    ),
]


def show(
    entry: Named,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """The story of one entry: revisions and what each changed, notices, captures with file and
    digest, corrections, and what happened to it. Also of one that was taken down.

    Exit code: 0 shown; 2 there is no such entry, or there are several.

    Example: kanliu show https://tea.example/2026/17.html
    """
    from commands.story_text import print_story, story_rows
    from house.keeping import open_store

    settings = settings_of(data=data)
    with open_store(settings) as store:
        entry_id = store.stories.named(entry, public_url=settings.public_url)
        story = store.stories.find(entry_id)
    assert story is not None
    print_json(story_rows(story)) if json else print_story(story)


def withdraw(
    entry: Named,
    who: Annotated[str, typer.Option(help="Who says so")] = "",
    why: Why = "",
    public_reason: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What readers are told, and by whom [default: neither]"),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Put it back")] = False,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Take an entry down: pages, feeds, search and copies say that it is gone, and nothing of its
    text is published any more. Captures and revisions stay, dark (docs/take-something-down.md).

    While the service runs, it renders the feeds at its next tick.

    Exit code: 0 done; 1 done, but a feed could not be rendered; 2 wrong usage.

    Example: kanliu withdraw https://tea.example/2026/17.html --who "A. Lin" --why "letter of the
    author"
    """
    from commands.story_text import print_withdrawal, story_rows
    from house.takedown import Wish, withdraw_entry

    settings = settings_of(data=data, journals=journals)
    done = withdraw_entry(
        settings,
        Wish(entry=entry, who=who, why=why, public_reason=public_reason, undo=undo),
    )
    print_json(story_rows(done.story)) if json else print_withdrawal(done.story)
    if done.by_service:
        print("The service that runs renders the feeds at its next tick.", file=sys.stderr)
    if done.failed:
        fail(f"done, but not rendered: {', '.join(done.failed)}; see the log", EXIT_PERSON)
