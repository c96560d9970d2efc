"""The example and the page about source files say what the reader does."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import get_type_hints

import pytest

from foundation.ids import RESERVED_IDS
from sources.file import TABLES, SourceTable
from sources.parse import parse_source
from sources.read import Sources, read_sources

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "journals" / "_example.toml"
PAGE = (ROOT / "docs" / "follow-a-journal.md").read_text(encoding="utf-8")
SHOWN = [
    dedent(block)
    for block in re.findall(r"^ *```toml\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
]


def section(heading: str) -> str:
    """The text of the page below a heading, up to the next."""
    return PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def keys_of(table: type) -> list[str]:
    return list(get_type_hints(table))


def test_a_fresh_clone_follows_nobody_and_has_no_error(tmp_path: Path) -> None:
    """What else lies in the folder here is the operator's."""
    for name in (EXAMPLE.name, "README.md"):
        shutil.copy(EXAMPLE.with_name(name), tmp_path)

    assert read_sources(tmp_path) == Sources(sources=())


def test_the_example_loads_without_a_warning_and_shows_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    parsed = parse_source(text, source_id="example", file=EXAMPLE.name)

    assert not parsed.errors
    assert not parsed.warnings
    values = tomllib.loads(text)
    assert list(values) == keys_of(SourceTable)
    for key, table in TABLES.items():
        assert list(values[key]) == keys_of(table)


@pytest.mark.parametrize("text", SHOWN, ids=range(len(SHOWN)))
def test_each_file_that_the_page_shows_loads(text: str) -> None:
    parsed = parse_source(text, source_id="shown", file="shown.toml")

    assert not parsed.errors
    assert not parsed.warnings


def test_the_page_shows_files() -> None:
    assert len(SHOWN) == 2


def test_every_key_has_its_row_on_the_page() -> None:
    top = set(re.findall(r"^\| `(\w+)`", section("Keys at the top"), re.MULTILINE))

    assert top | TABLES.keys() | {"masthead"} == set(keys_of(SourceTable))
    for key, table in TABLES.items():
        rows = re.findall(r"^\| `(\w+)`", section(f"`[{key}]`"), re.MULTILINE)
        assert rows == keys_of(table)
    assert section("`[masthead]`")


def test_the_reserved_names_on_the_page_are_reserved() -> None:
    named = re.search(r"Names of our own pages, such as (.*), are reserved", PAGE)

    assert named
    assert set(re.findall(r"`(\w+)`", named[1])) <= RESERVED_IDS
