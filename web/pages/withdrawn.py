"""What stands in the place of an article that the operator took down: that, since when, and the
digest of the copy that is kept. Nothing of the article itself, and why only if that is public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.days import Day, print_instant

if TYPE_CHECKING:
    from archive.model import ArchivedEntry
    from archive.store import Store
    from sources.model import Source
    from web.frame import Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawnPage:
    """A tombstone. `who` and `reason` are None unless the operator made them public; `digest` is
    `sha256:…` of the newest capture."""

    id: str
    journal: str
    journal_language: str
    journal_path: str
    day: Day | None
    reason: str | None
    who: str | None
    digest: str | None


def withdrawn_page(
    store: Store, archived: ArchivedEntry, source: Source, frame: Frame
) -> WithdrawnPage:
    """The tombstone of an entry that is withdrawn."""
    told = store.withdrawals.find(archived.id)
    since = told.at if told else archived.state_since
    reason = told.public_reason if told else None
    return WithdrawnPage(
        id=archived.id,
        journal=source.title,
        journal_language=source.language,
        journal_path=frame.link(f"/{source.id}/"),
        day=print_instant(since, source.zone, frame.language) if since else None,
        reason=reason,
        who=told.who if told and reason else None,
        digest=told.digest if told else None,
    )
