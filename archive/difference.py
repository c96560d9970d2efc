"""What a revision changed, for a person to read. Pure.

Texts are compared paragraph by paragraph, and changed paragraphs by sentences and then letters, so
that a moved comma does not mark a page red. Long texts cost no more than their changed part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from archive.identity import squeeze
from archive.model import Entry, PrintedDate, ReprintNotice
from archive.revision import find_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.revision import Change

#: Below this much in common, two paragraphs are two paragraphs and not one that was edited: letters
#: that happen to be the same would only confuse.
_ALIKE = 0.5
#: Unchanged letters shown on either side of a change.
_CONTEXT = 40
#: Letters of one paragraph that are compared one by one; comparing grows with their square.
_MOST = 4_000

_SENTENCES = re.compile(r"[^。！？!?；;]*[。！？!?；;]+[”’」』）)\"']*|[^。！？!?；;]+")


#: Of an entry, what says where it was found, and what was printed beside what counts.
_NOT_SAID = frozenset({"url", "canonical_url", "title_raw", "notices", "found"})


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    #: Unchanged text that is not shown.
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of a paragraph, and what became of it."""

    mark: Mark
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What one revision changed: title, date, notice, retraction; and of the text each paragraph
    that is not as it was, with a little of what surrounds the change."""

    changes: tuple[Change, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    added: int
    removed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """One field of an entry that says something else, in words; of its body, no words."""

    field: str
    before: str
    after: str


def find_field_changes(old: Entry, new: Entry) -> tuple[FieldChange, ...]:
    """Every field that says something else to a reader, in the order of Entry. White space is no
    word, and a date is what it comes to, however it was printed."""
    return tuple(
        FieldChange(field=name, before=_words(name, before), after=_words(name, after))
        for name in (field.name for field in fields(Entry) if field.name not in _NOT_SAID)
        if _said(before := getattr(old, name)) != _said(after := getattr(new, name))
    )


def difference(old: Entry, new: Entry) -> Difference:
    """From one revision of an entry to another. `added` and `removed` count letters."""
    paragraphs = tuple(_paragraphs(_lines(old.text), _lines(new.text)))
    return Difference(
        changes=find_changes(old, new),
        paragraphs=tuple(map(_shortened, paragraphs)),
        added=_count(paragraphs, Mark.ADDED),
        removed=_count(paragraphs, Mark.REMOVED),
    )


def _said(value: Any) -> object:
    """What of a field's value counts."""
    match value:
        case str():
            return squeeze(value)
        case PrintedDate():
            return (value.value, value.issue)
        case ReprintNotice():
            origin = value.origin.name if value.origin else None
            return (value.class_, squeeze(value.text), value.obligations, value.license, origin)
        case tuple():
            return tuple(map(_said, value))
    return value or None


def _words(field: str, value: Any) -> str:
    """A field's value for a person."""
    match value:
        case None | False | "" | ():
            return ""
        case True:
            return "yes"
        case _ if field in ("text", "html"):
            return ""
        case PrintedDate():
            return value.value or value.issue or value.raw
        case ReprintNotice():
            return f"{value.class_}: {value.text}"
        case tuple():
            return "; ".join(str(getattr(each, "url", each)) for each in value)
    return str(value)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _changed(old[a:b], new[c:d])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Paragraphs in the place of others: those that are alike side by side, the rest as a whole."""
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else None
        after = new[index] if index < len(new) else None
        if before and after and _is_alike(before, after):
            yield tuple(_pieces(before, after))
            continue
        if before:
            yield (Piece(mark=Mark.REMOVED, text=before),)
        if after:
            yield (Piece(mark=Mark.ADDED, text=after),)


def _is_alike(before: str, after: str) -> bool:
    if max(len(before), len(after)) > _MOST:
        return True
    return SequenceMatcher(None, before, after, autojunk=False).ratio() >= _ALIKE


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """By letters; a paragraph too long for that by sentences."""
    is_short = max(len(before), len(after)) <= _MOST
    old: Sequence[str] = before if is_short else _SENTENCES.findall(before)
    new: Sequence[str] = after if is_short else _SENTENCES.findall(after)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(mark=Mark.SAME, text="".join(old[a:b]))
            continue
        if a < b:
            yield Piece(mark=Mark.REMOVED, text="".join(old[a:b]))
        if c < d:
            yield Piece(mark=Mark.ADDED, text="".join(new[c:d]))


def _shortened(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Unchanged text of a paragraph only beside what changed."""
    short: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.mark is not Mark.SAME or len(piece.text) <= 2 * _CONTEXT:
            short.append(piece)
            continue
        if index > 0:
            short.append(Piece(mark=Mark.SAME, text=piece.text[:_CONTEXT]))
        short.append(Piece(mark=Mark.SKIPPED, text="…"))
        if index < len(pieces) - 1:
            short.append(Piece(mark=Mark.SAME, text=piece.text[-_CONTEXT:]))
    return tuple(short)


def _count(paragraphs: tuple[tuple[Piece, ...], ...], mark: Mark) -> int:
    return sum(len(piece.text) for pieces in paragraphs for piece in pieces if piece.mark is mark)
