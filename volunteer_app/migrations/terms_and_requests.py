"""Certificates and early endings, messages about drafts and units, requests, renewal.

SQLite builds tables anew to change them, so its foreign keys must be off, see migrating.py.
"""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from alembic import op

revision = "terms_and_requests"
down_revision = "outbox_delivery"
branch_labels = None
depends_on = None

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def upgrade() -> None:
    _refuse_foreign_keys()
    _referred_tables()
    _association()
    _appointment()
    _new_tables()
    _begin_of_jobs()
    _message()
    _certificates()
    _check_foreign_keys()


def _refuse_foreign_keys() -> None:
    """Dropping an old table would delete every row that refers to it."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" and connection.scalar(sa.text("pragma foreign_keys")):
        raise RuntimeError("foreign keys must be off while tables are built anew")


def _check_foreign_keys() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        broken = connection.execute(sa.text("pragma foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"rows refer to nothing: {broken[:3]}")


def _referred_tables() -> None:
    for table in ("application", "draft"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("renews_id", sa.Integer(), nullable=True))
            batch_op.create_index(f"ix_{table}_renews_id", ["renews_id"])
            batch_op.create_foreign_key(
                f"fk_{table}_renews_id_application",
                "application",
                ["renews_id"],
                ["id"],
                ondelete="SET NULL",
            )
    for table in ("draft", "recommendation"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("token_sealed", sa.LargeBinary(), nullable=True))
            batch_op.add_column(sa.Column("email_index", sa.LargeBinary(length=32), nullable=True))
            batch_op.create_index(f"ix_{table}_email_index", ["email_index"])
    with op.batch_alter_table("recruitment") as batch_op:
        batch_op.add_column(sa.Column("reminder_days", sa.Integer(), nullable=True))
    op.execute("update recruitment set reminder_days = 5")
    with op.batch_alter_table("decision") as batch_op:
        batch_op.add_column(sa.Column("before_sealed", sa.LargeBinary(), nullable=True))


def _association() -> None:
    with op.batch_alter_table("association") as batch_op:
        batch_op.add_column(sa.Column("certificate_prefix", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("seal_image", sa.LargeBinary(), nullable=True))
    op.execute("update association set certificate_prefix = '晋消志聘'")
    with op.batch_alter_table("association") as batch_op:
        batch_op.alter_column("certificate_prefix", nullable=False)


def _appointment() -> None:
    with op.batch_alter_table("appointment") as batch_op:
        batch_op.add_column(sa.Column("prefix", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("serial", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
    _number_appointments()
    with op.batch_alter_table("appointment") as batch_op:
        for name in ("prefix", "year", "serial", "version"):
            batch_op.alter_column(name, nullable=False)
        batch_op.create_index("ix_appointment_ends_on_id", ["ends_on", "id"])
        batch_op.create_index(
            "ix_appointment_counts",
            ["region", "ends_on", "starts_on", "terminated_on", "recruitment_id"],
        )
        batch_op.create_index(
            "ix_appointment_terminated",
            ["terminated_on", "id"],
            sqlite_where=sa.text("terminated_on is not null"),
            postgresql_where=sa.text("terminated_on is not null"),
        )
        batch_op.create_unique_constraint("uq_appointment_year_serial", ["year", "serial"])


def _number_appointments() -> None:
    """In the order in which they were made, by the calendar of Shanghai."""
    connection = op.get_bind()
    created_in = (
        "cast(strftime('%Y', created_at, '+8 hours') as integer)"
        if connection.dialect.name == "sqlite"
        else "extract(year from created_at at time zone 'Asia/Shanghai')"
    )
    connection.execute(
        sa.text(
            f"update appointment set prefix = '晋消志聘', version = 1, year = {created_in}"  # noqa: S608
        )
    )
    connection.execute(
        sa.text(
            "update appointment set serial = numbered.place from (select id, row_number() over"
            " (partition by year order by id) as place from appointment) as numbered"
            " where numbered.id = appointment.id"
        )
    )


def _certificates() -> None:
    """One for each appointment, with a code of its own, and the last number of each year."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "insert into certificate_counter (year, last)"
            " select year, max(serial) from appointment group by year"
        )
    )
    appointments = connection.execute(sa.text("select id, created_at from appointment")).all()
    if appointments:
        connection.execute(
            sa.text(
                "insert into certificate (appointment_id, code, issued_at, reason)"
                " values (:id, :code, :at, '')"
            ),
            [{"id": each.id, "code": _code(), "at": each.created_at} for each in appointments],
        )


def _code() -> str:
    """Like a reference: eight characters and one that makes the number to the base 18 that they
    write divide by 31."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    total = 0
    for character in drawn:
        total = (total + _ALPHABET.index(character)) * 18 % 31
    return f"{drawn[:4]}-{drawn[4:]}-{_ALPHABET[-total % 31]}"


def _message() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_index("ix_message_due")
        batch_op.add_column(sa.Column("via", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("draft_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("recommendation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recruitment_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("link_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("edited_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
    op.execute("update message set via = 'email'")
    with op.batch_alter_table("message") as batch_op:
        batch_op.alter_column("via", nullable=False)
        batch_op.create_index("ix_message_due", ["status", "via", "next_try_at"])
        batch_op.create_index("ix_message_status_via_id", ["status", "via", "id"])
        batch_op.create_index("ix_message_draft_digest", ["draft_digest"])
        batch_op.create_index("ix_message_recommendation_id", ["recommendation_id"])
        batch_op.create_check_constraint("about_one", _ABOUT_ONE)
        for column, table, key, on_delete in _TOLD_OF:
            batch_op.create_foreign_key(
                f"fk_message_{column}_{table}", table, [column], [key], ondelete=on_delete
            )


_ABOUT_ONE = (
    "(case when draft_digest is null then 0 else 1 end)"
    " + (case when application_id is null then 0 else 1 end)"
    " + (case when recommendation_id is null then 0 else 1 end) = 1"
)
_TOLD_OF = (
    ("draft_digest", "draft", "token_digest", "CASCADE"),
    ("recommendation_id", "recommendation", "id", "CASCADE"),
    ("recruitment_id", "recruitment", "id", None),
    ("request_id", "subject_request", "id", None),
    ("link_digest", "private_link", "token_digest", "SET NULL"),
)


def _new_tables() -> None:
    op.create_table(
        "certificate_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_certificate_counter")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrote", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "wording",
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recruitment_id"],
            ["recruitment.id"],
            name=op.f("fk_wording_recruitment_id_recruitment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recruitment_id", "kind", name=op.f("pk_wording")),
    )
    op.create_table(
        "renewal_wish",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_renewal_wish_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_renewal_wish")),
    )
    with op.batch_alter_table("renewal_wish") as batch_op:
        batch_op.create_index(batch_op.f("ix_renewal_wish_told_at"), ["told_at"], unique=False)

    op.create_table(
        "subject_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff.id"], name=op.f("fk_subject_request_answered_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_subject_request_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_request")),
        sa.UniqueConstraint("slug", name=op.f("uq_subject_request_slug")),
    )
    with op.batch_alter_table("subject_request") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_request_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_subject_request_status_due_on_id"),
            ["status", "due_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_subject_request_one_open",
            ["application_id", "kind"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_certificate_appointment_id_appointment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["staff.id"], name=op.f("fk_certificate_issued_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "ending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("ends_from", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_ending_appointment_id_appointment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ending_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["staff.id"], name=op.f("fk_ending_undone_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending")),
    )
    with op.batch_alter_table("ending") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ending_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "private_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("draft_digest", sa.String(length=64), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_private_link_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["draft_digest"],
            ["draft.token_digest"],
            name=op.f("fk_private_link_draft_digest_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_private_link_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_private_link")),
    )
    with op.batch_alter_table("private_link") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_private_link_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_private_link_draft_digest"), ["draft_digest"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_private_link_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_private_link_recommendation_id"), ["recommendation_id"], unique=False
        )


def _begin_of_jobs() -> None:
    """From now on jobs are run, and only from now on can one be overdue, see services/daily.py."""
    now = dt.datetime.now(dt.UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)  # as all moments are kept there
    columns = (
        sa.column("name", sa.String()),
        sa.column("day", sa.Date()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("wrote", sa.Integer()),
    )
    op.bulk_insert(
        sa.table("job_run", *columns),
        [{"name": "began", "day": now.date(), "at": now, "wrote": 0}],
    )


def downgrade() -> None:
    _refuse_foreign_keys()
    with op.batch_alter_table("message") as batch_op:
        for column, table, _key, _on_delete in _TOLD_OF:
            batch_op.drop_constraint(f"fk_message_{column}_{table}", type_="foreignkey")
        batch_op.drop_constraint("about_one", type_="check")
        for name in ("recommendation_id", "draft_digest", "status_via_id", "due"):
            batch_op.drop_index(f"ix_message_{name}")
    op.execute("delete from message where application_id is null or via <> 'email'")
    with op.batch_alter_table("message") as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.Integer(), nullable=False)
        for column, *_rest in (*_TOLD_OF, ("via",), ("edited_sealed",), ("closed_on",)):
            batch_op.drop_column(column)
        batch_op.create_index("ix_message_due", ["status", "next_try_at"])
    for table in (
        "private_link", "ending", "certificate", "subject_request", "renewal_wish", "wording",
        "job_run", "certificate_counter",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("appointment") as batch_op:
        batch_op.drop_constraint("uq_appointment_year_serial", type_="unique")
        batch_op.drop_index("ix_appointment_counts")
        batch_op.drop_index("ix_appointment_terminated")
        batch_op.drop_index("ix_appointment_ends_on_id")
        for name in ("version", "serial", "year", "prefix"):
            batch_op.drop_column(name)
    with op.batch_alter_table("association") as batch_op:
        batch_op.drop_column("seal_image")
        batch_op.drop_column("certificate_prefix")
    with op.batch_alter_table("decision") as batch_op:
        batch_op.drop_column("before_sealed")
    with op.batch_alter_table("recruitment") as batch_op:
        batch_op.drop_column("reminder_days")
    for table in ("draft", "recommendation"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(f"ix_{table}_email_index")
            batch_op.drop_column("email_index")
            batch_op.drop_column("token_sealed")
    for table in ("application", "draft"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(f"fk_{table}_renews_id_application", type_="foreignkey")
            batch_op.drop_index(f"ix_{table}_renews_id")
            batch_op.drop_column("renews_id")
