"""A real `kanliu run` over a data directory of COUNT sources, none of them due: how many MB are
resident when it has settled."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from archive.store import Store
from benchmarks.choosing import write_sources
from foundation.settings import Settings
from house.keeping import now
from sources.read import read_sources

#: Feeds of all sources are rendered at the first start; after that nothing happens.
SETTLED_SECONDS = 15


def resident_mb(pid: int) -> float:
    """VmRSS as the kernel tells it."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found.group(1)) / 1024


def lay_out(settings: Settings, count: int) -> None:
    """Sources that rest until somebody wants them."""
    write_sources(settings.journals, count)
    sources = read_sources(settings.journals).sources
    with Store.open(settings.database_url) as store:
        store.sync_sources(sources, now(), is_all=True)
        for source in sources:
            store.pause(source.id, now(), "measured at rest")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as name:
        folder = Path(name)
        settings = Settings(data=folder / "data", journals=folder / "journals")
        lay_out(settings, int(sys.argv[1]))
        log = folder / "log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli", "run"],
                env={
                    **os.environ,
                    "KANLIU_DATA": str(settings.data),
                    "KANLIU_JOURNALS": str(settings.journals),
                    "KANLIU_PORT": "0",
                },
                stderr=out,
                stdout=out,
            )
        try:
            address = wait_for(log, r"pages are served address=(\S+)")
            time.sleep(SETTLED_SECONDS)
            idle = resident_mb(process.pid)
            with urllib.request.urlopen(address) as page:
                page.read()
            time.sleep(1)
            told = {"ms": idle, "mb": idle, "visited": resident_mb(process.pid)}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    print(json.dumps(told))


def wait_for(log: Path, pattern: str) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = re.search(pattern, log.read_text("utf-8"))
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise RuntimeError(f"{pattern!r} did not come: {log.read_text('utf-8')}")


if __name__ == "__main__":
    main()
