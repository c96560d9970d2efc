"""The inside of a package: the names of its files, and how to get at them. Only reads.

WACZ 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/; conformance.py checks what it demands.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.packages.lines import REVISIT_TYPE, read_index
from archive.packages.members import Broken, read_member, read_members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from archive.packages.members import Member

VERSION = "1.1.1"
SUFFIX = ".wacz"
WARC_NAME = "data.warc.gz"
WARC = f"archive/{WARC_NAME}"
INDEX = "indexes/index.cdx"
PAGES = "pages/pages.jsonl"
MANIFEST = "datapackage.json"
MANIFEST_DIGEST = "datapackage-digest.json"

#: A local header of ZIP, before the name and the extra field whose lengths stand in its end.
_HEADER_BYTES = 30
_PIECE_BYTES = 1_048_576
#: All that zipfile raises where a bit is wrong: it may look deflated, encrypted, of another kind.
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, EOFError, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Where the WARC file of a package lies in it."""

    start: int
    end: int


@contextmanager
def open_package(path: Path) -> Iterator[tuple[zipfile.ZipFile, BinaryIO]]:
    """The ZIP and the same file's bytes.

    Raises:
        ValueError: it is no ZIP.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(path) as package:
            yield package, file
    except _DAMAGES as error:
        raise ValueError(f"it is no readable ZIP: {error}") from error


def stretch_of(package: zipfile.ZipFile, file: BinaryIO, name: str = WARC) -> Stretch:
    """Where a stored file of a package stands.

    Raises:
        ValueError: it is not there, or deflated.
    """
    if name not in package.namelist():
        raise ValueError(f"{name} is missing")
    info = package.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} is deflated once more")
    file.seek(info.header_offset)
    header = file.read(_HEADER_BYTES)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = info.header_offset + _HEADER_BYTES + lengths
    return Stretch(start=start, end=start + info.file_size)


def read_package(path: Path) -> Iterator[Member | Broken]:
    """Every record of a package, its offset that in the package itself.

    Raises:
        ValueError: it is no package.
    """
    with open_package(path) as (package, file):
        stretch = stretch_of(package, file)
        yield from read_members(file, stretch.start, stretch.end)


def read_from(path: Path, offset: int) -> Iterator[Member]:
    """The records of a package from one of them on.

    Raises:
        ValueError: it is no package, or one of them is damaged.
    """
    with open_package(path) as (package, file):
        for found in read_members(file, offset, stretch_of(package, file).end):
            if isinstance(found, Broken):
                raise ValueError(found.reason)  # noqa: TRY004 - the type is the news here
            yield found


def find_body(path: Path, digest: str) -> Member | None:
    """A record of a package whose body has this digest (`sha256:…`) and stands there in full.

    Raises:
        ValueError: the package, or that record, cannot be read.
    """
    with open_package(path) as (package, file):
        stretch = stretch_of(package, file)
        for _, _, fields in read_index(package.read(INDEX).decode()):
            if fields.get("digest") == digest and fields.get("mime") != REVISIT_TYPE:
                return read_member(file, stretch.start + int(fields["offset"]), stretch.end)
    return None


def digest_of_file(path: Path) -> str:
    """`sha256:…` of a whole file."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            whole.update(piece)
    return f"sha256:{whole.hexdigest()}"
