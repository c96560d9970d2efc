"""The two trees: a package lies in `open` while others may have all that it holds. When a right
changes, the package is moved as it is; its bytes are never altered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from archive.model import Event
from archive.packages.seal import in_words, is_open
from archive.sweep import fsync_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from archive.holdings import Holdings, Package
    from archive.packages.plan import Tree
    from sources.model import Source

log = logging.getLogger(__name__)


def find_closed(
    holdings: Holdings, sources: Mapping[str, Source], *, noncommercial: bool
) -> list[Package]:
    """The packages in the open tree that hold an article which is not open any more. Where the
    file of a journal is away, nothing is known to have changed."""
    return [
        package
        for package in holdings.packages()
        if package.tree == "open"
        and package.mark.source_id in sources
        and not all(
            is_open(sources, package.mark.source_id, standing, noncommercial=noncommercial)
            for standing in holdings.standings_in(package).values()
        )
    ]


def move(
    holdings: Holdings, data: Path, package: Package, tree: Tree, *, now: datetime, why: str
) -> None:
    """Put a package into the other tree. Write the manifests afterwards (Sealer).

    Raises:
        StoreError: the disk refused.
    """
    old, new = data / package.file, data / package.mark.file(tree)
    detail = {"package": str(package.mark), "from": package.tree, "to": tree, "reason": why}
    told = Event(at=now, kind="package-moved", source_id=package.mark.source_id, detail=detail)
    with in_words(new):
        new.parent.mkdir(parents=True, exist_ok=True)
        # Under both names until the store knows: a crash between leaves it readable, and the next
        # start takes the one away that the store does not know (Sealer.recover).
        new.unlink(missing_ok=True)
        new.hardlink_to(old)
        fsync_folder(new.parent)
        holdings.move(package, tree, told)
        old.unlink()
        fsync_folder(old.parent)
    log.info("package moved package=%s from=%s to=%s", package.mark, package.tree, tree)
