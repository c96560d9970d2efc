"""Says, once, that the heads in the archive are made anew and not the very bytes: the download
handlers that note them did not fit the installed Scrapy (wire.py)."""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import TYPE_CHECKING

from archive.model import Event

if TYPE_CHECKING:
    from archive.exchange import Exchange
    from archive.store import Store

log = logging.getLogger(__name__)

KIND = "heads-rebuilt"


class Heads:
    """One event for each version of Scrapy, however often the service is started."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_told = False

    def look(self, exchange: Exchange) -> None:
        """Tell, if this one's heads were lost."""
        if exchange.response_head is not None or self._is_told:
            return
        self._is_told = True
        detail = {"scrapy": version("scrapy")}
        before = self._store.events(kinds=[KIND], limit=1)
        if not before or before[0].detail != detail:
            log.warning("heads are archived as rebuilt scrapy=%s", detail["scrapy"])
            self._store.record(Event(at=exchange.started, kind=KIND, detail=detail))
