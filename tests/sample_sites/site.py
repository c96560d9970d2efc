"""What a sample site is: the pages of an invented journal as one publishing system prints them,
and what a right reader finds on them. All texts are our own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fake_site import FakeSite


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplePage:
    """One response: its bytes, its Content-Type, what other headers tell."""

    body: bytes
    type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleArticle:
    """An article as it should be read. `published` is the ISO day that its page prints, None
    where it prints none; `notice_class` the class of its reprint notice, None where it has none."""

    path: str
    title: str
    published: str | None
    notice_class: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRow:
    """A row of a list: where it leads, the title and the date as printed there."""

    path: str
    title: str
    printed: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleList:
    """A list page as it should be read; `next` is the page after it."""

    path: str
    rows: tuple[SampleRow, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleSite:
    """A journal's site. `start` is the front page, what a person would paste; `articles` are those
    that its lists lead to, newest first; `lists` do not include the front page."""

    name: str
    title: str
    language: str
    start: str
    pages: Mapping[str, SamplePage]
    articles: tuple[SampleArticle, ...]
    lists: tuple[SampleList, ...]
    base: str

    def at(self, base: str) -> SampleSite:
        """The same site at another address: what its pages say of their own address is changed."""

        def moved(body: bytes) -> bytes:
            """RHHZ writes its addresses without a scheme."""
            for old, new in ((self.base, base), (_bare(self.base), _bare(base))):
                body = body.replace(old.encode(), new.encode())
            return body

        pages = {path: replace(each, body=moved(each.body)) for path, each in self.pages.items()}
        return replace(self, pages=pages, base=base)

    def put_on(self, fake: FakeSite) -> SampleSite:
        """Let a running fake site serve all pages; gives the site as it is there."""
        moved = self.at(fake.url)
        for path, page in moved.pages.items():
            headers = {name.replace("-", "_"): value for name, value in page.headers.items()}
            fake.page(path, page.body, content_type=page.type, **headers)
        return moved


def _bare(base: str) -> str:
    return base.removeprefix("https:").removeprefix("http:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An article before a system prints it. `day` is ISO; `text` are its paragraphs."""

    number: int
    title: str
    day: str
    author: str
    text: tuple[str, ...] = ()


def drafts(rows: Sequence[tuple[int, str, str, str]], pool: Sequence[str]) -> tuple[Draft, ...]:
    """Articles from (number, title, day, author), each with paragraphs of its own: a first one
    that names its subject, then four of the pool, another four for each."""
    made = []
    for place, (number, title, day, author) in enumerate(rows):
        rest = [pool[(place + step * (1 + place % 2)) % len(pool)] for step in range(4)]
        first = OPENING.format(title=title) if not title.isascii() else OPENING_EN.format(title)
        text = (first, *dict.fromkeys(rest))
        made.append(Draft(number=number, title=title, day=day, author=author, text=text))
    return tuple(made)


OPENING = "写下“{title}”这个题目之前，我们在那里住了半个多月，把听来的和看到的都记在本子上，再拿回来一条一条地核对。"
OPENING_EN = (
    "{}: the phrase has followed us for a whole season, through two notebooks and a good many "
    "conversations, and it seemed time to set down what we had learned."
)


def paragraphs(draft: Draft, indent: str = "") -> str:
    return "\n".join(f"<p>{indent}{text}</p>" for text in draft.text)


def page(text: str, charset: str = "utf-8", **headers: str) -> SamplePage:
    """A page in its charset; what the charset cannot write becomes a character reference."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SamplePage(body=text.encode(charset, "xmlcharrefreplace"), headers=named)
