"""Lays the operator's settings over crawler.settings, for the service, `scrapy crawl` and
`scrapy shell` alike. The one place where Kanliu's settings become Scrapy's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from crawler.wire import handlers
from foundation.settings import Settings, read_settings

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

#: The Scrapy setting that carries Kanliu's own settings object to our components.
KEY = "KANLIU"


class KanliuAddon:
    """Scrapy add-on: settings at `addon` priority, so `-s NAME=VALUE` on the command line wins."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Fill in what follows from kanliu.toml and KANLIU_*.

        Raises:
            SettingsError: they cannot be read.
        """
        ours = settings.get(KEY)
        if not isinstance(ours, Settings):
            ours = read_settings(environ=os.environ)
            settings.set(KEY, ours, priority="addon")
        for name, value in laid_over(ours).items():
            settings.set(name, value, priority="addon")


def laid_over(settings: Settings) -> dict[str, object]:
    """The Scrapy settings that follow from ours."""
    return {
        "USER_AGENT": settings.user_agent,
        "DOWNLOAD_DELAY": settings.delay.total_seconds(),
        "DOWNLOAD_TIMEOUT": settings.timeout.total_seconds(),
        "DOWNLOAD_MAXSIZE": settings.size_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": settings.redirects,
        "DOWNLOAD_HANDLERS": handlers(reactor=True),
    }


def kanliu_settings(settings: BaseSettings) -> Settings:
    """Kanliu's settings out of Scrapy's, inside a component that the add-on has prepared."""
    return cast("Settings", settings[KEY])
