"""Where Kanliu's processes are started, and killed: one site, one data directory, at most one
service and one command at a time. What was started, said and killed; judges nothing."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from random import Random

    from benchmarks.ground import Ground
    from benchmarks.growing_site import GrowingSite
    from foundation.settings import Settings

#: For a process that hangs, not for a slow machine.
WAIT_S = 25.0
_CAME = re.compile(r"poll ended source=(\S+) .*\bnew=(\d+) revised=(\d+)")
_PUBLISHED = "published files="
_STEPS = re.compile(r"^steps: (\d+)$", re.MULTILINE)
_STEP = re.compile(r"^killed before step (\d+): (.*)$", re.MULTILINE)


@dataclass
class Run:
    """A process of Kanliu's. `asked` is how many requests the site had had before."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    asked: int
    began: float
    has_steps: bool
    code: int | None = None

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    @property
    def was_killed(self) -> bool:
        """By us, or by itself at a step."""
        return self.code == -9

    def end(self, seconds: float) -> None:
        """Wait for its own end; so long at most."""
        try:
            self.code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.code = self.process.wait()

    def text(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def came(self) -> Counter[str]:
        """How many revisions its polls said that they kept, by journal; only such polls."""
        found = ((id_, int(new) + int(old)) for id_, new, old in _CAME.findall(self.text()))
        counts: Counter[str] = Counter()
        for id_, many in found:
            if many:
                counts[id_] += many
        return counts

    def steps(self) -> int | None:
        """How many steps it had when it ended by itself."""
        found = _STEPS.search(self.text())
        return int(found[1]) if found else None

    def step(self) -> str | None:
        """Before which step it killed itself."""
        found = _STEP.search(self.text())
        return found[2] if found else None

    def phase(self, asked: int) -> str:
        """What it was at; `asked` is how many requests the site has had by now."""
        if self.name != "run":
            return self.name
        text = self.text()
        if asked == self.asked and _PUBLISHED not in text:
            return "starting"
        came = [found.start() for found in _CAME.finditer(text) if found[2] != "0"]
        return "publishing" if came and came[-1] > text.rfind(_PUBLISHED) else "polling"

    @property
    def is_up(self) -> bool:
        """Whether it closed what a crash left open: the service at its start, and two commands."""
        if self.name == "run":
            return "sources read" in self.text()
        return self.name in ("seal", "reread") and self.code == 0


@dataclass
class Clock:
    """The clock of the processes, so much ahead of ours or behind; ours
    where there is no compiler to make one (benchmarks/ahead.c)."""

    library: Path | None
    shift: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + (self.shift if self.library else timedelta(0))

    def environment(self) -> dict[str, str]:
        if self.library is None:
            return {}
        ahead = str(round(self.shift.total_seconds()))
        return {"LD_PRELOAD": str(self.library), "AHEAD_S": ahead}


def open_clock(folder: Path) -> Clock:
    """One that can be set, made in this folder."""
    compiler = shutil.which("cc")
    if compiler is None:
        return Clock(None)
    source, library = Path(__file__).with_name("ahead.c"), folder / "ahead.so"
    words = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source)]
    subprocess.run(words, check=True)
    return Clock(library)


@dataclass
class Stand:
    """`settings` of the data directory, on a ground of its own."""

    folder: Path
    ground: Ground
    settings: Settings
    site: GrowingSite
    draw: Random
    clock: Clock
    runs: list[Run] = field(default_factory=list)

    @property
    def exports(self) -> Path:
        return self.ground.folder / "exports"

    @property
    def month(self) -> str:
        """The month of its clock."""
        return f"{self.clock.now():%Y-%m}"

    def start(self, *words: str, before: tuple[str, ...] = (), step: int | None = None) -> Run:
        """`kanliu WORDS`; with a `step`, one that kills itself there."""
        module = ("cli",) if step is None else ("benchmarks.stepped", str(step))
        log = self.folder / "logs" / f"{len(self.runs) + 1:04}-{words[0]}.log"
        log.parent.mkdir(exist_ok=True)
        asked = len(self.site.site.asked)
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", *module, *words],
                env=self._environment(),
                stdout=out,
                stderr=out,
            )
        run = Run(words[0], process, log, asked, time.monotonic(), step is not None)
        self.runs.append(run)
        return run

    def close(self) -> None:
        """Leave no process behind."""
        for run in self.runs:
            if run.is_running:
                run.kill()

    def phase(self, run: Run) -> str:
        return run.phase(len(self.site.site.asked))

    def wait(self, run: Run, holds: Callable[[], bool], seconds: float = WAIT_S) -> None:
        """Until it holds, or the process ended, or something hangs."""
        until = time.monotonic() + seconds
        while run.is_running and not holds() and time.monotonic() < until:
            time.sleep(0.01)

    def wait_in_service(self, run: Run, *, asked_most: int, came_most: int) -> None:
        """A moment by the clock, by what was asked for, by what was kept, or by what is sealed:
        each is random."""
        draw = self.draw
        match draw.choice(("clock", "asked", "asked", "came", "came", "sealed")):
            case "clock":
                time.sleep(draw.uniform(0, 5))
            case "asked":
                many = run.asked + draw.randint(1, asked_most)
                self.wait(run, lambda: len(self.site.site.asked) >= many)
                time.sleep(draw.uniform(0, 0.1))
            case "came":
                many = draw.randint(1, came_most)
                self.wait(run, lambda: run.came().total() >= many)
                time.sleep(draw.uniform(0, 0.3))
            case "sealed":
                before = self._packages()
                self.wait(run, lambda: self._packages() != before, 6)
                time.sleep(draw.uniform(0, 1))

    def tear(self, before: Collection[Path]) -> bool:
        """Leave half a record at the end of an open capture file, as a power cut in the middle of
        a write does; whether there was one. What was open `before` had nobody to write to it."""
        opened = sorted(set(self.settings.warc.rglob("*.open")).difference(before))
        if not opened:
            return False
        record = gzip.compress(self.draw.randbytes(3_000))
        with opened[-1].open("ab") as file:
            file.write(record[: self.draw.randint(1, len(record) - 1)])
            file.flush()
            os.fsync(file.fileno())
        return True

    def _packages(self) -> list[str]:
        return sorted(path.name for path in self.settings.data.glob("packages/*/*/*"))

    def _environment(self) -> dict[str, str]:
        """Polls without a pause, on loopback."""
        settings = self.settings
        database = {} if settings.database is None else {"KANLIU_DATABASE": settings.database}
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("KANLIU_")},
            **database,
            **self.clock.environment(),
            "KANLIU_DATA": str(settings.data),
            "KANLIU_JOURNALS": str(settings.journals),
            "KANLIU_COPIES": " ".join(settings.copies),
            "SOAK_FOLDER": str(self.ground.folder),
            "KANLIU_ALLOW_ADDRESSES": "127.0.0.0/8",
            "KANLIU_CONTACT": "soak@kanliu.example",
            "KANLIU_DELAY": "0s",
            "KANLIU_PER_HOST": "4",
            "KANLIU_PORT": "0",
            "KANLIU_TICK": "1s",
        }
