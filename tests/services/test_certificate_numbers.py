"""聘书编号: from 1 in each year, without a gap, whoever approves at once or gives up."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import ActorFor
from tests.factories import NOW, make_application
from volunteer_app.db import db, start_writing
from volunteer_app.domain.refusal import AlreadyDecided
from volunteer_app.domain.terms import start_of
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application, Appointment, Association, Certificate
from volunteer_app.services import appointing, certifying, reviewing
from volunteer_app.services.auditing import Actor

Sessions = sessionmaker[Session]


@pytest.fixture
def sessions(app: Flask) -> Sessions:
    with app.app_context():
        return db.sessionmaker


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=10) as pool:
        yield pool


def approve(session: Session, reference: str, reviewer: Actor, now: dt.datetime = NOW) -> None:
    """In a writer's turn, not yet committed."""
    start_writing(session)
    query = sa.select(Application).where(Application.reference == reference)
    move = find_move("approve", Status.SUBMITTED)
    assert move is not None
    application = session.scalars(query).one()
    reviewing.make_move(session, application, move, actor=reviewer, now=now)
    session.flush()


def numbers(session: Session) -> list[tuple[int, int]]:
    session.rollback()
    query = sa.select(Appointment.year, Appointment.serial)
    return sorted((year, serial) for year, serial in session.execute(query))


def test_approvals_at_once_and_one_that_is_given_up_leave_no_gap(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session, actor_for: ActorFor
) -> None:
    references = [make_application(session).reference for _ in range(10)]
    reviewer, together = actor_for(Role.REVIEWER), threading.Barrier(10)

    def press(place: int) -> None:
        together.wait(timeout=20)
        with sessions() as own:
            approve(own, references[place], reviewer)
            if place % 3 == 2:
                own.rollback()
            else:
                own.commit()

    for each in [pool.submit(press, place) for place in range(10)]:
        each.result(timeout=60)

    assert numbers(session) == [(2027, serial) for serial in range(1, 8)]


def test_who_gives_up_gives_the_number_back(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session, actor_for: ActorFor
) -> None:
    references = [make_application(session).reference for _ in range(2)]
    reviewer = actor_for(Role.REVIEWER)

    def second() -> None:
        with sessions() as other:
            approve(other, references[1], reviewer)
            other.commit()

    with sessions() as first:
        approve(first, references[0], reviewer)
        waiting = pool.submit(second)
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        first.rollback()
    waiting.result(timeout=20)

    assert numbers(session) == [(2027, 1)]


def test_the_year_of_a_number_turns_at_midnight_in_shanghai(
    session: Session, actor_for: ActorFor
) -> None:
    references = [make_application(session).reference for _ in range(4)]
    reviewer = actor_for(Role.REVIEWER)
    midnight = start_of(dt.date(2028, 1, 1))
    assert midnight.astimezone(dt.UTC).year == 2027

    second = dt.timedelta(seconds=1)
    for reference, now in zip(
        references, (NOW, midnight - second, midnight, midnight), strict=True
    ):
        approve(session, reference, reviewer, now.astimezone(dt.UTC))
        session.commit()

    assert numbers(session) == [(2027, 1), (2027, 2), (2028, 1), (2028, 2)]


def test_a_new_prefix_is_for_new_numbers_only(session: Session, actor_for: ActorFor) -> None:
    references = [make_application(session).reference for _ in range(2)]
    reviewer = actor_for(Role.REVIEWER)
    approve(session, references[0], reviewer)
    session.get_one(Association, 1).certificate_prefix = "晋消志"
    approve_next = references[1]
    session.commit()

    approve(session, approve_next, reviewer)
    session.commit()

    found = session.scalars(sa.select(Appointment).order_by(Appointment.id)).all()
    assert [each.number for each in found] == ["晋消志聘〔2027〕第0001号", "晋消志〔2027〕第0002号"]


def test_the_counter_is_asked_once_for_each_number(session: Session) -> None:
    start_writing(session)

    assert [appointing.next_serial(session, year) for year in (2030, 2030, 2031, 2030)] == [
        1,
        2,
        1,
        3,
    ]


def test_of_two_who_issue_anew_at_once_one_is_told(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session, actor_for: ActorFor
) -> None:
    make_application(session, status=Status.APPROVED)
    approver, together = actor_for(Role.APPROVER), threading.Barrier(2)
    code = session.scalars(sa.select(Certificate.code)).one()
    session.rollback()

    def press() -> None:
        together.wait(timeout=20)
        with sessions() as own:
            start_writing(own)
            term = own.scalars(sa.select(Appointment)).one()
            certifying.reissue(own, term, replaces=code, reason="遗失", actor=approver, now=NOW)
            own.commit()

    errors = [each.exception(timeout=40) for each in [pool.submit(press) for _ in range(2)]]

    assert [type(error) for error in errors if error is not None] == [AlreadyDecided]
    session.rollback()
    valid = sa.select(Certificate.code).where(Certificate.replaced_at.is_(None))
    assert len(session.scalars(valid).all()) == 1
    assert len(session.scalars(sa.select(Certificate)).all()) == 2
