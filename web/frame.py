"""What surrounds every page: its language, and how addresses are written. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from web.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The frame of one page. `asked` is the language that the address asks for (`?lang=`): links
    carry it on, so that the choice lasts without a cookie. `path` is the page's own, decoded, and
    `query` what is looked for on it."""

    language: str
    asked: str | None
    path: str
    public_url: str
    query: str | None = None

    @classmethod
    def of(
        cls,
        public_url: str,
        *,
        language: str,
        asked: str | None,
        path: str,
        query: str | None = None,
    ) -> Frame:
        """The frame of the page at a path; a language that we do not speak was not asked for."""
        known = asked if asked in LANGUAGES else None
        return cls(language=language, asked=known, path=path, public_url=public_url, query=query)

    @property
    def words(self) -> Words:
        return Words(language=self.language)

    @property
    def other_language(self) -> str:
        return next(other for other in LANGUAGES if other != self.language)

    def path_of(self, path: str) -> str:
        """A path of ours as a link writes it: below the path of the public address, if any."""
        return urlsplit(self.public_url).path.rstrip("/") + quote(path)

    def address_of(self, path: str) -> str:
        """A path of ours as a whole address, to be copied."""
        return self.public_url.rstrip("/") + quote(path)

    def link(self, path: str, *, page: int = 1) -> str:
        """A link to another page, in the language asked for; `page` where a list has several."""
        query = {"lang": self.asked, "page": page if page > 1 else None}
        told = urlencode({name: value for name, value in query.items() if value is not None})
        return self.path_of(path) + (f"?{told}" if told else "")

    def search(self, query: str) -> str:
        """A link to what a query finds."""
        told = {"q": query, "lang": self.asked}
        asked = urlencode({name: value for name, value in told.items() if value is not None})
        return f"{self.path_of('/search')}?{asked}"

    def turned(self, page: int) -> str:
        """A link to another page of what this one shows."""
        asked = {"q": self.query, "lang": self.asked, "page": page if page > 1 else None}
        return self._asking(asked)

    @property
    def switch(self) -> str:
        """A link to this page in the other language."""
        return self._asking({"q": self.query, "lang": self.other_language})

    def _asking(self, asked: Mapping[str, object]) -> str:
        told = urlencode({name: value for name, value in asked.items() if value is not None})
        return self.path_of(self.path) + (f"?{told}" if told else "")


def web_address(url: str | None) -> str | None:
    """An address that a link may carry: http or https, never javascript: and the like."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None
