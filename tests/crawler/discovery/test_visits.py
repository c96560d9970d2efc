"""crawler.discovery.visits: each page once, so many in all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from crawler.discovery.visits import SeenPage, Visits
from crawler.fetch import Answer
from foundation.errors import MissingError

HOST = "https://journal.example"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Site:
    """Answers by address; a redirect where another address is given."""

    def __init__(self, **moved: str) -> None:
        self.moved = {HOST + "/" + path: to for path, to in moved.items()}
        self.asked: list[str] = []

    async def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        self.asked.append(url)
        if url.endswith("gone"):
            raise MissingError(f"{url} was not found (404)")
        to = self.moved.get(url, url)
        return Answer(url=to, status=200, headers={}, body=b"<p>", exchanges=())


def see(site: Site, *urls: str, most: int = 9) -> tuple[Visits, list[SeenPage | None]]:
    visits = Visits(site, lambda: NOW, most=most)

    async def main() -> list[SeenPage | None]:
        return [await visits.see(url) for url in urls]

    return visits, asyncio.run(main())


def test_a_page_is_asked_for_once_under_whatever_spelling() -> None:
    site = Site()
    _, pages = see(site, f"{HOST}/a", f"{HOST}/a#top", "http://journal.example/a?utm_source=x")
    assert site.asked == [f"{HOST}/a"]
    assert pages[0] is pages[1] is pages[2] is not None


def test_a_failure_is_remembered_and_not_repeated() -> None:
    site = Site()
    visits, pages = see(site, f"{HOST}/gone", f"{HOST}/gone")
    assert (pages, site.asked) == ([None, None], [f"{HOST}/gone"])
    assert [str(error) for error in visits.failures.values()] == [
        f"{HOST}/gone was not found (404)"
    ]


def test_no_more_is_asked_for_than_was_agreed() -> None:
    site = Site()
    visits, pages = see(site, f"{HOST}/1", f"{HOST}/2", f"{HOST}/3", f"{HOST}/1", most=2)
    assert [page is None for page in pages] == [False, False, True, False]
    assert (len(site.asked), visits.left) == (2, 0)


def test_a_page_that_was_redirected_is_known_under_both_addresses() -> None:
    visits, pages = see(Site(a=f"{HOST}/b"), f"{HOST}/a", f"{HOST}/b")
    assert pages[0] is pages[1]
    assert visits.known(f"{HOST}/b") is pages[0]


def test_a_site_that_moved_to_https_is_asked_there_next_time() -> None:
    answer = Answer(url=f"{HOST}/a", status=200, headers={}, body=b"", exchanges=())
    moved = SeenPage(asked="http://journal.example/a", seen=NOW, answer=answer)
    assert moved.address == f"{HOST}/a"
    other = SeenPage(asked="https://journal.example/", seen=NOW, answer=answer)
    assert other.address == "https://journal.example/"
