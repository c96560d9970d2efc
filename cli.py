"""The operator's door: `kanliu` and its commands, in the order in which they are listed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from commands import (
    again,
    completeness,
    custody,
    entry,
    follow,
    handover,
    service,
    shelves,
    stand,
)
from commands.door import EXIT_LOCKED, EXIT_PERSON, EXIT_USAGE, app, fail
from foundation.errors import (
    CorrectionError,
    DataLockedError,
    KanliuError,
    QueryError,
    SettingsError,
    WithdrawalError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMANDS: tuple[Callable[..., None], ...] = (
    service.demo,
    follow.add,
    follow.check,
    follow.probe,
    stand.read,
    service.poll,
    service.publish,
    service.run,
    service.serve,
    shelves.status,
    shelves.search,
    entry.show,
    follow.pause,
    follow.resume,
    follow.retire,
    shelves.correct,
    custody.seal,
    custody.copy,
    custody.verify,
    entry.withdraw,
    again.reread,
    again.rebuild,
    completeness.complete,
    handover.export,
    service.settings,
)
for each in COMMANDS:
    # A word that begins with - is one that a search does without.
    loose = {"ignore_unknown_options": True} if each is shelves.search else None
    app.command(context_settings=loose)(each)


def main(arguments: Sequence[str] | None = None) -> None:
    """Console script. An error that a person can act on is one sentence on stderr, not a
    traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except DataLockedError as error:
        fail(error, EXIT_LOCKED)
    except (CorrectionError, QueryError, SettingsError, WithdrawalError) as error:
        fail(error, EXIT_USAGE)
    except KanliuError as error:
        fail(error, EXIT_PERSON)
    except BrokenPipeError:
        # `kanliu … | head`: nobody listens any more, also not to what is still in the buffer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_PERSON)


if __name__ == "__main__":
    main()
