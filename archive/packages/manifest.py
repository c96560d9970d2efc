"""The list of each tree's packages with their digests, `manifest-sha256.txt`, as `sha256sum -c`
reads it. Written whole, in one step."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archive.sweep import fsync_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "manifest-sha256.txt"


def write_manifest(folder: Path, digests: Mapping[str, str]) -> bool:
    """Write the digests (`sha256:…`) of a tree's packages, by path below `folder`. Whether it
    differed."""
    lines = "".join(f"{digest.partition(':')[2]}  {file}\n" for file, digest in digests.items())
    path = folder / NAME
    if read_manifest(folder) == dict(digests) or (not digests and not path.exists()):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{NAME}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    fsync_folder(folder)
    return True


def read_manifest(folder: Path) -> dict[str, str]:
    """What was written; empty where there is none. What is damaged, and be it no UTF-8 or a line
    break, makes another digest or another name, never an error: `kanliu verify` tells of it."""
    try:
        text = (folder / NAME).read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    lines = (line.partition("  ") for line in text.split("\n") if line)
    return {file: f"sha256:{digest}" for digest, _, file in lines}
