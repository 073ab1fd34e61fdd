"""Two terms of one person never have a day in common, whoever acts at once or puts right what."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import ActorFor
from tests.factories import NOW, answers, make_application
from tests.renewals import LATER, approve, next_recruitment, renewed
from tests.serving import at, end
from volunteer_app.db import db, start_writing
from volunteer_app.domain.refusal import NotAllowed
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application, Appointment
from volunteer_app.services import appointing, correcting, ending, reviewing
from volunteer_app.services.auditing import Actor

Sessions = sessionmaker[Session]
Days = tuple[dt.date, dt.date]
FIRST_TERM = (dt.date(2027, 9, 1), dt.date(2029, 8, 31))
#: Would begin in the middle of that one.
INSIDE = dt.date(2028, 9, 1)


@pytest.fixture
def sessions(app: Flask) -> Sessions:
    with app.app_context():
        return db.sessionmaker


def applied_twice(session: Session, status: Status = Status.SUBMITTED) -> tuple[str, str]:
    """One person in the recruitment of 2027, with that status, and in that of 2029, whose terms
    begin INSIDE the other's; their references."""
    given = answers()
    first = make_application(session, status=status, **given).reference
    following = next_recruitment(session, term_starts_on=INSIDE)
    now = at(following.opens_on)
    second = make_application(session, recruitment=following, now=now, **given).reference
    return first, second


def press(session: Session, reference: str, reviewer: Actor) -> None:
    """通过 in a writer's turn, not yet committed."""
    start_writing(session)
    move = find_move("approve", Status.SUBMITTED)
    assert move is not None
    query = sa.select(Application).where(Application.reference == reference)
    application = session.scalars(query).one()
    reviewing.make_move(session, application, move, actor=reviewer, now=LATER)
    session.flush()


def held_up(waiting: Future[Any]) -> None:
    with pytest.raises(TimeoutError):
        waiting.result(0.5)


def days(session: Session) -> list[Days]:
    session.rollback()
    session.expire_all()
    terms = session.scalars(sa.select(Appointment).order_by(Appointment.starts_on))
    return [(term.starts_on, term.last_day_served or term.starts_on) for term in terms]


def test_two_approvals_of_one_person_at_once_do_not_overlap(
    sessions: Sessions, session: Session, actor_for: ActorFor
) -> None:
    first, second = applied_twice(session)
    reviewer = actor_for(Role.REVIEWER)
    session.rollback()

    def other() -> None:
        with sessions() as own:
            press(own, second, reviewer)
            own.commit()

    with ThreadPoolExecutor(1) as pool:
        with sessions() as own:
            press(own, first, reviewer)
            waiting = pool.submit(other)
            held_up(waiting)
            own.commit()
        waiting.result(timeout=20)

    assert days(session) == [FIRST_TERM, (dt.date(2029, 9, 1), dt.date(2031, 8, 31))]


def test_an_ending_taken_back_while_a_renewal_is_approved_does_not_overlap(
    sessions: Sessions, session: Session, actor_for: ActorFor
) -> None:
    first, second = applied_twice(session, Status.APPROVED)
    approver = actor_for(Role.APPROVER)
    term = session.scalars(sa.select(Appointment)).one()
    end(session, term, approver, ends_from=dt.date(2028, 3, 1), now=NOW)
    session.rollback()

    def take_back() -> None:
        with sessions() as own:
            start_writing(own)
            found = own.get_one(Appointment, term.id)
            ending.undo(own, found, reason="办错了", actor=approver, now=LATER)
            own.commit()

    with ThreadPoolExecutor(1) as pool:
        with sessions() as own:
            press(own, second, approver)
            waiting = pool.submit(take_back)
            held_up(waiting)
            own.commit()
        with pytest.raises(NotAllowed, match="另有一段聘期"):
            waiting.result(timeout=20)

    assert first != second
    assert days(session) == [
        (dt.date(2027, 9, 1), dt.date(2028, 2, 29)),
        (INSIDE, dt.date(2030, 8, 31)),
    ]


def test_an_approval_while_an_ending_is_taken_back_begins_after_the_whole_term(
    sessions: Sessions, session: Session, actor_for: ActorFor
) -> None:
    _first, second = applied_twice(session, Status.APPROVED)
    approver = actor_for(Role.APPROVER)
    term = session.scalars(sa.select(Appointment)).one()
    end(session, term, approver, ends_from=dt.date(2028, 3, 1), now=NOW)
    session.rollback()

    def other() -> None:
        with sessions() as own:
            start_writing(own)
            kept = own.get_one(Appointment, term.id)  # read before, and held until the end
            press_on(own, second, approver)
            assert kept.terminated_on is None
            own.commit()

    def press_on(own: Session, reference: str, reviewer: Actor) -> None:
        move = find_move("approve", Status.SUBMITTED)
        assert move is not None
        query = sa.select(Application).where(Application.reference == reference)
        reviewing.make_move(own, own.scalars(query).one(), move, actor=reviewer, now=LATER)

    with ThreadPoolExecutor(1) as pool:
        with sessions() as own:
            start_writing(own)
            found = own.get_one(Appointment, term.id)
            ending.undo(own, found, reason="办错了", actor=approver, now=LATER)
            waiting = pool.submit(other)
            held_up(waiting)
            own.commit()
        waiting.result(timeout=20)

    assert days(session) == [FIRST_TERM, (dt.date(2029, 9, 1), dt.date(2031, 8, 31))]


def amend(session: Session, application: Application, number: str, actor: Actor) -> None:
    start_writing(session)
    found = session.get_one(Application, application.id)
    now = at(dt.date(2028, 10, 1))
    corrected = {"id_number": number}
    try:
        correcting.amend(session, found, corrected, reason="写错", actor=actor, now=now)
        session.commit()
    finally:
        session.rollback()


def test_a_number_is_not_put_right_where_terms_of_the_person_would_overlap(
    session: Session, actor_for: ActorFor
) -> None:
    given, admin = answers(), actor_for(Role.ADMIN)
    earlier = make_application(session, status=Status.APPROVED, **given)
    following = next_recruitment(
        session,
        opens_on=dt.date(2028, 7, 28),
        closes_on=dt.date(2028, 8, 30),
        term_starts_on=INSIDE,
    )
    now = at(following.opens_on)
    wrong = make_application(session, status=Status.APPROVED, recruitment=following, now=now)
    number = earlier.appointment.number if earlier.appointment else ""
    index = wrong.id_number_index

    with pytest.raises(NotAllowed, match=number):
        amend(session, wrong, given["id_number"], admin)

    session.expire_all()
    assert session.get_one(Application, wrong.id).id_number_index == index
    assert earlier.appointment is not None
    end(session, earlier.appointment, admin, ends_from=INSIDE, now=NOW)
    amend(session, wrong, given["id_number"], admin)
    session.expire_all()
    assert session.get_one(Application, wrong.id).id_number_index != index


def test_one_person_is_one_through_renewals_under_another_number(
    session: Session, actor_for: ActorFor
) -> None:
    """2027 and 2029 under one number, which is then put right in that of 2029 only: what follows
    in 2031 under the new number still knows of 2027."""
    first = make_application(session, status=Status.APPROVED)
    second = renewed(session, first, next_recruitment(session))
    approve(session, second, now=LATER)
    number = answers()["id_number"]
    amend(session, second, number, actor_for(Role.ADMIN))
    third_call = next_recruitment(
        session,
        slug="2031",
        opens_on=dt.date(2031, 7, 28),
        closes_on=dt.date(2031, 8, 30),
        term_starts_on=dt.date(2031, 9, 1),
    )
    third = make_application(
        session,
        recruitment=third_call,
        now=at(third_call.opens_on),
        **answers(id_number=number),
    )

    found = session.scalars(appointing.other_terms(session, third)).all()

    assert {term.application_id for term in found} == {first.id, second.id}


def leftover(session: Session) -> tuple[Application, Appointment]:
    """Of 2027, still undecided when the person was appointed in that of 2029."""
    given = answers()
    old = make_application(session, **given)
    following = next_recruitment(session)
    now = at(following.opens_on)
    new = make_application(session, recruitment=following, now=now, **given)
    approve(session, new, now=LATER)
    session.refresh(new, ["appointment"])
    assert new.appointment is not None
    return old, new.appointment


def test_an_application_that_was_left_over_is_not_approved_after_a_later_one(
    session: Session,
) -> None:
    old, later = leftover(session)

    with pytest.raises(NotAllowed, match="要到2031年9月1日才开始。请不予通过") as refused:
        approve(session, old, now=LATER)

    session.rollback()
    assert later.number in refused.value.message
    assert days(session) == [(dt.date(2029, 9, 1), dt.date(2031, 8, 31))]


@pytest.mark.parametrize(("starts_on", "waits"), [(INSIDE, True), (dt.date(2029, 9, 1), False)])
def test_the_plan_names_the_term_that_a_renewal_waits_for(
    session: Session, starts_on: dt.date, waits: bool
) -> None:
    given = answers()
    make_application(session, status=Status.APPROVED, **given)
    following = next_recruitment(session, term_starts_on=starts_on)
    now = at(following.opens_on)
    second = make_application(session, recruitment=following, now=now, **given)

    plan = appointing.plan(session, second, today=LATER.date())

    assert (plan.starts_on, plan.refusal) == (dt.date(2029, 9, 1), None)
    assert (plan.after is not None) is waits
    assert plan.words == (
        "本人的聘期（晋消志聘〔2027〕第0001号）到2029年8月31日，"
        "这次从2029年9月1日起，不是从2028年9月1日起。"
        if waits
        else ""
    )
