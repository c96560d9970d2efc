"""What the operator may set, and where each value came from.

Read from kanliu.toml, then KANLIU_* variables, then the command line; the later wins. This module
reads that one file and nothing else: the environment is an argument. How each kind of value is
checked stands in foundation/setting_kinds.py, what each setting means in docs/settings.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping  # noqa: TC003 - get_type_hints reads it
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_origin, get_type_hints

from foundation.errors import SettingsError
from foundation.nearest import did_you_mean
from foundation.setting_kinds import (
    Choice,
    Contact,
    DatabaseUrl,
    Duration,
    Folder,
    InnerError,
    Kind,
    Networks,
    Number,
    Places,
    Program,
    SavedSearch,
    Searches,
    Secret,
    Switch,
    Text,
    WebUrl,
    WebUrls,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE_NAME = "kanliu.toml"
PREFIX = "KANLIU_"
# The only variable that is no setting: it says where the settings are.
FILE_VARIABLE = "KANLIU_SETTINGS"

DEFAULT_ORIGIN = "default"
COMMAND_LINE = "command line"

_LANGUAGES = ("zh-CN", "en")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The effective settings. Each field is a key of kanliu.toml and, in capitals after KANLIU_,
    a variable. `origins` says for each where its value came from; a missing one is the default."""

    data: Annotated[Path, Folder()] = Path("var")
    journals: Annotated[Path, Folder()] = Path("journals")
    database: Annotated[str | None, DatabaseUrl()] = None
    public_url: Annotated[str, WebUrl()] = "http://127.0.0.1:8000"
    host: Annotated[str, Text("a host name or address to listen on")] = "127.0.0.1"
    port: Annotated[int, Number(0, 65535)] = 8000
    contact: Annotated[str | None, Contact()] = None
    allow_addresses: Annotated[tuple[str, ...], Networks()] = ()
    concurrency: Annotated[int, Number(1, 1000)] = 16
    per_host: Annotated[int, Number(1, 16)] = 1
    delay: Annotated[timedelta, Duration("0s", "10m")] = timedelta(seconds=1)
    timeout: Annotated[timedelta, Duration("1s", "5m")] = timedelta(seconds=25)
    size_bytes: Annotated[int, Number(1024, 1024 * _MIB)] = 8 * _MIB
    redirects: Annotated[int, Number(0, 20)] = 5
    robots: Annotated[bool, Switch()] = True
    reactor: Annotated[bool, Switch()] = True
    noncommercial: Annotated[bool, Switch()] = False
    entries: Annotated[int, Number(1, 500)] = 30
    hubs: Annotated[tuple[str, ...], WebUrls()] = ()
    farewell: Annotated[timedelta, Duration("0s", "3650d")] = timedelta(days=90)
    hub: Annotated[bool, Switch()] = False
    tick: Annotated[timedelta, Duration("1s", "1h")] = timedelta(seconds=15)
    requisites: Annotated[int, Number(0, 1000)] = 30
    requisite_bytes: Annotated[int, Number(1024, 1024 * _MIB)] = 8 * _MIB
    page_bytes: Annotated[int, Number(1024, 1024 * _MIB)] = 32 * _MIB
    capture_level: Annotated[int, Number(0, 9)] = 6
    seal: Annotated[bool, Switch()] = True
    copies: Annotated[tuple[str, ...], Places()] = ()
    verify_bytes: Annotated[int, Number(0, 1024 * 1024 * _MIB)] = 10 * 1024 * _MIB
    body_extractor: Annotated[bool, Switch()] = True
    browser: Annotated[Path | None, Program()] = None
    log_level: Annotated[str, Choice(_LOG_LEVELS)] = "INFO"
    language: Annotated[str, Choice(_LANGUAGES)] = "zh-CN"
    operator_token: Annotated[str | None, Secret()] = field(default=None, repr=False)
    searches: Annotated[tuple[SavedSearch, ...], Searches()] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def public(self) -> Path:
        """Where the published files are."""
        return self.data / "public"

    @property
    def warc(self) -> Path:
        """Where the captures are."""
        return self.data / "warc"

    @property
    def database_url(self) -> str:
        """The store's address: as set, or SQLite in the data directory. psycopg is named,
        because SQLAlchemy would look for another driver."""
        if self.database is None:
            return f"sqlite:///{self.data.absolute() / 'kanliu.sqlite'}"
        scheme, rest = self.database.split("://", 1)
        return f"postgresql+psycopg://{rest}" if scheme.startswith("postgres") else self.database

    @property
    def user_agent(self) -> str:
        """The one name that every request carries, with a way to reach the operator."""
        return f"Kanliu/{_version()} (+{self.contact or self.public_url})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """One setting as `kanliu settings` shows it."""

    key: str
    value: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """A value that somebody gave: `where` names it in errors, `origin` in the explanation, and
    `spell` is how keys are written there. `folder` is what its relative paths are relative to."""

    key: str
    value: object
    where: str
    origin: str
    spell: Callable[[str], str] = str
    folder: Path = Path()


def read_settings(
    *,
    file: Path | None = None,
    environ: Mapping[str, str],
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """The effective settings; SettingsError names every fault at once.

    `file` is what `--settings` gave; else KANLIU_SETTINGS, else kanliu.toml in the working
    directory, which may be missing. Overrides that are None were not given.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    faults: list[str] = []
    for given in (
        *_given_in_file(file, environ),
        *_given_in_environ(environ),
        *_given_in_overrides(overrides or {}),
    ):
        try:
            values[given.key] = _check(given)
            origins[given.key] = given.origin
        except InnerError as error:
            faults.append(f"{given.where}{error.key}: {error}")
        except ValueError as error:
            faults.append(f"{given.where}: {error}")
    if faults:
        raise SettingsError("\n".join(faults))
    return _derive(Settings(**values, origins=origins))


def explain(settings: Settings) -> list[Explained]:
    """Every setting with its effective value, as one would write it, and its origin."""
    return [
        Explained(
            key=key,
            value=kind.show(getattr(settings, key)),
            origin=settings.origins.get(key, DEFAULT_ORIGIN),
        )
        for key, kind in _KINDS.items()
    ]


def _given_in_file(file: Path | None, environ: Mapping[str, str]) -> Iterator[_Given]:
    named = file or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    path = named or Path(FILE_NAME)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        if named is None:
            return
        raise SettingsError(f"{path}: there is no such file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    for key, value in values.items():
        yield _Given(
            key=key, value=value, where=f"{path}: {key}", origin=str(path), folder=path.parent
        )


def _given_in_environ(environ: Mapping[str, str]) -> Iterator[_Given]:
    for name, text in sorted(environ.items()):
        # An empty variable is how a shell or a unit file says "not set".
        if name.startswith(PREFIX) and name != FILE_VARIABLE and text:
            key = name.removeprefix(PREFIX).lower()
            yield _Given(
                key=key, value=_read_text(key, text), where=name, origin=name, spell=_variable
            )


def _given_in_overrides(overrides: Mapping[str, object]) -> Iterator[_Given]:
    for key, value in overrides.items():
        if value is not None:
            plain = _read_text(key, str(value)) if isinstance(value, str | Path) else value
            yield _Given(
                key=key, value=plain, where=_option(key), origin=COMMAND_LINE, spell=_option
            )


def _variable(key: str) -> str:
    return PREFIX + key.upper()


def _option(key: str) -> str:
    return "--" + key.replace("_", "-")


def _read_text(key: str, text: str) -> object:
    """The text of a variable or option as kanliu.toml would have it."""
    return _KINDS[key].parse(text) if key in _KINDS else text


def _check(given: _Given) -> object:
    """The value for Settings; ValueError says what was found and what is allowed."""
    kind = _KINDS.get(given.key)
    if kind is None:
        raise ValueError(f"unknown; {did_you_mean(given.key, _KINDS, spell=given.spell)}")
    try:
        return kind.check(given.value, given.folder)
    except InnerError:
        raise
    except ValueError as error:
        found = kind.show(given.value)
        quoted = f'"{found}"' if isinstance(given.value, str) else found
        raise ValueError(f"found {quoted}; allowed is {error}") from error


def _derive(settings: Settings) -> Settings:
    """A public address that nobody gave follows the address that we listen on."""
    if "public_url" in settings.origins:
        return settings
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    bracketed = f"[{host}]" if ":" in host else host
    return replace(settings, public_url=f"http://{bracketed}:{settings.port}")


@cache
def _version() -> str:
    from importlib.metadata import version  # 30 ms that most commands need not pay

    return version("kanliu")


_KINDS: Mapping[str, Kind] = {
    key: hint.__metadata__[0]
    for key, hint in get_type_hints(Settings, include_extras=True).items()
    if get_origin(hint) is Annotated
}
