"""Migrations build exactly what the models say, from nothing and back again, on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.conftest import dispose, make_settings
from tests.factories import NOW, make_application
from tests.serving import at
from volunteer_app import migrating
from volunteer_app.app import create_app
from volunteer_app.db import Base, configure_engine, db, wrong_pragmas
from volunteer_app.domain.codes import normalise_reference
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.terms import SHANGHAI, day_of
from volunteer_app.domain.vocabulary import Status
from volunteer_app.models import Appointment, Message
from volunteer_app.services import appointing, daily
from volunteer_app.web.clock import system_clock


@pytest.fixture
def bare(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The program with an empty database."""
    app = create_app(make_settings(empty_database_url, tmp_path))
    yield app
    dispose(app)


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(empty_database_url)
    configure_engine(engine)
    yield engine
    engine.dispose()


def migrate(app: Flask, target: str) -> None:
    with app.app_context():
        migrating.upgrade(app) if target == "heads" else migrating.downgrade(app, target)


def differences(engine: sa.Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def names(engine: sa.Engine) -> dict[str, set[str | None]]:
    """Constraints and indexes of every table; comparison of models leaves some of them out."""
    inspector = sa.inspect(engine)
    found: dict[str, set[str | None]] = {}
    for table in Base.metadata.tables:
        found[table] = {
            *(each["name"] for each in inspector.get_check_constraints(table)),
            *(each["name"] for each in inspector.get_unique_constraints(table)),
            *(each["name"] for each in inspector.get_foreign_keys(table)),
            *(each["name"] for each in inspector.get_indexes(table)),
            inspector.get_pk_constraint(table)["name"],
        }
    return found


def test_the_newest_tables_are_those_of_the_models(bare: Flask, engine: sa.Engine) -> None:
    assert differences(engine) != []

    migrate(bare, "heads")

    assert differences(engine) == []


def test_every_constraint_of_the_models_is_there(
    bare: Flask, engine: sa.Engine, tmp_path: Path
) -> None:
    migrate(bare, "heads")

    migrated = names(engine)

    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert migrated == names(engine)


def test_the_way_down_leaves_nothing_and_the_way_up_works_again(
    bare: Flask, engine: sa.Engine
) -> None:
    migrate(bare, "heads")

    migrate(bare, "base")
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}

    migrate(bare, "heads")
    assert differences(engine) == []


def test_the_last_step_down_takes_the_triggers_and_only_them(
    bare: Flask, engine: sa.Engine
) -> None:
    migrate(bare, "heads")
    insert = sa.text(
        "INSERT INTO audit_event (at, actor, action, subject, detail, address, request_id,"
        " keep_until) VALUES (CURRENT_TIMESTAMP, 'a', 'b', 'c', '{}', '', '', '2999-01-01')"
    )
    with engine.begin() as connection:
        connection.execute(insert)
    with pytest.raises(DatabaseError, match="audit rows are"), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_event"))

    migrate(bare, "first_tables")

    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_event"))
    assert "audit_event" in sa.inspect(engine).get_table_names()


def test_messages_of_an_older_version_are_kept(app: Flask, session: Session) -> None:
    for _person in range(2):
        make_application(session)
    sent, _waiting = session.scalars(sa.select(Message).order_by(Message.id))
    sent.status, sent.sent_at = MessageStatus.SENT, NOW
    session.commit()

    migrate(app, "units_and_papers")
    migrate(app, "heads")

    session.expire_all()
    sent, waiting = session.scalars(sa.select(Message).order_by(Message.id))
    assert (sent.status, sent.sent_at) == (MessageStatus.SENT, NOW)
    assert (waiting.status, waiting.sent_at) == (MessageStatus.WAITING, None)
    assert (waiting.due_since, waiting.next_try_at) == (NOW, NOW)
    assert len(waiting.slug) == len(sent.slug) == 16
    assert waiting.slug != sent.slug


def test_nothing_that_was_stored_is_lost_when_tables_are_built_anew(
    app: Flask, session: Session
) -> None:
    for _person in range(3):
        make_application(session, status=Status.APPROVED)
    before = counted(session)
    assert before["decision"] == 6
    assert before["consent_given"] == 9

    migrate(app, "outbox_delivery")
    migrate(app, "heads")

    assert counted(session) == before | {"job_run": 1}


def test_jobs_are_not_overdue_before_an_upgraded_database_is_two_days_old(
    app: Flask, session: Session
) -> None:
    session.rollback()
    migrate(app, "outbox_delivery")
    migrate(app, "heads")
    upgraded, job = system_clock(), daily.JOBS[0]
    long_ago, runs = upgraded - dt.timedelta(days=99), daily.last_runs(session)

    def overdue(**since: int) -> bool:
        return daily.overdue(runs, job, since=long_ago, now=upgraded + dt.timedelta(**since))

    assert daily.due(session, now=at(day_of(upgraded))) == list(daily.JOBS)
    assert [overdue(), overdue(hours=47), overdue(hours=49)] == [False, False, True]


def test_appointments_of_an_older_version_get_numbers_and_certificates(
    app: Flask, session: Session
) -> None:
    late = dt.datetime(2027, 12, 31, 23, 30, tzinfo=SHANGHAI)
    for created_at in (NOW, NOW, late, late + dt.timedelta(hours=1)):
        application = make_application(session, status=Status.APPROVED)
        assert application.appointment is not None
        application.appointment.created_at = created_at
    session.commit()

    migrate(app, "outbox_delivery")
    migrate(app, "heads")

    session.expire_all()
    appointments = session.scalars(sa.select(Appointment).order_by(Appointment.id)).all()
    assert [(each.year, each.serial) for each in appointments] == [
        (2027, 1), (2027, 2), (2027, 3), (2028, 1)
    ]  # fmt: skip
    codes = {each.code for each in appointments}
    assert len(codes) == 4
    assert all(normalise_reference(code) == code for code in codes)
    assert appointing.next_serial(session, 2027) == 4


def counted(session: Session) -> dict[str, int]:
    """How many rows each table has; nothing stays open."""
    tables = Base.metadata.sorted_tables
    found = {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in tables
    }
    session.rollback()
    return found


def test_a_database_with_old_tables_is_not_ready(bare: Flask) -> None:
    client = bare.test_client()
    assert client.get("/readyz").status_code == 503

    migrate(bare, "heads")

    assert client.get("/readyz").status_code == 200


def test_every_connection_keeps_sqlite_s_promises(bare: Flask, engine_name: str) -> None:
    migrate(bare, "heads")
    promised = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}
    if engine_name == "postgresql":
        promised = {}  # there the server keeps them

    with bare.app_context(), db.engine.connect() as first, db.engine.connect() as second:
        read = [
            {name: each.scalar(sa.text(f"PRAGMA {name}")) for name in promised}
            for each in (first, second)
        ]
        wrong = wrong_pragmas(db.session)

    assert read == [promised, promised]
    assert wrong == []
