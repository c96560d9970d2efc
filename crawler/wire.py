"""Which download handlers Scrapy is given: those that take down the heads of each message byte for
byte, where this Scrapy is the one that they were made for, else Scrapy's own.

They use private names of Scrapy, Twisted and aiohttp, so both are pinned, and
tests/crawler/test_wire.py compares with a server's own log. Without them header lines lose order,
case and reason phrase, and the archive says so once, as an event.
"""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.metadata import version
from typing import Final

log = logging.getLogger(__name__)

#: Request.meta key of the two heads, as bytes: what was sent and what came.
HEADS: Final = "kanliu_heads"

_EXACT = {
    True: ("crawler.wire_twisted", "ExactHandler"),
    False: ("crawler.wire_aiohttp", "ExactAiohttpHandler"),
}
_PLAIN = {
    True: "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
    False: "crawler.guard.GuardedAiohttpHandler",
}


def handlers(*, reactor: bool) -> dict[str, str]:
    """DOWNLOAD_HANDLERS for http and https."""
    module, name = _EXACT[reactor]
    try:
        import_module(module)
    except (ImportError, AttributeError) as error:
        log.warning("heads not exact scrapy=%s error=%s", version("scrapy"), error)
        return dict.fromkeys(("http", "https"), _PLAIN[reactor])
    return dict.fromkeys(("http", "https"), f"{module}.{name}")
