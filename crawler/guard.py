"""Keeps requests away from private networks: by literal address, after name resolution, and on
what was really connected to. Redirects pass here like any request. Decides through
foundation.address; knows nothing of journals.

A page of a hostile site can name http://169.254.169.254/ as its next page, or resolve its own
name to 127.0.0.1 (PEERS.md, pain 15).
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from archive.warc import without_credentials
from crawler.addon import kanliu_settings
from foundation.address import is_allowed, parse_networks
from foundation.errors import RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network, IPv6Network

    from aiohttp.abc import AbstractResolver, ResolveResult
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.base import ReactorBase
    from twisted.internet.interfaces import IAddress, IHostResolution

    Networks = tuple[IPv4Network | IPv6Network, ...]


# The same few hosts are asked for again and again; reading their addresses takes 0.05 ms a request.
_HOSTS = 4096


def refusal(host: str, address: str) -> str:
    """The sentence that the operator reads."""
    return (
        f"{host} is at {address}, a private address that is not visited. "
        "If the journal really is there, add its network to allow_addresses in kanliu.toml"
    )


class AddressGuard:
    """Downloader middleware: literal addresses before sending, the peer's address after."""

    def __init__(self, allow: Networks) -> None:
        self._allow = allow

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(parse_networks(kanliu_settings(crawler.settings).allow_addresses))

    def process_request(self, request: Request) -> Request | None:
        """Raise RefusedError where the address itself, or the scheme, is not for us;
        UnreachableError where no resolver can be asked: Twisted's would not answer at all. A
        password in an address is not sent, and not to be found anywhere after."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            raise RefusedError(f"{without_credentials(request.url)[:80]} is no http address")
        host = (parts.hostname or "").strip("[]")
        if not is_name(host):
            raise UnreachableError(
                f"{without_credentials(request.url)[:300]}: the address cannot be asked for "
                "(its host is no name)"
            )
        if is_literal(host) and not is_allowed(host, self._allow):
            raise RefusedError(refusal(host, host))
        if "@" in parts.netloc:
            return request.replace(url=without_credentials(request.url))
        return None

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise RefusedError where the answer came from a private address after all."""
        if request.meta.get("proxy") or response.ip_address is None:
            return response
        address = str(response.ip_address)
        if not is_allowed(address, self._allow):
            raise RefusedError(refusal(urlparse_cached(request).hostname or "", address))
        return response


@lru_cache(maxsize=_HOSTS)
def is_name(host: str) -> bool:
    """Whether a resolver can be asked for a host: no label is empty or too long."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return host != ""


@lru_cache(maxsize=_HOSTS)
def is_literal(host: str) -> bool:
    """Whether a host is an address already, so that no resolver will be asked."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


@implementer(IResolutionReceiver)
class _Filter:
    """Hands on the addresses that may be visited, and complains when none is left."""

    def __init__(self, receiver: Any, host: str, allow: Networks) -> None:
        self._receiver = receiver
        self._host = host
        self._allow = allow
        self._refused: list[str] = []
        self._passed = 0

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's name
        host = getattr(address, "host", "")
        if is_allowed(host, self._allow):
            self._passed += 1
            self._receiver.addressResolved(address)
        else:
            self._refused.append(host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        if self._refused and not self._passed:
            _refused_hosts[key_of(self._host)] = self._refused[0]
        else:
            _refused_hosts.pop(key_of(self._host), None)
        self._receiver.resolutionComplete()


#: Hosts all of whose addresses were refused, so that the failed connection can be explained:
#: Twisted tells the caller only that the lookup gave nothing.
_refused_hosts: dict[str, str] = {}


def refused_address(host: str) -> str | None:
    """The private address that a name resolved to, when that is why it could not be visited."""
    return _refused_hosts.get(key_of(host))


def key_of(host: str) -> str:
    """A host by one name: aiohttp takes the root's dot away before it asks."""
    return host.removesuffix(".").lower()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy TWISTED_DNS_RESOLVER: the reactor's own, less the addresses that are not for us.

    What passes here is what is connected to: there is no second lookup to be fooled by.
    """

    def __init__(self, reactor: ReactorBase, allow: Networks) -> None:
        self._reactor: Any = reactor
        self._allow = allow
        self._original: Any = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> GuardedResolver:
        """`crawler` is a Crawler or, for `scrapy crawl`, the whole process."""
        from crawler.addon import KEY, KanliuAddon

        settings = crawler.settings
        if KEY not in settings:
            settings = settings.copy()
            KanliuAddon().update_settings(settings)
        return cls(reactor, parse_networks(kanliu_settings(settings).allow_addresses))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's name
    ) -> IHostResolution:
        resolution: IHostResolution = self._original.resolveHostName(
            _Filter(resolutionReceiver, hostName, self._allow),
            hostName,
            portNumber,
            addressTypes,
            transportSemantics,
        )
        return resolution


class _GuardedAiohttpResolver:
    """The same for aiohttp: wraps the connector's resolver."""

    def __init__(self, original: AbstractResolver, allow: Networks) -> None:
        self._original = original
        self._allow = allow

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        found = await self._original.resolve(host, port, family)
        passed = [each for each in found if is_allowed(each["host"], self._allow)]
        if found and not passed:
            _refused_hosts[key_of(host)] = found[0]["host"]
            raise OSError(refusal(host, found[0]["host"]))
        _refused_hosts.pop(key_of(host), None)
        return passed

    async def close(self) -> None:
        await self._original.close()


class GuardedAiohttpHandler(AiohttpDownloadHandler):
    """Download handler for `reactor = false`, where that resolver is not used.

    Sets a private attribute of aiohttp's connector, since Scrapy builds it; the versions of both
    are pinned and tests/crawler/test_guard.py would see it break.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        connector: Any = self._session.connector
        allow = parse_networks(kanliu_settings(crawler.settings).allow_addresses)
        connector._resolver = _GuardedAiohttpResolver(connector._resolver, allow)
