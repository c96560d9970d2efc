"""`python -m benchmarks.stepped N WORDS…`: `kanliu WORDS…`, which ends itself by SIGKILL just
before its Nth step. A step is whatever lasts: a file below the folder SOAK_FOLDER that is opened
for writing, synced, renamed, linked, cut or removed, and the end of a transaction. So kills come
between any two of them, also where a clock would hit once in a million times. With 0 it counts.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event

#: What Python tells of (sys.addaudithook), and which of its words are paths or descriptors.
_TOLD = {"os.rename": (0, 1), "os.link": (0, 1), "os.remove": (0,), "os.truncate": (0,)}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """Counts, and kills at the `last` one."""

    def __init__(self, last: int, folder: str) -> None:
        self.done = 0
        self._last = last
        self._folder = folder
        self._lock = Lock()

    def step(self, what: str) -> None:
        with self._lock:
            self.done += 1
            if self.done == self._last:
                os.write(2, f"\nkilled before step {self.done}: {what}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, name: str, words: tuple[Any, ...]) -> None:
        if name == "open":
            path, _, flags = words
            if isinstance(flags, int) and flags & _WRITING and self._is_ours(path):
                self.step(f"open {path}")
        elif name in _TOLD and any(self._is_ours(words[at]) for at in _TOLD[name]):
            self.step(f"{name} {words[0]}")

    def _is_ours(self, path: object) -> bool:
        if isinstance(path, int):
            return True
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._folder)


def main() -> None:
    steps = Steps(int(sys.argv[1]), os.environ["SOAK_FOLDER"])
    sync = os.fsync

    def told_sync(descriptor: int) -> None:  # the one step that Python does not tell of
        steps.step("fsync")
        sync(descriptor)

    os.fsync = told_sync  # type: ignore[assignment]
    event.listen(Engine, "commit", lambda _: steps.step("commit"))
    sys.addaudithook(steps.hear)
    atexit.register(lambda: os.write(2, f"\nsteps: {steps.done}\n".encode()))
    from cli import main as kanliu

    kanliu(sys.argv[2:])


if __name__ == "__main__":
    main()
