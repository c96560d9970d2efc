"""What a person does to an entry: to one that is there, and under their name. Whoever corrects one
and whoever takes one down is told the same, each by an error of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.current import find
from foundation.text import one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.current import Current
    from foundation.errors import KanliuError


def known_entry(connection: Connection, entry_id: str, *, error: type[KanliuError]) -> Current:
    """The entry as it stands; `error` where there is none."""
    known = find(connection, entry_id)
    if known is None:
        raise error(
            f"{entry_id}: no such entry. Next: take the id from the journal's feed (guid in RSS, "
            "id in Atom and JSON)"
        )
    return known


def signature(who: str, why: str, *, of: str, error: type[KanliuError]) -> tuple[str, str]:
    """A name and a reason, each in one line; `error` where one is missing. `of` says of what."""
    signed = one_line(who), one_line(why)
    if not all(signed):
        raise error(
            f"{of} needs a name and a reason. Next: give --who and --why; whoever comes after you "
            "can judge it then"
        )
    return signed
