"""OAI-PMH where no page lists a journal's articles: where its endpoint may be, what it lists, and
what it calls the journal. Asks through the visits of the look."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.discovery.feeds import read_identify
from crawler.discovery.lists import ListFound, is_file, is_harvest
from crawler.discovery.preview import read_list
from crawler.normalise.url import host_key, join_url
from crawler.platforms import PLATFORMS, find_platform
from crawler.platforms.oai import identify_address, list_address, records_address
from crawler.reading.document import read_document
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.discovery.visits import SeenPage, Visits

See = Callable[[str], Awaitable["SeenPage | None"]]

#: So many endpoints are tried: the one that a page links to, or the two places of DSpace.
ENDPOINTS_MOST = 2


async def find_harvest(fronts: Sequence[SeenPage], see: See, visits: Visits) -> ListFound | None:
    """The first endpoint of these pages that lists something."""
    found = dict.fromkeys(url for page in fronts for url in endpoints(page))
    for url in [*found][:ENDPOINTS_MOST]:
        if (harvest := await read_harvest(url, fronts[0], see, visits)) is not None:
            return harvest
    return None


async def read_harvest(url: str, start: SeenPage, see: See, visits: Visits) -> ListFound | None:
    """What an endpoint lists, as a first poll asks: the records of the last year; where there are
    none, all. What is followed is the address of the whole list."""
    whole = records_address(url)
    source = Source(id="new", title="", lists=(whole,))
    for address in (list_address(whole, source, since=None, now=start.seen), whole):
        page = await see(address)
        if page is None or not is_harvest(page):
            return None
        if links := (listed := read_list(page)).links:
            visits.remember(whole, page)
            has_next = listed.next is not None
            return ListFound(url=whole, origin="oai", shown=page, links=links, has_next=has_next)
    return None


async def ask_name(
    fronts: Sequence[SeenPage], lists: Sequence[ListFound], see: See
) -> Found | None:
    """What an endpoint calls itself: the one that is followed, or that of a journal on OJS."""
    bases = [each.url for each in lists if each.origin == "oai"]
    bases += [url for page in fronts if _system(page) == "ojs" for url in endpoints(page)]
    for base in bases[:1]:
        answer = await see(identify_address(base))
        name = read_identify(answer.answer.body) if answer else None
        return Found(text=name, where="OAI-PMH Identify") if name else None
    return None


def endpoints(page: SeenPage) -> Iterator[str]:
    """Where the endpoint may be, without arguments: as the page links to it, then where its
    system has it."""
    if is_file(page):
        return
    document = read_document(page.answer.body, url=page.url, http_charset=page.answer.charset)
    for element in document.tree.iter("a", "link"):
        url = join_url(document.base or page.url, element.get("href"))
        if url and host_key(url) == host_key(page.url) and _ENDPOINT.search(url):
            yield url
    if _system(page) == "ojs":
        yield PLATFORMS["ojs"].feed_addresses(page.url)[0].partition("/gateway/")[0] + "/oai"
    if b"DSpace" in page.answer.body[:_HEAD_BYTES]:  # <meta name="Generator" content="DSpace 7.6">
        yield from filter(None, (join_url(page.url, path) for path in _DSPACE))


_ENDPOINT = re.compile(r"/oai(?:2d?|/request)?/?(?:$|\?)|[?&]verb=(?:Identify|List\w+)\b")
_DSPACE = ("/server/oai/request", "/oai/request")
_HEAD_BYTES = 8_192


def _system(page: SeenPage) -> str:
    return find_platform(page.answer.body, page.answer.headers, page.url)
