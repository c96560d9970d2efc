"""What must hold of files whenever their process was killed: what has its final name is whole, and
what a crash left of a capture file is set aside, not thrown away. Reads only."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import bagit

from archive.packages.conformance import examine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

#: A file as it was when it was looked at: what did not change is not looked at twice.
Look = tuple[int, int]
_MANIFEST_LINE = re.compile(r"[0-9a-f]{64}  \S.*")


class KeptFiles:
    """The files of a data directory, of the `further` places that have copies of them, and what
    was exported. Remembers from one look to the next."""

    def __init__(self, data: Path, further: Sequence[Path], exports: Path) -> None:
        self._roots = (data, *further)
        self._exports = exports
        self._looked: dict[Path, Look] = {}
        self._exported: set[Path] = set()
        #: Files tested, in all; and the sha256 of each capture file that has its final name.
        self.tested = 0
        self.digests: dict[Path, str] = {}

    def forget(self) -> None:
        """Look at everything again."""
        self._looked.clear()

    def faults(self) -> Iterator[str]:
        """What does not hold."""
        for root in self._roots:
            for path in self._fresh(root, "**/*.warc.gz"):
                self.digests[path] = digest_of(path)
                yield from _packed_faults(path)
            for path in self._fresh(root, "public/**/*.gz"):
                yield from _packed_faults(path)
            for path in self._fresh(root, "packages/**/*.wacz"):
                yield from _package_faults(path)
            for path in self._fresh(root, "packages/**/*.json"):
                yield from _json_faults(path, path.read_bytes())
            for path in self._fresh(root, "packages/**/manifest-*.txt"):
                lines = path.read_text("utf-8").splitlines()
                if not all(map(_MANIFEST_LINE.fullmatch, lines)):
                    yield half(path, "a line is no digest with a name")
        yield from self._export_faults()

    def is_fresh(self, path: Path) -> bool:
        """Whether it is to be looked at: it changed since it was."""
        look = look_at(path)
        if self._looked.get(path) == look:
            return False
        self._looked[path] = look
        self.tested += 1
        return True

    def _fresh(self, root: Path, pattern: str) -> list[Path]:
        return [path for path in sorted(root.glob(pattern)) if self.is_fresh(path)]

    def _export_faults(self) -> Iterator[str]:
        """What goes out is whole under its name or not there; what was there stays until then."""
        found = {path for path in self._exports.glob("*") if not path.name.startswith(".")}
        for path in sorted(self._exported - found):
            if not any(self._exports.glob(f".{path.name}.*.old")):  # a bag, on its way to be gone
                yield f"lost: what was exported before, {path}"
        self._exported |= found
        # What is in a folder may change while the folder's own time does not.
        for path in (each for each in sorted(found) if each.is_dir() or self.is_fresh(each)):
            match path.suffix:
                case ".wacz":
                    yield from _package_faults(path)
                case ".jsonl":
                    for line in path.read_bytes().splitlines():
                        yield from _json_faults(path, line)
                case _:
                    try:
                        bagit.Bag(str(path)).validate()
                    except bagit.BagError as error:
                        yield half(path, error)


@dataclass(frozen=True)
class Tail:
    """What of an open capture file is whole, and what a crash cut."""

    whole_bytes: int
    size_bytes: int
    sha256: str


class Tails:
    """What crashes left of capture files must be found again: cut back to the last whole record,
    the rest beside it, and that is in the log."""

    def __init__(self, warc: Path) -> None:
        self._warc = warc
        self._left: dict[Path, Tail] = {}
        #: What was open at the last look; and how many tails were found set aside.
        self.opened: frozenset[Path] = frozenset()
        self.kept = 0

    def note(self) -> None:
        """What lies there now, to be looked for after the next start."""
        self.opened = frozenset(self._warc.rglob("*.open"))
        for path in self.opened:
            data = path.read_bytes()
            whole = whole_bytes(data)
            if whole < len(data):
                tail = Tail(whole, len(data) - whole, hashlib.sha256(data[whole:]).hexdigest())
                self._left.setdefault(path.with_name(path.name.removesuffix(".open")), tail)

    def power_was_cut(self) -> None:
        """What nobody had come to set aside by then may be gone with the power."""
        for final, tail in list(self._left.items()):
            aside = final.with_name(f"{final.name}.tail")
            is_aside = aside.exists() and digest_of(aside) == tail.sha256
            if final.with_name(f"{final.name}.open").exists() and not is_aside:
                del self._left[final]

    def faults(self, told: Collection[str], *, is_swept: bool) -> Iterator[str]:
        """`told` are the names of the files whose cut the log tells of; `is_swept` that a process
        was up since that ought to have closed what was open."""
        if is_swept:
            for path in sorted(self.opened & frozenset(self._warc.rglob("*.open"))):
                yield f"left open by the start after the crash: {path}"
        for final, tail in list(self._left.items()):
            if final.with_name(f"{final.name}.open").exists():
                continue  # its sweep was killed, too
            aside = final.with_name(f"{final.name}.tail")
            self.kept += is_swept and aside.exists()
            if not aside.exists():
                yield f"lost: the tail of {final}, {tail.size_bytes} bytes, is not set aside"
            elif digest_of(aside) != tail.sha256:
                yield f"lost: the tail of {final} is set aside otherwise than it was"
            if final.exists() and final.stat().st_size != tail.whole_bytes:
                yield f"not cut back to its last whole record: {final}"
            if is_swept and final.name not in told:
                yield f"the log does not tell of the tail of {final}"
            if is_swept:
                del self._left[final]


def whole_bytes(data: bytes) -> int:
    """How much from the start is whole gzip members."""
    whole, rest = 0, data
    while rest:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            member.decompress(rest)
        except zlib.error:
            return whole
        if not member.eof:
            return whole
        rest = member.unused_data
        whole = len(data) - len(rest)
    return whole


def half(path: Path, why: object) -> str:
    """The words for a file that is not whole."""
    return f"half a file under its final name: {path}: {why}"


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def look_at(path: Path) -> Look:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _packed_faults(path: Path) -> Iterator[str]:
    done = subprocess.run(["gzip", "-t", path], capture_output=True, text=True, check=False)
    if done.returncode:
        yield half(path, done.stderr.strip())


def _package_faults(path: Path) -> Iterator[str]:
    yield from (f"package does not conform: {path}: {each}" for each in examine(path).faults)


def _json_faults(path: Path, data: bytes) -> Iterator[str]:
    try:
        json.loads(data)
    except ValueError as error:
        yield half(path, error)
