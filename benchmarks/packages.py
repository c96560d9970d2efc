"""`python -m benchmarks.packages`: the demo's month and the corpus as one site, sealed, and what
other people's tools say of the packages. Keeps nothing; the corpus stays where it is."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from archive.packages import wacz
from archive.packages.conformance import examine
from benchmarks.corpus import read_chinese_articles
from benchmarks.corpus_site import run

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = Path(sys.executable).parent


def main() -> int:
    """Seal both; the number of packages that any tool found fault with."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        subprocess.run(
            [PROGRAMS / "kanliu", "demo", "--once", "--data", data, "--port", "0"],
            check=True, capture_output=True,
        )  # fmt: skip
        failed = report("demo", data, Path(folder))
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        run(read_chinese_articles(), corpus)
        (data,) = (path.parent for path in corpus.rglob("kanliu.sqlite"))
        failed += report("corpus", data, corpus)
    return failed


def report(name: str, data: Path, folder: Path) -> int:
    """One row a package, and what sealing and checking took."""
    month = max(f"{path.parent.name}-{path.name}" for path in data.glob("warc/*/*"))
    journals = next(iter(folder.rglob("journals")), data / "journals")
    raw = sum(path.stat().st_size for path in data.glob("warc/*/*/*.warc.gz"))
    common = ["--data", data]
    seal_seconds = timed("seal", "--month", month, "--journals", journals, *common)
    check_seconds = timed("verify", *common)
    paths = sorted(data.glob("packages/*/*/*.wacz"))
    size = sum(path.stat().st_size for path in paths)
    print(f"## {name}: {len(paths)} packages, {raw:,} bytes of WARC files, {size:,} of packages")
    print(f"seal {seal_seconds:.1f} s, verify {check_seconds:.1f} s (processes as a whole)\n")
    print("| package | records | pages | ours | " + " | ".join(TOOLS) + " |")
    print("|---|---|---|---|" + "---|" * len(TOOLS))
    failed = 0
    for path in paths:
        examined = examine(path)
        verdicts = dict(ask_tools(path))
        is_good = not examined.faults and all(word == "ok" for word in verdicts.values())
        failed += not is_good
        ours = "ok" if not examined.faults else examined.faults[0]
        cells = [path.relative_to(data).as_posix(), str(examined.records), str(examined.pages)]
        print("| " + " | ".join([*cells, ours, *verdicts.values()]) + " |")
    print()
    return failed


TOOLS = ("gzip -t", "warcio check", "fastwarc check", "wacz validate")


def ask_tools(path: Path) -> Iterator[tuple[str, str]]:
    """Each tool's verdict on one package: ok, or the last line of what it said."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / wacz.WARC_NAME
        with zipfile.ZipFile(path) as package:
            file.write_bytes(package.read(wacz.WARC))
        for name, command in (
            ("gzip -t", ["gzip", "-t", file]),
            ("warcio check", [PROGRAMS / "warcio", "check", file]),
            ("fastwarc check", [PROGRAMS / "fastwarc", "check", file]),
            ("wacz validate", [PROGRAMS / "wacz", "validate", "-f", path]),
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            said = (done.stdout + done.stderr).strip().splitlines()
            yield name, "ok" if done.returncode == 0 else (said or ["failed"])[-1]


def timed(*words: str | Path) -> float:
    """How long a command took."""
    start = time.perf_counter()
    command = [PROGRAMS / "kanliu", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, file=sys.stderr)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(min(main(), 1))
