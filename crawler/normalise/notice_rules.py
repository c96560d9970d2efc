"""Decide what the signs of a notice mean together: one table, read from the top.

The order is the law of READING.md §5: traps first; then whose text it is, for nobody licenses what
is not theirs; then the stricter before the laxer. Nothing here looks at words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import NoticeClass
from crawler.normalise.notice_sign import Sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.normalise.notice_license import License


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """`class_` holds when one of the sets in `needs` is there whole and nothing of `lacks` is."""

    name: str
    class_: NoticeClass
    needs: tuple[frozenset[Sign], ...]
    lacks: frozenset[Sign] = frozenset()

    def holds(self, signs: frozenset[Sign]) -> bool:
        return self.lacks.isdisjoint(signs) and any(need <= signs for need in self.needs)


def _any(*signs: Sign) -> tuple[frozenset[Sign], ...]:
    return tuple(frozenset({sign}) for sign in signs)


def _each_with(sign: Sign, *others: Sign) -> tuple[frozenset[Sign], ...]:
    return tuple(frozenset({sign, other}) for other in others)


# A licence named without a sentence: enough only where the page marks it up as its licence.
BARE_LICENSE = "bare licence"

_STRICT = frozenset({Sign.ASKS, Sign.FORBIDS})
_GIVES = frozenset({Sign.ALLOWS, Sign.CREDITS, Sign.KEEPS_WHOLE})
_SPEAKS = _STRICT | _GIVES | {Sign.LICENSES, Sign.ASKS_COMMERCE}
_READ_CONDITIONS = frozenset(
    {Sign.NOCHANGE, Sign.NOEXCERPT, Sign.NOPRINT, Sign.NOTICE, Sign.NOTIFY, Sign.NOAI}
)
_RIGHTS = frozenset({Sign.COPYRIGHT, Sign.ALL_RIGHTS})

RULES = (
    Rule(
        name="terms for authors",
        class_=NoticeClass.NONE,
        needs=_any(Sign.AUTHORS),
        lacks=_SPEAKS,
    ),
    Rule(
        name="a case is told",
        class_=NoticeClass.NONE,
        needs=_any(Sign.NARRATIVE),
        lacks=_RIGHTS | {Sign.LICENSES},
    ),
    Rule(
        name="uploaded by users",
        class_=NoticeClass.NONE,
        needs=_any(Sign.PLATFORM),
        lacks=_SPEAKS | _RIGHTS,
    ),
    Rule(
        name="itself a reprint",
        class_=NoticeClass.THIRD_PARTY,
        needs=_any(Sign.REPRINTED),
    ),
    Rule(
        name="open licence",
        class_=NoticeClass.OPEN_LICENSE,
        needs=_any(Sign.LICENSES),
        lacks=_STRICT,
    ),
    Rule(
        name=BARE_LICENSE,
        class_=NoticeClass.OPEN_LICENSE,
        needs=_any(Sign.NAMES_LICENSE),
        lacks=_STRICT,
    ),
    Rule(
        name="commerce asks, others need not",
        class_=NoticeClass.NC_ATTRIBUTION,
        needs=_each_with(Sign.ASKS_COMMERCE, *sorted(_GIVES), Sign.NONCOMMERCIAL),
        lacks=_STRICT,
    ),
    Rule(
        name="asks first",
        class_=NoticeClass.PERMISSION,
        needs=_any(Sign.ASKS, Sign.ASKS_COMMERCE),
    ),
    Rule(
        name="bare prohibition",
        class_=NoticeClass.FORBIDDEN,
        needs=_any(Sign.FORBIDS),
    ),
    Rule(
        name="from elsewhere",
        class_=NoticeClass.THIRD_PARTY,
        needs=_any(Sign.FIRST_ELSEWHERE, Sign.GATHERED, Sign.SOURCE_LINE),
    ),
    Rule(
        name="free but for commerce",
        class_=NoticeClass.NC_ATTRIBUTION,
        needs=_each_with(Sign.NONCOMMERCIAL, *sorted(_GIVES)),
    ),
    Rule(
        name="free, but consent is spoken of",
        class_=NoticeClass.PERMISSION,
        needs=_each_with(Sign.UNLESS, *sorted(_GIVES)),
    ),
    Rule(
        name="free with credit",
        class_=NoticeClass.FREE_ATTRIBUTION,
        needs=(*_any(Sign.CREDITS, Sign.KEEPS_WHOLE), frozenset({Sign.ALLOWS, Sign.MARKS})),
    ),
    # Most conditions are a credit; what this one asks is not known, so nothing is given away.
    Rule(
        name="free on a condition that is not read",
        class_=NoticeClass.PERMISSION,
        needs=(frozenset({Sign.ALLOWS, Sign.IF}),),
        lacks=_READ_CONDITIONS,
    ),
    Rule(
        name="free",
        class_=NoticeClass.FREE,
        needs=_any(Sign.ALLOWS),
    ),
    Rule(
        name="not for machines",
        class_=NoticeClass.RESERVED,
        needs=_any(Sign.NOAI),
    ),
    Rule(
        name="all rights reserved",
        class_=NoticeClass.RESERVED,
        needs=_any(Sign.ALL_RIGHTS),
    ),
    Rule(
        name="copyright line",
        class_=NoticeClass.RESERVED,
        needs=_any(Sign.COPYRIGHT),
    ),
)
NO_RULE = Rule(name="no notice", class_=NoticeClass.NONE, needs=())


def decide(signs: frozenset[Sign]) -> Rule:
    """The first rule that holds."""
    return next((rule for rule in RULES if rule.holds(signs)), NO_RULE)


# In the order of READING.md §5. What a reader owes when they re-publish; so nothing is owed on a
# text that nobody here can give away, and machines aside nothing on a mere copyright line.
_OBLIGATIONS: tuple[tuple[str, frozenset[Sign]], ...] = (
    ("source", frozenset({Sign.MARKS})),
    ("author", frozenset({Sign.MARKS, Sign.AUTHOR})),
    ("link", frozenset({Sign.MARKS, Sign.LINK})),
    ("notice", frozenset({Sign.NOTICE})),
    ("nochange", frozenset({Sign.NOCHANGE})),
    ("noexcerpt", frozenset({Sign.NOEXCERPT})),
    ("noncommercial", frozenset({Sign.NONCOMMERCIAL})),
    ("notify", frozenset({Sign.NOTIFY})),
    ("noprint", frozenset({Sign.NOPRINT})),
    ("nomirror", frozenset({Sign.NOMIRROR})),
    ("noai", frozenset({Sign.NOAI})),
    ("nolink", frozenset({Sign.NOLINK})),
)
_ORDER = (
    *("source", "author", "link", "notice", "nochange", "noexcerpt", "noncommercial"),
    *("sharealike", "notify", "permission", "permission-written", "noprint", "nomirror", "noai"),
    *("nolink", "permission-commercial"),
)


def list_obligations(
    class_: NoticeClass, signs: frozenset[Sign], license_: License | None
) -> tuple[str, ...]:
    """What the notice asks of whom it lets re-publish, in the order of the closed list."""
    if class_ in (NoticeClass.NONE, NoticeClass.THIRD_PARTY):
        return ()
    if class_ is NoticeClass.RESERVED:
        return ("noai",) if Sign.NOAI in signs else ()
    owed = {name for name, needs in _OBLIGATIONS if needs <= signs}
    owed.update(license_.obligations if license_ else ())
    if class_ is NoticeClass.PERMISSION:
        owed.add("permission-written" if Sign.WRITTEN in signs else "permission")
    if class_ is NoticeClass.NC_ATTRIBUTION and Sign.ASKS_COMMERCE in signs:
        # Commerce is not excluded, it has to ask.
        owed.discard("noncommercial")
        owed.add("permission-commercial")
    return tuple(name for name in _ORDER if name in owed)


_KINDS: tuple[tuple[str, frozenset[Sign]], ...] = (
    ("original", frozenset({Sign.ORIGINAL})),
    ("reprint", frozenset({Sign.REPRINTED, Sign.GATHERED})),
    ("compiled", frozenset({Sign.COMPILED})),
    ("translation", frozenset({Sign.TRANSLATED})),
    ("contributed", frozenset({Sign.CONTRIBUTED})),
    ("exclusive", frozenset({Sign.EXCLUSIVE})),
    ("press", frozenset({Sign.PRESS})),
    ("takedown", frozenset({Sign.TAKEDOWN})),
    ("author-agreement", frozenset({Sign.AUTHORS})),
)


def list_kinds(class_: NoticeClass, signs: frozenset[Sign]) -> tuple[str, ...]:
    """What the words say of the article's making; `not-a-notice` first where they are none."""
    kinds = [name for name, any_of in _KINDS if not any_of.isdisjoint(signs)]
    if {"original", "reprint"} <= set(kinds):
        kinds.append("mixed")
    return (*_only_if(class_ is NoticeClass.NONE, "not-a-notice"), *kinds)


def _only_if(condition: bool, name: str) -> Iterable[str]:
    return (name,) if condition else ()
