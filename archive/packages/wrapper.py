"""What every package has around its records, whoever chose them: files of one instant in a ZIP, the
list of them with their digests, and a first record that says what made it. The same content gives
the same bytes."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC
from typing import TYPE_CHECKING, Any

from archive import warc
from archive.packages import revisits, wacz
from archive.packages.members import digest_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

#: For text: the lists are small beside the records.
_DEFLATE_LEVEL = 6
READ_ONLY = 0o444


class Wrapper:
    """The files of a package that is being written; `instant` is that of them all."""

    def __init__(self, package: zipfile.ZipFile, instant: datetime) -> None:
        self._package = package
        self._instant = instant
        self.resources: list[dict[str, Any]] = []

    def info(self, name: str, kind: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
        """The ZIP's entry of a file, stored or deflated."""
        info = zipfile.ZipInfo(name, self._instant.astimezone(UTC).timetuple()[:6])
        info.compress_type = kind
        info.create_system = 3  # Unix, on whatever it is made
        info.external_attr = (0o100000 | READ_ONLY) << 16
        return info

    def write(self, name: str, data: bytes) -> None:
        """A small file, whole."""
        info = self.info(name, zipfile.ZIP_DEFLATED)
        self._package.writestr(info, data, compresslevel=_DEFLATE_LEVEL)
        self.add(name, digest_of(data), len(data))

    def add(self, path: str, digest: str, size: int) -> None:
        """Say in the manifest that a file is there."""
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": digest, "bytes": size})

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """The manifest, and its digest beside it."""
        data = _json(manifest)
        self.write(wacz.MANIFEST, data)
        own = {"path": wacz.MANIFEST, "hash": digest_of(data)}
        self.write(wacz.MANIFEST_DIGEST, _json(own))


def own_warcinfo(name: str, at: datetime, about: Mapping[str, str], id_: uuid.UUID) -> bytes:
    """The first record of a package: what made it; the copied ones say what made the captures."""
    record = warc.warcinfo(name, at, about)
    headers = {**record.headers, "WARC-Record-ID": f"<urn:uuid:{id_}>"}
    return warc.pack(warc.Record(headers=headers, block=record.block), revisits.LEVEL)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
