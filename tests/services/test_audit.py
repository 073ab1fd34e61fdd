"""操作日志 is only ever added to: the database itself refuses, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.models import AuditEvent
from volunteer_app.services.auditing import KEEP_DAYS, Actor, count_since, record

ACTOR = Actor(name="staff:lilei", address="192.0.2.7", request_id="abcdef")
REFUSED = "audit rows are"
LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


def recorded(session: Session, at: dt.datetime = NOW) -> AuditEvent:
    start_writing(session)
    record(session, "reveal", "K7M4-2RQX-9", actor=ACTOR, now=at, reason="核对身份")
    session.commit()
    return session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).all()[0]


def test_a_row_says_who_did_what_to_what_when_from_where(session: Session) -> None:
    event = recorded(session)

    assert (event.actor, event.action, event.subject) == ("staff:lilei", "reveal", "K7M4-2RQX-9")
    assert (event.at, event.address, event.request_id) == (NOW, "192.0.2.7", "abcdef")
    assert event.detail == {"reason": "核对身份"}
    assert event.keep_until == dt.date(2027, 8, 12) + dt.timedelta(days=KEEP_DAYS)


@pytest.mark.parametrize("column", ["actor", "action", "subject", "keep_until"])
def test_no_row_is_ever_changed(session: Session, column: str) -> None:
    event = recorded(session, LONG_AGO)

    start_writing(session)
    value = LONG_AGO.date() if column == "keep_until" else "nobody"
    with pytest.raises(DatabaseError, match=REFUSED):
        session.execute(
            sa.update(AuditEvent).where(AuditEvent.id == event.id).values({column: value})
        )
    session.rollback()


def test_no_row_is_deleted_before_its_day(session: Session) -> None:
    recorded(session)

    start_writing(session)
    with pytest.raises(DatabaseError, match=REFUSED):
        session.execute(sa.delete(AuditEvent))
    session.rollback()

    assert len(session.scalars(sa.select(AuditEvent)).all()) == 1


def test_a_row_may_be_deleted_after_its_day(session: Session) -> None:
    old, new = recorded(session, LONG_AGO), recorded(session)

    start_writing(session)
    session.execute(sa.delete(AuditEvent).where(AuditEvent.id == old.id))
    session.commit()

    assert session.scalars(sa.select(AuditEvent.id)).all() == [new.id]


def test_a_table_cannot_be_emptied_past_the_trigger(session: Session) -> None:
    recorded(session)
    if session.get_bind().dialect.name == "sqlite":
        statement = "REPLACE INTO audit_event SELECT * FROM audit_event"
    else:
        statement = "TRUNCATE audit_event"

    start_writing(session)
    with pytest.raises(DatabaseError, match=REFUSED):
        session.execute(sa.text(statement))
    session.rollback()


def test_what_is_undone_leaves_no_row(session: Session) -> None:
    start_writing(session)
    record(session, "reveal", "K7M4-2RQX-9", actor=ACTOR, now=NOW)
    session.flush()
    assert count_since(session, "reveal", "K7M4-2RQX-9", since=LONG_AGO) == 1

    session.rollback()

    assert count_since(session, "reveal", "K7M4-2RQX-9", since=LONG_AGO) == 0


def test_counting_begins_at_a_moment(session: Session) -> None:
    for minutes in (0, 10, 20):
        recorded(session, NOW + dt.timedelta(minutes=minutes))

    def since(minutes: int) -> int:
        start = NOW + dt.timedelta(minutes=minutes)
        return count_since(session, "reveal", "K7M4-2RQX-9", since=start)

    assert [since(0), since(10), since(11), since(21)] == [3, 2, 1, 0]
    assert count_since(session, "reveal", "another", since=NOW) == 0
    assert count_since(session, "export", "K7M4-2RQX-9", since=NOW) == 0


def test_no_row_tells_what_a_person_wrote(session: Session) -> None:
    application = make_application(session, name="李雷", phone="13912345678", occupation="渔夫")

    [event] = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.subject == application.reference)
    )
    told = f"{event.actor}{event.detail}{event.address}"
    assert [word for word in ("李雷", "13912345678", "渔夫") if word in told] == []
