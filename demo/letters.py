"""Letters on Open Fieldwork: an English journal on the pattern of Open Journal Systems.

Issue pages with a table of contents, articles with citation_* and DC.* tags under a CC BY licence,
ISO dates, and the native Atom feed of the gateway plugin.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from demo.press import HTML_UTF8, Expected, Page, issue_on, local_day, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from demo.articles import Article
    from demo.press import Issue

ID = "open-letters"
FOLDER = "letters"
ZONE = "UTC"
FIRST_YEAR = 2020
HOME = "/index.php/letters"
FEED = f"{HOME}/gateway/plugin/WebFeedGatewayPlugin/atom"


def pages(articles: Sequence[Article], started: datetime) -> Mapping[str, Page]:
    """Every page of the journal by path."""
    issues = _issues(articles, started)
    found = {f"{HOME}/issue/archive": _page("archive.html", issues=_with_paths(issues))}
    for issue, path in _with_paths(issues):
        inside = [a for a in articles if _issue_of(a, started) == issue]
        found[path] = _page("issue.html", issue=issue, rows=_rows(inside, started))
    found[f"{HOME}/issue/current"] = found[_issue_path(issues[0])]
    found[HOME] = found[f"{HOME}/issue/current"]
    for article, path, day in _rows(articles, started):
        issue = _issue_of(article, started)
        found[path] = _page("article.html", article=article, path=path, day=day, issue=issue)
    found[FEED] = _feed(articles, started)
    return found


def expected(articles: Sequence[Article], started: datetime) -> tuple[Expected, ...]:
    """What a right reader finds, newest first."""
    return tuple(
        Expected(
            source_id=ID,
            path=path,
            title=article.title,
            published=day.isoformat(),
            zone=ZONE,
            notice="open-license",
            authors=article.authors,
            doi=f"10.5555/lof.{article.id}",
            volume=str(_issue_of(article, started).volume(first_year=FIRST_YEAR)),
            number=str(_issue_of(article, started).number),
            pages=article.pages,
        )
        for article, path, day in _rows(articles, started)
    )


def _feed(articles: Sequence[Article], started: datetime) -> Page:
    rows = [(a, path, _instant(day)) for a, path, day in _rows(articles, started)]
    updated = max(instant for _, _, instant in rows)
    return _page("feed.xml", "application/atom+xml; charset=utf-8", rows=rows, updated=updated)


def _page(template: str, content_type: str = HTML_UTF8, **values: object) -> Page:
    html = render(f"{FOLDER}/{template}", **values, home=HOME, feed=FEED, first_year=FIRST_YEAR)
    return Page(body=html.encode(), content_type=content_type)


def _rows(articles: Sequence[Article], started: datetime) -> list[tuple[Article, str, date]]:
    rows = [(a, _path(a), local_day(started, ZONE, age=a.age or 0)) for a in articles]
    return sorted(rows, key=lambda row: (row[2], int(row[0].id)), reverse=True)


def _issues(articles: Sequence[Article], started: datetime) -> list[Issue]:
    back = max(article.issue or 0 for article in articles)
    return [issue_on(local_day(started, ZONE), back=count) for count in range(back + 1)]


def _issue_of(article: Article, started: datetime) -> Issue:
    return issue_on(local_day(started, ZONE), back=article.issue or 0)


def _with_paths(issues: Sequence[Issue]) -> list[tuple[Issue, str]]:
    return [(issue, _issue_path(issue)) for issue in issues]


def _issue_path(issue: Issue) -> str:
    return f"{HOME}/issue/view/{(issue.year - FIRST_YEAR) * 4 + issue.number}"


def _path(article: Article) -> str:
    return f"{HOME}/article/view/{article.id}"


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), UTC)
