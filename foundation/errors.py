"""The whole tree of errors, named by who must act. Anything else that is raised is our bug.

    KanliuError
    ├── SettingsError        the operator: kanliu.toml or a KANLIU_* variable
    ├── SourceError          the author of a journal's file
    ├── SourceErrors         the same: all errors of one file together
    ├── CorrectionError      who corrects an entry: there is none, or the correction cannot be
    ├── WithdrawalError      who takes an entry down: there is none, or it is down already
    ├── QueryError           who searches: what was asked for cannot be understood
    ├── StoreError           the operator: database, disk
    │   ├── DataLockedError  another instance holds the data directory
    │   ├── CaptureError     a response could not be written down: nothing of it is published
    │   └── DamagedError     a kept file cannot be read, or is not what was written
    ├── PlaceError           the operator: a place of copies is away, or refuses
    └── SiteError            the site; how it ends a poll is `outcome`
        ├── UnreachableError no answer, reset, time-out, 5xx, too large, redirects without end
        ├── RefusedError     robots.txt, 401, 403, 451, an address we do not visit
        ├── BlockedError     a challenge or login page instead of the journal
        ├── MissingError     404, or an error page answered with 200
        └── GoneError        410

A message says what, where and what next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta


class KanliuError(Exception):
    """Base of every error that a person can do something about."""


class SettingsError(KanliuError):
    """A setting is unknown, of the wrong type or out of range."""


class SourceError(KanliuError):
    """A source file cannot be used; `file` and `key` say where."""

    def __init__(self, message: str, *, file: str, key: str | None = None) -> None:
        self.file = file
        self.key = key
        where = f"{file}: {key}: " if key else f"{file}: "
        super().__init__(where + message)


class SourceErrors(KanliuError):  # noqa: N818 - it carries several
    """A source file has errors, and here are all of them."""

    def __init__(self, errors: Sequence[SourceError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


class CorrectionError(KanliuError):
    """What a person says of an entry cannot be: no such entry, field, date or class."""


class WithdrawalError(KanliuError):
    """What a person wants to take down, put back or see cannot be: no such entry or state."""


class QueryError(KanliuError):
    """A query cannot be understood; `at` is the letter where (from 0), `choices` what could stand
    there, where that is a closed list."""

    def __init__(self, message: str, *, at: int = 0, choices: Sequence[str] = ()) -> None:
        self.at = at
        self.choices = tuple(choices)
        super().__init__(message)


class StoreError(KanliuError):
    """The database or the disk refused."""


class DataLockedError(StoreError):
    """Another instance holds the data directory; the message names it."""


class CaptureError(StoreError):
    """A response could not be written to a WARC file."""


class DamagedError(StoreError):
    """A kept file cannot be read, or is not what was written. No copy is made of it."""


class PlaceError(KanliuError):
    """A place where copies are cannot be read or written; what is kept here is not touched."""


class SiteError(KanliuError):
    """A site did not give what was asked for. `retry_after` is what it said about coming back."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class UnreachableError(SiteError):
    """No usable answer came: connection, time-out, 5xx, 429, size, redirects."""


class RefusedError(SiteError):
    """We may not ask: robots.txt, 401, 403, 451, a private address."""


class BlockedError(SiteError):
    """A challenge or login page came instead of the journal."""


class MissingError(SiteError):
    """The page is not there: 404, or an error page that says so under a 200."""


class GoneError(SiteError):
    """The page is gone for good: 410."""
