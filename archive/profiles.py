"""What was learned of each source's article pages: one document, replaced as a whole. What stands
in it is crawler.learn's matter; it can be learned again at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from archive import schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

_P = schema.profiles


def find_profile(connection: Connection, source_id: str) -> dict[str, Any] | None:
    """The document of a source."""
    query = select(_P.c.document).where(_P.c.source_id == source_id)
    return connection.execute(query).scalar_one_or_none()


def keep_profile(
    connection: Connection, source_id: str, document: Mapping[str, Any] | None, now: datetime
) -> None:
    """Put a document in the place of the one before; None leaves none."""
    connection.execute(delete(_P).where(_P.c.source_id == source_id))
    if document is not None:
        row = {"source_id": source_id, "made": now, "document": dict(document)}
        connection.execute(insert(_P), row)
