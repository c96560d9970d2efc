"""What hubs were told of our feeds (WebSub), so that each change is told once, also across
restarts. Each method is one transaction. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from archive import schema

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from archive.database import Database

_P, _H = schema.pings, schema.hubs


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """A hub that could not be told `tries` times in a row, and when to try again."""

    tries: int
    due: datetime


class Announcements:
    """A topic is a path of the published tree, a digest what it held when the hub was told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, hub: str) -> dict[str, str]:
        """The digest of each topic as this hub was told of it last."""
        query = select(_P.c.topic, _P.c.digest).where(_P.c.hub == hub)
        with self._database.reading() as connection:
            return {row.topic: row.digest for row in connection.execute(query)}

    def absence(self, hub: str) -> Absence | None:
        """Since when a hub cannot be told; None where it could, or was never tried."""
        with self._database.reading() as connection:
            row = connection.execute(select(_H).where(_H.c.hub == hub)).one_or_none()
        return Absence(tries=row.tries, due=row.due) if row else None

    def tell(self, hub: str, digests: Mapping[str, str]) -> None:
        """The hub knows of these topics as they are by these digests: it is there."""
        rows = [{"hub": hub, "topic": topic, "digest": each} for topic, each in digests.items()]
        with self._database.writing() as connection:
            connection.execute(delete(_H).where(_H.c.hub == hub))
            if rows:
                query = delete(_P).where(_P.c.hub == hub, _P.c.topic.in_(digests))
                connection.execute(query)
                connection.execute(insert(_P), rows)

    def miss(self, hub: str, absence: Absence) -> None:
        """The hub could not be told."""
        row = {"hub": hub, "tries": absence.tries, "due": absence.due}
        with self._database.writing() as connection:
            connection.execute(delete(_H).where(_H.c.hub == hub))
            connection.execute(insert(_H), row)

    def forget_others(self, hubs: Collection[str]) -> None:
        """Only these are our hubs now: one that comes back is told of everything anew."""
        known = select(_P.c.hub).union(select(_H.c.hub))
        with self._database.reading() as connection:
            others = set(connection.scalars(known)) - set(hubs)
        if others:  # seldom: no start waits for the disk without need
            with self._database.writing() as connection:
                for table in (_P, _H):
                    connection.execute(delete(table).where(table.c.hub.in_(others)))
