"""sources.schema: editors know what the reader knows, in one file that is never stale."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from typing import get_type_hints

import jsonschema
import pytest

from archive.model import NoticeClass
from sources.file import TABLES, NoticeClassName, SourceTable
from sources.model import Expect, Limits, Rhythm, Rights, Selectors, Source
from sources.schema import FILE, make_schema, print_schema
from tests.sources.test_parse import HEAD, parse

MODELS = {
    "selectors": Selectors,
    "expect": Expect,
    "rights": Rights,
    "schedule": Rhythm,
    "limits": Limits,
}


def is_accepted(text: str) -> bool:
    validator = jsonschema.Draft7Validator(make_schema())
    return validator.is_valid(tomllib.loads(text))


def test_the_shipped_schema_is_the_one_that_is_made() -> None:
    assert FILE.read_text(encoding="utf-8") == print_schema(), "run: make schema"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(FILE.read_text(encoding="utf-8")))


def test_the_file_has_exactly_the_keys_of_the_model() -> None:
    """`id` and `file` are not written: they are the file's name."""
    top = {one.name for one in fields(Source)} - {"id", "file"}

    assert set(get_type_hints(SourceTable)) == top
    assert TABLES.keys() == MODELS.keys()
    for key, model in MODELS.items():
        assert list(get_type_hints(TABLES[key])) == [one.name for one in fields(model)]


def test_the_notice_classes_are_those_of_the_archive() -> None:
    assert list(NoticeClassName.__args__) == [one.value for one in NoticeClass]


def test_every_key_is_described_in_both_languages() -> None:
    schema = make_schema()
    keys = dict(schema["properties"])
    for table in schema["$defs"].values():
        assert "(" in table["description"]
        keys |= table["properties"]

    for key, known in keys.items():
        if "$ref" not in known:
            chinese, english = known["description"].split(": ", 1)
            assert not chinese.isascii(), key
            assert english[0].isascii(), key


def test_defaults_are_those_of_the_model() -> None:
    schema = make_schema()

    assert schema["properties"]["zone"]["default"] == Source.__dataclass_fields__["zone"].default
    limits = schema["$defs"]["LimitsTable"]["properties"]
    assert limits["recheck"]["default"] == ["1d", "7d", "30d", "180d"]
    assert "default" not in limits["timeout"]


@pytest.mark.parametrize(
    "added",
    [
        "",
        'zone = "Asia/Shanghai"\nlanguage = "zh-Hant-TW"\nencoding = "GBK"',
        'homepage = "https://h?a=b@c"\nfeed = "http://期刊.example/feed"',
        '[schedule]\nevery = "auto"\n[limits]\ndelay = "0.5s"\nrecheck = []',
        '[masthead]\n"任意标签" = "任意文字"\n[rights]\nnotice = "permission"',
    ],
)
def test_the_schema_refuses_nothing_that_the_reader_takes(added: str) -> None:
    assert parse(HEAD + added).source is not None
    assert is_accepted(HEAD + added)


@pytest.mark.parametrize(
    "added",
    [
        'titel = "x"',
        "groups = 3",
        'homepage = "monthly.example"',
        'language = "zh_CN"',
        '[schedule]\nevery = "2"',
        "[limits]\npages = 0",
        '[rights]\nnotice = "x"',
        '[masthead]\nx = ""',
    ],
)
def test_the_schema_catches_the_common_mistakes_while_they_are_typed(added: str) -> None:
    assert parse(HEAD + added).source is None
    assert not is_accepted(HEAD + added)
