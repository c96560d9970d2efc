"""Where a data directory lies while its process is killed. On a disk of our own its power can be
cut: what was not synced is gone, as a kill alone never shows. Either kind can be made full."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Protocol

#: FS_IOC_SHUTDOWN, and EXT4_GOING_FLAGS_NOLOGFLUSH (Linux, fs/ext4/ext4.h): xfstests cuts
#: the power: nothing that is in memory alone comes to the disk any more, the journal neither.
_SHUTDOWN, _NO_LOG_FLUSH = 0x8004587D, 2
#: In memory, where there is room: a sync of a disk in a file on a disk takes a tenth of a second,
#: and the load would be on that alone.
_MEMORY = Path("/dev/shm")
#: Sparse: takes what is written to it.
_DISK_BYTES = 4_000_000_000
#: So that as little as can be comes to the disk unasked: no journal commit every 5 seconds, and no
#: help for programs that rename a file over another one without syncing it.
_OPTIONS = "loop,commit=300,noauto_da_alloc,noatime"


class Ground(Protocol):
    """A folder, `can_cut` where its power can be cut."""

    folder: Path
    can_cut: bool

    def cut(self) -> None:
        """Power off and on: what was not synced is gone."""

    def leave(self, free_bytes: int) -> tuple[str, ...]:
        """Let so little be free. The words that a command is to be begun with for that."""

    def free(self) -> None:
        """Let there be room again."""

    def close(self) -> None:
        """Take it away."""


class Folder:
    """A folder on whatever disk. Its power stays on; a process may be kept from writing files
    larger than this, which is what anybody may do."""

    can_cut = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def cut(self) -> None:
        raise NotImplementedError("the power of somebody else's disk")

    def leave(self, free_bytes: int) -> tuple[str, ...]:
        return ("prlimit", f"--fsize={free_bytes}", "--core=0")

    def free(self) -> None:
        pass

    def close(self) -> None:
        shutil.rmtree(self.folder)


class Disk:
    """An ext4 of its own in a file, mounted: root alone may."""

    can_cut = True

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder = folder
        self._image = image
        self._ballast = folder / "ballast"
        folder.mkdir(parents=True)
        with image.open("wb") as file:
            file.truncate(_DISK_BYTES)
        _do("mkfs.ext4", "-q", "-F", "-m", "0", image)
        self._mount()

    def cut(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(descriptor)
        _do("umount", self.folder)
        self._mount()
        self.free()  # its removal was not on the disk, either

    def leave(self, free_bytes: int) -> tuple[str, ...]:
        found = os.statvfs(self.folder)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(
                file.fileno(), 0, max(found.f_bavail * found.f_frsize - free_bytes, 1)
            )
        return ()

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        _do("umount", self.folder)
        self._image.unlink()

    def _mount(self) -> None:
        _do("mount", "-o", _OPTIONS, self._image, self.folder)


def open_ground(folder: Path) -> Ground:
    """A disk of our own, else a folder."""
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _DISK_BYTES
    image = (_MEMORY if has_room else folder) / f"{folder.name}.img"
    try:
        return Disk(image, folder / "disk")
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(folder / "disk", ignore_errors=True)
        image.unlink(missing_ok=True)
        return Folder(folder / "disk")


def _do(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
