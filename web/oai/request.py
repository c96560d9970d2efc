"""What a request of OAI-PMH asks for: arguments in, a wish or an error of the protocol out. Pure.
Section numbers are those of the protocol (openarchives.org, document of 2015-01-08)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive.harvest import Span
from web.oai.token import Token, parse_token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "oai_dc"
_LIST = ({"metadataPrefix"}, {"from", "until", "set"})
#: The required and the optional arguments of each verb; lists take a token in place of all.
_ARGUMENTS: Mapping[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}
_WITH_TOKEN = ("ListIdentifiers", "ListRecords", "ListSets")
_DAY, _SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"
# What the protocol's schema lets stand there. An identifier is a URI (RFC 3986) in ASCII.
_SYNTAX: Mapping[str, re.Pattern[str]] = {
    "metadataPrefix": re.compile(r"[A-Za-z0-9\-_.!~*'()]+"),
    "set": re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*"),
    "identifier": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+"),
    "from": re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?", re.ASCII),
    "until": re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?", re.ASCII),
}
_ENDLESS = datetime.max.replace(tzinfo=UTC)


class RefusedHarvest(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """The answer is this error of the protocol (section 3.6), in these words. `arguments` are what
    the answer may repeat of the request: nothing where the request itself is wrong."""

    def __init__(self, code: str, words: str, arguments: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.words = words
        self.arguments = dict(arguments or {})
        super().__init__(f"{code}: {words}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for. `arguments` are those of the request, verb and all."""

    verb: str
    arguments: Mapping[str, str]
    span: Span = Span()  # noqa: RUF009 - frozen
    token: Token | None = None
    identifier: str | None = None


def parse_wish(pairs: Sequence[tuple[str, str]]) -> Wish:
    """The wish in the arguments, as they stood in the address or in the form.

    Raises:
        RefusedHarvest: with badVerb, badArgument, badResumptionToken or cannotDisseminateFormat.
    """
    verb = _verb(pairs)
    arguments = _arguments(verb, pairs)
    if (text := arguments.get("resumptionToken")) is not None:
        return Wish(verb=verb, arguments=arguments, token=_token(verb, text, arguments))
    span = Span(source_id=arguments.get("set"), begin=_begin(arguments), end=_end(arguments))
    if arguments.get("metadataPrefix", PREFIX) != PREFIX:
        words = f"only {PREFIX} is given here"
        raise RefusedHarvest("cannotDisseminateFormat", words, arguments)
    return Wish(verb=verb, arguments=arguments, span=span, identifier=arguments.get("identifier"))


def _verb(pairs: Sequence[tuple[str, str]]) -> str:
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _ARGUMENTS:
        told = "there is none" if not verbs else "it is repeated or none of the protocol's"
        raise RefusedHarvest("badVerb", f"{told}; verb is one of {', '.join(_ARGUMENTS)}")
    return verbs[0]


def _arguments(verb: str, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """All arguments once, those that the verb takes, each in its own syntax."""
    required, optional = _ARGUMENTS[verb]
    counts = Counter(name for name, _ in pairs)
    given = dict(pairs)
    if repeated := [name for name, count in counts.items() if count > 1]:
        raise RefusedHarvest("badArgument", f"{repeated[0][:40]} is repeated")
    if "resumptionToken" in given and verb in _WITH_TOKEN:
        required, optional = {"resumptionToken"}, set()
    for name in given:
        if name not in {"verb", *required, *optional}:
            raise RefusedHarvest("badArgument", f"{verb} takes no {name[:40]} here")
    for name in sorted(required):
        if name not in given:
            raise RefusedHarvest("badArgument", f"{verb} needs {name}")
    for name, pattern in _SYNTAX.items():
        if name in given and not pattern.fullmatch(given[name]):
            raise RefusedHarvest("badArgument", f"{name} is not written as the protocol says")
    return given


def _token(verb: str, text: str, arguments: Mapping[str, str]) -> Token:
    """We give none for sets, so none of them is right."""
    try:
        token = parse_token(text)
    except ValueError as error:
        words = "the token is none that this archive gave"
        raise RefusedHarvest("badResumptionToken", words, _printable(arguments)) from error
    if token.verb != verb:
        words = f"the token goes on with {token.verb}"
        raise RefusedHarvest("badResumptionToken", words, arguments)
    return token


def _printable(arguments: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in arguments.items() if text.isprintable()}


def _begin(arguments: Mapping[str, str]) -> datetime | None:
    text = arguments.get("from")
    return _instant("from", text) if text is not None else None


def _end(arguments: Mapping[str, str]) -> datetime | None:
    """The first instant that does not belong to it: `until` is included (section 2.7.1)."""
    text, begin = arguments.get("until"), arguments.get("from")
    if text is None:
        return None
    if begin is not None and len(begin) != len(text):
        raise RefusedHarvest("badArgument", "from and until differ in their granularity")
    until = _instant("until", text)
    if begin is not None and until < _instant("from", begin):
        raise RefusedHarvest("badArgument", "from is later than until")
    span = timedelta(days=1) if len(text) == len("YYYY-MM-DD") else timedelta(seconds=1)
    return until + span if until < _ENDLESS - span else _ENDLESS


def _instant(name: str, text: str) -> datetime:
    try:
        return datetime.strptime(text, _SECOND if "T" in text else _DAY).replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusedHarvest("badArgument", f"{name} is no day that there is") from error
