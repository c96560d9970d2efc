"""One request to a hub or a subscriber of WebSub, and no more than one: no redirect is followed,
no cookie kept, no proxy used, nothing read beyond what is asked for.

These addresses come from strangers, so the guard decides (foundation/address.py): on the address
as it is written, and on what a name resolves to; what passes there is what is connected to. The
crawl's downloader is not used: it asks robots.txt, follows redirects and waits its turn per host,
which is right for journals alone, and feeds may not know the crawler.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from feeds.backoff import ASKED_MOST
from foundation.address import is_allowed, parse_networks
from foundation.errors import RefusedError, UnreachableError
from foundation.retry_after import parse_retry_after
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from ipaddress import IPv4Network, IPv6Network

    from foundation.settings import Settings

    Networks = tuple[IPv4Network | IPv6Network, ...]

# An error's words may quote a whole address.
_MOST_LETTERS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """An answer: its status, its body as far as was asked for, and the words of its Retry-After."""

    status: int
    body: bytes = b""
    retry_after: str = ""

    @property
    def is_success(self) -> bool:
        """2xx, and nothing else: WebSub counts a redirect as a failure."""
        return 200 <= self.status < 300

    def asks_to_wait(self, now: datetime) -> timedelta | None:
        """How long it asks to be left alone, within reason; None where it says nothing of it."""
        return parse_retry_after(self.retry_after, now, most=ASKED_MOST)


class Courier:
    """`async with Courier(settings) as courier: await courier.post(url, body, headers)`."""

    def __init__(self, settings: Settings) -> None:
        self._allow = parse_networks(settings.allow_addresses)
        self._seconds = settings.timeout.total_seconds()
        self._user_agent = settings.user_agent
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=_GuardedResolver(self._allow), limit=0, force_close=True
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._seconds),
            headers={"User-Agent": self._user_agent},
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self, url: str, *, most_bytes: int = 0, headers: Mapping[str, str] | None = None
    ) -> Said:
        """Ask for an address; of the answer's body no more is read than `most_bytes`.

        Raises:
            RefusedError: it is at a private address.
            UnreachableError: no answer came.
        """
        return await self._send("GET", url, most_bytes=most_bytes, headers=headers)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Said:
        """Send a body; the status of the answer is all that is read.

        Raises:
            RefusedError: it is at a private address.
            UnreachableError: no answer came.
        """
        return await self._send("POST", url, data=body, headers=headers)

    async def _send(self, method: str, url: str, *, most_bytes: int = 0, **more: Any) -> Said:
        assert self._session is not None, "use `async with Courier(…)`"
        try:
            # As it is written: its own query must reach the callback letter by letter.
            asked = URL(url, encoded=True)
            _check_written(asked, self._allow)
            async with self._session.request(
                method, asked, allow_redirects=False, **more
            ) as answer:
                return Said(
                    status=answer.status,
                    body=await _read(answer, most_bytes),
                    retry_after=answer.headers.get("Retry-After", ""),
                )
        except TimeoutError as error:
            raise UnreachableError(f"no answer within {self._seconds:.0f} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refused = _find_refusal(error)
            if refused is not None:
                raise RefusedError(str(refused)) from error
            raise UnreachableError(one_line(str(error) or repr(error))[:_MOST_LETTERS]) from error


class _PrivateError(OSError):
    """An address, or all that a name leads to, is private."""


class _GuardedResolver(AbstractResolver):
    """The system's resolver, less the addresses that are not for us."""

    def __init__(self, allow: Networks) -> None:
        self._allow = allow
        self._original = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._original.resolve(host, port, family)
        passed = [each for each in found if is_allowed(each["host"], self._allow)]
        if found and not passed:
            raise _PrivateError(_refusal(found[0]["host"]))
        return passed

    async def close(self) -> None:
        await self._original.close()


def _check_written(asked: URL, allow: Networks) -> None:
    """A host that is written in numbers is asked of no resolver, so it is looked at here; as the
    client reads the address, since two readers of one address may differ."""
    host = asked.raw_host or ""
    if asked.scheme not in ("http", "https") or not host:
        raise _PrivateError("no http address")
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    if not is_allowed(host, allow):
        raise _PrivateError(_refusal(host))


def _refusal(address: str) -> str:
    return f"{address} is a private address; allow_addresses in kanliu.toml could let it pass"


def _find_refusal(error: BaseException | None) -> _PrivateError | None:
    """aiohttp wraps what the resolver raised."""
    while error is not None and not isinstance(error, _PrivateError):
        error = error.__cause__ or error.__context__
    return error


async def _read(answer: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    body = b""
    while len(body) < most_bytes:
        more = await answer.content.read(most_bytes - len(body))
        if not more:
            break
        body += more
    return body
