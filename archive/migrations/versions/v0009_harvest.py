"""Entries by when their records changed, for those who harvest the archive (archive/harvest.py)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

GONE = "state IN ('retracted', 'withdrawn')"


def upgrade() -> None:
    """By the newest revision; and by the change of state, where that may be the later one."""
    for name, columns in (
        ("entries_changed", ["source_id", "changed", "id"]),
        ("entries_changed_of_all", ["changed", "id"]),
    ):
        op.create_index(name, "entries", columns, unique=False)
    for name, columns in (
        ("entries_gone", ["source_id", "state_since", "id"]),
        ("entries_gone_of_all", ["state_since", "id"]),
    ):
        op.create_index(
            name,
            "entries",
            columns,
            unique=False,
            sqlite_where=sa.text(GONE),
            postgresql_where=sa.text(GONE),
        )
