"""Delivery of the outbox: status, leases, attempts, the server's words."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "outbox_delivery"
down_revision = "units_and_papers"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_index("ix_message_sent_at_id")
        batch_op.add_column(sa.Column("slug", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("nominee_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("status", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("due_since", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("next_try_at", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("leased_until", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("tried_at", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rounds", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("error", sa.String(length=300), nullable=True))
    _fill()
    with op.batch_alter_table("message") as batch_op:
        for name in ("slug", "status", "due_since", "next_try_at", "attempts", "rounds", "error"):
            batch_op.alter_column(name, nullable=False)
        batch_op.create_unique_constraint("uq_message_slug", ["slug"])
        batch_op.create_foreign_key(
            "fk_message_nominee_id_nominee", "nominee", ["nominee_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index("ix_message_nominee_id", ["nominee_id"])
        batch_op.create_index("ix_message_status_id", ["status", "id"])
        batch_op.create_index("ix_message_due", ["status", "next_try_at"])


def _fill() -> None:
    """What waits keeps waiting; each message gets a name of its own."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "update message set due_since = created_at, next_try_at = created_at, attempts = 0,"
            " rounds = 1, error = '', status = case when sent_at is null then 'waiting'"
            " else 'sent' end"
        )
    )
    ids = connection.scalars(sa.text("select id from message")).all()
    if ids:
        named = [{"id": number, "slug": secrets.token_hex(8)} for number in ids]
        connection.execute(sa.text("update message set slug = :slug where id = :id"), named)


def downgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_index("ix_message_due")
        batch_op.drop_index("ix_message_status_id")
        batch_op.drop_index("ix_message_nominee_id")
        batch_op.drop_constraint("fk_message_nominee_id_nominee", type_="foreignkey")
        batch_op.drop_constraint("uq_message_slug", type_="unique")
        for name in (
            "error", "rounds", "attempts", "tried_at", "leased_until", "next_try_at", "due_since",
            "status", "nominee_id", "slug",
        ):  # fmt: skip
            batch_op.drop_column(name)
        batch_op.create_index("ix_message_sent_at_id", ["sent_at", "id"])
