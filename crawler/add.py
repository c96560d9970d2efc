"""From a possibility to the source that `kanliu add` writes: each value with where it was found,
and the pages that it was read from. Writes nothing itself; sources.write does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from archive.model import NoticeClass
from crawler.discovery.saved import save_pages
from sources.model import PlatformName
from sources.write import Draft, Noted, check_free, make_id, parse_draft, put_source, schema_line

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from archive.model import Found
    from crawler.discover import Discovery, Possibility
    from crawler.discovery.journal import Journal
    from sources.model import Render

#: A quarter of what stands on a full page now. Of a list that is one issue, only an empty one is
#: a fault: the next issue may begin with a single article.
LINKS_SHARE = 4
#: Longer words of a notice are cut; they are a comment, to be looked up on the page.
NOTICE_LETTERS = 90


def draft_of(
    possibility: Possibility,
    url: str,
    *,
    source_id: str,
    today: date,
    schema: str | None = None,
    render: Render = "plain",
) -> Draft:
    """The file as it should be written."""
    journal, evidence = possibility.journal, possibility.evidence
    homepage = possibility.homepage
    # The next issue begins with one article, a sitemap of news holds those of two days, and an
    # OAI-PMH endpoint tells what is new.
    is_short_lived = evidence.is_by_issue or evidence.origin in ("map", "oai")
    is_own_page = homepage is not None and homepage not in possibility.lists
    feed = possibility.feed
    platform = possibility.platform if possibility.platform in get_args(PlatformName) else None
    return Draft(
        id=source_id,
        title=_noted(journal.title),
        lists=tuple(
            Noted(value=address, note=_LIST_NOTES.get(evidence.origin, ""))
            for address in possibility.lists
        ),
        language=_noted(journal.language),
        zone=_noted(journal.zone),
        homepage=Noted(value=homepage, note="front page") if homepage and is_own_page else None,
        feed=Noted(value=feed, note=evidence.feed.words()) if feed and evidence.feed else None,
        platform=Noted(value=platform, note="told by its pages or their headers")
        if platform
        else None,
        render=Noted(value=render, note="looked at as drawn") if render != "plain" else None,
        masthead=_labels(journal),
        masthead_note=_usual_place(journal) or "",
        links_min=Noted(
            value=1 if is_short_lived else max(1, evidence.links // LINKS_SHARE),
            note=f"{evidence.links} articles were listed on {today.isoformat()}",
        ),
        rights=tuple(_rights(possibility)),
        heading=(
            f"Written by kanliu add on {today.isoformat()} from {url}",
            "Every line is yours to change; what each key does: docs/follow-a-journal.md",
        ),
        schema=schema,
    )


def write_possibility(
    possibility: Possibility,
    discovery: Discovery,
    folder: Path,
    *,
    source_id: str | None,
    today: date,
    render: Render = "plain",
) -> Path:
    """Write the file of a possibility and its pages beside it; an id that is not given is made.

    Raises:
        ExistsError: the id is taken, or one of the lists is followed already.
        SourceErrors, SourceError: the file would not be right, or cannot be written.
    """
    taken = check_free(folder, source_id=source_id, lists=possibility.lists)
    name = source_id or make_id(possibility.journal.title.text, discovery.url, taken)
    draft = draft_of(
        possibility,
        discovery.url,
        source_id=name,
        today=today,
        schema=schema_line(folder),
        render=render,
    )
    pages = save_pages(
        replace(parse_draft(draft), file=f"{draft.id}.toml"),
        discovery.pages,
        articles=[sample.link.url for sample in possibility.samples],
        about=possibility.about,
    )
    return put_source(folder, draft, pages=pages)


_LIST_NOTES = {
    "given": "the address that was given",
    "platform": "where this publishing system lists its articles",
    "column": "linked from the front page",
    "columns": "column of the front page",
    "front": "the front page",
    "feed": "a feed; no page lists these articles",
    "oai": "an OAI-PMH endpoint, asked for what is new since the last visit",
    "sitemap": "found through the sitemap",
    "map": "a sitemap; no page and no feed lists these articles",
}


def _usual_place(journal: Journal) -> str | None:
    """The page that most labels stand on."""
    places = Counter(found.where for found in journal.masthead.values())
    return f"read on {places.most_common(1)[0][0]}" if places else None


def _labels(journal: Journal) -> dict[str, Noted]:
    """The masthead in the language of the journal; a note only where a label stands elsewhere."""
    usual = _usual_place(journal)
    is_chinese = journal.language.text.startswith("zh")
    return {
        label if is_chinese else _ENGLISH.get(label, label): Noted(
            value=found.text, note="" if usual == f"read on {found.where}" else found.where
        )
        for label, found in journal.masthead.items()
    }


_ENGLISH = {
    "周期": "Frequency",
    "出版单位": "Publisher",
    "主办单位": "Sponsor",
    "主管单位": "Supervisor",
    "主编": "Editor-in-chief",
    "出版地": "Place of publication",
}


def _noted(found: Found) -> Noted:
    return Noted(value=found.text, note=found.where)


def _rights(possibility: Possibility) -> list[str]:
    """What the pages say of re-publishing. A comment: a key here would be the operator's word."""
    notices = [sample.entry.notice for sample in possibility.samples if sample.entry.notice]
    if not notices:
        return ["[rights] no reprint notice was found on the articles that were read"]
    counts = Counter(notice.class_ for notice in notices)
    total = len(possibility.samples)
    told = ", ".join(f"{name.value} on {count} of {total}" for name, count in counts.most_common())
    class_ = next(each for each, _ in counts.most_common())
    words = next(notice.text for notice in notices if notice.class_ is class_)
    line = " ".join(words.split())
    shown = line if len(line) <= NOTICE_LETTERS else f"{line[:NOTICE_LETTERS]}…"
    hint = "" if class_ is not NoticeClass.NONE else " (silence)"
    return [f"[rights] the articles say: {told}{hint}", f"“{shown}”"]
