"""Entries that were revised after they had been closed: the instant of it was written as SQLite's
driver writes instants, with a space, and sorted before all others of its day."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE entries SET opened = strftime('%Y-%m-%dT%H:%M:', opened) || "
            "CASE WHEN instr(opened, '.') THEN substr(opened, 18, 9) "
            "ELSE substr(opened, 18, 2) || '.000000' END || 'Z' WHERE opened LIKE '% %'"
        )
