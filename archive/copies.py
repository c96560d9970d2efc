"""The places where second and third copies are: a directory, or any address that fsspec knows
(s3://, sftp://, …). Each is written, then read back. Which files have copies is replicas.py's to
know, what a copy should be fixity.py's.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import fsspec

from archive.sweep import fsync_folder
from foundation.errors import DamagedError, KanliuError, PlaceError
from foundation.text import one_line, without_password

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

#: What ends the name of a file that is half copied. Not that of a capture file that is being
#: written (sweep.OPEN): what a crash leaves here is no one's only copy, and is not to be mended.
PART = ".part"
_PIECE_BYTES = 1_048_576
_READ_ONLY = 0o444


class Content(Protocol):
    """What is written to a place."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end. Any error of it ends the writing."""


class Place(Protocol):
    """Files by their path below the place, as they are named below the data directory."""

    name: str

    def is_ours(self) -> bool | None:
        """Whether this process could write there, and so could spoil what is there; None where
        that cannot be known."""

    def open(self, file: str) -> BinaryIO:
        """For reading from the start. FileNotFoundError where there is none."""

    def write(self, file: str, content: Content) -> None:
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

    def write(self, file: str, content: Content) -> None:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(path.name + PART)
        aside.unlink(missing_ok=True)  # of a crash: one process writes here, whoever has the lock
        try:
            with aside.open("xb") as written:
                while piece := content.read(_PIECE_BYTES):
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
                os.fchmod(written.fileno(), _READ_ONLY)
        except Exception:
            aside.unlink(missing_ok=True)
            raise
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
        path = f"{root}/{file}"
        system.invalidate_cache(path)  # what was seen there before may be another file
        opened: BinaryIO = system.open(path, "rb")
        return opened

    def write(self, file: str, content: Content) -> None:
        system, root = self._open()
        path = f"{root}/{file}"
        try:
            with _open_new(system, path) as written:
                while piece := content.read(_PIECE_BYTES):
                    written.write(piece)
        except BaseException:  # what was written until then has the name of a whole file
            with suppress(Exception):
                system.rm_file(path)
            raise

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


def copy_file(source: Place, place: Place, file: str, digest: str, *, named: str) -> None:
    """Write a file to a place, as `named` there, and read it back. What is not right there is
    taken away.

    Raises:
        DamagedError: the file at the source cannot be read, or does not have that digest.
        PlaceError: the place refused, or what it gave back is not what it was given.
    """
    with _opened(source, file) as content, place_in_words(place):
        place.write(named, _Sound(content, digest, f"{source.name}: {file}"))
    with place_in_words(place):
        with place.open(named) as written:
            found = digest_of(written)
        if found != digest:
            place.remove(named)
    if found != digest:
        raise PlaceError(
            f"{place.name}: {named} reads back as {found}, not {digest}. Next: look at that disk "
            "or service; the copy is made again by itself."
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
    except KanliuError:
        raise
    except Exception as error:
        # Drivers of fsspec have classes of their own for what is no OSError (botocore, paramiko),
        # which cannot be named without having them.
        raise PlaceError(
            f"{place.name}: the copies there cannot be read or written: {_words_of(error)}. Next: "
            "see that it is mounted or reachable, and that its driver is installed "
            "(docs/packages.md)."
        ) from error


class _Sound:
    """A file on its way: at its end it turns out whether it is what it should be, before anybody
    takes what was written for whole."""

    def __init__(self, file: BinaryIO, digest: str, name: str) -> None:
        self._file = file
        self._digest = digest
        self._name = name
        self._read = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        with _source_in_words(self._name):
            piece = self._file.read(size)
        self._read.update(piece)
        if not piece and f"sha256:{self._read.hexdigest()}" != self._digest:
            raise DamagedError(f"{self._name} is not what was written. Next: {_VERIFY}")
        return piece


_VERIFY = "kanliu verify --repair makes it good from a copy that is whole."


@contextmanager
def _opened(source: Place, file: str) -> Iterator[BinaryIO]:
    with _source_in_words(f"{source.name}: {file}"):
        content = source.open(file)
    with content:
        yield content


@contextmanager
def _source_in_words(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # see place_in_words
        raise DamagedError(f"{name} cannot be read: {_words_of(error)}. Next: {_VERIFY}") from error


def _open_new(system: Any, path: str) -> Any:
    """For writing. Where there are folders they are made; asking an object store for one could
    make a bucket."""
    try:
        return system.open(path, "wb")
    except FileNotFoundError:
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        return system.open(path, "wb")


def _words_of(error: Exception) -> str:
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return without_password(one_line(str(words)))
