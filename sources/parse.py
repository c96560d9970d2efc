"""The text of one source file → a Source, or everything that is wrong with it. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from foundation.errors import SourceError
from foundation.ids import check_id
from foundation.nearest import did_you_mean
from foundation.text import without_password
from sources.file import TABLES, SourceTable
from sources.masthead import find_faults, parse_masthead
from sources.model import Expect, Limits, Rhythm, Rights, Selectors, Source
from sources.values import is_hasty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

_SHOWN = 60  # characters of a value that an error repeats

# Keys that are no masthead label in any wording: below [masthead] they are lost, not meant.
_NEVER_LABELS = frozenset(
    {"lists", "homepage", "moved_to", "feed", "zone", "platform", "render", "encoding", "groups"}
)

# Keys whose values go into a Source as they are.
_PLAIN = (
    *("title", "language", "zone", "homepage", "moved_to", "feed"),
    *("platform", "render", "encoding"),
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TOML_LINE = re.compile(r"at line (\d+)")
_BARE_LABEL = re.compile(r"""\s*[^\s"'#=\[]*[^\x00-\x7f"'][^"'=]*=""")
_FULL_WIDTH = re.compile(r"[“”＝［］]")

# pydantic's own kinds of error that our tables can meet, in our words.
_ALLOWED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "list_type": "a list in [ ]",
    "dict_type": "a table",
    "literal_error": "one of {expected}",
    "greater_than_equal": "a whole number, at least {ge}",
    "less_than_equal": "a whole number, at most {le}",
    "too_short": "a list of at least one",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What came of one file. Warnings do not stop a source; someone should look."""

    source: Source | None
    errors: tuple[SourceError, ...] = ()
    warnings: tuple[SourceError, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fault:
    message: str
    key: str | None = None
    is_warning: bool = False


def parse_source(text: str, *, source_id: str, file: str) -> Parsed:
    """The source, unless there are errors; then all of them."""
    faults = list(_find_id_faults(source_id))
    given: SourceTable | None = None
    try:
        values = _parse_toml(text)
        faults += _find_more(values)
        given = _tables().validate_python(values)
    except ValidationError as error:
        known = {fault.key for fault in faults}
        faults += [one for one in map(_translate, error.errors()) if one.key not in known]
    except ValueError as error:
        faults.append(_Fault(message=str(error)))
    errors = [
        SourceError(fault.message, file=file, key=fault.key)
        for fault in faults
        if not fault.is_warning
    ]
    return Parsed(
        source=_make_source(given, source_id, file) if given and not errors else None,
        errors=tuple(errors),
        warnings=tuple(
            SourceError(fault.message, file=file, key=fault.key)
            for fault in faults
            if fault.is_warning
        ),
    )


def _parse_toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = text.split("\n")
        end = f"at line {len(lines)}, column {len(lines[-1]) + 1}"
        message = str(error).replace("at end of document", end)
        raise ValueError(f"is not TOML: {message}{_hint(text, message)}") from error
    except RecursionError as error:
        raise ValueError("is not a source file: its lists or tables are nested too deep") from error


def _hint(text: str, message: str) -> str:
    """The two mistakes that Chinese labels and input methods lead to."""
    match = _TOML_LINE.search(message)
    lines = text.split("\n")
    line = lines[int(match[1]) - 1] if match and int(match[1]) <= len(lines) else ""
    if _FULL_WIDTH.search(line):
        return '; write = " [ ] in half width, not as ＝ “ ” ［ ］'
    if _BARE_LABEL.match(line):
        return '; a Chinese label stands in quotes: "主办单位" = "…"'
    return ""


def _make_source(given: SourceTable, source_id: str, file: str) -> Source:
    """Only what was given is handed on, so that the defaults are those of sources.model."""
    limits: dict[str, Any] = dict(given.get("limits", {}))
    if "recheck" in limits:
        limits["recheck"] = tuple(limits["recheck"])
    plain: dict[str, Any] = {key: value for key, value in given.items() if key in _PLAIN}
    return Source(
        id=source_id,
        file=file,
        lists=tuple(given["lists"]),
        groups=tuple(given.get("groups", ())),
        masthead=parse_masthead(given.get("masthead", {})),
        selectors=Selectors(**given.get("selectors", {})),
        expect=Expect(**given.get("expect", {})),
        rights=Rights(**given.get("rights", {})),
        schedule=Rhythm(**given.get("schedule", {})),
        limits=Limits(**limits),
        **plain,
    )


def _find_id_faults(source_id: str) -> Iterator[_Fault]:
    try:
        check_id(source_id)
    except ValueError as error:
        yield _Fault(message=f'its name gives the id "{source_id}", but {error}')


def _find_more(values: Mapping[str, Any]) -> Iterator[_Fault]:
    """What only two values together show, and what is wrong with the masthead's numbers."""
    labels = values.get("masthead")
    if isinstance(labels, dict):
        for label in sorted(_NEVER_LABELS & labels.keys()):
            yield _Fault(key=f"masthead.{label}", message=f"is no label; {_place_of(label)}")
        for fault in find_faults({k: v for k, v in labels.items() if isinstance(v, str)}):
            key = _path(("masthead", fault.label))
            yield _Fault(key=key, message=fault.message, is_warning=fault.is_warning)
    schedule = values.get("schedule")
    if isinstance(schedule, dict) and is_hasty(schedule.get("every")):
        message = f'found "{schedule["every"]}"; sites are visited gently, "5m" or more is right'
        yield _Fault(key="schedule.every", message=message, is_warning=True)
    expect = values.get("expect")
    if isinstance(expect, dict):
        least, most = expect.get("links_min"), expect.get("links_max")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            message = f"found {most}; allowed is links_min or more, and that is {least}"
            yield _Fault(key="expect.links_max", message=message)


def _translate(details: ErrorDetails) -> _Fault:
    """One error of pydantic in our words."""
    loc, kind, context = details["loc"], details["type"], details.get("ctx", {})
    match kind:
        case "missing":
            message = "is missing; every source needs it"
        case "extra_forbidden":
            message = f"unknown; {_where_it_belongs(loc)}"
        case _:
            allowed = str(context["error"]) if kind == "value_error" else _in_words(kind, context)
            message = f"found {_show(details['input'])}; allowed is {allowed}"
    return _Fault(key=_path(loc), message=message)


def _in_words(kind: str, context: Mapping[str, Any]) -> str:
    return _ALLOWED[kind].format(**context)


def _where_it_belongs(loc: tuple[int | str, ...]) -> str:
    """For an unknown key: the place where there is such a key, or the nearest name here."""
    *outer, name = map(str, loc)
    known = _keys_of(TABLES[outer[0]]) if outer else _keys_of(SourceTable)
    for table, keys in (
        {"": _keys_of(SourceTable)} | {t: _keys_of(TABLES[t]) for t in TABLES}
    ).items():
        if name in keys:
            return _place_of(name, table)
    return did_you_mean(name, known)


def _place_of(key: str, table: str = "") -> str:
    if table:
        return f"it belongs below [{table}]"
    return f"{key} = … belongs at the top, before the first [table]"


def _keys_of(table: type) -> tuple[str, ...]:
    return tuple(get_type_hints(table))


def _path(loc: tuple[int | str, ...]) -> str:
    """`limits.recheck[2]`, `masthead."主办单位"`: as one would write it in TOML."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += ("." if path else "") + (part if _BARE_KEY.fullmatch(part) else f'"{part}"')
    return path


def _show(value: object) -> str:
    match value:
        case str():
            text = without_password(value)
            return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…"'
        case bool():
            return str(value).lower()
        case []:
            return "[]"
        case list():
            return "a list"
        case dict():
            return "a table"
    return str(value)


@cache
def _tables() -> TypeAdapter[SourceTable]:
    return TypeAdapter(SourceTable)
