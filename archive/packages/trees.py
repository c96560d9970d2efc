"""The two trees: a package lies in `open` while others may have all that it holds. When a right
changes, the package is moved as it is; its bytes are never altered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from archive.exchange import Role
from archive.model import EntryState, Event
from archive.packages.lines import INDEXED
from archive.packages.members import Broken
from archive.packages.scan import ROLE
from archive.packages.seal import in_words, is_open
from archive.packages.wacz import read_package
from archive.sweep import fsync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from archive.holdings import Holdings, Package, Standing
    from archive.packages.plan import Tree
    from sources.model import Source

log = logging.getLogger(__name__)


def find_closed(
    holdings: Holdings, sources: Mapping[str, Source], data: Path, *, noncommercial: bool
) -> list[Package]:
    """The packages in the open tree that hold an article which is not open any more; and of the
    same journals those that hold lists, which show the titles and beginnings of its articles, or
    its page as it was seen again. These come first: what is cut short between is found again.

    Where the file of a journal is away, nothing is known to have changed but what was taken down.
    """
    packages = [package for package in holdings.packages() if package.tree == "open"]

    def is_closed(package: Package, standing: Standing) -> bool:
        source_id = package.mark.source_id
        if source_id not in sources:
            return standing.state is EntryState.WITHDRAWN
        return not is_open(sources, source_id, standing, noncommercial=noncommercial)

    closed = [
        package
        for package in packages
        if any(is_closed(package, each) for each in holdings.standings_in(package).values())
    ]
    journals = {package.mark.source_id for package in closed}
    beside = [
        package
        for package in packages
        if package.mark.source_id in journals and package not in closed
    ]
    return [*(each for each in beside if _shows_closed(each, holdings, data, is_closed)), *closed]


def _shows_closed(
    package: Package,
    holdings: Holdings,
    data: Path,
    is_closed: Callable[[Package, Standing], bool],
) -> bool:
    """Whether a package holds a list page, or a closed article's page that was seen unchanged and
    is no capture of the store's. One that cannot be read may."""
    pages: dict[str, str | None] = {}
    try:
        for each in read_package(data / package.file):
            if isinstance(each, Broken) or each.headers.get(ROLE) == Role.LIST:
                return True
            if each.headers.get(ROLE) == Role.ARTICLE and each.kind in INDEXED:
                pages[each.id] = each.headers.get("WARC-Target-URI")
    except (OSError, ValueError):
        return (data / package.file).exists()
    standings = holdings.standings(package.mark.source_id, pages)
    return any(is_closed(package, standing) for standing in standings.values())


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
