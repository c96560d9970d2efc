"""The kinds of value that a setting may have: how each is read, checked and shown. Pure.

A kind takes the value as kanliu.toml has it; a variable's text becomes such a value first.
`check` raises ValueError with what is allowed, in words.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from foundation import duration
from foundation.address import parse_networks
from foundation.ids import check_id
from foundation.nearest import did_you_mean
from foundation.text import without_password

NOT_SET = "not set"

# Goes into a header and between parentheses there.
_CONTACT = re.compile(r"https?://[!-'*-;=?-~]+|[!-'*-;=?A-~]+@[!-'*-;=?A-~]+\.[a-zA-Z]{2,}")


class InnerError(ValueError):
    """What is wrong inside a table of settings; `key` says where in it: `.brand.query`."""

    def __init__(self, message: str, *, key: str) -> None:
        self.key = key
        super().__init__(message)


class Kind(ABC):
    """What one setting may be."""

    def parse(self, text: str) -> object:
        """The text of a variable or an option as kanliu.toml would have it."""
        return text

    @abstractmethod
    def check(self, value: object, folder: Path) -> object:
        """The value for Settings; `folder` is what a relative path is relative to."""

    def show(self, value: object) -> str:
        """The value as a person would write it; an address never with its password."""
        return NOT_SET if value is None else without_password(str(value))


@dataclass(frozen=True)
class Text(Kind):
    """One line of printable text."""

    allowed: str

    def check(self, value: object, folder: Path) -> str:
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        raise ValueError(self.allowed)


@dataclass(frozen=True)
class Choice(Kind):
    """One of a closed list, in any case."""

    choices: tuple[str, ...]

    def check(self, value: object, folder: Path) -> str:
        for choice in self.choices:
            if isinstance(value, str) and value.casefold() == choice.casefold():
                return choice
        raise ValueError("one of " + ", ".join(self.choices))


@dataclass(frozen=True)
class Number(Kind):
    """A whole number within bounds."""

    least: int
    most: int

    def parse(self, text: str) -> object:
        return int(text) if re.fullmatch(r"\s*-?[0-9]{1,18}\s*", text) else text

    def check(self, value: object, folder: Path) -> int:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if isinstance(value, int) and is_number and self.least <= value <= self.most:
            return value
        raise ValueError(f"a whole number from {self.least} to {self.most}")


@dataclass(frozen=True)
class Switch(Kind):
    """true or false; in a variable also the words that shells are used to."""

    def parse(self, text: str) -> object:
        match text.strip().casefold():
            case "true" | "yes" | "on" | "1":
                return True
            case "false" | "no" | "off" | "0":
                return False
        return text

    def check(self, value: object, folder: Path) -> bool:
        if isinstance(value, bool):
            return value
        raise ValueError("true or false")

    def show(self, value: object) -> str:
        return str(value).lower()


@dataclass(frozen=True)
class Duration(Kind):
    """A span of time within bounds."""

    least: str
    most: str

    def check(self, value: object, folder: Path) -> timedelta:
        allowed = f"{duration.ALLOWED}, from {self.least} to {self.most}"
        span = value
        if isinstance(value, str):
            try:
                span = duration.parse_duration(value)
            except ValueError as error:
                raise ValueError(allowed) from error
        least, most = duration.parse_duration(self.least), duration.parse_duration(self.most)
        if isinstance(span, timedelta) and least <= span <= most:
            return span
        raise ValueError(allowed)

    def show(self, value: object) -> str:
        return duration.print_duration(value) if isinstance(value, timedelta) else str(value)


@dataclass(frozen=True)
class Folder(Kind):
    """A folder, which need not exist yet."""

    def check(self, value: object, folder: Path) -> Path:
        if isinstance(value, str) and value.strip() and "\0" not in value:
            return folder / Path(value).expanduser()
        raise ValueError("a folder")


@dataclass(frozen=True)
class Program(Kind):
    """A program by its path; whether it is there is looked at when it is needed."""

    def check(self, value: object, folder: Path) -> Path:
        if isinstance(value, str) and value.strip() and "\0" not in value:
            return folder / Path(value).expanduser()
        raise ValueError("the path of a program such as /usr/bin/chromium")


@dataclass(frozen=True)
class Secret(Kind):
    """A token that opens what is closed: never shown, also not where it is refused. 32 signs of
    hexadecimal are 128 bits, which nobody guesses over a network."""

    least: int = 32
    most: int = 256

    def check(self, value: object, folder: Path) -> str:
        length = f"{{{self.least},{self.most}}}"
        if isinstance(value, str) and re.fullmatch(f"[!-~]{length}", value):
            return value
        raise ValueError(
            f"{self.least} to {self.most} ASCII letters, digits and signs without a space; make "
            "one with: openssl rand -hex 32"
        )

    def show(self, value: object) -> str:
        return NOT_SET if value is None else "set, and not shown"


@dataclass(frozen=True)
class DatabaseUrl(Kind):
    """Where the store is, when it is not in the data directory."""

    def check(self, value: object, folder: Path) -> str:
        if isinstance(value, str) and re.match(r"(sqlite|postgres(ql)?(\+psycopg)?)://", value):
            return value
        raise ValueError("sqlite:///FILE or postgresql://USER@HOST/NAME")


@dataclass(frozen=True)
class WebUrl(Kind):
    """The address below which readers find the published files."""

    def check(self, value: object, folder: Path) -> str:
        if isinstance(value, str) and _is_plain_url(value):
            return value.rstrip("/")
        raise ValueError("an address such as https://feeds.example.org, without user, ? or #")


@dataclass(frozen=True)
class WebUrls(Kind):
    """Addresses of other services, in the order given."""

    def parse(self, text: str) -> object:
        return [part for part in re.split(r"[\s,]+", text) if part]

    def check(self, value: object, folder: Path) -> tuple[str, ...]:
        if isinstance(value, list | tuple) and all(
            isinstance(part, str) and _is_plain_url(part) for part in value
        ):
            return tuple(dict.fromkeys(value))
        raise ValueError('a list of addresses such as ["https://hub.example/"]')

    def show(self, value: object) -> str:
        parts = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(part) for part in parts) or NOT_SET


@dataclass(frozen=True)
class Places(Kind):
    """Folders, or addresses of storage, in the order given."""

    _ALLOWED = 'a list of folders and addresses such as ["/mnt/second", "s3://bucket/kanliu"]'

    def parse(self, text: str) -> object:
        return [part for part in re.split(r"[\s,]+", text) if part]

    def check(self, value: object, folder: Path) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(self._ALLOWED)  # noqa: TRY004 - settings collect ValueErrors only
        return tuple(dict.fromkeys(self._place(part, folder) for part in value))

    def show(self, value: object) -> str:
        parts = value if isinstance(value, list | tuple) else [value]
        return ", ".join(without_password(str(part)) for part in parts) or NOT_SET

    def _place(self, part: object, folder: Path) -> str:
        if not isinstance(part, str) or not part.strip() or not part.isprintable():
            raise ValueError(self._ALLOWED)
        if re.match(r"[a-z][a-z0-9+.-]*://.", part):
            return part.rstrip("/")
        return str((folder / Path(part).expanduser()).absolute())


@dataclass(frozen=True)
class Contact(Kind):
    """How a site's people reach the operator."""

    def check(self, value: object, folder: Path) -> str:
        if isinstance(value, str) and _CONTACT.fullmatch(value):
            return value
        raise ValueError("a web address or a mail address, in ASCII and without spaces")


@dataclass(frozen=True)
class Networks(Kind):
    """Networks that may be visited although they are private."""

    def parse(self, text: str) -> object:
        return [part for part in re.split(r"[\s,]+", text) if part]

    def check(self, value: object, folder: Path) -> tuple[str, ...]:
        allowed = 'a list of networks such as ["127.0.0.0/8", "fd00::/8"]'
        if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
            raise ValueError(allowed)
        try:
            return tuple(str(network) for network in parse_networks(value))
        except ValueError as error:
            raise ValueError(f"{allowed}; {error}") from error

    def show(self, value: object) -> str:
        parts = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(part) for part in parts) or NOT_SET


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedSearch:
    """A query with a name: what is found for it has a feed and a page of its own."""

    id: str
    title: str
    query: str


@dataclass(frozen=True)
class Searches(Kind):
    """Saved searches: a table for each, under its id. Whether a query can be understood is
    archive.query's matter."""

    _ALLOWED = 'tables such as [searches.brand] with title = "…" and query = "…"'

    def check(self, value: object, folder: Path) -> tuple[SavedSearch, ...]:
        if not isinstance(value, dict):
            raise ValueError(self._ALLOWED)  # noqa: TRY004 - settings collect ValueErrors only
        return tuple(self._search(id_, said) for id_, said in value.items())

    def show(self, value: object) -> str:
        if not isinstance(value, tuple):
            return super().show(value)
        return "; ".join(f"{each.id}: {each.query}" for each in value) or NOT_SET

    def _search(self, id_: str, said: object) -> SavedSearch:
        try:
            check_id(id_)
        except ValueError as error:
            raise InnerError(f"allowed is {error}", key=f".{id_}") from error
        if not isinstance(said, dict):
            raise InnerError(f"found {said!r}; allowed are {self._ALLOWED}", key=f".{id_}")
        for key in said:
            if key not in ("title", "query"):
                words = did_you_mean(key, ("title", "query"))
                raise InnerError(f"unknown; {words}", key=f".{id_}.{key}")
        title, query = (self._line(said, key, f".{id_}.{key}") for key in ("title", "query"))
        return SavedSearch(id=id_, title=title, query=query)

    def _line(self, said: dict[str, object], key: str, at: str) -> str:
        value = said.get(key)
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        found = "nothing" if value is None else repr(value)
        raise InnerError(f"found {found}; allowed is one line of text", key=at)


def _is_plain_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
    return (
        parts.scheme in ("http", "https")
        and has_host
        and parts.username is None
        and not re.search(r"[\s?#\\]", text)
        and text.isascii()
        and text.isprintable()
    )
