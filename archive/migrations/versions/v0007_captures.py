"""The log of events becomes a chain; and which bodies were captured this month."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

from archive.chain import GENESIS, digest_of
from archive.columns import Instant
from archive.model import Event

revision = "0007"
down_revision = "0006"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")

EVENTS = sa.table(
    "events",
    sa.column("number", sa.BigInteger()),
    sa.column("at", Instant()),
    sa.column("kind", sa.Text()),
    sa.column("source_id", sa.Text()),
    sa.column("entry_id", sa.Text()),
    sa.column("detail", sa.JSON()),
    sa.column("previous", sa.Text()),
    sa.column("digest", sa.Text()),
)


def upgrade() -> None:
    """What was logged so far is linked as it stands: from here on nobody alters it unseen. Gaps in
    its numbers, where PostgreSQL gave one to what failed, are closed."""
    op.add_column("events", sa.Column("previous", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("digest", sa.Text(), nullable=True))
    _link()
    with op.batch_alter_table("events") as batch:
        batch.alter_column("previous", existing_type=sa.Text(), nullable=False)
        batch.alter_column("digest", existing_type=sa.Text(), nullable=False)
    _bodies()


def _link() -> None:
    connection = op.get_bind()
    number, digest = 0, GENESIS
    change = (
        sa.update(EVENTS)
        .where(EVENTS.c.number == sa.bindparam("at_number"))
        .values(
            number=sa.bindparam("to_number"),
            previous=sa.bindparam("previous"),
            digest=sa.bindparam("digest"),
        )
    )
    columns = [column for column in EVENTS.c if column.name not in ("previous", "digest")]
    rows = connection.execute(sa.select(*columns).order_by(EVENTS.c.number)).all()
    for row in rows:
        event = Event(
            at=row.at,
            kind=row.kind,
            source_id=row.source_id,
            entry_id=row.entry_id,
            detail=row.detail,
        )
        previous, number = digest, number + 1
        digest = digest_of(event, number=number, previous=previous)
        places = {"at_number": row.number, "to_number": number}
        connection.execute(change, {**places, "previous": previous, "digest": digest})
    if rows:
        facts = sa.table("facts", sa.column("name", sa.Text()), sa.column("value", sa.Text()))
        head = {"name": "events", "value": f"{number} {digest}"}
        connection.execute(sa.insert(facts), head)


def _bodies() -> None:
    op.create_table(
        "bodies",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("first_url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("bodies_source_id_of_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", "month", "url", name=op.f("bodies_key")),
    )
    op.create_index("bodies_digest", "bodies", ["source_id", "month", "digest"], unique=False)
