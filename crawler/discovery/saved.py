"""Saved pages 存页: the pages that a source's file was made from, as served, with what is to be
read from them; and their strict replay. A page that reading asks for and that was not saved is an
error, and so is a saved page that nobody asks for. Works on files alone, never fetches."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from archive.model import Found, ListedLink
from crawler.discovery.feeds import read_channel
from crawler.discovery.journal import find_journal
from crawler.discovery.lists import is_feed, is_file
from crawler.discovery.preview import read_list, read_sample
from crawler.discovery.visits import SeenPage
from crawler.fetch import Answer
from crawler.normalise.url import canonical
from crawler.reading.document import read_document
from foundation.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.discovery.preview import Sample
    from crawler.reading.document import Document
    from crawler.reading.list_page import ListPage
    from sources.model import Source

Ask = Callable[[str], SeenPage]

PAGES_FILE, EXPECTED_FILE = "pages.toml", "expected.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field that reads otherwise than it did: `place` is an address, or "journal"."""

    place: str
    field: str
    expected: Any
    read: Any

    def __str__(self) -> str:
        return (
            f"{self.place}: {self.field}: expected {_show(self.expected)}, read {_show(self.read)}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """What came of the saved pages of one source."""

    source_id: str
    lists: int
    articles: int
    differences: tuple[Difference, ...]
    read: Mapping[str, Any] = field(repr=False)


def pages_folder(source: Source) -> Path:
    """`<id>.pages`, beside the source's file."""
    return Path(source.file).with_name(f"{source.id}.pages")


# --- out --------------------------------------------------------------------------------------


def save_pages(
    source: Source,
    seen: Callable[[str], SeenPage | None],
    *,
    articles: Sequence[str],
    about: Sequence[str],
) -> dict[str, bytes]:
    """The files of the folder by name: each page that reading this source asks for, where it came
    from, and what is read from it now."""
    used: dict[str, SeenPage] = {}

    def ask(url: str) -> SeenPage:
        page = seen(url)
        if page is None:
            raise SourceError(f"{url} was not seen", file=source.file)
        used[url] = page
        return page

    expected = read_all(source, ask, articles=articles, about=about)
    names = {url: _file_name(number, page) for number, (url, page) in enumerate(used.items(), 1)}
    files = {names[url]: page.answer.body for url, page in used.items()}
    files[PAGES_FILE] = _print_pages(used, names).encode()
    return {**files, EXPECTED_FILE: _print_expected(expected).encode()}


def _file_name(number: int, page: SeenPage) -> str:
    kind = page.answer.media_type
    ending = next((end for part, end in _ENDINGS.items() if part in kind), "html")
    return f"{number:02}.{ending}"


_ENDINGS = {"html": "html", "pdf": "pdf", "json": "json", "xml": "xml", "gzip": "xml.gz"}


def _print_pages(used: Mapping[str, SeenPage], names: Mapping[str, str]) -> str:
    document = tomlkit.document()
    document.add(tomlkit.comment("The pages as served, by the address that was asked for."))
    document.add(tomlkit.comment("kanliu check --pages reads them again, and compares."))
    for url, page in used.items():
        table = tomlkit.table()
        table.add("file", names[url])
        table.add("content_type", _content_type(page))
        table.add("instant", page.seen.isoformat(timespec="seconds"))
        if page.url != url:
            table.add("redirected_to", page.url)
        document.add(tomlkit.nl())
        document.add(tomlkit.items.SingleKey(url, tomlkit.items.KeyType.Basic), table)
    return tomlkit.dumps(document)


def _content_type(page: SeenPage) -> str:
    """What was drawn is not in the charset that was declared of the document."""
    is_drawn = page.answer.rendering is not None
    return page.answer.media_type if is_drawn else page.answer.headers.get("content-type", "")


# --- reading ----------------------------------------------------------------------------------


def read_all(
    source: Source, ask: Ask, *, articles: Iterable[str], about: Iterable[str]
) -> dict[str, Any]:
    """What a poll would read from these pages, and what they say of the journal, as JSON has it."""
    rows: dict[str, ListedLink] = {}
    lists: dict[str, Any] = {}
    shown: list[SeenPage] = []
    for url in (*source.lists, *([source.feed] if source.feed else [])):
        page = ask(url)
        listed = read_list(page, source)
        if not listed.links and listed.next is not None:
            page = ask(listed.next)
            listed = read_list(page, source)
        shown.append(page)
        parts = [read_list(ask(part), source) for part in listed.parts]
        lists[url] = _list_json(listed)
        lists |= {part: _list_json(read) for part, read in zip(listed.parts, parts, strict=True)}
        for link in chain(listed.links, *(each.links for each in parts)):
            rows.setdefault(canonical(link.url), link)
    pages = {url: ask(url) for url in articles}
    samples = {
        url: read_sample(rows.get(canonical(url), ListedLink(url=url)), page, source)
        for url, page in pages.items()
    }
    described = [ask(url) for url in about]
    return {
        "journal": _journal_json(shown, described, [*pages.values()], [*samples.values()]),
        "lists": lists,
        "articles": {url: _article_json(sample) for url, sample in samples.items()},
        "about": list(about),
    }


def _list_json(listed: ListPage) -> dict[str, Any]:
    links = [
        {"url": link.url, "title": link.title, "published": link.published} for link in listed.links
    ]
    return {"links": links, "next": listed.next}


def _article_json(sample: Sample | None) -> dict[str, Any] | None:
    if sample is None:
        return None
    entry = sample.entry
    return {
        "title": entry.title,
        "published": entry.published.value or entry.published.issue if entry.published else None,
        "notice": entry.notice.class_.value if entry.notice else "none",
        "authors": list(entry.authors),
    }


def _journal_json(
    shown: Sequence[SeenPage],
    described: Sequence[SeenPage],
    articles: Sequence[SeenPage],
    samples: Sequence[Sample | None],
) -> dict[str, Any]:
    feeds = [page for page in shown if is_feed(page)]
    fronts = [page for page in (*shown, *described) if not is_file(page)] or shown
    names = [(read_channel(page.answer.body, page.url).title, page.asked) for page in feeds]
    journal = find_journal(
        front=[_document(page) for page in fronts],
        articles=[_document(page) for page in articles if page.is_page],
        entries=[sample.entry for sample in samples if sample],
        names=[Found(text=title, where=f"the feed {url}") for title, url in names if title],
    )
    return {
        "title": journal.title.text,
        "masthead": {label: found.text for label, found in journal.masthead.items()},
    }


def _document(page: SeenPage) -> Document:
    return read_document(page.answer.body, url=page.url, http_charset=page.answer.charset)


# --- in ---------------------------------------------------------------------------------------


def replay(source: Source) -> Replay:
    """Read a source's saved pages again, offline, and compare exactly.

    Raises:
        SourceError: there are none, one is missing, or one is there that nobody asks for.
    """
    folder = pages_folder(source)
    expected = _read_expected(folder / EXPECTED_FILE)
    pages = _read_pages(folder)
    asked: set[str] = set()

    def ask(url: str) -> SeenPage:
        if url not in pages:
            raise SourceError(
                f"{url} is asked for and not saved; add the page and its address, or run "
                "kanliu add into another folder",
                file=str(folder / PAGES_FILE),
            )
        asked.add(url)
        return pages[url]

    read = read_all(source, ask, articles=list(expected["articles"]), about=list(expected["about"]))
    if left := [url for url in pages if url not in asked]:
        raise SourceError(
            f"{left[0]} is saved, and nobody asks for it", file=str(folder / PAGES_FILE)
        )
    return Replay(
        source_id=source.id,
        lists=len(read["lists"]),
        articles=len(read["articles"]),
        differences=tuple(_differences(expected, read)),
        read=read,
    )


def accept(source: Source, done: Replay) -> None:
    """Make what was read what is expected from now on. A person has read the differences.

    Raises:
        SourceError: the file cannot be written.
    """
    file = pages_folder(source) / EXPECTED_FILE
    try:
        file.write_text(_print_expected(done.read), "utf-8")
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", file=str(file)) from error


def _print_expected(expected: Mapping[str, Any]) -> str:
    return json.dumps(expected, ensure_ascii=False, indent=2) + "\n"


def _read_expected(file: Path) -> dict[str, Any]:
    try:
        expected = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", file=str(file)) from error
    except ValueError as error:
        raise SourceError(f"is not JSON: {error}", file=str(file)) from error
    parts = {"journal": dict, "lists": dict, "articles": dict, "about": list}
    if not isinstance(expected, dict) or any(
        not isinstance(expected.get(name), kind) for name, kind in parts.items()
    ):
        raise SourceError(f"needs {', '.join(parts)}, as kanliu add writes them", file=str(file))
    return expected


def _read_pages(folder: Path) -> dict[str, SeenPage]:
    file = folder / PAGES_FILE
    pages = {}
    try:
        for url, said in tomllib.loads(file.read_text("utf-8")).items():
            answer = Answer(
                url=said.get("redirected_to", url),
                status=200,
                headers={"content-type": said["content_type"]},
                body=(folder / said["file"]).read_bytes(),
                exchanges=(),
            )
            seen = datetime.fromisoformat(said["instant"])
            pages[url] = SeenPage(asked=url, seen=seen, answer=answer)
    except OSError as error:
        name = error.filename or file
        raise SourceError(f"cannot be read: {error.strerror}", file=str(name)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        told = f"needs file, content_type and instant for each address ({error})"
        raise SourceError(told, file=str(file)) from error
    extra = {path.name for path in folder.iterdir()} - {PAGES_FILE, EXPECTED_FILE}
    extra -= {said["file"] for said in tomllib.loads(file.read_text("utf-8")).values()}
    if extra:
        raise SourceError(f"{min(extra)} is in the folder and not named here", file=str(file))
    return pages


def _differences(expected: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[Difference]:
    for part in ("journal", "lists", "articles"):
        places = {"journal": (expected[part], read[part])}
        if part != "journal":
            both = {**expected[part], **read[part]}
            places = {url: (expected[part].get(url), read[part].get(url)) for url in both}
        for place, (one, other) in places.items():
            if not isinstance(one, dict) or not isinstance(other, dict):
                if one != other:
                    yield Difference(place=place, field=part, expected=one, read=other)
                continue
            yield from _field_differences(place, one, other)


def _field_differences(
    place: str, expected: Mapping[str, Any], read: Mapping[str, Any], inside: str = ""
) -> Iterator[Difference]:
    for name in {**expected, **read}:
        one, other = expected.get(name), read.get(name)
        if name == "links" and isinstance(one, list) and isinstance(other, list):
            yield from _link_differences(place, one, other)
        elif isinstance(one, dict) and isinstance(other, dict):
            yield from _field_differences(place, one, other, f"{name}.")
        elif one != other:
            yield Difference(place=place, field=f"{inside}{name}", expected=one, read=other)


def _link_differences(
    place: str, expected: Sequence[Any], read: Sequence[Any]
) -> Iterator[Difference]:
    """By address, so that one new row at the top does not make all rows differ; then the order."""
    one = {link["url"]: link for link in expected}
    other = {link["url"]: link for link in read}
    for url in {**one, **other}:
        if url not in one or url not in other:
            yield Difference(place=place, field="link", expected=one.get(url), read=other.get(url))
        else:
            yield from _field_differences(place, one[url], other[url], f"link {url} ")
    if one.keys() == other.keys() and list(one) != list(other):
        yield Difference(place=place, field="order", expected=list(one), read=list(other))


def _show(value: Any) -> str:
    if isinstance(value, dict) and "url" in value:
        return f"“{value.get('title')}” {value['url']}"
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
