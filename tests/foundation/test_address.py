"""foundation.address: no address of a private network is visited, in whatever form it comes."""

from __future__ import annotations

import pytest

from foundation.address import is_allowed, parse_networks

PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1"),
    *("192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255"),
    *("2606:4700::1111", "2400:3200::1", "2a00:1450:4001::8a"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"),
]
PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1"),
    *("127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255"),
    *("192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("100::1", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "4000::1"),
]
# IPv6 addresses that end up at a private IPv4 one.
DISGUISED = [
    *("::ffff:127.0.0.1", "::ffff:7f00:1", "::FFFF:10.0.0.1", "::127.0.0.1"),
    *("::ffff:0:192.168.1.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254"),
    *("64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2002:c0a8:101::1"),
    # Teredo: the client 192.168.1.1, whose bits are inverted, by a public server.
    "2001:0:808:808:0:ffff:3f57:fefe",
]
# What a resolver may make an address of, and what is none. Names are the resolver's.
NO_ADDRESSES = [
    *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1:80", "[::1]", ""),
    *("localhost", "example.org", "1.1.1.1 ", "１.１.１.１", "::ffff:127.1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_visited(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_or_special_address_may_not(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("address", DISGUISED)
def test_a_private_address_inside_an_ipv6_one_may_not(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_is_never_allowed(text: str) -> None:
    assert not is_allowed(text)
    assert not is_allowed(text, parse_networks(["0.0.0.0/0", "::/0"]))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", "127.0.0.0/8"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "127.0.0.0/8"),
        ("fe80::1%eth0", "fe80::/10"),
    ],
)
def test_what_the_operator_allows_may_be_visited(address: str, network: str) -> None:
    assert is_allowed(address, parse_networks([network]))


def test_allowing_one_network_opens_no_other() -> None:
    allow = parse_networks(["127.0.0.0/8"])

    assert not is_allowed("10.0.0.1", allow)
    assert not is_allowed("::1", allow)
    assert is_allowed("8.8.8.8", allow)


@pytest.mark.parametrize("text", ["", "localhost", "10.0.0.1/8", "10.0.0.0/33", "::1/129"])
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"192\.168\.10\.0/24"):
        parse_networks([text])
