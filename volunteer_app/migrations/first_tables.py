"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None
branch_labels = ("default",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "association",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("office_hours", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_association_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_event_action_subject_at"),
            ["action", "subject", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_audit_event_subject_id"), ["subject", "id"], unique=False
        )

    op.create_table(
        "key_check",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("index", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_check")),
    )
    op.create_table(
        "recruitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=False),
        sa.Column("age_max", sa.Integer(), nullable=False),
        sa.Column("relaxed_min", sa.Integer(), nullable=True),
        sa.Column("relaxed_max", sa.Integer(), nullable=True),
        sa.Column("age_reference", sa.String(length=32), nullable=False),
        sa.Column("education_min", sa.String(length=32), nullable=False),
        sa.Column("term_years", sa.Integer(), nullable=False),
        sa.Column("term_start", sa.String(length=32), nullable=False),
        sa.Column("term_starts_on", sa.Date(), nullable=True),
        sa.Column("correction_days", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("after_closing", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "term_start <> 'fixed_day' or term_starts_on is not null",
            name=op.f("ck_recruitment_fixed_day_is_given"),
        ),
        sa.CheckConstraint("age_min <= age_max", name=op.f("ck_recruitment_ages_in_order")),
        sa.CheckConstraint(
            "opens_on <= closes_on", name=op.f("ck_recruitment_opens_before_it_closes")
        ),
        sa.CheckConstraint(
            "term_years between 1 and 10", name=op.f("ck_recruitment_term_years_sensible")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recruitment")),
        sa.UniqueConstraint("slug", name=op.f("uq_recruitment_slug")),
    )
    with op.batch_alter_table("recruitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recruitment_opens_on"), ["opens_on"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("invitation_digest", sa.String(length=64), nullable=True),
        sa.Column("invitation_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_fs_uniquifier")),
        sa.UniqueConstraint("invitation_digest", name=op.f("uq_staff_invitation_digest")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("submission_token", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("human_review", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("fields_to_correct", sa.JSON(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id_type", sa.String(length=32), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id_number_last4", sa.String(length=4), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(length=32), nullable=False),
        sa.Column("ethnicity", sa.String(length=20), nullable=False),
        sa.Column("political_status", sa.String(length=32), nullable=False),
        sa.Column("education", sa.String(length=32), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.Column("job_title", sa.String(length=60), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("phone_last4", sa.String(length=4), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("wechat_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("speciality", sa.String(length=1000), nullable=False),
        sa.Column("experience", sa.String(length=1000), nullable=False),
        sa.Column("service_areas", sa.JSON(), nullable=False),
        sa.Column("availability", sa.JSON(), nullable=False),
        sa.Column("health", sa.Boolean(), nullable=False),
        sa.Column("conduct", sa.Boolean(), nullable=False),
        sa.Column("law_knowledge", sa.Boolean(), nullable=False),
        sa.Column("local_knowledge", sa.Boolean(), nullable=False),
        sa.Column("ability", sa.Boolean(), nullable=False),
        sa.Column("obedience", sa.Boolean(), nullable=False),
        sa.Column("unpaid", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id <> proposed_by_id", name=op.f("ck_application_two_people_decide")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_application_confirmed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff.id"], name=op.f("fk_application_proposed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["recruitment_id"],
            ["recruitment.id"],
            name=op.f("fk_application_recruitment_id_recruitment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
        sa.UniqueConstraint("submission_token", name=op.f("uq_application_submission_token")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_all", ["recruitment_id", "id"], unique=False)
        batch_op.create_index(
            "ix_application_all_region", ["recruitment_id", "region", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_id_number_index"), ["id_number_index"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_phone_index"), ["phone_index"], unique=False
        )
        batch_op.create_index(
            "ix_application_queue", ["recruitment_id", "status", "id"], unique=False
        )
        batch_op.create_index(
            "ix_application_queue_outcome",
            ["recruitment_id", "outcome", "status", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_application_queue_region",
            ["recruitment_id", "region", "status", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_application_one_per_person",
            ["recruitment_id", "id_number_index"],
            unique=True,
            sqlite_where=sa.text(
                "status in ('submitted', 'returned', 'awaiting_approval', 'approved')"
            ),
            postgresql_where=sa.text(
                "status in ('submitted', 'returned', 'awaiting_approval', 'approved')"
            ),
        )

    op.create_table(
        "application_count",
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recruitment_id"],
            ["recruitment.id"],
            name=op.f("fk_application_count_recruitment_id_recruitment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "recruitment_id", "region", "status", name=op.f("pk_application_count")
        ),
    )
    op.create_table(
        "draft",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recruitment_id"], ["recruitment.id"], name=op.f("fk_draft_recruitment_id_recruitment")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_changed_at"), ["changed_at"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_appointment_days_in_order")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_appointment_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recruitment_id"],
            ["recruitment.id"],
            name=op.f("fk_appointment_recruitment_id_recruitment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("application_id", name=op.f("uq_appointment_application_id")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_recruitment_id_id"), ["recruitment_id", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_recruitment_id_region_id"),
            ["recruitment_id", "region", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_region_id"), ["region", "id"], unique=False
        )

    op.create_table(
        "consent_given",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_consent_given_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_given")),
    )
    with op.batch_alter_table("consent_given", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_given_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_decision_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_decision_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_application_id_id"), ["application_id", "id"], unique=False
        )

    op.create_table(
        "name_token",
        sa.Column("token", sa.String(length=2), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_name_token_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token", "application_id", name=op.f("pk_name_token")),
    )
    with op.batch_alter_table("name_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_name_token_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "sighting",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_sighting_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_sighting_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("application_id", "kind", name=op.f("pk_sighting")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_message_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_message_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_message_sent_at_id"), ["sent_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_sent_at_id"))
        batch_op.drop_index(batch_op.f("ix_message_application_id"))

    op.drop_table("message")
    op.drop_table("sighting")
    with op.batch_alter_table("name_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_name_token_application_id"))

    op.drop_table("name_token")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_application_id_id"))

    op.drop_table("decision")
    with op.batch_alter_table("consent_given", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_given_application_id"))

    op.drop_table("consent_given")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_region_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_recruitment_id_region_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_recruitment_id_id"))

    op.drop_table("appointment")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_changed_at"))

    op.drop_table("draft")
    op.drop_table("application_count")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_one_per_person",
            sqlite_where=sa.text(
                "status in ('submitted', 'returned', 'awaiting_approval', 'approved')"
            ),
            postgresql_where=sa.text(
                "status in ('submitted', 'returned', 'awaiting_approval', 'approved')"
            ),
        )
        batch_op.drop_index("ix_application_queue_region")
        batch_op.drop_index("ix_application_queue_outcome")
        batch_op.drop_index("ix_application_queue")
        batch_op.drop_index(batch_op.f("ix_application_phone_index"))
        batch_op.drop_index(batch_op.f("ix_application_id_number_index"))
        batch_op.drop_index("ix_application_all_region")
        batch_op.drop_index("ix_application_all")

    op.drop_table("application")
    op.drop_table("staff")
    with op.batch_alter_table("recruitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recruitment_opens_on"))

    op.drop_table("recruitment")
    op.drop_table("key_check")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_event_action_subject_at"))

    op.drop_table("audit_event")
    op.drop_table("association")
