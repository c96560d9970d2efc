"""What is kept: how sources stand, searching, and putting right what was read wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.door import (
    EXIT_PERSON,
    EXIT_USAGE,
    DataOption,
    Ids,
    JournalsOption,
    JsonOption,
    Why,
    fail,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def status(
    ids: Ids = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """How each source stands: last outcome, last new article, when it is due.

    Example: kanliu status --json
    """
    from house.keeping import open_store, standing
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
    column: keyword: issn: choose (docs/search.md).

    Exit code: 0 found; 1 nothing was found; 2 wrong usage.

    Example: kanliu search 品牌 year:2024-2026 --notice reusable
    """
    from archive.query import issns_of, parse_query
    from house.keeping import open_store
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
        selection = parse_query(query, journals=titles, issns=issns_of(sources.values()))
        found = store.select(selection, rights=rights, limit=limit, by_relevance=True)
        count = store.count(selection, rights=rights)
    rows = hit_rows(found, selection.words, sources, settings)
    print_json({"query": query, "count": count, "entries": rows}) if json else print_hits(
        rows, count
    )
    sys.exit(0 if count else EXIT_PERSON)


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
    from house.keeping import open_store
    from house.publishing import correct_entry
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
            held = store.corrections.of(entry_id)
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
