"""What the guard lets through: literal addresses, what a name resolves to, and who is asked."""

from __future__ import annotations

import asyncio
import ipaddress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.http import Response
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.guard import (
    AddressGuard,
    GuardedResolver,
    _GuardedAiohttpResolver,
    is_literal,
    is_name,
    refused_address,
)
from foundation.address import parse_networks
from foundation.errors import RefusedError, SiteError, UnreachableError
from sources.model import Limits
from tests.crawler.crawling import in_a_crawl
from tests.fake_site import open_fake_site

if TYPE_CHECKING:
    from crawler.service import Crawl

PUBLIC = "93.184.216.34"
GUARD = AddressGuard(())


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8000/a",
        "https://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]:81/",
        "http://user@192.168.1.1/",
        "ftp://93.184.216.34/",
        "file:///etc/passwd",
    ],
)
def test_a_literal_address_that_is_not_public_is_refused_at_once(url: str) -> None:
    with pytest.raises(RefusedError):
        GUARD.process_request(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        f"http://{PUBLIC}/",
        "http://journal.example/",
        "http://journal.example./",
        "http://刊.example/",
    ],
)
def test_what_may_be_public_goes_on_to_the_resolver(url: str) -> None:
    GUARD.process_request(Request(url))


@pytest.mark.parametrize("host", ["a..b", ".", "..", ".a", f"{'x' * 64}.example", f"a.{'x' * 64}"])
def test_a_host_that_no_resolver_takes_is_told_at_once(host: str) -> None:
    with pytest.raises(UnreachableError, match="the address cannot be asked for"):
        GUARD.process_request(Request(f"http://{host}/"))


def test_a_name_may_be_as_long_as_dns_allows() -> None:
    assert is_name(f"{'x' * 63}.example")
    assert is_name("journal.example.")
    assert not is_name("")


# Not "localhost.": where /etc/hosts has no such name, whoever resolves names elsewhere is asked.
@pytest.mark.parametrize("host", ["0x7f.1", "localhost", "LOCALHOST"])
def test_an_address_in_disguise_is_a_name_and_its_answer_is_asked_about(host: str) -> None:
    assert not is_literal(host)

    async def visit(crawl: Crawl) -> None:
        with pytest.raises(RefusedError, match="allow_addresses"):
            await crawl.fetcher(Limits())(f"http://{host}:{site.port}/a")

    with open_fake_site() as site:
        in_a_crawl(visit, allowed=())
        assert site.asked == []


@pytest.mark.parametrize("host", ["127.1", "0177.0.0.1", "2130706433", "127.0.0.1."])
def test_what_is_half_an_address_is_never_asked(host: str) -> None:
    """aiohttp takes some of these for no address at all; Twisted's resolver resolves them."""
    assert not is_literal(host)

    async def visit(crawl: Crawl) -> None:
        with pytest.raises(SiteError):
            await crawl.fetcher(Limits())(f"http://{host}:{site.port}/a")

    with open_fake_site() as site:
        in_a_crawl(visit, allowed=())
        assert site.asked == []


def test_an_answer_that_came_from_a_private_address_after_all_is_refused() -> None:
    request = Request("http://journal.example/")
    near = Response(request.url, ip_address=ipaddress.ip_address("10.0.0.7"))
    far = Response(request.url, ip_address=ipaddress.ip_address(PUBLIC))
    with pytest.raises(RefusedError, match=r"journal\.example is at 10\.0\.0\.7"):
        GUARD.process_response(request, near)
    assert GUARD.process_response(request, far) is far


@implementer(IHostnameResolver)
class Answering:
    """A resolver of Twisted's kind that knows one answer."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolveHostName(  # noqa: N802 - Twisted's name
        self, receiver: Any, host: str, port: int = 0, *_: object
    ) -> None:
        receiver.resolutionBegan(None)
        for each in self.addresses:
            kind = IPv6Address if ":" in each else IPv4Address
            receiver.addressResolved(kind("TCP", each, port))
        receiver.resolutionComplete()


@implementer(IResolutionReceiver)
class Heard:
    """What the one who asked was told."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        assert not self.is_complete

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self.is_complete = True


def test_the_reactor_is_told_only_addresses_that_may_be_visited() -> None:
    answering = Answering()
    reactor: Any = SimpleNamespace(nameResolver=answering)
    resolver = GuardedResolver(reactor, parse_networks(["10.9.0.0/16"]))

    def ask(*addresses: str) -> list[str]:
        answering.addresses = list(addresses)
        heard = Heard()
        resolver.resolveHostName(heard, "filter.example")
        assert heard.is_complete
        return heard.addresses

    assert ask(PUBLIC, "127.0.0.1", "::1", "10.9.1.1") == [PUBLIC, "10.9.1.1"]
    assert refused_address("filter.example") is None
    assert ask("10.0.0.7", "::1") == []
    assert refused_address("filter.example") == "10.0.0.7"
    assert ask(PUBLIC) == [PUBLIC]
    assert refused_address("filter.example") is None


class AnsweringAiohttp:
    """The same of aiohttp's kind."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": each, "port": port} for each in self.addresses]

    async def close(self) -> None:
        self.addresses = []


def test_aiohttp_is_told_only_addresses_that_may_be_visited() -> None:
    answering: Any = AnsweringAiohttp()
    resolver = _GuardedAiohttpResolver(answering, ())

    async def ask(*addresses: str) -> list[str]:
        answering.addresses = list(addresses)
        return [each["host"] for each in await resolver.resolve("aiohttp.example")]

    async def asks() -> None:
        assert await ask(PUBLIC, "127.0.0.1") == [PUBLIC]
        with pytest.raises(OSError, match=r"aiohttp\.example is at 10\.0\.0\.7"):
            await ask("10.0.0.7")
        assert refused_address("aiohttp.example") == "10.0.0.7"
        assert await ask(PUBLIC) == [PUBLIC]
        assert refused_address("aiohttp.example") is None

    asyncio.run(asks())


def test_a_host_that_was_private_once_fails_for_other_reasons_later() -> None:
    async def visit(crawl: Crawl) -> None:
        site.resets("/reset")
        fetch = crawl.fetcher(Limits())
        with pytest.raises(UnreachableError, match="the connection broke"):
            await fetch(f"http://localhost:{site.port}/reset")

    async def refused(crawl: Crawl) -> None:
        with pytest.raises(RefusedError):
            await crawl.fetcher(Limits())(f"http://localhost:{site.port}/reset")

    with open_fake_site() as site:
        in_a_crawl(refused, allowed=())
        in_a_crawl(visit, allowed=("127.0.0.0/8", "::1/128"))


def test_the_attribute_of_aiohttp_that_is_replaced_is_the_one_that_is_used() -> None:
    async def visit(crawl: Crawl) -> None:
        with pytest.raises(RefusedError):
            await crawl.fetcher(Limits())(f"http://localhost:{site.port}/a")
        assert crawl._crawler is not None
        handlers = crawl._crawler.engine.downloader.handlers  # type: ignore[union-attr]
        connector: Any = handlers._get_handler("http")._session.connector
        assert isinstance(connector._resolver, _GuardedAiohttpResolver)

    with open_fake_site() as site:
        in_a_crawl(visit, allowed=())
        assert site.asked == []
