"""The guard: which IP addresses may be visited. Pure: names are resolved elsewhere, and what the
resolver answered is asked about here, at each connection and after each redirect.

The networks are written out, from IANA's special-purpose registries, because what `ipaddress`
calls private differs between Python 3.11 and 3.13.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DENIED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba Cloud's metadata is in it
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform service, public by number only
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocols
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# Nothing outside of global unicast is visited: not loopback, unspecified, unique local,
# link-local, site-local, multicast, discard-only, segment routing. Inside of it, not these.
_GLOBAL_6 = IPv6Network("2000::/3")
_DENIED_6 = (
    IPv6Network("2001::/23"),  # IETF protocols: Teredo, whoever is behind it, and ORCHID
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("3fff::/20"),  # documentation
)

# Networks whose last 32 bits are an IPv4 address: they are as good as that address.
_WITH_LAST_32 = (
    IPv6Network("::/96"),  # v4-compatible, withdrawn
    IPv6Network("::ffff:0:0/96"),  # v4-mapped
    IPv6Network("::ffff:0:0:0/96"),  # v4-translated
    IPv6Network("64:ff9b::/96"),  # NAT64
)


@lru_cache(maxsize=4096)  # asked twice for each request, of few addresses
def is_allowed(address: str, allow: tuple[IPv4Network | IPv6Network, ...] = ()) -> bool:
    """Whether an address that the resolver gave may be visited: a public one, or one in `allow`.

    What is no address in canonical form is not allowed: `127.1` and `2130706433` are names to a
    resolver, and its answer is what to ask about.
    """
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    if isinstance(asked, IPv6Address):
        asked = IPv6Address(int(asked))  # without its %zone, which no network contains
    meant = (asked, *_embedded(asked))
    if any(one in network for one in meant for network in allow):
        return True
    return all(_is_public(one) for one in meant[1:] or meant)


def parse_networks(texts: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """`127.0.0.0/8`, `::1` → networks; ValueError says what is no network."""
    networks = []
    for text in texts:
        try:
            networks.append(ip_network(text.strip()))
        except ValueError as error:
            raise ValueError(
                f'"{text}" is not a network such as 192.168.10.0/24 or fd00::/8 ({error})'
            ) from error
    return tuple(networks)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _DENIED_4)
    return address in _GLOBAL_6 and not any(address in network for network in _DENIED_6)


def _embedded(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 address that packets to this IPv6 address end up at, if any."""
    if isinstance(address, IPv4Address):
        return ()
    if any(address in network for network in _WITH_LAST_32):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address.sixtofour,) if address.sixtofour is not None else ()
