"""Addresses: one row a way in which sites print or change them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.url import canonical, host_key, is_same_site, join_url, without_place

BASE = "http://www.a.edu.cn/list/index.html?x=1"
ANY_URL = st.one_of(
    st.text(),
    st.builds("{}://{}{}".format, st.sampled_from(["http", "HTTPS"]), st.text(), st.text()),
    st.builds("http://a.cn/{}".format, st.text("abc%C6;/.?&=#!@:[]\\ 品", max_size=30)),
)

JOINED = [
    ("a.html", "http://www.a.edu.cn/list/a.html"),
    (" /b\n.html\t", "http://www.a.edu.cn/b.html"),  # broken over lines in the source
    ("//c.com/d", "http://c.com/d"),
    ("?p=2", "http://www.a.edu.cn/list/index.html?p=2"),
    ("../../../z", "http://www.a.edu.cn/z"),
    ("/a/./b/../c", "http://www.a.edu.cn/a/c"),
    ("/a/..", "http://www.a.edu.cn/"),
    ("..\\x\\y.html", "http://www.a.edu.cn/x/y.html"),  # written on Windows
    ("http:\\\\c.com\\d", "http://c.com/d"),
    ("https:///c.com/d", "https://c.com/d"),
    ("HTTP://C.COM:80/A", "http://c.com/A"),
    ("view.aspx?id=3&amp;n=4", "http://www.a.edu.cn/list/view.aspx?id=3&n=4"),  # escaped twice
    ("/so?q=%C6%B7%c5%c6", "http://www.a.edu.cn/so?q=%C6%B7%C5%C6"),  # GBK bytes of 品牌
    ("/路 径.html", "http://www.a.edu.cn/%E8%B7%AF%20%E5%BE%84.html"),
    ("http://例子.中国/", "http://xn--fsqu00a.xn--fiqs8s/"),
    ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ("#!/article/3", "http://www.a.edu.cn/list/index.html?x=1#!/article/3"),
    ("/", "http://www.a.edu.cn/"),
]


@pytest.mark.parametrize(("href", "url"), JOINED)
def test_a_link_is_joined_as_a_browser_does(href: str, url: str) -> None:
    assert join_url(BASE, href) == url


NOWHERE = [
    *(None, "", "  ", "#", "#top", "//", "http:", "http://", "javascript:void(0)", "mailto:a@b.cn"),
    *("JavaScript:;", "tel:010", "data:text/html,x", "ftp://a.cn/x", "http://[bad/", "http://a:99999/"),
]  # fmt: skip


@pytest.mark.parametrize("href", NOWHERE)
def test_a_link_that_leads_to_no_page_has_no_address(href: str | None) -> None:
    assert join_url(BASE, href) is None


PLACES = [
    ("http://a.cn/b#p3", "http://a.cn/b"),
    ("http://a.cn/b#", "http://a.cn/b"),
    ("http://a.cn/b#/", "http://a.cn/b"),  # a route to nowhere is the page itself
    ("http://a.cn/b#/article/3", "http://a.cn/b#/article/3"),
    ("http://a.cn/b#!/article/3", "http://a.cn/b#!/article/3"),
    ("#top", ""),
]


@pytest.mark.parametrize(("url", "page"), PLACES)
def test_a_place_on_a_page_is_no_page_of_its_own(url: str, page: str) -> None:
    assert without_place(url) == page


def test_a_query_is_written_in_the_charset_of_its_page() -> None:
    assert join_url(BASE, "/s?q=品牌", encoding="gb18030") == "http://www.a.edu.cn/s?q=%C6%B7%C5%C6"
    assert join_url(BASE, "/品?q=a", encoding="gbk") == "http://www.a.edu.cn/%E5%93%81?q=a"
    assert join_url(BASE, "/s?q=品", encoding="x-unknown") == "http://www.a.edu.cn/s?q=%E5%93%81"
    assert join_url(BASE, "/s?q=€", encoding="gb2312") == "http://www.a.edu.cn/s?q=&%238364;"


def test_without_a_base_only_an_absolute_link_has_an_address() -> None:
    assert join_url(None, "a.html") is None
    assert join_url(None, "http://a.cn/a.html") == "http://a.cn/a.html"


SAME = [
    ("https://a.cn/x", "http://a.cn/x"),  # sites move to https
    ("http://A.CN./x", "http://a.cn/x"),
    ("http://a.cn", "http://a.cn/"),
    ("https://a.cn:443/x", "http://a.cn:80/x"),
    ("http://u:p@a.cn/x", "http://a.cn/x"),
    ("http://a.cn/x#comments", "http://a.cn/x"),
    ("http://a.cn/x?", "http://a.cn/x"),
    ("http://a.cn/x?b=2&a=1", "http://a.cn/x?a=1&b=2"),
    ("http://a.cn/x?a=1&&b=2", "http://a.cn/x?a=1&b=2"),
    ("http://a.cn/x?utm_source=w&id=1&spm=1.2&fbclid=3", "http://a.cn/x?id=1"),
    ("http://a.cn/x?id=1&from=timeline&isappinstalled=0", "http://a.cn/x?id=1"),  # WeChat
    ("http://a.cn/x.do;jsessionid=1F?id=1", "http://a.cn/x.do?id=1"),
    ("http://a.cn/x?PHPSESSID=1&id=1", "http://a.cn/x?id=1"),
    ("http://a.cn/cn/index.shtml", "http://a.cn/cn/"),
    ("http://a.cn/Default.aspx", "http://a.cn/"),
    ("http://a.cn/%7ea/%e5%93%81", "http://a.cn/~a/品"),
    ("http://例子.中国/", "http://xn--fsqu00a.xn--fiqs8s/"),
    ("http://a.cn/#", "http://a.cn/"),
    ("http://a.cn/a/./b/../c", "http://a.cn/a/c"),
    ("http://a.cn/../a/..", "http://a.cn/"),
    ("http://a.cn/a/.", "http://a.cn/a/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_page_share_a_key(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


DIFFERENT = [
    ("http://www.a.cn/x", "http://a.cn/x"),  # mostly the same, not always
    ("http://a.cn/x", "http://a.cn/x/"),
    ("http://a.cn/x", "http://a.cn/X"),
    ("http://a.cn/x?from=3", "http://a.cn/x"),
    ("http://a.cn/x?t=3", "http://a.cn/x"),
    ("http://a.cn/x?a=", "http://a.cn/x"),
    ("http://a.cn/x?a=1&a=2", "http://a.cn/x?a=2&a=1"),
    ("http://a.cn/index.php?id=3", "http://a.cn/index.php"),
    ("http://a.cn/index.php/j/3", "http://a.cn/j/3"),  # OJS
    ("http://a.cn/#!/3", "http://a.cn/#!/4"),
    ("http://a.cn/#/3", "http://a.cn/"),
    ("http://a.cn/s?q=%C6%B7", "http://a.cn/s?q=品"),
    ("http://a.cn/a%2Fb", "http://a.cn/a/b"),
    ("https://a.cn:8443/", "http://a.cn:8443/"),
    ("http://a.cn//x", "http://a.cn/x"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_of_two_pages_do_not(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_what_is_no_http_address_is_its_own_key() -> None:
    assert canonical(" urn:issn:1234-5679 ") == "urn:issn:1234-5679"
    assert canonical("http://[bad") == "http://[bad"
    assert host_key("urn:issn:1234-5679") == ""


def test_the_host_is_one_whatever_its_port() -> None:
    assert host_key("HTTP://Www.A.cn:8080/x") == host_key("https://www.a.cn/y") == "www.a.cn"


def test_a_host_that_is_no_name_leads_nowhere() -> None:
    assert join_url(BASE, f"http://{'品' * 70}.cn/") is None


SITES = [
    ("http://www.a.edu.cn/", "http://news.a.edu.cn/", True),
    ("http://a.cn/", "https://www.a.cn:8443/", True),
    ("http://a.edu.cn/", "http://b.edu.cn/", False),
    ("http://j.a.com/", "http://a.com/", True),
    ("http://a.com/", "http://a.org/", False),
    ("http://127.0.0.1:1/", "http://127.0.0.1:2/", True),
    ("http://127.0.0.1/", "http://128.0.0.1/", False),
    ("mailto:a@a.cn", "mailto:a@a.cn", False),
]


@pytest.mark.parametrize(("one", "other", "is_same"), SITES)
def test_a_site_is_a_registered_name(one: str, other: str, *, is_same: bool) -> None:
    assert is_same_site(one, other) is is_same


@given(ANY_URL)
def test_the_key_of_a_key_is_itself(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@given(ANY_URL, ANY_URL)
def test_a_joined_address_is_ascii_and_joins_to_itself(base: str, href: str) -> None:
    url = join_url(base, href)
    if url is not None:
        assert url.isascii()
        assert join_url(None, url) == url
        assert host_key(url)
