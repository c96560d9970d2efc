"""crawler.discovery.preview: what is a list, what is an article, and what of it is confirmed."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.model import ListedLink
from crawler.discovery.preview import Sample, is_article, is_list, read_list, read_sample
from crawler.discovery.visits import SeenPage
from crawler.fetch import Answer
from sources.model import Source
from tests import journal_pages

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
HOST = "https://journal.example"
ROWS = [(f"/a/2026/{n}.html", f"街角小店的第{n}年", "2026-11-20") for n in range(101, 107)]
SOURCE = Source(id="m", title="某某杂志", lists=(f"{HOST}/list.html",))
LONG = ("他说招牌是写给路人看的，味道才是留给熟人的，这话后来被许多人记在了本子上。" * 6,) * 3


def page(html: str | bytes, path: str = "/list.html", content_type: str = "text/html") -> SeenPage:
    answer = Answer(
        url=HOST + path,
        status=200,
        headers={"content-type": content_type},
        body=html.encode() if isinstance(html, str) else html,
        exchanges=(),
    )
    return SeenPage(asked=HOST + path, seen=datetime(2026, 11, 25, tzinfo=UTC), answer=answer)


def looks_like_a_list(seen: SeenPage) -> bool:
    return is_list(seen, read_list(seen))


def sample(
    html: str, *, title: str | None, day: str | None = None, path: str = "/a/2026/101.html"
) -> Sample:
    link = ListedLink(url=HOST + path, title=title, published=day)
    made = read_sample(link, page(html, path), SOURCE)
    assert made
    return made


def with_related(html: str) -> str:
    """An article page with a list of others under it."""
    rows = "".join(f'<li><a href="{path}">{title}</a></li>' for path, title, _ in ROWS)
    return html.replace("</body>", f"<ul>{rows}</ul></body>")


def test_a_page_of_rows_is_a_list() -> None:
    assert looks_like_a_list(page(journal_pages.listing(ROWS)))
    assert looks_like_a_list(page(journal_pages.listing(ROWS), "/"))


def test_a_list_with_summaries_is_one() -> None:
    rows = "".join(
        f'<li><h3><a href="{path}">{title}</a></h3><p>{journal_pages.BODY[0]}</p></li>'
        for path, title, _ in ROWS
    )
    assert looks_like_a_list(page(f"<html><body><ul>{rows}</ul></body></html>"))


def test_a_list_that_shows_its_articles_whole_is_one() -> None:
    rows = "".join(
        f'<div><h2><a href="{path}">{title}</a></h2><p>{LONG[0]}</p><p>{LONG[1]}</p></div>'
        for path, title, _ in ROWS
    )
    assert looks_like_a_list(page(f"<html><body>{rows}</body></html>"))


def test_an_article_that_lists_others_is_none() -> None:
    long = with_related(journal_pages.article("街角小店的二十年", body=LONG))
    assert not looks_like_a_list(page(long, "/show.html"))
    short = with_related(journal_pages.article("街角小店的二十年"))
    assert not looks_like_a_list(page(short, "/a/2026/101.html"))
    tag = '<meta name="citation_title" content="街角小店的二十年"></head>'
    assert not looks_like_a_list(page(short.replace("</head>", tag), "/show.html"))


def test_a_page_with_a_form_is_no_article() -> None:
    form = sample("<html><h1>联系方式</h1><form><input></form></html>", title="联系方式")
    assert not is_article(form)
    assert is_article(sample(journal_pages.article("街角小店的二十年"), title="街角小店的二十年"))


def test_a_list_behind_a_link_is_no_article() -> None:
    assert not is_article(sample(journal_pages.listing(ROWS), title="往期", path="/old/"))


def test_a_file_with_a_title_is_an_article() -> None:
    link = ListedLink(url=f"{HOST}/a/1.pdf", title="街角小店的二十年")
    made = read_sample(link, page(b"%PDF-1.7", "/a/1.pdf", "application/pdf"), SOURCE)
    assert made
    assert is_article(made)


def test_a_title_is_confirmed_by_the_article_s_own_page_only() -> None:
    html = journal_pages.article("街角小店的二十年")
    assert sample(html, title="街角小店的二十年").is_titled
    assert sample(html, title="街角小店的…").is_titled
    assert not sample(html, title="招牌写给谁看").is_titled


def test_a_day_that_only_the_list_prints_is_a_day_but_agrees_with_nothing() -> None:
    html = journal_pages.article("街角小店的二十年", day="")
    made = sample(html, title="街角小店的二十年", day="2026-11-20")
    assert made.is_dated
    assert made.day is None
    assert sample(html, title="街角小店的二十年").is_dated is False


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="needs ../shared/corpus")
def test_pages_of_the_corpus_are_told_apart() -> None:
    """Measured on all: 648 of 684 articles are none, and all 7 lists are."""

    def read(row: dict[str, str]) -> SeenPage:
        data = (CORPUS / row["html"]).read_bytes()
        body = gzip.decompress(data) if row["html"].endswith(".gz") else data
        answer = Answer(
            url=row.get("url") or f"{HOST}/show.html",
            status=200,
            headers={"content-type": "text/html"},
            body=body,
            exchanges=(),
        )
        return SeenPage(asked=answer.url, seen=datetime(2026, 11, 25, tzinfo=UTC), answer=answer)

    rows = [json.loads(line) for line in (CORPUS / "pages.jsonl").read_text("utf-8").splitlines()]
    articles = [row for row in rows if row["kind"] == "article" and row["scored"]][::6]
    lists = (CORPUS / "list_pages.jsonl").read_text("utf-8").splitlines()
    taken = sum(looks_like_a_list(read(row)) for row in articles)
    assert taken <= 0.08 * len(articles)
    assert all(looks_like_a_list(read(json.loads(line))) for line in lists)
