"""`python -m benchmarks.kills [--kills N] [--seed S] [--json]`: kill -9 at random moments.

A real `kanliu run` follows journals that never stop publishing, and is killed and started again;
so are `kanliu seal` and `kanliu verify` between. After each kill, before the next start, all that
was acknowledged must be readable; at the end nothing that the site said may lack. What breaks is
told with its kill, and its data directory stays.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import feedparser

from archive.store import Store
from benchmarks.growing_site import SECONDS_BETWEEN, GrowingSite
from benchmarks.kept import Kept
from foundation.settings import Settings
from tests.fake_site import open_fake_site

if TYPE_CHECKING:
    from collections.abc import Callable

#: Out of a hundred, how often what is killed.
COMMANDS = {"run": 78, "seal": 15, "verify": 7}
#: For a process that hangs, not for a slow machine.
WAIT_S = 25.0
#: How long the last service may take to bring in what is left.
LAST_S = 300.0
_CAME = re.compile(r"poll ended .*\b(?:new|revised)=[1-9]")
_PUBLISHED = "published files="


@dataclass
class Tally:
    """What a run came to. `phases` counts kills; what ended before it was killed is in `ended`."""

    seed: int
    kills: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    captures: int = 0
    captures_read: int = 0
    files_tested: int = 0
    articles: int = 0
    changes: int = 0
    violations: list[str] = field(default_factory=list)
    data: str | None = None
    seconds: float = 0.0


class Stand:
    """One site, one data directory, one process at a time."""

    def __init__(
        self, folder: Path, site: GrowingSite, seed: int, *, is_short: bool = False
    ) -> None:
        self.settings = Settings(data=folder / "data", journals=folder / "journals")
        self.site = site
        self.kept = Kept(self.settings)
        self.tally = Tally(seed=seed)
        self._draw = Random(seed)
        # How many requests, or polls that brought something, a kill waits for at most.
        self._asked_most, self._came_most = (15, 1) if is_short else (80, 4)
        self._log = folder / "log"
        site.write_sources(self.settings.journals)

    def kill_one(self) -> None:
        """Start something, kill it at some moment, look at what it left."""
        is_early = self.tally.kills == 0  # there is nothing to seal yet
        names, weights = list(COMMANDS), list(COMMANDS.values())
        command = "run" if is_early else self._draw.choices(names, weights)[0]
        asked = len(self.site.site.asked)
        process = self._start(*self._words(command))
        if command == "run":
            self.site.open()
            self._wait_in_service(process, asked)
        else:
            self._wait_in_command(process)
        was_running = process.poll() is None
        process.kill()
        code = process.wait()
        self.site.rest()
        phase = self._phase(command, asked)
        if was_running:
            self.tally.kills += 1
            self.tally.phases[phase] += 1
        else:
            self.tally.ended[f"{command} {code}"] += 1
            if command != "verify" and code:  # a seal that a kill cut short may be told of
                self._tell([f"{command} ended with {code}:\n{self._text()[-3000:]}"], phase)
        self._tell(self.kept.faults(), phase)
        print(
            f"kill {self.tally.kills}: {phase if was_running else f'{command} ended {code}'}, "
            f"{self.kept.captures} captures, {len(self.tally.violations)} violations",
            file=sys.stderr, flush=True,
        )  # fmt: skip

    def end(self, *, is_sealing: bool) -> None:
        """Let the last service bring in all that the site said; then everything is compared."""
        self.site.end()
        process = self._start("run")
        until = time.monotonic() + LAST_S
        while lacking := self._lacking():
            if process.poll() is not None or time.monotonic() > until:
                break
            time.sleep(0.5)
        self._wait(process, lambda: not self._is_behind())
        process.send_signal(signal.SIGTERM)
        code = process.wait(WAIT_S)
        faults = [f"the last service ended with {code}"] if code else []
        faults += lacking + self._doubled() + self.kept.faults(is_anew=True) + self._unparsed()
        with Store.open(self.settings.database_url) as store:
            if broken := store.ledger.find_break():
                faults.append(f"the log is broken at event {broken.number}: {broken.what}")
        last = [("seal", "--month", this_month())] if is_sealing else []
        for words in (*last, ("rebuild", "--check"), ("verify",)):
            process = self._start(*words)
            if code := process.wait(LAST_S):
                faults.append(f"kanliu {' '.join(words)} ended with {code}:\n{self._text()}")
        self._tell(faults + self.kept.faults(is_anew=True), "the end")

    def sum_up(self) -> Tally:
        tally, said = self.tally, self.site.said()
        tally.captures, tally.captures_read = self.kept.captures, self.kept.read
        tally.files_tested = self.kept.files
        tally.articles, tally.changes = len(said), self.site.changes
        return tally

    def _tell(self, faults: list[str], phase: str) -> None:
        for fault in faults:
            told = f"kill {self.tally.kills} ({phase}): {fault}"
            self.tally.violations.append(told)
            print(f"VIOLATION {told}", file=sys.stderr, flush=True)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "cli", *words],
                env=environment(self.settings),
                stdout=out,
                stderr=out,
            )

    def _words(self, command: str) -> tuple[str, ...]:
        return (command, "--month", this_month()) if command == "seal" else (command,)

    def _text(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def _wait(self, process: subprocess.Popen[bytes], holds: Callable[[], bool]) -> None:
        until = time.monotonic() + WAIT_S
        while process.poll() is None and not holds() and time.monotonic() < until:
            time.sleep(0.01)

    def _wait_in_service(self, process: subprocess.Popen[bytes], asked: int) -> None:
        """A moment by the clock, by what was asked for, or by what was kept: each is random."""
        match self._draw.choice(("clock", "asked", "asked", "came", "came")):
            case "clock":
                time.sleep(self._draw.uniform(0, 5))
            case "asked":
                many = asked + self._draw.randint(1, self._asked_most)
                self._wait(process, lambda: len(self.site.site.asked) >= many)
                time.sleep(self._draw.uniform(0, 0.1))
            case "came":
                many = self._draw.randint(1, self._came_most)
                self._wait(process, lambda: len(_CAME.findall(self._text())) >= many)
                time.sleep(self._draw.uniform(0, 0.3))

    def _wait_in_command(self, process: subprocess.Popen[bytes]) -> None:
        """By the clock, or soon after something is written."""
        before = self._written()
        if self._draw.random() < 0.7:
            self._wait(process, lambda: self._written() != before)
            time.sleep(self._draw.uniform(0, 0.4))
        else:
            time.sleep(self._draw.uniform(0.2, 3))

    def _written(self) -> list[tuple[str, int]]:
        data = self.settings.data
        paths = [*data.glob("packages/*/*/*"), *data.glob("kanliu.sqlite-wal")]
        return sorted((path.name, path.stat().st_size) for path in paths if path.exists())

    def _phase(self, command: str, asked: int) -> str:
        if command != "run":
            return {"seal": "sealing", "verify": "verifying"}[command]
        text = self._text()
        if len(self.site.site.asked) == asked and _PUBLISHED not in text:
            return "starting"
        came = [found.start() for found in _CAME.finditer(text)]
        return "publishing" if came and came[-1] > text.rfind(_PUBLISHED) else "polling"

    # At the end

    def _lacking(self) -> list[str]:
        """What the site said and the store does not say, or not as it is now."""
        with Store.open(self.settings.database_url) as store:
            found = {(each.source_id, each.entry.url): each.entry.title for each in store.entries()}
        return [
            f"lost: {url} of {id_} is {title}, the store has {found.get((id_, url))}"
            for (id_, url), title in self.site.said().items()
            if found.get((id_, url)) != title
        ]

    def _doubled(self) -> list[str]:
        with Store.open(self.settings.database_url) as store:
            count = Counter((each.source_id, each.entry.url) for each in store.entries())
        strange = count.keys() - self.site.said().keys()
        return [f"kept {times} times: {url}" for (_, url), times in count.items() if times > 1] + [
            f"kept and never said: {url}" for _, url in strange
        ]

    def _is_behind(self) -> bool:
        with Store.open(self.settings.database_url) as store:
            return bool(store.changed_sources())

    def _unparsed(self) -> list[str]:
        """Feeds that a reader's parser does not take, or that show nothing."""
        faults = []
        for id_ in self.site.ids:
            for name in ("rss.xml", "atom.xml"):
                path = self.settings.public / id_ / name
                read = feedparser.parse(path.read_bytes()) if path.exists() else None
                if read is None or read.bozo or not read.entries:
                    faults.append(f"no feed that parses and shows something: {path}")
        return faults


def this_month() -> str:
    return f"{datetime.now(UTC):%Y-%m}"


def environment(settings: Settings) -> dict[str, str]:
    """Polls without a pause, on loopback."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("KANLIU_")},
        "KANLIU_DATA": str(settings.data),
        "KANLIU_JOURNALS": str(settings.journals),
        "KANLIU_ALLOW_ADDRESSES": "127.0.0.0/8",
        "KANLIU_CONTACT": "soak@kanliu.example",
        "KANLIU_DELAY": "0s",
        "KANLIU_PER_HOST": "4",
        "KANLIU_PORT": "0",
        "KANLIU_TICK": "1s",
    }


def run(
    *,
    kills: int,
    seed: int,
    journals: int = 8,
    seconds: float | None = None,
    is_short: bool = False,
) -> Tally:
    """Kill so many times, or for so long; the first kill that shows a fault is the last. A short
    run has less to read, and seals nothing at its end."""
    folder, began = Path(tempfile.mkdtemp(prefix="kanliu-kills-")), time.monotonic()
    with ExitStack() as stack:
        fake = stack.enter_context(open_fake_site())
        ids = tuple(f"journal-{at}" for at in range(journals))
        pause = 0.2 if is_short else SECONDS_BETWEEN
        site = GrowingSite(site=fake, ids=ids, seed=seed, pause=pause)
        stack.callback(site.end)
        stand = Stand(folder, site, seed, is_short=is_short)
        while stand.tally.kills < kills and not stand.tally.violations:
            stand.kill_one()
            if seconds is not None and time.monotonic() - began > seconds:
                break
        if not stand.tally.violations:
            stand.end(is_sealing=not is_short)
        tally = stand.sum_up()
    if tally.violations:
        tally.data = str(folder)
    else:
        shutil.rmtree(folder)
    tally.seconds = timedelta(seconds=round(time.monotonic() - began)).total_seconds()
    return tally


def summary(tally: Tally) -> str:
    """What a run came to, for people."""
    phases = ", ".join(f"{count} {phase}" for phase, count in tally.phases.most_common())
    ended = ", ".join(f"{words} ({count})" for words, count in tally.ended.items())
    lines = [
        f"{tally.kills} kills (seed {tally.seed}): {phases}",
        f"ended before its kill: {ended or 'nothing'}",
        f"{tally.articles} articles and {tally.changes} changes published by the site",
        f"{tally.captures} captures kept; {tally.captures_read} times one was read by its digest",
        f"{tally.files_tested} times a file was tested",
        f"{len(tally.violations)} violations",
        *tally.violations,
    ]
    if tally.data:
        lines.append(f"left for a person: {tally.data}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many (100)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other moments (1)")
    parser.add_argument("--seconds", type=float, help="no more kills after so long")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON")
    args = parser.parse_args()
    tally = run(kills=args.kills, seed=args.seed, seconds=args.seconds)
    print(json.dumps(asdict(tally), ensure_ascii=False) if args.json else summary(tally))
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
