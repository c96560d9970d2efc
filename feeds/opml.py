"""OPML 2.0: every journal that we follow, by group, to be imported into a reader. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from feeds.channel import ATOM, feed_url, homepage
from feeds.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

    from foundation.settings import Settings
    from sources.model import Source


def build_opml(sources: Iterable[Source], settings: Settings) -> bytes:
    """The document, sources in the order of their ids: groups first, each source under every
    group that it names, then those without one."""
    ordered = sorted(sources, key=lambda source: source.id)
    opml = etree.Element("opml", version="2.0")
    title = etree.SubElement(etree.SubElement(opml, "head"), "title")
    title.text = words(settings.language).all_journals
    body = etree.SubElement(opml, "body")
    for group in sorted({group for source in ordered for group in source.groups}):
        members = [source for source in ordered if group in source.groups]
        _outlines(etree.SubElement(body, "outline", text=group), members, settings)
    _outlines(body, [source for source in ordered if not source.groups], settings)
    return etree.tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _outlines(parent: _Element, sources: Sequence[Source], settings: Settings) -> None:
    for source in sources:
        etree.SubElement(
            parent,
            "outline",
            type="rss",
            text=source.title,
            title=source.title,
            xmlUrl=feed_url(settings.public_url, source.id, ATOM),
            htmlUrl=homepage(source),
            language=source.language,
        )
