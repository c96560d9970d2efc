"""Who is told of changes (WebSub): what hubs were told last, and the subscriptions of our own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0006"
down_revision = "0005"

INSTANT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """No hub was told of anything yet, and nobody has subscribed."""
    op.create_table(
        "pings",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "topic", name=op.f("pings_key")),
    )
    op.create_table(
        "hubs",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hub", name=op.f("hubs_key")),
    )
    _intents()
    _subscriptions()


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("lease_seconds", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("intents_key")),
    )
    op.create_index("intents_callback", "intents", ["callback", "topic"], unique=True)
    op.create_index("intents_due", "intents", ["due"], unique=False)
    op.create_index("intents_host", "intents", ["host"], unique=False)


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("delivered", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("subscriptions_key")),
    )
    op.create_index("subscriptions_callback", "subscriptions", ["callback", "topic"], unique=True)
    op.create_index("subscriptions_topic", "subscriptions", ["topic"], unique=False)
    op.create_index("subscriptions_host", "subscriptions", ["host"], unique=False)
    op.create_index("subscriptions_expires", "subscriptions", ["expires"], unique=False)
    op.create_index(
        "subscriptions_due",
        "subscriptions",
        ["due"],
        unique=False,
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
