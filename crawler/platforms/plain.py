"""Any other site: the list is found on the page, or by the source's selectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.reading.list_page import read_list

if TYPE_CHECKING:
    from crawler.platforms.sight import Sight

__all__ = ["feed_addresses", "is_platform", "list_addresses", "read_list"]


def is_platform(sight: Sight) -> bool:
    return True


def feed_addresses(url: str) -> tuple[str, ...]:
    return ()


def list_addresses(url: str) -> tuple[str, ...]:
    return ()
