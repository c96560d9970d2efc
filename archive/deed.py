"""What a person does to the archive, and its events in a file of the archive's own before anyone
says that it is done: else it would be lost with the database. Beside a running service too: each
process writes a file of its own, and an event that stands in two of them stands there twice the
same."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from archive.captures import open_captures, write_log
from foundation.errors import CaptureError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.store import Store
    from foundation.settings import Settings


@contextmanager
def open_deed(settings: Settings, store: Store) -> Iterator[None]:
    """Do something to what is kept. The file is begun before, so that what the disk refuses it
    refuses while nothing is done; where nothing is to be told it goes away again. What was done
    before an error is told, too. Whoever calls it holds the data directory, or has a place beside
    (lock.py).

    Raises:
        CaptureError: no file can be written; the words say whether it was done.
        StoreError: the database refused.
    """
    is_begun = is_done = False
    try:
        with open_captures(settings, store, rules="none") as captures:
            captures.begin()
            is_begun = True
            try:
                yield
            except BaseException:
                with suppress(StoreError):
                    write_log(store, captures)
                raise
            is_done = True
    except CaptureError as error:
        if is_begun and not is_done:
            raise
        raise CaptureError(_words(settings, error, is_done=is_done)) from error


def _words(settings: Settings, error: CaptureError, *, is_done: bool) -> str:
    cause = error.__cause__
    why = cause.strerror if isinstance(cause, OSError) else str(error)
    todo = f"Next: free space there and let user id {os.geteuid()} write"
    if is_done:
        return (
            f"{settings.warc}: it is done, and stands in the database alone: no file can be "
            f"written there ({why}). {todo}; the service writes it within a minute then, or "
            "whatever command comes next. Keep the database until then."
        )
    return (
        f"{settings.warc}: no file can be written there ({why}), so nothing was done. {todo}, "
        "and say it again."
    )
