"""How things look in a terminal: tables with colours for people, plain values for `--json`.
Prints; decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.highlight import excerpt_of
from archive.issue import issue_of
from archive.model import Outcome, Precision
from archive.rights import decide, effective_class
from sources.model import Rights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.correction import Correction, FieldValue
    from archive.highlight import Part
    from archive.model import ArchivedEntry, Entry, Poll, SourceStatus
    from crawler.discover import Discovery
    from crawler.discovery.preview import Sample
    from crawler.discovery.saved import Replay
    from crawler.probe import Probe
    from foundation.errors import SourceError
    from foundation.settings import Explained, Settings
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
    console().print(made if rows else "No source yet. Follow a journal: kanliu add URL")


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


def hit_rows(
    found: Sequence[ArchivedEntry],
    words: Sequence[str],
    sources: Mapping[str, Source],
    settings: Settings,
) -> list[dict[str, Any]]:
    """What a search found, as data: of each text no more than its rights allow."""
    return [hit_row(each, words, sources.get(each.source_id), settings) for each in found]


def hit_row(
    archived: ArchivedEntry, words: Sequence[str], source: Source | None, settings: Settings
) -> dict[str, Any]:
    """One entry that was found. `title` and `snippet` are pieces, the words looked for marked."""
    entry, rights = archived.entry, source.rights if source else Rights()
    carry = decide(
        entry.notice,
        source_rights=rights,
        noncommercial=settings.noncommercial,
        state=archived.state,
    )
    excerpt = excerpt_of(archived, words, carry)
    issue = issue_of(entry)
    return {
        "id": archived.id,
        "source_id": archived.source_id,
        "journal": source.title if source else archived.source_id,
        "title": excerpt.title,
        "authors": entry.authors,
        "published": printed_day(entry),
        "issue": issue.slug if issue else None,
        "notice": effective_class(entry.notice, rights)[0],
        "url": entry.url,
        "snippet": excerpt.text,
    }


def print_hits(rows: Sequence[Mapping[str, Any]], count: int) -> None:
    """What a search found, the words looked for marked."""
    out = console()
    for row in rows:
        about = [row["published"], row["journal"], names(row["authors"]), row["notice"].value]
        out.print(marked(row["title"], "bold", "bold reverse"), soft_wrap=True)
        out.print(f"  [dim]{escape('  '.join(filter(None, about)))}[/]", soft_wrap=True)
        if row["snippet"]:
            out.print(f"  {marked(row['snippet'], '', 'bold yellow')}", soft_wrap=True)
        out.print(f"  {escape(row['url'])}\n", soft_wrap=True)
    out.print(f"[dim]{len(rows)} of {count} shown[/]" if count else "Nothing was found.")


def marked(parts: Sequence[Part], plain_style: str, marked_style: str) -> str:
    """Pieces of a text in the console's markup."""
    styled = (
        (escape(part.text), marked_style if part.is_marked else plain_style) for part in parts
    )
    return "".join(f"[{style}]{text}[/]" if style else text for text, style in styled) or "?"


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
    if probe.hint:
        out.print(f"[yellow]{escape(probe.hint)}[/]", soft_wrap=True)


def print_discovery(found: Discovery, *, hint: str | None = None) -> None:
    """The ways to follow a journal, best first: five articles of each, and the reasons. `hint` is
    what a person could do to see more."""
    out = console()
    for number, each in enumerate(found.possibilities, 1):
        journal = each.journal
        out.print(
            f"\n[bold]{number}  {escape(journal.title.text)}[/]  "
            f"[green]{each.judgement.score:.0f}[/] [dim]of 100, {escape(journal.language.text)}, "
            f"{escape(journal.zone.text)}[/]"
        )
        for address in each.lists:
            out.print(f"   list {escape(address)}", soft_wrap=True)
        if each.feed:
            out.print(f"   feed {escape(each.feed)}", soft_wrap=True)
        out.print(f"   [dim]{escape('; '.join(each.judgement.reasons))}[/]")
        out.print(sample_table(each.samples))
    out.print(f"\n[dim]{len(found.asked)} pages were asked for; nothing is kept yet.[/]")
    if not found.possibilities:
        print_nothing_found(found)
    if hint:
        out.print(f"[yellow]{escape(hint)}[/]", soft_wrap=True)


def sample_table(samples: Sequence[Sample]) -> Table:
    """Articles as they would be kept."""
    made = table("day", "title", "notice", "authors", "found in")
    for each in samples:
        entry = each.entry
        where = ", ".join(
            f"{name} {entry.found[key]}"
            for key, name in (("title", "title:"), ("published", "day:"))
            if key in entry.found
        )
        made.add_row(
            printed_day(entry),
            escape(entry.title or "?"),
            entry.notice.class_.value if entry.notice else "none",
            escape(names(entry.authors)),
            f"[dim]{escape(where)}[/]",
        )
    return made


def print_nothing_found(found: Discovery) -> None:
    """What was looked at in vain, and what a person can do."""
    out = console()
    out.print("[red]Nothing here reads as a list of articles.[/] Looked at:")
    failures = {str(each) for each in found.failures.values()}
    for url in found.asked:
        why = next((words for words in failures if url in words), "no list of articles")
        out.print(f"  {escape(url)} [dim]{escape(why.replace(url + ':', '').strip())}[/]")
    out.print(
        "Try the page that lists the articles itself. What is found on it: "
        "kanliu probe URL --list. Where the wrong links are taken, or none, write the file by hand "
        "with selectors.links: docs/follow-a-journal.md"
    )


def plain_discovery(found: Discovery) -> dict[str, Any]:
    """The same as data."""
    return {
        "url": found.url,
        "is_shell": found.is_shell,
        "asked": list(found.asked),
        "failures": {url: str(error) for url, error in found.failures.items()},
        "possibilities": [
            {
                "score": each.judgement.score,
                "reasons": list(each.judgement.reasons),
                "lists": list(each.lists),
                "feed": each.feed,
                "platform": each.platform,
                "homepage": each.homepage,
                "title": plain(each.journal.title),
                "language": plain(each.journal.language),
                "zone": plain(each.journal.zone),
                "masthead": plain(each.journal.masthead),
                "evidence": plain(each.evidence),
                "articles": [
                    {
                        "url": sample.link.url,
                        "title": sample.entry.title,
                        "published": plain(sample.entry.published),
                        "notice": plain(sample.entry.notice),
                        "authors": list(sample.entry.authors),
                        "found": plain(sample.entry.found),
                    }
                    for sample in each.samples
                ],
            }
            for each in found.possibilities
        ],
    }


def tell_visit(url: str) -> None:
    """A line for the person who waits."""
    if sys.stderr.isatty():
        Console(stderr=True).print(f"[dim]looking at {escape(url)}[/]", soft_wrap=True)


def ask_choice(count: int) -> int | None:
    """Which of several a person wants, counted from 0; None to leave."""
    while count:
        try:
            said = input(f"Follow which? 1 to {count}, or q to leave [1]: ").strip().lower() or "1"
        except EOFError:
            said = "q"
        if said in ("q", "n", "no", "quit"):
            console().print("Nothing was written.")
            return None
        if said.isdecimal() and 1 <= int(said) <= count:
            return int(said) - 1
        console().print(f"“{escape(said)}” is none of them.")
    return None


def print_replays(replays: Sequence[Replay], errors: Sequence[SourceError]) -> None:
    """What the saved pages say now: one line a source, then each field that differs."""
    out = console()
    for each in replays:
        count = len(each.differences)
        told = f"[red]differences: {count}[/]" if count else "[green]as expected[/]"
        out.print(f"{each.source_id}: lists {each.lists}, articles {each.articles}, {told}")
        for difference in each.differences:
            out.print(f"  {escape(str(difference))}", soft_wrap=True)
    for error in errors:
        out.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
    if not replays and not errors:
        out.print("No source has saved pages; kanliu add saves them.")


def tell(words: str) -> None:
    """Where a long piece of work stands, on one line of a terminal; nothing in a pipe."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words[:100]}", end="", file=sys.stderr, flush=True)  # noqa: T201


def clear_line() -> None:
    """Nothing is going on any more."""
    tell("")


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
