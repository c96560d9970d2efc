"""One kill after the other: what is started, when it is killed, what is done to the disk then, and
the end, when all that the site said must be there. What must hold is kept.py's."""

from __future__ import annotations

import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import feedparser
import psycopg

from archive.model import EntryState
from archive.store import Store
from benchmarks.kept import Kept, Told
from benchmarks.kept_rows import plain

if TYPE_CHECKING:
    from benchmarks.stand import Run, Stand

#: Out of a hundred, how often what is killed: alone, or (with a +) beside the service.
COMMANDS = {
    "run": 34, "seal": 14, "rebuild": 8, "reread": 5, "withdraw": 6, "verify": 3, "export": 4,
    "+withdraw": 7, "+export": 7, "+verify": 3, "+reread": 3, "full": 6,
}  # fmt: skip
#: So often a kill comes at a step on the disk; the others come by the clock.
AT_STEP = 0.5
#: Among how many steps of the service: some fifteen seconds under load.
SERVICE_STEPS = 500
#: How many months go by in a run.
MONTHS = 4
#: So often a kill is a power cut, and a record is half written then, where the disk is ours.
CUT, TORN = 0.5, 0.3
#: How long the last service may bring nothing in of what is left.
LAST_S = 120.0
#: For a command that hangs at the end.
COMMAND_S = 300.0
#: What may be free on a full disk. The service needs some 100 kB a second.
FREE_BYTES = 1_500_000
#: How long it is given to find the disk full.
FULL_S = 40.0
_BUG = "Traceback (most recent call last)"


@dataclass
class Tally:
    """What a run came to. `phases` counts kills; what ended before it was killed is in `ended`."""

    seed: int
    database: str = "sqlite"
    kills: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    at_steps: int = 0
    cuts: int = 0
    torn: int = 0
    full: Counter[str] = field(default_factory=Counter)
    months: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    captures: int = 0
    captures_read: int = 0
    copies_read: int = 0
    files_tested: int = 0
    tails: int = 0
    withdrawn: int = 0
    articles: int = 0
    changes: int = 0
    without: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    data: str | None = None
    seconds: float = 0.0


class Killing:
    """Kills, and looks at what is left. `is_short` has less to read, and seals nothing at its
    end."""

    def __init__(
        self, stand: Stand, tally: Tally, *, commands: dict[str, int], is_short: bool = False
    ) -> None:
        self.tally = tally
        self.kept = Kept(stand.settings, stand.exports)
        self._stand = stand
        self._draw = stand.draw
        self._commands = commands
        self._is_short = is_short
        # How many steps each command had when it was left to end, and how long it took: a kill is
        # drawn among them. So each is left to end once.
        self._steps: dict[str, int] = {}
        self._seconds: dict[str, float] = {}
        self._told = Told()
        self._databases = 0
        self._withdrawing = ""

    def kill_one(self) -> str:
        """Start something, kill it at some moment, look at what it left. What came of it."""
        names, weights = list(self._commands), list(self._commands.values())
        # At first there is nothing to seal, to take down, …
        name = self._draw.choices(names, weights)[0] if self.kept.captures else "run"
        self._told = Told()
        if name == "full":
            words = self._kill_full()
        elif name.startswith("+"):
            words = self._kill_beside(name[1:])
        else:
            words = self._kill_alone(name)
        words += self._spoil()
        self.look(words)
        return words

    def look(self, words: str, *, is_anew: bool = False, faults: tuple[str, ...] = ()) -> None:
        """Note every fault, and during which kill."""
        found = [*faults, *self.kept.faults(self._told, is_anew=is_anew)]
        self._told = Told()
        self.tally.violations += [f"kill {self.tally.kills} ({words}): {each}" for each in found]

    def pass_a_month(self) -> None:
        """What is captured is of a month that is over then: the service seals it by itself."""
        self._stand.clock.shift += timedelta(days=31)
        self.tally.months += 1

    # The ways to be killed

    def _kill_alone(self, name: str) -> str:
        run = self._begin(name)
        if name == "run":
            self._stand.site.open()
            most = (15, 1) if self._is_short else (80, 4)
            self._stand.wait_in_service(run, asked_most=most[0], came_most=most[1])
        else:
            self._wait_in_command(run)
        return self._finish(run)

    def _kill_beside(self, name: str) -> str:
        """A command while the service is under load; either is killed first."""
        service = self._begin("run", with_steps=False)
        self._stand.site.open()
        self._stand.wait(service, lambda: bool(service.came()), 10)
        command = self._begin(name, is_beside=True)
        self._wait_in_command(command)
        first, then = (command, service) if self._draw.random() < 0.7 else (service, command)
        words = self._finish(first)
        time.sleep(self._draw.uniform(0, 0.5))
        return f"{words}, then {self._finish(then)}"

    def _kill_full(self) -> str:
        """The disk fills up under it; it says so and ends, or is killed. After it there is room."""
        name = self._draw.choice(("run", "run", "seal", "rebuild", "withdraw", "export", "reread"))
        free_bytes = int(self._draw.choice((20_000, 200_000, FREE_BYTES)) * self._draw.random())
        before = self._stand.ground.leave(free_bytes)
        run = self._begin(name, before=before, with_steps=False)
        if name == "run":
            self._stand.site.open()
        is_left = self._draw.random() < 0.7  # to come to its own end
        self._stand.wait(run, lambda: False, FULL_S if is_left else self._draw.uniform(1, 12))
        if name == "run" and "archive failed" in run.text():
            self._stand.wait(run, lambda: False)
            if run.is_running:
                self._note("the service goes on though the disk refused", run)
        words = f"full disk: {self._finish(run, is_full=True)}"
        self.look(words)  # as it is on the full disk, before there is room
        self._stand.ground.free()
        return words

    def _begin(
        self,
        name: str,
        *,
        before: tuple[str, ...] = (),
        with_steps: bool = True,
        is_beside: bool = False,
    ) -> Run:
        step = None
        if name != "run" and name not in self._steps:
            step = 0
        elif with_steps and self._draw.random() < AT_STEP:
            most = SERVICE_STEPS if name == "run" else self._steps[name]
            # The last steps are those by which new things take the place of old ones.
            is_late = name != "run" and self._draw.random() < 0.5
            step = self._draw.randint(max(1, most - 15) if is_late else 1, most)
        return self._stand.start(*self._words(name, is_beside=is_beside), before=before, step=step)

    def _wait_in_command(self, run: Run) -> None:
        """Until it killed itself at its step, or was left to end for once; else by the clock."""
        if run.has_steps:
            self._stand.wait(run, lambda: False)
        else:
            took = self._seconds.get(run.name, 3.0)
            self._stand.wait(run, lambda: False, self._draw.uniform(0.1, took))

    def _finish(self, run: Run, *, is_full: bool = False) -> str:
        run.kill()
        self._stand.site.rest()
        phase, text = self._stand.phase(run), run.text()
        self._told.revisions += run.came() if run.name == "run" else Counter()
        self._told.is_up |= run.is_up
        if run.name == "withdraw" and run.code == 0:
            self._told.withdrawn.add(self._withdrawing)
        if (steps := run.steps()) is not None and run.name != "run":
            self._steps[run.name] = max(steps, 1)
            self._seconds[run.name] = time.monotonic() - run.began
        if _BUG in text:
            self._note("a bug", run)
        if run.was_killed:
            self.tally.kills += 1
            self.tally.phases[f"{phase} on a full disk" if is_full else phase] += 1
            at = run.step()
            self.tally.at_steps += at is not None
            return f"{phase}{f' before {at}' if at else ''}"
        ended = f"{run.name} ended {run.code}"
        if is_full:
            self.tally.full[ended] += 1
        else:
            self.tally.ended[ended] += 1
            # A seal that a kill cut short may be told of; an entry may be down by now, and a
            # journal may have nothing yet.
            is_fine = run.name in ("verify", "withdraw") or "nothing was exported" in text
            if run.code and not is_fine:
                self._note(f"it ended with {run.code}", run)
        return ended

    def _spoil(self) -> str:
        """What happens to the disk: nothing, a power cut, half a record at the end of a file."""
        words = ""
        if self._stand.ground.can_cut and self._draw.random() < CUT:
            self._stand.ground.cut()
            self.kept.tails.power_was_cut()
            self.tally.cuts += 1
            words += ", power cut"
        if self._draw.random() < TORN and self._stand.tear(self.kept.tails.opened):
            self.tally.torn += 1
            words += ", a record half written"
        return words

    def _note(self, what: str, run: Run) -> None:
        said = run.text()[-3000:]
        self.tally.violations.append(
            f"kill {self.tally.kills} ({run.name}): {what}; {run.log} says:\n{said}"
        )

    def _words(self, name: str, *, is_beside: bool) -> tuple[str, ...]:
        draw, stand = self._draw, self._stand
        match name:
            case "seal":
                return ("seal", "--month", stand.month) if draw.random() < 0.5 else ("seal",)
            case "rebuild" if stand.settings.database is not None:
                return ("rebuild", "--database", self._new_database())
            case "reread" if is_beside:
                return ("reread", draw.choice(stand.site.ids))
            case "reread":
                source_id = draw.choice(stand.site.ids)
                stand.site.read_otherwise(stand.settings.journals, source_id)
                return ("reread", source_id, "--apply")
            case "withdraw":
                self._withdrawing = draw.choice(self.kept.live)
                return ("withdraw", self._withdrawing, "--who", "soak", "--why", "a proof")
            case "export":
                source_id = draw.choice(stand.site.ids)
                stand.exports.mkdir(exist_ok=True)
                format_ = draw.choice(("wacz", "bagit", "jsonl"))
                to = stand.exports / f"{source_id}{'' if format_ == 'bagit' else '.' + format_}"
                return ("export", "--journal", source_id, "--format", format_, "--to", str(to),
                        "--force")  # fmt: skip
        return (name,)

    def _new_database(self) -> str:
        """An empty one on the same server."""
        url = plain(self._stand.settings.database or "")
        self._databases += 1
        name = f"again_{self._databases}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return urlsplit(url)._replace(path=f"/{name}").geturl()

    # The end

    def end(self) -> None:
        """Let the last service bring in all that the site said; then everything is compared."""
        stand = self._stand
        stand.ground.free()
        stand.site.end()
        run = stand.start("run")
        until, fewest = time.monotonic() + LAST_S, len(stand.site.said()) + 1
        while lacking := self._lacking():
            if len(lacking) < fewest:
                until, fewest = time.monotonic() + LAST_S, len(lacking)
            if not run.is_running or time.monotonic() > until:
                break
            time.sleep(0.5)
        stand.wait(run, lambda: not self._is_behind())
        run.process.send_signal(signal.SIGTERM)
        run.end(COMMAND_S)
        if run.code:
            self._note(f"the last service ended with {run.code}", run)
        self._told = Told(revisions=run.came(), is_up=True)
        faults = (*lacking, *self._doubled(), *self._unparsed(), *self._left_open())
        self.look("the end", is_anew=True, faults=faults)
        shown = tuple(f"taken down and shown: {id_} in {path}" for path, id_ in self.kept.shown())
        for words in self._last_words():
            run = stand.start(*words)
            run.end(COMMAND_S)
            if run.code:
                self._note(f"it ended with {run.code}", run)
        self.look("after the end", is_anew=True, faults=(*shown, *self._told_of_the_log()))

    def sum_up(self) -> None:
        tally, kept = self.tally, self.kept
        tally.captures, tally.captures_read = kept.captures, kept.read
        tally.files_tested, tally.copies_read = kept.files.tested, kept.copies_read
        tally.tails, tally.withdrawn = kept.tails.kept, len(kept.withdrawn)
        tally.articles, tally.changes = len(self._stand.site.said()), self._stand.site.changes

    def _last_words(self) -> list[tuple[str, ...]]:
        beside = f"sqlite:///{self._stand.folder / 'again.sqlite'}"
        is_server = self._stand.settings.database is not None
        again = ("rebuild", "--database", beside) if is_server else ("rebuild", "--check")
        seal = [] if self._is_short else [("seal", "--month", self._stand.month)]
        return [*seal, again, ("verify",)]

    def _lacking(self) -> list[str]:
        """What the site said and the store does not say, or not as it is now."""
        with self._store() as store:
            every = store.entries(states=frozenset(EntryState))
        found = {(each.source_id, each.entry.url): each.entry.title for each in every}
        down = {
            (each.source_id, each.entry.url) for each in every if each.state is EntryState.WITHDRAWN
        }
        return [
            f"lost: {url} of {id_} is {title}, the store has {found.get((id_, url))}"
            for (id_, url), title in self._stand.site.said().items()
            if found.get((id_, url)) != title and (id_, url) not in down
        ]

    def _doubled(self) -> list[str]:
        with self._store() as store:
            every = store.entries(states=frozenset(EntryState))
        count = Counter((each.source_id, each.entry.url) for each in every)
        strange = count.keys() - self._stand.site.said().keys()
        return [f"kept {times} times: {url}" for (_, url), times in count.items() if times > 1] + [
            f"kept and never said: {url}" for _, url in strange
        ]

    def _is_behind(self) -> bool:
        with self._store() as store:
            return bool(store.changed_sources())

    def _store(self) -> Store:
        return Store.open(self._stand.settings.database_url)

    def _told_of_the_log(self) -> list[str]:
        with self._store() as store:
            broken = store.ledger.find_break()
        return [f"the log is broken at event {broken.number}: {broken.what}"] if broken else []

    def _left_open(self) -> list[str]:
        """A service that stops gives every file its name."""
        found = sorted(self._stand.settings.warc.rglob("*.open"))
        return [f"left open by a service that stopped: {path}" for path in found]

    def _unparsed(self) -> list[str]:
        """Feeds that a reader's parser does not take, or that show nothing."""
        faults = []
        for id_ in self._stand.site.ids:
            for name in ("rss.xml", "atom.xml"):
                path = self._stand.settings.public / id_ / name
                read = feedparser.parse(path.read_bytes()) if path.exists() else None
                if read is None or read.bozo or not read.entries:
                    faults.append(f"no feed that parses and shows something: {path}")
        return faults
