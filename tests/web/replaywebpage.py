"""ReplayWeb.page from npm, for the tests: it is AGPL and not in our package. Fetched once into the
environment of the tests, by the two commands that docs/replay-and-access.md shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

VERSION = "2.5.3"
_CACHE = Path(sys.prefix) / "share" / f"replaywebpage-{VERSION}"
_FILES = ("ui.js", "sw.js")


def find_replaywebpage() -> Path | str:
    """The folder that holds its files, or why there is none."""
    if all((_CACHE / name).is_file() for name in _FILES):
        return _CACHE
    npm = shutil.which("npm", path=f"{sys.prefix}/bin{os.pathsep}{os.defpath}")
    if npm is None:
        return "npm is missing: it comes with requirements-dev.txt"
    _CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE.parent) as name:
        folder = Path(name)
        packed = [npm, "pack", "--silent", f"replaywebpage@{VERSION}"]
        fetched = subprocess.run(packed, cwd=folder, capture_output=True, text=True, timeout=120)
        if fetched.returncode:
            return f"npm has no replaywebpage@{VERSION}: {fetched.stderr.strip()[-200:]}"
        wanted = [f"package/{each}" for each in _FILES]
        unpack = ["tar", "-xzf", fetched.stdout.strip(), "--strip-components=1", *wanted]
        subprocess.run(unpack, cwd=folder, check=True)
        (folder / "whole").mkdir()
        for each in _FILES:
            (folder / each).rename(folder / "whole" / each)
        try:
            (folder / "whole").rename(_CACHE)
        except OSError:  # another worker was sooner
            assert _CACHE.is_dir()
    return _CACHE
