"""How things look in a terminal: tables with colours for people, plain values for `--json`.
Prints; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.model import Outcome, Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.correction import Correction, FieldValue
    from archive.model import Entry, Poll, SourceStatus
    from crawler.probe import Probe
    from foundation.settings import Explained
    from sources.model import Source

#: Calm where all is well, red where a person is needed.
COLOUR_OF: dict[Outcome, str] = {
    Outcome.NEW: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.PARTIAL: "yellow",
    Outcome.EMPTY: "yellow",
    Outcome.CHANGED: "red",
    Outcome.BLOCKED: "red",
    Outcome.REFUSED: "red",
    Outcome.UNREACHABLE: "yellow",
    Outcome.GONE: "red",
}

#: A screenful: the winner and the four candidates after it, a text to its first sentences.
MOST_CANDIDATES = 5
MOST_LETTERS = 160


def console() -> Console:
    """Colours when a person looks, none in a pipe (rich decides; NO_COLOR is obeyed)."""
    return Console(highlight=False)


def plain(value: object) -> Any:
    """A value as JSON has it: instants as ISO strings, spans as seconds, paths as text."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return str(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case timedelta():
            return value.total_seconds()
        case Path():
            return str(value)
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
    if is_dataclass(value):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name.rstrip("_"): plain(each) for name, each in named.items()}
    return plain(dict(value)) if isinstance(value, Mapping) else str(value)


def table(*columns: str) -> Table:
    """A table without a box: it can be copied out of the terminal."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def printed_day(entry: Entry) -> str:
    """A date as the page gave it, to the day where it goes that far; `?` when unknown."""
    date = entry.published
    if date is None:
        return "?"
    if date.value is None:
        return date.issue or (date.raw if date.precision is Precision.ISSUE else "?")
    return date.value[:16].replace("T", " ")


def names(authors: Sequence[str]) -> str:
    """Authors in a row, with the comma of their script."""
    return (", " if "".join(authors).isascii() else "、").join(authors)


def print_polls(polls: Sequence[Poll], sources: Sequence[Source], *, is_due: bool) -> None:
    """One row a poll; the reason in full, since it says what next."""
    titles = {source.id: source.title for source in sources}
    rows = table("source", "title", "outcome", "new", "revised", "skipped", "why")
    for poll in polls:
        colour = COLOUR_OF[poll.outcome]
        rows.add_row(
            poll.source_id,
            escape(titles.get(poll.source_id, "")),
            f"[{colour}]{poll.outcome.value}[/]",
            str(poll.new),
            str(poll.revised),
            str(poll.skipped),
            escape(poll.reason),
        )
    none = "No source is due." if is_due else "No source was visited."
    console().print(rows if polls else none)


def print_preview(source: Source, preview: Poll, entries: Iterable[Entry]) -> None:
    """What a poll would have kept."""
    out = console()
    colour = COLOUR_OF[preview.outcome]
    out.print(f"[bold]{source.id}[/] [{colour}]{preview.outcome.value}[/] {escape(preview.reason)}")
    rows = table("day", "title", "notice", "address")
    for entry in entries:
        rows.add_row(
            printed_day(entry),
            escape(entry.title or "?"),
            entry.notice.class_.value if entry.notice else "none",
            escape(entry.url),
        )
    out.print(rows)
    out.print("[dim]Nothing was kept.[/]")


def print_status(rows: Sequence[SourceStatus]) -> None:
    """How each source stands."""
    now = datetime.now(UTC)
    made = table("source", "outcome", "entries", "last new", "last poll", "due", "why")
    for status in rows:
        poll = status.last_poll
        colour = COLOUR_OF[poll.outcome] if poll else "dim"
        made.add_row(
            status.source_id,
            f"[{colour}]{poll.outcome.value if poll else 'never polled'}[/]",
            str(status.entries),
            ago(status.last_new, now),
            ago(poll.ended if poll else None, now),
            when_due(status, now),
            escape(status.why or (poll.reason if poll else "")),
        )
    console().print(made if rows else "No source yet: docs/follow-a-journal.md says how.")


def when_due(status: SourceStatus, now: datetime) -> str:
    """When a source is visited again, or why not."""
    if status.retired:
        return "retired"
    if status.paused:
        return "paused"
    if not status.is_present:
        return "its file is gone"
    if status.due is None or status.due <= now:
        return "now"
    return "in " + span(status.due - now)


def ago(instant: datetime | None, now: datetime) -> str:
    """`3 h ago`; `-` when it never was."""
    return f"{span(now - instant)} ago" if instant else "-"


def span(length: timedelta) -> str:
    """The two hours and a half that a person would say: `2 h`, `3 d`."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def correction_rows(held: Sequence[Correction]) -> list[dict[str, object]]:
    """Corrections as data: what holds, what was there before, and what the page says now."""
    return [
        {
            "entry": each.entry_id,
            "field": each.field,
            "value": getattr(each.value, each.field),
            "before": getattr(each.before, each.field),
            "read": getattr(each.read, each.field),
            "read_in": each.read.found,
            "who": each.who,
            "why": each.why,
            "made": each.made,
        }
        for each in held
    ]


def print_corrections(held: Sequence[Correction]) -> None:
    """What persons corrected of an entry, beside what its page says."""
    made = table("field", "corrected to", "the page says", "who", "when", "why")
    for each in held:
        made.add_row(
            each.field,
            escape(field_words(each.value)),
            f"[dim]{escape(field_words(each.read))}[/]",
            escape(each.who),
            f"{each.made:%Y-%m-%d}",
            escape(each.why),
        )
    console().print(made if held else "Nothing of this entry is corrected.")


def field_words(value: FieldValue) -> str:
    """The one field that a value has, for people."""
    notice, date = value.notice, value.published
    if notice:
        return f"{notice.class_}: {shortened(notice.text)}"
    if date:
        return date.value or date.issue or date.raw
    return value.title or names(value.authors) or "-"


def print_settings(rows: Sequence[Explained]) -> None:
    """Each effective setting, and where it came from."""
    made = table("setting", "value", "from")
    for row in rows:
        made.add_row(row.key, escape(str(row.value)), f"[dim]{escape(row.origin)}[/]")
    console().print(made)


def print_probe(probe: Probe, source: Source | None) -> None:
    """What one page says, field by field, where each was found, and what else might have been."""
    out = console()
    read_as = f", read as {source.id}" if source else ", of no source that is known here"
    kind = f"{probe.kind} page {probe.platform or ''}{read_as}"
    out.print(f"[bold]{escape(probe.url)}[/] [dim]{kind}[/]")
    if probe.obstacle:
        out.print(f"[red]{escape(probe.obstacle)}[/]")
        return
    made = table("field", "value", "found in")
    for field in probe.fields:
        value = "[dim]not found[/]" if field.value is None else escape(shortened(field.value))
        made.add_row(field.name, value, f"[green]{escape(field.where or '')}[/]")
        for other in field.candidates[1:MOST_CANDIDATES]:
            made.add_row(
                "", f"[dim]{escape(shortened(other.text))}[/]", f"[dim]{escape(other.where)}[/]"
            )
    out.print(made)
    if probe.links:
        links = table("day", "title", "address")
        for link in probe.links:
            links.add_row(
                escape(link.published or "?"), escape(link.title or "?"), escape(link.url)
            )
        out.print(links)
    if probe.next:
        out.print(f"next page {escape(probe.next)}", soft_wrap=True)


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[:MOST_LETTERS]}…"


def print_found(title: str, rows: Sequence[Mapping[str, str]]) -> None:
    """A titled table of like rows."""
    out = console()
    out.print(f"\n[bold]{escape(title)}[/]")
    if rows:
        made = table(*rows[0])
        for row in rows:
            made.add_row(*map(escape, row.values()))
        out.print(made)
