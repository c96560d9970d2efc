"""The story of one entry, for whoever must judge it: its revisions with what each changed, its
captures, events and corrections, and whether it is withdrawn. A facade of the store that reads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sqlalchemy import bindparam, select

from archive import schema
from archive.corrections import corrections_of
from archive.difference import difference
from archive.events import find_events
from archive.identity import address_key
from archive.owed import count_of
from archive.shelf import captures_of, find_entry, revisions_of
from archive.withdrawal import standing_of
from foundation.errors import WithdrawalError

if TYPE_CHECKING:
    from archive.correction import Correction
    from archive.database import Database
    from archive.difference import Difference
    from archive.exchange import Capture
    from archive.model import ArchivedEntry, Event, Revision
    from archive.withdrawal import Withdrawal

_L, _C = schema.locations, schema.captures
# A union of two look-ups: an address that an entry gave up is still that of its captures.
_AT = select(_L.c.entry_id).where(_L.c.url == bindparam("url")).distinct()
_CAPTURED_AT = select(_C.c.entry_id).where(_C.c.url == bindparam("url")).distinct()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """One revision, and what it changed; the first one changed nothing."""

    revision: Revision
    made: Difference | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """All that is kept of an entry but the bytes. Oldest first throughout. `owed` is how many files
    its pages lack that are still to be asked for."""

    archived: ArchivedEntry
    chapters: tuple[Chapter, ...]
    captures: tuple[Capture, ...]
    events: tuple[Event, ...]
    corrections: tuple[Correction, ...]
    withdrawal: Withdrawal | None
    owed: int = 0


class Stories:
    """Finds an entry by what a person has of it, and tells its story. `prefix` is what every id
    of this store begins with."""

    def __init__(self, database: Database, prefix: str) -> None:
        self._database = database
        self._prefix = prefix

    def named(self, said: str, *, public_url: str) -> str:
        """The id of the entry that a person means: by its id, by the address of our page of it,
        or by that of the journal's own page.

        Raises:
            WithdrawalError: there is none, or several, which are named.
        """
        said = said.strip()
        with self._database.reading() as connection:
            for entry_id in (said, self._of_our_page(said, public_url)):
                if entry_id and find_entry(connection, entry_id) is not None:
                    return entry_id
            at = {"url": address_key(said)}
            ids: set[str] = set(connection.scalars(_AT, at))
            found: list[str] = sorted(ids or set(connection.scalars(_CAPTURED_AT, at)))
        if len(found) == 1:
            return found[0]
        if found:
            raise WithdrawalError(
                f"{said}: {len(found)} entries are there. Next: name one of {', '.join(found)}"
            )
        raise WithdrawalError(
            f"{said}: no such entry. Next: take the id from the journal's feed (guid in RSS, id in "
            "Atom and JSON), or give the address of its page, here or at the journal"
        )

    def find(self, entry_id: str) -> Story | None:
        """The story of an entry, whatever its state; None where there is no such entry."""
        with self._database.reading() as connection:
            archived = find_entry(connection, entry_id)
            if archived is None:
                return None
            revisions = revisions_of(connection, entry_id)
            told = find_events(
                connection, source_id=None, entry_id=entry_id, kinds=(), since=None, limit=None
            )
            captures = tuple(captures_of(connection, entry_id))
            return Story(
                archived=archived,
                chapters=_chapters(revisions),
                captures=captures,
                events=tuple(reversed(told)),
                corrections=corrections_of(connection, entry_id),
                withdrawal=standing_of(connection, entry_id),
                owed=count_of(connection, [each.id for each in captures]),
            )

    def _of_our_page(self, said: str, public_url: str) -> str | None:
        """The id that an address of ours stands for; also a bare path, `/source/article/`."""
        path = said.removeprefix(public_url.rstrip("/"))
        parts = unquote(urlsplit(path).path).strip("/").split("/")
        is_ours = path.startswith("/") and len(parts) >= 2
        return f"{self._prefix}{parts[0]}/{parts[1]}" if is_ours else None


def _chapters(revisions: list[Revision]) -> tuple[Chapter, ...]:
    first = [Chapter(revision=each, made=None) for each in revisions[:1]]
    later = [
        Chapter(revision=new, made=difference(old.entry, new.entry))
        for old, new in pairwise(revisions)
    ]
    return (*first, *later)
