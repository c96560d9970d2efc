"""What an entry looks like in a feed, decided once for every format.

How much of it may be carried is archive.rights' word, not ours; here it becomes a title, a
summary, a full text with its source line, and addresses. Pure. Writes no XML and no JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

import nh3

from archive.model import Entry, EntryState, NoticeClass
from archive.rights import effective_class
from feeds.instant import published_instant
from feeds.words import words

if TYPE_CHECKING:
    from datetime import datetime

    from archive.model import ArchivedEntry, Origin
    from archive.rights import Carry
    from sources.model import Source

# About what a search result shows of a page.
_EXCERPT = 160
# A title that has to be made from the text.
_TITLE = 40
_SENTENCE_END = re.compile(r"[。！？!?；;]|\.(?=\s)")
_SAYS_RETRACTED = re.compile(r"\W*(?:已?撤稿|撤回|撤销|retract)", re.IGNORECASE)
# Left as they are in an address: what RFC 3986 reserves, and escapes that stand already.
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"
_KINDS = {"pdf": "application/pdf", "xml": "application/xml"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An entry as feeds show it: every format writes these values and decides nothing.

    `title` and `summary` are plain text; RSS and Atom take the summary as HTML. `content` is clean
    HTML with absolute addresses, None where the rights allow no full text. `rights` is the notice
    verbatim, and what the operator's word rests on where that counts. `published` is None unless
    the day is known; `updated` says when to look again. `tags` are the column and, where more
    than a link may be carried, the keywords. `has_copies` is whether there is a list of the kept
    copies, whoever may see them.
    """

    archived: ArchivedEntry
    source: Source
    id: str
    url: str
    url_type: str
    title: str
    language: str
    summary: str
    summary_html: str
    content: str | None
    rights: str | None
    license_url: str | None
    origin_url: str | None
    published: datetime | None
    updated: datetime
    has_files: bool
    tags: tuple[str, ...] = ()
    has_copies: bool = False

    @property
    def entry(self) -> Entry:
        """What the page said, normalised."""
        return self.archived.entry


def show(archived: ArchivedEntry, *, source: Source, carry: Carry) -> Shown:
    """The entry as `carry` allows it to be shown. Of one that was taken down nothing is left but
    that, under its own id and address: a reader replaces what it has by it."""
    if carry.feed == "nothing":
        archived = _emptied(archived, source)
    entry = archived.entry
    notice = entry.notice
    url = percent_encode(entry.url)
    language = entry.language or source.language
    origin = notice.origin if notice and notice.class_ is NoticeClass.THIRD_PARTY else None
    is_full = carry.feed == "full"
    content = _content(archived, source, carry, url, language) if is_full else None
    summary = _summary(archived, source, carry, language)
    rights = None if carry.feed == "nothing" else _rights(entry, source)
    return Shown(
        archived=archived,
        source=source,
        id=archived.id,
        url=url,
        url_type=_KINDS.get(url.rpartition(".")[2].casefold(), "text/html"),
        title=_title(archived, url, language, may_quote=carry.feed != "link"),
        language=language,
        summary=f"{summary}{_reprinted(origin, language)}",
        summary_html=f"{_as_html(summary)}{_reprinted_html(origin, language)}",
        content=content,
        rights=rights,
        license_url=carry.license_url,
        origin_url=percent_encode(origin.url) if origin and origin.url else None,
        published=published_instant(archived, zone=source.zone),
        updated=_updated(archived),
        has_files=carry.feed not in ("link", "nothing"),
        tags=_tags(entry, with_keywords=carry.feed not in ("link", "nothing")),
        has_copies=carry.feed != "nothing",
    )


def _emptied(archived: ArchivedEntry, source: Source) -> ArchivedEntry:
    entry = archived.entry
    say = words(source.language)
    left = Entry(
        url=entry.url,
        canonical_url=entry.canonical_url,
        title=say.withdrawn.format(say.journal.format(source.title)),
        title_raw=None,
        published=entry.published,
        summary=say.withdrawn_text,
    )
    return replace(archived, entry=left, also_in=())


def percent_encode(url: str) -> str:
    """The address in ASCII, as XML feeds want it: the host in IDNA, the rest escaped."""
    if url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}'):
        return url
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return quote(urlunsplit(parts._replace(netloc=host)), safe=_URL_SAFE)


def _updated(archived: ArchivedEntry) -> datetime:
    """The newest revision, which for an entry never revised is its first sight; or the instant
    of its retraction or take-down, since these change what readers see. Vanishing does not."""
    is_seen = archived.state in (EntryState.RETRACTED, EntryState.WITHDRAWN)
    since = archived.state_since if is_seen else None
    return max(archived.changed, since or archived.changed).astimezone(UTC)


def _title(archived: ArchivedEntry, url: str, language: str, *, may_quote: bool) -> str:
    """The title; without one the first words of the text, where they may be quoted, or the
    address: readers show an empty title as nothing at all."""
    entry = archived.entry
    title = entry.title or (excerpt(entry.text, _TITLE) if may_quote and entry.text else url)
    is_retracted = archived.state is EntryState.RETRACTED or entry.is_retracted
    if is_retracted and not _SAYS_RETRACTED.match(title):
        return words(language).retracted + title
    return title


def _summary(archived: ArchivedEntry, source: Source, carry: Carry, language: str) -> str:
    """The page's own summary, else its first sentences where excerpts are not refused, else
    where it comes from: an entry with neither summary nor text is an empty box in a reader."""
    entry = archived.entry
    if carry.feed == "link":
        return source_line(entry, source, language)
    if carry.feed == "nothing":
        return entry.summary or ""
    refused = entry.notice is not None and "noexcerpt" in entry.notice.obligations
    summary = entry.summary or (excerpt(entry.text) if entry.text and not refused else None)
    return summary or source_line(entry, source, language)


def _rights(entry: Entry, source: Source) -> str | None:
    """The notice word for word, and where the operator's word counts, what that rests on."""
    notice = entry.notice
    _, is_the_operators = effective_class(notice, source.rights)
    said = (notice and notice.text, source.rights.text if is_the_operators else None)
    return "\n".join(text for text in said if text) or None


def _tags(entry: Entry, *, with_keywords: bool) -> tuple[str, ...]:
    column = (entry.column,) if entry.column else ()
    keywords = entry.keywords if with_keywords else ()
    return tuple(dict.fromkeys((*column, *keywords)))


def _reprinted(origin: Origin | None, language: str) -> str:
    """转载自: the first publisher, whose the text is."""
    name = origin and (origin.name or origin.url)
    return f"\n{words(language).reprinted_from}{name}" if name else ""


def _reprinted_html(origin: Origin | None, language: str) -> str:
    line = _as_html(_reprinted(origin, language))
    if not origin or not origin.url:
        return line
    name = _as_html(origin.name or origin.url)
    return line.removesuffix(name) + f'<a href="{escape(percent_encode(origin.url))}">{name}</a>'


def _as_html(text: str) -> str:
    """Plain text where readers expect HTML: RSS has no other kind but in titles."""
    return escape(text, quote=False).replace("\n", "<br>")


def excerpt(text: str, limit: int = _EXCERPT) -> str:
    """The beginning of a text, to the end of a sentence where one ends in its second half."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    head = flat[:limit]
    ends = [match.end() for match in _SENTENCE_END.finditer(head)]
    if ends and ends[-1] >= limit // 2:
        return head[: ends[-1]]
    return head[: limit - 1].rstrip() + "…"


def source_line(entry: Entry, source: Source, language: str) -> str:
    """来源: journal, issue, date and authors as known, in plain text."""
    say = words(language)
    parts = (
        say.journal.format(entry.journal or source.title),
        say.issue(entry.volume, entry.number),
        entry.published.value if entry.published else None,
        say.listed.join(entry.authors),
    )
    return say.source + " · ".join(part for part in parts if part)


def _content(
    archived: ArchivedEntry, source: Source, carry: Carry, url: str, language: str
) -> str | None:
    """The whole text, cleaned once more at the door, and below it where it comes from, what
    its journal asks of those who pass it on, and the licence."""
    entry = archived.entry
    body = clean_html(entry.html, base=entry.url) if entry.html else _paragraphs(entry.text)
    if not body:
        return None
    say = words(language)
    below = []
    if carry.source_line:
        line = _as_html(source_line(entry, source, language))
        below.append(f'{line} · <a href="{escape(url)}">{say.original}</a>')
        if rights := _rights(entry, source):
            below.append(_as_html(rights))
    if carry.license_url:
        name = (entry.notice and entry.notice.license) or carry.license_url
        address = escape(percent_encode(carry.license_url))
        below.append(f'{say.license}<a href="{address}">{_as_html(name)}</a>')
    if not below:
        return body
    return f"{body}\n<hr>\n" + "\n".join(f"<p>{line}</p>" for line in below)


def clean_html(html: str, *, base: str) -> str:
    """No script, style, frame or handler; no address that is relative or not in ASCII; and what
    parses without an error.

    Reading did this already; feeds do it again, because an archive outlives the rules of the day
    and a reader runs what we send it.
    """
    for _ in range(_CLEANINGS):
        before, html = html, _clean_once(html, base)
        if html == before:
            break
    return html


# What is unwrapped (a button in a paragraph) leaves its children where they cannot stand, and the
# next parse moves them. Of 6,000 texts of random tags 15 needed the second, none a third.
_CLEANINGS = 3
_SCHEMES = {"http", "https", "mailto", "tel", "ftp"}
_ADDRESSES = frozenset({"href", "src"})
_LINE_SIGNS = re.compile(r"[\t\r\n]")


def _clean_once(html: str, base: str) -> str:
    return nh3.clean(
        html,
        link_rel=None,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base),
        attribute_filter=_clean_attribute,
    )


def _clean_attribute(_tag: str, name: str, value: str) -> str | None:
    """An address as a browser would ask for it; one that is none (`http://[`) goes, and so does
    `cite`, which nh3 leaves relative and nobody shows."""
    if name == "cite":
        return None
    if name not in _ADDRESSES:
        return value
    try:
        return percent_encode(_LINE_SIGNS.sub("", value.strip()))
    except ValueError:
        return None


def _paragraphs(text: str | None) -> str:
    lines = (line.strip() for line in (text or "").splitlines())
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)
