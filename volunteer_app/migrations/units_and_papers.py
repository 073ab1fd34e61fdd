"""Recommendations of units, their nominees, and attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "units_and_papers"
down_revision = "audit_insert_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("no_uscc_reason", sa.String(length=200), nullable=False),
        sa.Column("identified_by", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_last4", sa.String(length=4), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("content_code", sa.String(length=12), nullable=False),
        sa.Column("sealed_code", sa.String(length=12), nullable=True),
        sa.Column("confirmed_code", sa.String(length=12), nullable=True),
        sa.Column("seal_confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("seal_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "uscc is not null or no_uscc_reason <> ''", name=op.f("ck_recommendation_unit_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["recruitment_id"],
            ["recruitment.id"],
            name=op.f("fk_recommendation_recruitment_id_recruitment"),
        ),
        sa.ForeignKeyConstraint(
            ["seal_confirmed_by_id"],
            ["staff.id"],
            name=op.f("fk_recommendation_seal_confirmed_by_id_staff"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("reference", name=op.f("uq_recommendation_reference")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_recommendation_token_digest")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_recruitment_id_status_id"),
            ["recruitment_id", "status", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_recommendation_uscc"), ["uscc"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_digest", sa.String(length=64), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(case when draft_digest is null then 0 else 1 end)"
            " + (case when application_id is null then 0 else 1 end)"
            " + (case when recommendation_id is null then 0 else 1 end) = 1",
            name=op.f("ck_attachment_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_attachment_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["draft_digest"],
            ["draft.token_digest"],
            name=op.f("fk_attachment_draft_digest_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_attachment_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("slug", name=op.f("uq_attachment_slug")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_draft_digest"), ["draft_digest"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_recommendation_id"), ["recommendation_id"], unique=False
        )

    op.create_table(
        "nominee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id_number_last4", sa.String(length=4), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_nominee_application_id_application"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_nominee_confirmed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_nominee_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee")),
        sa.UniqueConstraint(
            "recommendation_id",
            "id_number_index",
            name=op.f("uq_nominee_recommendation_id_id_number_index"),
        ),
        sa.UniqueConstraint(
            "recommendation_id", "number", name=op.f("uq_nominee_recommendation_id_number")
        ),
        sa.UniqueConstraint("token_digest", name=op.f("uq_nominee_token_digest")),
    )
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nominee_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "nominee_sheet",
        sa.Column("recommendation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("cells_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_nominee_sheet_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recommendation_id", name=op.f("pk_nominee_sheet")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_via", sa.String(length=32), nullable=True))
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("staff_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_draft_staff_id_staff"), "staff", ["staff_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_draft_staff_id"), ["staff_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_staff_id"))
        batch_op.drop_constraint(batch_op.f("fk_draft_staff_id_staff"), type_="foreignkey")
        batch_op.drop_column("staff_id")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("received_via")

    op.drop_table("nominee_sheet")
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nominee_application_id"))

    op.drop_table("nominee")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_recommendation_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_draft_digest"))
        batch_op.drop_index(batch_op.f("ix_attachment_application_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_uscc"))
        batch_op.drop_index(batch_op.f("ix_recommendation_recruitment_id_status_id"))

    op.drop_table("recommendation")
