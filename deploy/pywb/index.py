"""The index that pywb needs (CDXJ): which capture stands where, in WARC files and in packages as
they lie. Writes `DATA/pywb/all.cdxj` and `DATA/pywb/open.cdxj`; reads everything, alters nothing.

    .venv/bin/python deploy/pywb/index.py /var/lib/kanliu

A package holds its WARC file undeflated, so pywb reads a record in the package itself: nothing is
unpacked or copied. Run it anew after sealing, and after a take-down.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archive.packages.lines import INDEXED, index_line
from archive.packages.members import Broken, read_members
from archive.packages.wacz import read_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.packages.members import Member


def main(data: Path) -> int:
    """Both indexes; 1 where something could not be read, which is named."""
    warcs, opened, dark = (
        sorted((data / place).rglob(pattern))
        for place, pattern in (
            ("warc", "*.warc.gz"),
            ("packages/open", "*.wacz"),
            ("packages/dark", "*.wacz"),
        )
    )
    broken = 0
    for name, files in (("all", [*warcs, *opened, *dark]), ("open", opened)):
        lines, faults = _index(data, files)
        broken += len(faults)
        for fault in faults:
            print(f"{name}: {fault}", file=sys.stderr)
        _write(data / "pywb" / f"{name}.cdxj", lines)
        print(f"{name}: {len(lines)} captures in {len(files)} files")
    return 1 if broken else 0


def _index(data: Path, files: Iterable[Path]) -> tuple[list[str], list[str]]:
    lines, faults = [], []
    for file in files:
        name = file.relative_to(data).as_posix()
        try:
            for found in _records(file):
                if isinstance(found, Broken):
                    faults.append(f"{name} at {found.offset}: {found.reason}")
                elif found.kind in INDEXED:
                    size = len(found.packed)
                    line = index_line(found, offset=found.offset, size_bytes=size, file_name=name)
                    lines.append(line)
        except (OSError, ValueError) as error:
            faults.append(f"{name}: {error}")
    return sorted(lines), faults


def _records(file: Path) -> Iterator[Member | Broken]:
    if file.suffix == ".wacz":
        yield from read_package(file)
        return
    with file.open("rb") as opened:
        yield from read_members(opened)


def _write(path: Path, lines: Iterable[str]) -> None:
    """Whole or not at all: pywb may be reading the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    new.replace(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: index.py DATA")
    sys.exit(main(Path(sys.argv[1])))
