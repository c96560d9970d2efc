"""A Memento client (RFC 7089) of our own: knows the original's page and follows links, nothing
else. Whatever the RFC asks of a server that it passes by is asserted on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

# link-value of RFC 8288: a target, and parameters that are quoted.
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)')
_PARAMETER = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    target: str
    rels: frozenset[str]
    parameters: dict[str, str] = field(hash=False)

    @property
    def instant(self) -> datetime:
        return parsedate_to_datetime(self.parameters["datetime"])


def parse_links(text: str) -> list[Link]:
    """The links of a Link header or of an application/link-format document; all of it is links."""
    rest = re.sub(r"[\s,]", "", _LINK.sub("", text))
    assert rest == "", f"not a list of links: {rest}"
    found = []
    for target, parameters in _LINK.findall(text):
        named = dict(_PARAMETER.findall(parameters))
        found.append(Link(target=target, rels=frozenset(named["rel"].split()), parameters=named))
    return found


def one(links: list[Link], rel: str) -> Link:
    (found,) = (link for link in links if rel in link.rels)
    return found


class MementoClient:
    """`address` is where `public_url` is served in the test."""

    def __init__(self, client: httpx.Client, public_url: str) -> None:
        self._client = client
        self._public_url = public_url

    def get(self, url: str, method: str = "GET", **headers: str) -> httpx.Response:
        assert url.startswith(f"{self._public_url}/"), f"{url} is none of this archive's"
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.request(method, path, headers=named, follow_redirects=False)

    def negotiate(self, page: str, instant: str | None, method: str = "GET") -> httpx.Response:
        """From our page of an article to the copy that stood then: discovery by its Link header,
        the time gate (pattern 2.1: 302, another address), and the memento."""
        links = parse_links(self.get(page, "HEAD").headers["link"])
        original = one(links, "original").target
        asked = {"accept_datetime": instant} if instant else {}
        gate = self.get(one(links, "timegate").target, method, **asked)
        assert gate.status_code == 302, gate.text
        assert "accept-datetime" in gate.headers["vary"].lower()
        assert "memento-datetime" not in gate.headers
        told = parse_links(gate.headers["link"])
        assert one(told, "original").target == original
        assert one(told, "timemap").parameters["type"] == "application/link-format"
        memento = self.get(gate.headers["location"], method)
        if memento.status_code == 200:
            own = parse_links(memento.headers["link"])
            assert one(own, "original").target == original
            assert one(own, "timegate").target == one(links, "timegate").target
            assert one(own, "timemap").target == one(links, "timemap").target
            (itself,) = (each for each in own if each.target == gate.headers["location"])
            assert itself.instant == parsedate_to_datetime(memento.headers["memento-datetime"])
            assert "accept-datetime" not in memento.headers.get("vary", "").lower()
        return memento

    def timemap(self, page: str) -> list[Link]:
        """All copies, by the TimeMap that our page of the article names."""
        links = parse_links(self.get(page).headers["link"])
        named = one(links, "timemap")
        answer = self.get(named.target)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/link-format"
        told = parse_links(answer.text)
        itself = one(told, "self")
        assert itself.target == named.target
        assert one(told, "original").target == one(links, "original").target
        assert one(told, "timegate").target == one(links, "timegate").target
        mementos = [link for link in told if "memento" in link.rels]
        instants = [link.instant for link in mementos]
        assert instants == sorted(instants)
        assert one(told, "first") == mementos[0]
        assert one(told, "last") == mementos[-1]
        for name, instant in (("from", instants[0]), ("until", instants[-1])):
            assert parsedate_to_datetime(itself.parameters[name]) == instant
        return mementos
