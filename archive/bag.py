"""A folder becomes a BagIt bag (RFC 8493, version 1.0): what libraries hand each other. Writes the
tag files beside `data/`, and nothing in it.

Not by the library `bagit`: it moves the files about, changes the working directory of the whole
process and writes version 0.97. It is the judge in our tests.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

PAYLOAD = "data"
DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

_DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_PIECE_BYTES = 1_048_576


def write_bag(folder: Path, info: Sequence[tuple[str, str]]) -> None:
    """Make a bag of a folder that has its payload in `data/` already; on disk when it returns.
    `info` goes into bag-info.txt in its order, the oxum behind it.

    Raises:
        OSError: the disk refused.
        ValueError: a file's name cannot stand in a bag.
    """
    payload = sorted(path for path in (folder / PAYLOAD).rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in payload)
    tags = {
        DECLARATION: _DECLARED,
        INFO: _info([*info, ("Payload-Oxum", f"{size}.{len(payload)}")]),
        MANIFEST: _manifest(folder, payload),
    }
    for name, text in tags.items():
        _write(folder / name, text)
    _write(folder / TAG_MANIFEST, _manifest(folder, [folder / name for name in sorted(tags)]))


def is_bag(folder: Path) -> bool:
    """Whether a folder says that it is a bag."""
    return (folder / DECLARATION).is_file()


def _info(fields: Iterable[tuple[str, str]]) -> str:
    """A label and its value a line; line breaks would begin another label."""
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in fields if value)


def _manifest(folder: Path, files: Iterable[Path]) -> str:
    names = {path: path.relative_to(folder).as_posix() for path in files}
    # RFC 8493 §2.1.3 escapes these; readers do not agree on how, and no name of ours has them.
    strange = [name for name in names.values() if set(name) & set("%\r\n")]
    if strange:
        raise ValueError(f"{strange[0]!r}: a name in a bag has no %, CR or LF")
    return "".join(f"{_digest(path)}  {name}\n" for path, name in names.items())


def _digest(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            whole.update(piece)
    return whole.hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
