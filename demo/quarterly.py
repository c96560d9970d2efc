"""《地理与环境》: an academic quarterly on the pattern of Magtech's publishing system.

An issue page that is also the current one, the issues before it by year and volume, articles
under their DOI with citation_* tags in two languages, and a whole-issue entry that is no article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.press import Expected, Page, issue_on, local_day, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from demo.articles import Article
    from demo.press import Issue

ID = "dili-yu-huanjing"
FOLDER = "quarterly"
ZONE = "Asia/Shanghai"
FIRST_YEAR = 2009
DOI = "10.5555/dlyhj"  # 10.5555 is the prefix that is kept free for tests


def pages(articles: Sequence[Article], started: datetime) -> Mapping[str, Page]:
    """Every page of the journal by path."""
    issues = _issues(articles, started)
    found = {"/CN/archive_by_years": _page("archive.html", issues=issues)}
    for place, issue in enumerate(issues):
        html = _issue_page(articles, started, issues, place)
        found[_issue_path(issue)] = html
        found[f"/CN/abstract/{_whole(issue)}"] = _page("whole.html", issue=issue)
    found["/CN/volumn/current.shtml"] = found[_issue_path(issues[0])]
    for article in articles:
        found[_path(article, started)] = _article_page(article, started)
    return found


def expected(articles: Sequence[Article], started: datetime) -> tuple[Expected, ...]:
    """What a right reader finds, newest first; the whole-issue entries are none of it."""
    return tuple(sorted(_expected(articles, started), key=lambda e: e.published, reverse=True))


def _expected(articles: Sequence[Article], started: datetime) -> Iterator[Expected]:
    for article in articles:
        issue = _issue_of(article, started)
        yield Expected(
            source_id=ID,
            path=_path(article, started),
            title=article.title,
            published=_day(article, started).isoformat(),
            zone=ZONE,
            notice="permission",
            authors=article.authors,
            doi=_doi(article, started),
            volume=str(issue.volume(first_year=FIRST_YEAR)) if issue else None,
            number=str(issue.number) if issue else None,
            pages=article.pages,
            is_retracted=article.withdrawn is not None,
        )


def _issue_page(
    articles: Sequence[Article], started: datetime, issues: Sequence[Issue], place: int
) -> Page:
    issue = issues[place]
    inside = [article for article in articles if _issue_of(article, started) == issue]
    online = [article for article in articles if article.issue is None] if place == 0 else []
    return _page(
        "issue.html",
        issue=issue,
        newer=_issue_path(issues[place - 1]) if place else None,
        older=_issue_path(issues[place + 1]) if place + 1 < len(issues) else None,
        whole=_whole(issue),
        rows=_rows(inside, started),
        online=_rows(online[::-1], started),
    )


def _article_page(article: Article, started: datetime) -> Page:
    day = _day(article, started)
    return _page(
        "article.html",
        article=article,
        issue=_issue_of(article, started),
        doi=_doi(article, started),
        path=_path(article, started),
        day=day,
        # Months on their way through review: believable, and a trap for readers of dates.
        received=local_day(started, ZONE, age=(article.age or 0) + 420),
        revised=local_day(started, ZONE, age=(article.age or 0) + 290),
    )


def _rows(articles: Sequence[Article], started: datetime) -> list[tuple[Article, str, str, date]]:
    return [(a, _path(a, started), _doi(a, started), _day(a, started)) for a in articles]


def _page(template: str, **values: object) -> Page:
    html = render(f"{FOLDER}/{template}", **values, first_year=FIRST_YEAR)
    return Page(body=html.encode())


def _issues(articles: Sequence[Article], started: datetime) -> list[Issue]:
    day = local_day(started, ZONE)
    back = max(article.issue or 0 for article in articles)
    return [issue_on(day, back=count) for count in range(back + 1)]


def _issue_of(article: Article, started: datetime) -> Issue | None:
    if article.issue is None:
        return None
    return issue_on(local_day(started, ZONE), back=article.issue)


def _day(article: Article, started: datetime) -> date:
    issue = _issue_of(article, started)
    return issue.day if issue else local_day(started, ZONE, age=article.age or 0)


def _doi(article: Article, started: datetime) -> str:
    issue = _issue_of(article, started)
    if issue is None:
        return f"{DOI}.{_day(article, started).year}w{int(article.id):03}"
    return f"{DOI}.{issue.year}{issue.number:02}{int(article.id):03}"


def _path(article: Article, started: datetime) -> str:
    return f"/CN/{_doi(article, started)}"


def _issue_path(issue: Issue) -> str:
    return f"/CN/Y{issue.year}/V{issue.volume(first_year=FIRST_YEAR)}/I{issue.number}"


def _whole(issue: Issue) -> str:
    return f"abstract{issue.year}{issue.number:02}0.shtml"
