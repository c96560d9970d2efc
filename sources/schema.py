"""The JSON Schema of a source file, for editors: `python -m sources.schema` writes schema.json.

It knows less than sources.parse: no check digits, no selectors, no zones. What it accepts may
still be wrong; what it refuses is.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from foundation.duration import print_duration
from sources.file import TABLES, SourceTable
from sources.model import Expect, Limits, Rhythm, Rights, Selectors, Source
from sources.values import AUTO

FILE = Path(__file__).with_name("schema.json")

_MODELS = {
    "selectors": Selectors,
    "expect": Expect,
    "rights": Rights,
    "schedule": Rhythm,
    "limits": Limits,
}


def make_schema() -> dict[str, Any]:
    """The schema, with the defaults of sources.model and without pydantic's generated titles."""
    schema = _without_titles(TypeAdapter(SourceTable).json_schema())
    tables = schema["$defs"]
    for key, table in TABLES.items():
        _add_defaults(tables[table.__name__]["properties"], _MODELS[key])
    _add_defaults(schema["properties"], Source)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Kanliu 信源", **schema}


def print_schema() -> str:
    """The schema as schema.json holds it."""
    return json.dumps(make_schema(), ensure_ascii=False, indent=2) + "\n"


def _add_defaults(properties: dict[str, Any], model: type) -> None:
    for key in fields(model):
        if key.name not in properties or key.default is MISSING:
            continue
        known = properties[key.name]
        if key.default is not None:
            known["default"] = _as_toml(key.default)
        elif AUTO in known.get("pattern", ""):
            known["default"] = AUTO


def _as_toml(value: object) -> object:
    match value:
        case timedelta():
            return print_duration(value)
        case tuple():
            return [_as_toml(part) for part in value]
    return value


def _without_titles(node: Any) -> Any:
    """A key named `title` stays: its value is a table, not a text."""
    if isinstance(node, list):
        return [_without_titles(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_titles(value)
        for key, value in node.items()
        if key != "title" or not isinstance(value, str)
    }


if __name__ == "__main__":
    FILE.write_text(print_schema(), encoding="utf-8")
