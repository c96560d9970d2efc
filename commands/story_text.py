"""How the story of an entry looks in a terminal, and as data. Prints; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from archive.difference import Mark
from terminal import console, correction_rows, names, print_corrections, printed_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.difference import Difference, Piece
    from archive.model import Event
    from archive.story import Chapter, Story

_COLOURS = {Mark.ADDED: "green", Mark.REMOVED: "red strike", Mark.SKIPPED: "dim"}
_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "-"}


def story_rows(story: Story) -> dict[str, Any]:
    """The story as data: all of it but the texts of the revisions, which the captures have."""
    archived, entry = story.archived, story.archived.entry
    return {
        "id": archived.id,
        "source": archived.source_id,
        "url": entry.url,
        "title": entry.title,
        "published": entry.published,
        "state": archived.state,
        "state_since": archived.state_since,
        "first_seen": archived.first_seen,
        "changed": archived.changed,
        "notice": entry.notice,
        "withdrawal": story.withdrawal,
        "revisions": [_revision_row(each) for each in story.chapters],
        "captures": story.captures,
        "owed": story.owed,
        "corrections": correction_rows(story.corrections),
        "also_in": archived.also_in,
        "events": story.events,
    }


def _revision_row(chapter: Chapter) -> dict[str, Any]:
    revision, made = chapter.revision, chapter.made
    return {
        "number": revision.number,
        "seen": revision.seen,
        "capture": revision.capture_id,
        "title": revision.entry.title,
        "published": revision.entry.published,
        "notices": revision.entry.notices
        or ((revision.entry.notice,) * bool(revision.entry.notice)),
        "changes": made.changes if made else (),
        "paragraphs": made.paragraphs if made else (),
        "letters_added": made.added if made else 0,
        "letters_removed": made.removed if made else 0,
    }


def print_story(story: Story) -> None:
    """What a person asks first, first: what it is, how it stands, what was changed and when."""
    to = console()
    archived, entry = story.archived, story.archived.entry
    to.print(f"[bold]{escape(entry.title or entry.url)}[/]")
    # A line each, however wide the terminal is: ids and digests are there to be copied.
    for name, value in _about(story):
        to.print(f"{name:<13} {escape(value)}", soft_wrap=True)
    for chapter in story.chapters:
        _print_chapter(chapter)
    to.print(f"\n[bold]captures[/] ({len(story.captures)})")
    for each in story.captures:
        line = f"{each.seen:%Y-%m-%d %H:%M:%S}  {each.status}  {each.digest}  {each.id}"
        to.print(line, soft_wrap=True)
        to.print(f"  {each.file} at {each.offset}  {escape(each.url)}", soft_wrap=True)
    if story.corrections:
        to.print("\n[bold]corrections[/]")
        print_corrections(story.corrections)
    to.print(f"\n[bold]events[/] ({len(story.events)})")
    for event in story.events:
        line = f"{event.at:%Y-%m-%d %H:%M:%S}  [bold]{event.kind}[/]  {escape(_details(event))}"
        to.print(line.rstrip(), soft_wrap=True)
    if archived.also_in:
        to.print("\n[bold]also in[/]")
        for other in archived.also_in:
            to.print(f"{other.relation} {other.source_id}  {escape(other.url or '')}")


def print_withdrawal(story: Story) -> None:
    """How the entry stands after the command."""
    standing, archived = story.withdrawal, story.archived
    if standing is None:
        lines = [f"{archived.id} is {archived.state} again."]
    else:
        lines = [f"{archived.id} is withdrawn. Nothing of its text is published any more."]
        if standing.digest:
            lines.append(f"kept, dark: captures {len(story.captures)}, newest {standing.digest}")
    for line in lines:
        console().print(line, soft_wrap=True)


def _about(story: Story) -> Iterator[tuple[str, str]]:
    archived, entry, standing = story.archived, story.archived.entry, story.withdrawal
    since = f" since {archived.state_since:%Y-%m-%d %H:%M}" if archived.state_since else ""
    yield "id", archived.id
    yield "page", entry.url
    yield "state", f"{archived.state}{since}"
    if standing:
        yield "withdrawn", f"by {standing.who}: {standing.why}"
        yield "readers know", standing.public_reason or "neither by whom nor why"
    yield "authors", names(entry.authors)
    yield "published", printed_day(entry)
    yield "first seen", f"{archived.first_seen:%Y-%m-%d %H:%M}"
    if story.owed:
        files = "1 file" if story.owed == 1 else f"{story.owed} files"
        yield "lacks", f"{files} of its pages (images, style sheets), still to be asked for"
    if entry.notice:
        yield "notice", f"{entry.notice.class_} ({entry.notice.rule or 'no rule named'})"
        yield "", entry.notice.text


def _print_chapter(chapter: Chapter) -> None:
    revision, made = chapter.revision, chapter.made
    console().print(f"\n[bold]revision {revision.number}[/] seen {revision.seen:%Y-%m-%d %H:%M}")
    if made is not None:
        for line in _changes(made):
            console().print(line)


def _changes(made: Difference) -> Iterator[str]:
    for change in made.changes:
        before, after = escape(change.before or "-"), escape(change.after or "-")
        yield f"{change.kind}: [red]{before}[/] → [green]{after}[/]"
    if made.added or made.removed:
        yield f"text: {made.added} letters added, {made.removed} removed"
    for pieces in made.paragraphs:
        yield "  " + "".join(_piece(each, pieces) for each in pieces)


def _piece(piece: Piece, around: Sequence[Piece]) -> str:
    """Coloured, and marked for those who see no colour."""
    text = escape(piece.text)
    if piece.mark in _SIGNS:
        sign = _SIGNS[piece.mark]
        text = f"{sign}{text}" if len(around) == 1 else f"{{{sign}{text}{sign}}}"
    colour = _COLOURS.get(piece.mark)
    return f"[{colour}]{text}[/]" if colour else text


def _details(event: Event) -> str:
    return "  ".join(f"{key}={value}" for key, value in event.detail.items())
