"""The docs are complete, and what they show is true: links lead somewhere, commands exist with
the options shown, TOML can be read, and every key, setting, command and outcome is explained."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from archive.model import NoticeClass, Outcome
from cli import app
from feeds.channel import ALL, ARCHIVE, MEDIA_TYPES
from feeds.selected import AUTHORS, COLUMNS, GROUPS, ISSUES, SEARCHES
from foundation.settings import Settings
from sources.model import Expect, Limits, Rights, Selectors, Source

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("journals/*.md")])
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
#: Keys of Source that are not keys of its file, or are tables with keys of their own.
NOT_IN_THE_FILE = {"id", "file"}


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def blocks(kind: str) -> list[tuple[str, str]]:
    return [
        (page.relative_to(ROOT).as_posix(), block)
        for page in PAGES
        for language, block in BLOCK.findall(page.read_text("utf-8"))
        if language == kind
    ]


def commands() -> list[tuple[str, str]]:
    """Every line of a shell block that calls kanliu."""
    found = []
    for page, block in blocks("sh"):
        for line in block.splitlines():
            words = line.split("#")[0].strip()
            if re.match(r"(\S*/)?kanliu\s", words):
                found.append((page, words))
    return found


@cache
def known_commands() -> dict[str, set[str]]:
    group = get_command(app)
    return {
        name: {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        | {"--help"}
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = BLOCK.sub("", page.read_text("utf-8"))
    missing = [
        target
        for target in LINK.findall(text)
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize(("page", "command"), commands())
def test_every_command_shown_exists_with_its_options(page: str, command: str) -> None:
    words = shlex.split(command)
    name = words[1]
    assert name in known_commands(), f"{page}: {command}"
    options = {word.split("=")[0] for word in words if word.startswith("--")}
    assert options <= known_commands()[name], f"{page}: {command}"


def test_the_docs_show_commands_at_all() -> None:
    assert len(commands()) > 5


@pytest.mark.parametrize(("page", "block"), blocks("toml"))
def test_every_toml_shown_can_be_read(page: str, block: str) -> None:
    assert tomllib.loads(block), page


@pytest.mark.parametrize("name", sorted(known_commands()))
def test_every_command_has_help_with_an_example(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert "Example: kanliu " + name in " ".join((command.help or "").split())


def explains(text: str, key: str) -> bool:
    """Whether a page has a heading, a table row or a line of its own for a key."""
    return bool(re.search(rf"^(#+ .*|\| *|- *)`?{re.escape(key)}`?\b", text, re.MULTILINE))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_heading(outcome: Outcome) -> None:
    assert f"\n## {outcome.value}\n" in text_of("outcomes.md")


@pytest.mark.parametrize("key", [each.name for each in fields(Settings) if each.name != "origins"])
def test_every_setting_is_explained(key: str) -> None:
    assert explains(text_of("settings.md"), key)


@pytest.mark.parametrize(
    "key",
    [
        each.name
        for table in (Source, Selectors, Expect, Rights, Limits)
        for each in fields(table)
        if each.name not in NOT_IN_THE_FILE
    ],
)
def test_every_key_of_a_source_file_is_explained(key: str) -> None:
    assert re.search(rf"`\[?(\w+\.)?{key}\]?`", text_of("follow-a-journal.md"))


@pytest.mark.parametrize(("name", "media_type"), sorted(MEDIA_TYPES.items()))
def test_every_format_is_explained(name: str, media_type: str) -> None:
    row = rf"^\| .*`{re.escape(name)}` \| `{re.escape(media_type)}` \|"
    assert re.search(row, text_of("feeds.md"), re.MULTILINE)


@pytest.mark.parametrize("folder", [ALL, ARCHIVE, COLUMNS, ISSUES, AUTHORS, GROUPS, SEARCHES])
def test_every_kind_of_feed_has_its_address_in_the_docs(folder: str) -> None:
    assert re.search(rf"^\| .* \| `/.*\b{folder}/.*`", text_of("feeds.md"), re.MULTILINE)


@pytest.mark.parametrize("notice_class", list(NoticeClass))
def test_every_notice_class_is_explained(notice_class: NoticeClass) -> None:
    assert explains(text_of("how-a-page-is-read.md"), notice_class.value)
