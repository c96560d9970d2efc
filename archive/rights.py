"""What may be done with an article: the table of READING.md §5 and nothing else. Pure.

Feeds, pages and packages all ask here, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from archive.model import EntryState, NoticeClass

if TYPE_CHECKING:
    from archive.model import ReprintNotice
    from sources.model import Rights

Amount = Literal["full", "summary", "link", "nothing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Carry:
    """What a public feed carries of an article.

    `is_open` is whether others may replay and export the kept copy; `source_line` whether the
    text must be followed by who published it; `license_url` the licence to link to.
    """

    feed: Amount
    is_open: bool
    source_line: bool
    license_url: str | None
    reason: str


#: From the laxest to the strictest, for a notice of the page against the operator's own.
#: third-party is stricter than permission: nobody whom we could ask here can permit it.
STRICTNESS = (
    NoticeClass.OPEN_LICENSE,
    NoticeClass.FREE,
    NoticeClass.FREE_ATTRIBUTION,
    NoticeClass.NC_ATTRIBUTION,
    NoticeClass.NONE,
    NoticeClass.RESERVED,
    NoticeClass.PERMISSION,
    NoticeClass.THIRD_PARTY,
    NoticeClass.FORBIDDEN,
)
#: Not statements on re-publishing: silence, and the copyright line that every page has. Only to
#: these the operator's word, which rests on a letter, is added whatever it says.
SILENT = frozenset({NoticeClass.NONE, NoticeClass.RESERVED})

_NC = NoticeClass.NC_ATTRIBUTION
_FREE = frozenset(STRICTNESS[: STRICTNESS.index(_NC)])
#: Obligations that make a free notice one for non-commercial use.
_NOT_FOR_COMMERCE = frozenset({"noncommercial", "permission-commercial"})

_TABLE: dict[NoticeClass, tuple[Amount, bool, bool, str]] = {
    NoticeClass.OPEN_LICENSE: ("full", True, True, "An open licence lets anyone share it."),
    NoticeClass.FREE: ("full", True, True, "The notice lets anyone re-publish it."),
    NoticeClass.FREE_ATTRIBUTION: (
        "full", True, True, "The notice lets anyone re-publish it who names the source.",
    ),
    NoticeClass.PERMISSION: (
        "summary", False, False, "The notice asks to be asked before re-publishing.",
    ),
    NoticeClass.FORBIDDEN: ("link", False, False, "The notice forbids re-publishing."),
    NoticeClass.RESERVED: ("summary", False, False, "All rights are reserved."),
    NoticeClass.NONE: ("summary", False, False, "The page says nothing on re-publishing."),
    NoticeClass.THIRD_PARTY: (
        "summary", False, False, "The page is itself a reprint and cannot permit another one.",
    ),
}  # fmt: skip
_NC_FULL: tuple[Amount, bool, bool, str] = (
    "full", True, True, "Free without commerce, and the operator declared to have none.",
)  # fmt: skip
_NC_SUMMARY: tuple[Amount, bool, bool, str] = (
    "summary", False, True, "Free without commerce only, which the operator did not declare.",
)  # fmt: skip


def decide(
    notice: ReprintNotice | None,
    *,
    source_rights: Rights,
    noncommercial: bool,
    state: EntryState,
) -> Carry:
    """What a public feed carries of an article with this notice.

    A vanished or retracted article is carried as before: what it permitted has not changed.
    """
    if state is EntryState.WITHDRAWN:
        return _carry(("nothing", False, False, "The operator has withdrawn it."))
    class_, says = effective_class(notice, source_rights)
    obligations = frozenset(notice.obligations if notice else ())
    if (class_ in _FREE and obligations & _NOT_FOR_COMMERCE) or class_ is _NC:
        row = _NC_FULL if noncommercial else _NC_SUMMARY
    else:
        row = _TABLE[class_]
    carry = _carry(row, license_url=notice.license_url if notice else None)
    return _oblige(replace(carry, reason=f"{says}{carry.reason}"), obligations)


def printed_class(notice: ReprintNotice | None) -> NoticeClass:
    """The class of a page's own words, as entries are chosen by it: free, but not for commerce, is
    nc-attribution, since whoever asks for what may be re-published must not be given it."""
    if notice is None:
        return NoticeClass.NONE
    is_bound = bool(_NOT_FOR_COMMERCE.intersection(notice.obligations))
    return _NC if notice.class_ in _FREE and is_bound else notice.class_


def effective_class(notice: ReprintNotice | None, rights: Rights) -> tuple[NoticeClass, str]:
    """The class that counts, and whose word it is where that is not the page's.

    The operator's word counts where the page is silent, and where it is stricter than the page.
    """
    page = notice.class_ if notice else NoticeClass.NONE
    if rights.notice is None:
        return page, ""
    operator = NoticeClass(rights.notice)
    is_stricter = STRICTNESS.index(operator) > STRICTNESS.index(page)
    if page in SILENT or is_stricter:
        return operator, "By the operator's word on this source: "
    return page, ""


def _oblige(carry: Carry, obligations: frozenset[str]) -> Carry:
    """Obligations that take something away from what the class gives."""
    if "nomirror" in obligations and carry.is_open:
        reason = f"{carry.reason} It forbids mirrors, so the kept copy is closed."
        carry = replace(carry, is_open=False, reason=reason)
    if "notify" in obligations and carry.feed == "full":
        reason = f"{carry.reason} It asks to be told first, and a feed tells nobody: a summary."
        carry = replace(carry, feed="summary", is_open=False, reason=reason)
    if "noexcerpt" in obligations and carry.feed == "summary":
        reason = f"{carry.reason} It forbids excerpts, so not even a summary."
        carry = replace(carry, feed="link", reason=reason)
    return carry


def _carry(row: tuple[Amount, bool, bool, str], license_url: str | None = None) -> Carry:
    feed, is_open, source_line, reason = row
    return Carry(
        feed=feed,
        is_open=is_open,
        source_line=source_line,
        license_url=license_url,
        reason=reason,
    )
