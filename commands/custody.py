"""Long-term keeping: sealing months into packages, copying, and checking what is kept."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from commands.completeness import find_whole
from commands.door import (
    EXIT_PERSON,
    EXIT_USAGE,
    DataOption,
    Ids,
    JournalsOption,
    JsonOption,
    fail,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from archive.fixity import Checked
    from archive.holdings import Holding
    from house.custody import Copied, Custody, Report, Sealed


def seal(
    ids: Ids = None,
    month: Annotated[
        list[str] | None,
        typer.Option(metavar="YYYY-MM", help="This month, also before it is over; may be repeated"),
    ] = None,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Make packages: of each journal and month that is over one WACZ, copied to the places of the
    setting `copies`. The service does so by itself.

    Exit code: 0 done, or nothing was to be done; 1 something could not be sealed or copied; 2
    wrong usage; 75 another instance holds the data.

    Example: kanliu seal tea --month 2026-10
    """
    from archive.deed import open_deed
    from archive.lock import open_lock
    from house.custody import Custody, copy_all, seal_months
    from house.keeping import open_store
    from sources.read import read_sources
    from terminal import clear_line, tell

    for each in month or ():
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", each):
            fail(f"--month is YYYY-MM, such as 2026-10, not {each!r}", EXIT_USAGE)
    settings = settings_of(data=data, journals=journals)
    sources = read_sources(settings.journals).sources
    with open_lock(settings.data, "kanliu seal"), open_store(settings) as store:
        unknown = set(ids or ()) - {status.source_id for status in store.status()}
        if unknown:
            fail(f"no source {', '.join(sorted(unknown))}; kanliu status names them", EXIT_USAGE)
        with open_deed(settings, store):
            custody = Custody(settings, store, sources)
            done = seal_months(custody, months=month, sources=ids, told=tell)
        copy_all(custody, told=tell, done=done)
    clear_line()
    print_json(sealed_rows(done)) if json else print_sealed(done)
    sys.exit(EXIT_PERSON if done.troubles else 0)


def copy(data: DataOption = None, json: JsonOption = False) -> None:
    """Copy what was captured to the places of the setting `copies`: WARC files that are finished,
    and packages; and take away there what packages took the place of. The service does so by
    itself, once a day.

    Exit code: 0 every place has all, or somebody else is to bring it; 1 a place could not be
    reached, or a file is damaged here; 2 no place is set; 75 another instance holds the data.

    Example: kanliu copy
    """
    from archive.captures import write_log_at_once
    from archive.lock import open_lock
    from archive.sweep import sweep
    from house.custody import Custody, copy_all
    from house.keeping import now, open_store
    from terminal import clear_line, tell

    settings = settings_of(data=data)
    if not settings.copies:
        fail("no place is set. Next: name one in the setting copies", EXIT_USAGE)
    with open_lock(settings.data, "kanliu copy"), open_store(settings) as store:
        sweep(settings.warc, now=now(), tell=store.record)
        write_log_at_once(settings, store)
        custody = Custody(settings, store, ())
        done = copy_all(custody, told=tell)
        write_log_at_once(settings, store)  # what was taken away there
        copy_all(custody, told=tell, done=done)
    clear_line()
    print_json(done) if json else print_copied(done)
    sys.exit(EXIT_PERSON if done.troubles else 0)


def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Make damaged files good from a copy that is whole")
    ] = False,
    issues: Annotated[
        bool, typer.Option("--issues", help="Then see what lacks of each issue: kanliu complete")
    ] = False,
    data: DataOption = None,
    journals: JournalsOption = None,
    json: JsonOption = False,
) -> None:
    """Read everything that is kept, here and in the places of copies, and compare it with what was
    written.

    Exit code: 0 all is as it was written, or was repaired; 1 something is damaged, missing or
    could not be looked at, or an issue is not whole (with --issues); 75 another instance holds the
    data (with --repair), or the database is being made again.

    Example: kanliu verify --repair
    """
    from archive.captures import write_log_at_once
    from archive.lock import open_beside, open_lock
    from house.custody import Custody
    from house.keeping import now, open_store
    from terminal import clear_line

    settings = settings_of(data=data, journals=journals)
    at = now()
    if repair:
        place = open_lock(settings.data, "kanliu verify --repair")
    else:
        place = open_beside(settings.data, "kanliu verify")
    with place, open_store(settings) as store:
        custody = Custody(settings, store, ())
        custody.watch.follow(at)
        found = check_all(custody, at, is_repairing=repair)
        report = custody.report(found, is_repairing=repair)
        whole = find_whole(settings, store) if issues else None
        clear_line()
        if json:
            print_json(report if whole is None else {"files": report, "issues": whole.rows})
        else:
            print_report(report)
            if whole is not None:
                whole.print()
        write_log_at_once(settings, store)  # last: a full disk keeps nobody from looking
    sys.exit(0 if report.is_whole and (whole is None or whole.is_whole) else EXIT_PERSON)


def check_all(
    custody: Custody, at: datetime, *, is_repairing: bool
) -> list[tuple[Holding, Checked | None]]:
    """Every file, with progress on a terminal."""
    from terminal import tell

    holdings = custody.watch.holdings()
    whole, read = sum(each.size_bytes for each in holdings), 0
    found: list[tuple[Holding, Checked | None]] = []
    for holding, checked in custody.check(holdings, at, is_repairing=is_repairing):
        read += holding.size_bytes
        part = read * 100 // max(whole, 1)
        tell(f"{len(found) + 1}/{len(holdings)} files, {part} % {holding.file}")
        found.append((holding, checked))
    return found


def sealed_rows(done: Sealed) -> dict[str, object]:
    """What sealing came to, for machines."""
    return {
        "packages": [
            {"package": str(each.mark), "file": each.file, "tree": each.tree,
             "records": each.records, "pages": each.pages}
            for each in done.packages
        ],
        "moved": [str(each.mark) for each in done.moved],
        "copied": done.copied,
        "awaited": done.awaited,
        "removed": done.removed,
        "troubles": done.troubles,
    }  # fmt: skip


def print_copied(done: Copied) -> None:
    """What copying came to, for people."""
    if done.copied:
        print(f"copied   {done.copied} files")
    if done.awaited:
        print(f"awaited  {done.awaited} files in places that somebody else fills")
    for trouble in done.troubles:
        print(f"trouble  {trouble}")
    if not (done.copied or done.awaited or done.troubles):
        print("Nothing was to be copied: every place has all that is finished.")


def print_sealed(done: Sealed) -> None:
    """What sealing came to, for people."""
    for each in done.packages:
        print(f"sealed   {each.file}  {each.pages} articles, {each.records} records")
    for each in done.moved:
        print(f"moved    {each.mark} to the dark tree: it shows what is not open any more")
    for file in done.removed:
        print(f"removed  {file}: all of it stands in packages")
    if not (done.packages or done.moved or done.removed):
        print("Nothing was to be sealed: every month that is over is in packages.")
    if done.copied or done.awaited or done.troubles:
        print_copied(done)


def print_report(report: Report) -> None:
    """How what is kept was found, for people."""
    mended = f", {report.repaired} repaired" if report.repaired else ""
    print(
        f"{report.files} files checked, {size_words(report.size_bytes)}: "
        f"{report.files - len(report.damaged)} whole, {len(report.damaged)} damaged{mended}."
    )
    for fault in report.damaged:
        print(f"\n{fault.file} ({fault.place})\n  {fault.fault}")
        if fault.repaired:
            print(f"  Repaired from {fault.repaired}.")
        else:
            print("  Not repaired. Next: kanliu verify --repair; without a whole copy, a backup.")
    print(f"\nThe log of events: {report.log}")
    for copies in report.copies:
        whole = f"{copies.packages} of {report.packages} packages"
        if report.warc_files:
            whole += f", {copies.warc_files} of {report.warc_files} WARC files"
        print(f"\nCopies in {copies.place}: {whole}. {copies.words}")
    for words in report.advice:
        print(f"\n{words}")


def size_words(size_bytes: int) -> str:
    """1.2 GB."""
    size, units = float(size_bytes), ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:
        size /= 1000
        units.pop(0)
    return f"{size:.1f} {units[0]}" if units[0] != "bytes" else f"{size_bytes} bytes"
