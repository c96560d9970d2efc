"""The house keeps its shape: imports run one way, libraries stay in their room, modules small."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Each room, and those directly below it; it may know all that these know. `crawler` and `feeds`
# never meet: the archive is the contract between them. `demo` sits beside the command line.
BELOW = {
    "foundation": [],
    "sources": ["foundation"],
    "archive": ["sources"],
    "crawler": ["archive"],
    "feeds": ["archive"],
    "web": ["feeds"],
    "house": ["crawler", "feeds"],
    "terminal": ["crawler"],
    "scheduler": ["house", "web"],
    "demo": ["scheduler", "terminal"],
    "commands": ["demo"],
    "cli": ["commands"],
}

# Libraries that one room alone may import, so that it can be changed there alone.
AT_HOME = {
    "scrapy": "crawler",
    "twisted": "crawler",
    "playwright": "crawler",
    "trafilatura": "crawler",
    "feedgen": "feeds",
    "apscheduler": "scheduler",
    "sqlalchemy": "archive",
    "alembic": "archive",
    "warcio": "archive",
    "rensa": "archive",
    "fsspec": "archive",
    "pydantic": "sources",
    "opencc": "foundation",
    "typer": "commands",
}

MOST_LINES = 500
# Modules that are longer, each with the reason why splitting would not make it better.
LONG: dict[str, str] = {}

# Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base2"}


def all_below(room: str) -> set[str]:
    return {name for below in BELOW[room] for name in {below, *all_below(below)}}


def modules(room: str) -> list[Path]:
    one = ROOT / f"{room}.py"
    return [one] if one.exists() else sorted((ROOT / room).rglob("*.py"))


def imported(module: Path) -> set[str]:
    """The top names of all that a module imports, inside functions and for types too. What it
    does as a program is left out: `python scheduler.py` is `kanliu run`."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not is_program(node)]
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def is_program(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def shown(module: Path) -> str:
    return str(module.relative_to(ROOT))


ALL_MODULES = [(room, module) for room in BELOW for module in modules(room)]
every_module = pytest.mark.parametrize(
    ("room", "module"), ALL_MODULES, ids=[shown(module) for _, module in ALL_MODULES]
)


@every_module
def test_a_module_imports_only_rooms_below_its_own(room: str, module: Path) -> None:
    astray = imported(module) & BELOW.keys() - {room} - all_below(room)

    assert not astray, f"{shown(module)} may not know {astray}"


@every_module
def test_a_library_is_imported_in_its_own_room_only(room: str, module: Path) -> None:
    astray = {name for name in imported(module) & AT_HOME.keys() if AT_HOME[name] != room}

    assert not astray, f"{astray} belong to {[AT_HOME[name] for name in astray]}"


@every_module
def test_no_module_imports_relatively(room: str, module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))

    assert not [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]


@every_module
def test_a_long_module_has_its_reason_here(room: str, module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    is_long = lines > MOST_LINES

    assert is_long == (shown(module) in LONG), f"{shown(module)} has {lines} lines"


@every_module
def test_a_module_says_what_it_is_for(room: str, module: Path) -> None:
    text = module.read_text(encoding="utf-8")

    assert not text.strip() or ast.get_docstring(ast.parse(text)), shown(module)
    assert module.stem not in EMPTY_NAMES


def test_every_module_and_package_of_the_house_is_on_the_map() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    single = {path.stem for path in ROOT.glob("*.py")}

    assert packages | single == BELOW.keys() | {"tests", "benchmarks"}


def test_a_wheel_holds_every_room() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "setuptools"
    ]
    packed = {name.rstrip("*") for name in tool["packages"]["find"]["include"]}

    assert packed | set(tool["py-modules"]) == BELOW.keys()


def test_no_room_shadows_the_standard_library() -> None:
    assert not BELOW.keys() & sys.stdlib_module_names


def test_the_crawler_and_the_feeds_never_meet() -> None:
    assert "feeds" not in all_below("crawler")
    assert "crawler" not in all_below("feeds")
