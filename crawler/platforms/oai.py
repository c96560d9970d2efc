"""OAI-PMH 2.0 as a list, for a journal whose articles stand in no list that a page shows.

Checked against the protocol (openarchives.org, 2015-01-08) and against records as OJS 3 and DSpace
5 to 7 print them, by their templates and by records that harvesters keep with their tests; no
journal was at hand. The list tells what has changed since a day, oldest first: `list_address`
says which day to ask from. A deleted record has no address, so it is counted and no more.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archive.model import ListedLink
from crawler.normalise.url import canonical, host_key, is_same_site, join_url
from crawler.reading.list_page import ListPage
from crawler.reading.oai import read_harvest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.oai import Harvested, Record, Said
    from sources.model import Source

#: A first walk takes what was changed in the last year. A repository lists its oldest records
#: first: without a beginning, the newest articles would be those that a first walk leaves out.
FIRST_SPAN = timedelta(days=366)
#: Later walks begin so much before the last one: DSpace shows a record when its nightly index has
#: run, under the day of the change; and a weekend may lie between.
MARGIN = timedelta(days=3)


def is_platform(sight: Sight) -> bool:
    return _IS_OAI.match(sight.text) is not None


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    """The web pages of the records, the newest first. An answer that lists nothing, as a bare
    address gives, leads to the list. (`visited` and `http_charset` are the protocol's: OAI-PMH
    is XML and prints whole dates.)"""
    found = read_harvest(body)
    if found.errors:
        return _refused(found, url)
    if not found.records and "ListRecords" not in found.verbs:
        return ListPage(links=(), next=records_address(url), skipped=0, where="OAI-PMH: no list")
    language = source.language if source else ""
    links: dict[str, ListedLink] = {}
    skipped = deleted = 0
    for record in _newest_first(found.records):
        if record.is_deleted:
            deleted += 1
        elif (link := _link(record, url, language)) is None:
            skipped += 1
        else:
            links.setdefault(canonical(link.url), link)
    return ListPage(
        links=tuple(links.values()),
        next=_with(url, {"verb": "ListRecords", "resumptionToken": found.token})
        if found.token
        else None,
        skipped=skipped,
        where=f"OAI-PMH: {len(found.records)} records, {deleted} of them deleted, "
        f"{skipped} without a web page",
        deleted=deleted,
        is_increment=True,
    )


def feed_addresses(url: str) -> tuple[str, ...]:
    return ()


def list_addresses(url: str) -> tuple[str, ...]:
    return (records_address(url),)


def records_address(url: str) -> str:
    """The address of the whole list, from any address of an endpoint; a set that it names stays."""
    return _with(url, {"verb": "ListRecords", "metadataPrefix": "oai_dc", **_chosen(url)})


def identify_address(url: str) -> str:
    """Where an endpoint says what it is called, from any address of it."""
    return _with(url, {"verb": "Identify"})


def list_address(url: str, source: Source, *, since: datetime | None, now: datetime) -> str:
    """The address to ask for a list. That of OAI-PMH asks for what has changed since a day (the
    granularity that every repository knows): a little before the last walk, and on the first one
    a year ago, or from the day that the address itself gives. Others stay as they are."""
    said = dict(_query(url))
    if source.platform != "oai" and said.get("verb") != "ListRecords":
        return url
    if since is None and "from" in said:
        return url
    begin = since - MARGIN if since else now - FIRST_SPAN
    whole = records_address(url)
    return _with(whole, {**_query(whole), "from": f"{begin:%Y-%m-%d}"})


def whole_address(url: str, source: Source) -> str:
    """The same list from its beginning, for a journal that has been silent for so long."""
    return records_address(url) if source.platform == "oai" else url


# The document element, after what may stand before it. Atomic, see platforms.sitemap.
_IS_OAI = re.compile(
    r"[^<]{0,16}(?>\s+|<\?[^>]*>|<!--.*?-->|<!doctype[^>]*>)*+<(?:\w+:)?oai-pmh[\s>]", re.DOTALL
)
_ARGUMENTS = frozenset(
    ("verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier")
)
_WEB = re.compile(r"https?://", re.IGNORECASE)
# Where the address of an article may lead elsewhere first.
_RESOLVERS = ("doi.org", "dx.doi.org", "hdl.handle.net")
_FILE = re.compile(r"\.(?:pdf|docx?|epub|zip)(?:[?#]|$)|/bitstream/", re.IGNORECASE)
_ISSUE = re.compile(r"\b(?:vol|no|núm|nr|issue)\b\.?\s*\d|[卷期号]|\d\s*\(\d", re.IGNORECASE)


def _refused(found: Harvested, url: str) -> ListPage:
    """noRecordsMatch is an empty list; a wrong verb may be none at all, and then the list is
    asked for. The rest is the site's refusal, in its own words."""
    codes = {code for code, _ in found.errors}
    told = "; ".join(f"{code}: {words}" if words else code for code, words in found.errors)
    if codes == {"noRecordsMatch"}:
        return ListPage(links=(), next=None, skipped=0, where=f"OAI-PMH: {told}", is_increment=True)
    is_bare = not dict(_query(url)).get("verb")
    if codes == {"badVerb"} and is_bare:
        return ListPage(links=(), next=records_address(url), skipped=0, where=f"OAI-PMH: {told}")
    return ListPage(
        links=(),
        next=None,
        skipped=0,
        where=f"OAI-PMH: {told}",
        fault=f"{url}: the repository refuses: {told}",
        is_expired="badResumptionToken" in codes,
    )


def _newest_first(records: Sequence[Record]) -> list[Record]:
    """Of two records of one instant the later one in the list is the newer."""
    places = range(len(records))
    order = sorted(places, key=lambda place: (records[place].datestamp, place), reverse=True)
    return [records[place] for place in order]


def _link(record: Record, url: str, language: str) -> ListedLink | None:
    """A record as a row of a list; None where it names no web page."""
    page = _page(record.all("identifier"), url)
    if page is None:
        return None
    return ListedLink(
        url=page,
        title=_in_language(record.all("title"), language),
        published=_printed_date(record.all("date")),
        issue=next((each.text for each in record.all("source") if _ISSUE.search(each.text)), None),
    )


def _page(identifiers: Sequence[Said], url: str) -> str | None:
    """The best of the identifiers that are web addresses: a page before a file, the repository's
    own before another's, and a resolver of DOI or Handle last, since it leads there anyway."""
    found = [
        address
        for each in identifiers
        if _WEB.match(each.text) and (address := join_url(url, each.text))
    ]
    return min(
        found,
        key=lambda each: (
            _FILE.search(each) is not None,
            host_key(each) in _RESOLVERS,
            not is_same_site(each, url),
        ),
        default=None,
    )


def _in_language(titles: Sequence[Said], language: str) -> str | None:
    """OJS prints a title for each language of the journal."""
    own = (each.text for each in titles if language and each.language[:2] == language[:2])
    return next(own, titles[0].text if titles else None)


def _printed_date(dates: Sequence[Said]) -> str | None:
    """As printed. DSpace prints first when a record was entered and made available, to the
    second, and then the day of issue, as coarse as it is known; an embargo's end is no date."""
    texts = [each.text for each in dates if not each.text.startswith("info:")]
    return min(texts, key=lambda each: "T" in each, default=None)


def _query(url: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _chosen(url: str) -> dict[str, str]:
    """What the operator's own address asks for: a set, a beginning."""
    return {name: text for name, text in _query(url).items() if name in ("set", "from")}


def _with(url: str, arguments: Mapping[str, str]) -> str:
    """The endpoint's address with these arguments; what it needs besides, `?page=oai`, stays."""
    parts = urlsplit(url)
    own = {name: text for name, text in _query(url).items() if name not in _ARGUMENTS}
    query = urlencode({**own, **arguments}, safe=":/")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
