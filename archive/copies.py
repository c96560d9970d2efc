"""The places where second and third copies of packages are: a directory, or any address that
fsspec knows (s3://, sftp://, …). Each is written, then read back. What a copy should be is
fixity.py's to know.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import fsspec

from archive.sweep import OPEN, fsync_folder
from foundation.errors import PlaceError
from foundation.text import without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

_PIECE_BYTES = 1_048_576
_READ_ONLY = 0o444
#: What fsspec and what it calls raise when a place is away or refuses; a missing driver is an
#: ImportError, a wrong address a ValueError.
_REFUSALS = (OSError, ImportError, ValueError)


class Place(Protocol):
    """Files by their path below the place, as they are named below the data directory."""

    name: str

    def is_ours(self) -> bool | None:
        """Whether this process could write there, and so could spoil what is there; None where
        that cannot be known."""

    def open(self, file: str) -> BinaryIO:
        """For reading from the start. FileNotFoundError where there is none."""

    def write(self, file: str, content: BinaryIO) -> None:
        """Write a file in one step, in place of what was there."""

    def remove(self, file: str) -> None:
        """Take a file away, if it is there."""


class Directory:
    """A directory: another disk, a mounted share. Files are read-only there, too."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder

    def is_ours(self) -> bool | None:
        """By what the system says of the folder: another user's, or a file system that is mounted
        read-only, is not ours."""
        folder = self._folder
        while not folder.exists() and folder.parent != folder:
            folder = folder.parent
        return os.access(folder, os.W_OK)

    def open(self, file: str) -> BinaryIO:
        """From the disk, as far as the system lets us say so."""
        opened = (self._folder / file).open("rb")
        with suppress(OSError):
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return opened

    def write(self, file: str, content: BinaryIO) -> None:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(path.name + OPEN)
        aside.unlink(missing_ok=True)  # of a crash: one process writes here, whoever has the lock
        with aside.open("xb") as written:
            while piece := content.read(_PIECE_BYTES):
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
            os.fchmod(written.fileno(), _READ_ONLY)
        aside.replace(path)
        fsync_folder(path.parent)

    def remove(self, file: str) -> None:
        path = self._folder / file
        path.unlink(missing_ok=True)


class Remote:
    """An address that fsspec knows. Whether a file appears there in one step is its driver's
    matter; what is half written is not entered as a copy, and is written again."""

    def __init__(self, url: str) -> None:
        self.name = without_password(url)
        self._url = url
        self._opened: tuple[Any, str] | None = None

    def is_ours(self) -> bool | None:
        """An object lock, say, cannot be seen from here."""
        return None

    def open(self, file: str) -> BinaryIO:
        system, root = self._open()
        opened: BinaryIO = system.open(f"{root}/{file}", "rb")
        return opened

    def write(self, file: str, content: BinaryIO) -> None:
        system, root = self._open()
        path = f"{root}/{file}"
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        with system.open(path, "wb") as written:
            while piece := content.read(_PIECE_BYTES):
                written.write(piece)

    def remove(self, file: str) -> None:
        system, root = self._open()
        with suppress(FileNotFoundError):
            system.rm_file(f"{root}/{file}")

    def _open(self) -> tuple[Any, str]:
        if self._opened is None:
            system, root = fsspec.core.url_to_fs(self._url)
            self._opened = system, root.rstrip("/")
        return self._opened


def open_places(copies: Iterable[str], data: Path) -> list[Place]:
    """The places of the setting `copies`.

    Raises:
        PlaceError: one of them is the data directory, or in it.
    """
    places: list[Place] = []
    for named in copies:
        if "://" in named and not named.startswith("file://"):
            places.append(Remote(named))
            continue
        folder = Path(named.removeprefix("file://"))
        if folder.resolve().is_relative_to(data.resolve()):
            raise PlaceError(
                f"{folder}: a copy inside the data directory is lost with it. Next: name another "
                "disk or machine in the setting copies."
            )
        places.append(Directory(folder))
    return places


def copy_file(source: Callable[[], BinaryIO], place: Place, file: str, digest: str) -> None:
    """Write a file to a place and read it back. What is not right there is taken away.

    Raises:
        PlaceError: the place refused, or what it gave back is not what it was given.
    """
    with place_in_words(place):
        with source() as content:
            place.write(file, content)
        with place.open(file) as written:
            found = digest_of(written)
        if found != digest:
            place.remove(file)
    if found != digest:
        raise PlaceError(
            f"{place.name}: {file} reads back as {found}, not {digest}. Next: look at that disk or "
            "service; the copy is made again by itself."
        )


def digest_of(file: BinaryIO) -> str:
    """`sha256:…` of what is left of an open file."""
    whole = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        whole.update(piece)
    return f"sha256:{whole.hexdigest()}"


@contextmanager
def place_in_words(place: Place) -> Iterator[None]:
    """A refusal of a place as PlaceError."""
    try:
        yield
    except _REFUSALS as error:
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise PlaceError(
            f"{place.name}: the copies there cannot be read or written: {words}. Next: see that "
            "it is mounted or reachable, and that its driver is installed (docs/packages.md)."
        ) from error
