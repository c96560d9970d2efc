"""Values of archive.model ⇄ JSON documents, without loss. Pure.

Generic over dataclasses: the fields and types are read once a class. A field that has its
default is left out, so documents stay small and an older one reads with the newer class; a key
that no field has (written by a newer class) is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from archive.model import Entry, RawEntry

T = TypeVar("T")
Document = dict[str, Any]
_Codec = Callable[[Any], Any]

# Made once: json.dumps makes one a call when it has options.
_CHINESE_AS_ITSELF = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

#: A raw entry's body is nearly always the entry's own: kept once (encode_raw).
_SHARED = ("text", "html")


def encode_entry(entry: Entry) -> Document:
    """An entry as the store and the metadata records of captures hold it."""
    return encode(entry)


def decode_entry(document: Document) -> Entry:
    """The entry that `encode_entry` was given."""
    return decode(Entry, document)


def encode_raw(raw: RawEntry, entry: Entry) -> Document:
    """A raw entry beside its entry; a body that both share is left to the entry.

    A missing key means "as the entry has it", so an unknown one is written out as null.
    """
    document = encode(raw)
    for name in _SHARED:
        value = getattr(raw, name)
        if value == getattr(entry, name):
            document.pop(name, None)
        else:
            document[name] = value
    return document


def decode_raw(document: Document, entry: Entry) -> RawEntry:
    """The raw entry that `encode_raw` was given, beside the same entry."""
    return decode(RawEntry, {name: getattr(entry, name) for name in _SHARED} | document)


def encode(value: object) -> Document:
    """A dataclass instance as a JSON object."""
    document: Document = {}
    for part in _parts(type(value)):
        held = getattr(value, part.name)
        if not part.has_default or held != part.default:
            document[part.key] = part.encode(held)
    return document


def decode(class_: type[T], document: Mapping[str, Any]) -> T:
    """The instance that `encode` was given."""
    return class_(
        **{
            part.name: part.decode(document[part.key])
            for part in _parts(class_)
            if part.key in document
        }
    )


def write_json(value: object) -> str:
    """JSON text as the database keeps it: Chinese as itself (half the bytes of escapes), unless a
    lone surrogate, which UTF-8 has no form for, slipped through the reader."""
    text = _CHINESE_AS_ITSELF.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


_KNOWN_PARTS: dict[type[Any], tuple[_Part, ...]] = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """One field: its name, its key in JSON, its default and the two ways through."""

    name: str
    key: str
    has_default: bool
    default: Any
    encode: _Codec
    decode: _Codec


def _parts(class_: type[Any]) -> tuple[_Part, ...]:
    if class_ not in _KNOWN_PARTS:
        _KNOWN_PARTS[class_] = tuple(_read_parts(class_))
    return _KNOWN_PARTS[class_]


def _read_parts(class_: type[Any]) -> Iterator[_Part]:
    # The model imports these names for type checkers only.
    names = {"Mapping": Mapping, "datetime": datetime, "timedelta": timedelta}
    hints = get_type_hints(class_, localns=names)
    for field in fields(class_):
        default = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        yield _Part(
            field.name,
            field.name.removesuffix("_"),
            default is not MISSING,
            default,
            *_codec(hints[field.name]),
        )


def _codec(hint: Any) -> tuple[_Codec, _Codec]:
    """How a value of this type is written and read."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (inner,) = (kind for kind in get_args(hint) if kind is not type(None))
        return _or_none(*_codec(inner))
    if origin is tuple:
        return _each(*_codec(get_args(hint)[0]))
    if origin is Mapping:
        return dict, dict
    return _simple_codec(hint)


def _simple_codec(kind: type[Any]) -> tuple[_Codec, _Codec]:
    if kind in (str, int, bool):
        return _same, _same
    if kind is datetime:
        return datetime.isoformat, datetime.fromisoformat
    if kind is timedelta:
        return timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)
    if issubclass(kind, StrEnum):
        return str, kind
    return encode, lambda document: decode(kind, document)


def _same(value: Any) -> Any:
    return value


def _or_none(encode_one: _Codec, decode_one: _Codec) -> tuple[_Codec, _Codec]:
    if encode_one is _same:
        return _same, _same
    return (
        lambda value: None if value is None else encode_one(value),
        lambda value: None if value is None else decode_one(value),
    )


def _each(encode_one: _Codec, decode_one: _Codec) -> tuple[_Codec, _Codec]:
    if encode_one is _same:
        return list, tuple
    return (
        lambda values: [encode_one(value) for value in values],
        lambda values: tuple(decode_one(value) for value in values),
    )


def read_json(text: str | bytes) -> Document:
    """What `write_json` wrote."""
    return cast("Document", json.loads(text))
