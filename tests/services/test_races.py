"""Two at once: the database itself decides, nobody gets half, nobody reads an accident."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from tests.conftest import ActorFor
from tests.factories import APPLICANT, NOW, answers, make_application, submit
from volunteer_app.db import db, start_writing
from volunteer_app.domain.refusal import AlreadyDecided, Duplicate
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import (
    Application,
    ApplicationCount,
    Appointment,
    AuditEvent,
    Decision,
    Message,
)
from volunteer_app.services import correcting, counting, reviewing

Sessions = sessionmaker[Session]


@pytest.fixture
def sessions(app: Flask) -> Sessions:
    with app.app_context():
        return db.sessionmaker


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=10) as pool:
        yield pool


@contextmanager
def writing(sessions: Sessions) -> Iterator[Session]:
    """A session of one's own, in its writer's turn; commits at the end."""
    with sessions() as session:
        start_writing(session)
        yield session
        session.commit()


def still_waits(future: Future[Any]) -> bool:
    """Whether the other one is held up by the database, after having had time enough to run."""
    time.sleep(0.3)
    return not future.done()


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_who_comes_second_for_one_person_waits_and_is_refused(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session
) -> None:
    given = answers()

    def second() -> Application:
        with writing(sessions) as other:
            return submit(other, given)

    with writing(sessions) as first:
        stored = submit(first, given)
        refused = pool.submit(second)
        assert still_waits(refused)

    with pytest.raises(Duplicate, match="这个证件号码已经在本次招募中报过名"):
        refused.result(timeout=20)
    assert session.scalars(sa.select(Application.reference)).all() == [stored.reference]
    assert (count(session, Decision), count(session, Message)) == (1, 1)
    assert counting.recount(session) == 0


def test_who_gives_up_leaves_the_place_to_the_other(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session
) -> None:
    given = answers()

    def second() -> str:
        with writing(sessions) as other:
            return submit(other, given).reference

    with sessions() as first:
        start_writing(first)
        submit(first, given)
        waiting = pool.submit(second)
        assert still_waits(waiting)
        first.rollback()

    reference = waiting.result(timeout=20)
    assert session.scalars(sa.select(Application.reference)).all() == [reference]


def test_ten_presses_of_one_button_make_one_application(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session
) -> None:
    given, together = answers(), threading.Barrier(10)

    def press() -> str:
        together.wait(timeout=20)
        with writing(sessions) as own:
            return submit(own, given, token="t" * 64).reference

    references = {each.result(timeout=40) for each in [pool.submit(press) for _ in range(10)]}

    assert len(references) == 1
    assert session.scalars(sa.select(Application.reference)).all() == list(references)
    submitted = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "submit"))
    assert len(submitted.all()) == 1
    assert session.scalars(sa.select(ApplicationCount.count)).all() == [1]


def test_ten_people_at_once_are_all_stored_and_counted(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session
) -> None:
    people, together = [answers() for _ in range(10)], threading.Barrier(10)

    def press(given: dict[str, Any]) -> str:
        together.wait(timeout=20)
        with writing(sessions) as own:
            return submit(own, given).reference

    references = {each.result(timeout=40) for each in [pool.submit(press, p) for p in people]}

    assert set(session.scalars(sa.select(Application.reference))) == references
    assert len(references) == 10
    assert session.scalars(sa.select(ApplicationCount.count)).all() == [10]


def decides(
    sessions: Sessions, reference: str, name: str, reviewer: Any, loaded: Callable[[], Any]
) -> Status:
    """Open the application, wait until `loaded`, then move it."""
    with sessions() as own:
        application = own.scalars(
            sa.select(Application).where(Application.reference == reference)
        ).one()
        own.rollback() if own.get_bind().dialect.name == "sqlite" else None
        loaded()
        if own.get_bind().dialect.name == "sqlite":
            start_writing(own)
        move = find_move(name, Status.SUBMITTED)
        assert move is not None
        reviewing.make_move(own, application, move, actor=reviewer, now=NOW, reason="理由")
        own.commit()
        return application.status


def test_of_two_decisions_on_one_application_one_counts(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session, actor_for: ActorFor
) -> None:
    reference = make_application(session).reference
    together = threading.Barrier(2)
    results = [
        pool.submit(
            decides,
            sessions,
            reference,
            name,
            actor_for(Role.REVIEWER),
            lambda: together.wait(timeout=20),
        )
        for name in ("approve", "reject")
    ]

    errors = [each.exception(timeout=40) for each in results]

    lost = [error for error in errors if error is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], AlreadyDecided | StaleDataError)
    session.rollback()
    decisions = session.scalars(sa.select(Decision.move).order_by(Decision.id)).all()
    assert decisions[0] == "submit"
    assert len(decisions) == 2
    approved = decisions[1] == "approve"
    assert count(session, Appointment) == approved
    assert counting.recount(session) == 0


def test_an_applicant_who_withdraws_and_a_reviewer_who_approves_do_not_both_win(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session, actor_for: ActorFor
) -> None:
    reference = make_application(session).reference
    reviewer = actor_for(Role.REVIEWER)

    with sessions() as first:
        start_writing(first)
        application = first.scalars(
            sa.select(Application).where(Application.reference == reference)
        ).one()
        correcting.withdraw(first, application, actor=APPLICANT, now=NOW)
        other = pool.submit(decides, sessions, reference, "approve", reviewer, lambda: None)
        assert still_waits(other)
        first.commit()

    assert isinstance(other.exception(timeout=20), AlreadyDecided | StaleDataError)
    session.rollback()
    assert session.scalars(sa.select(Application.status)).all() == [Status.WITHDRAWN]
    assert count(session, Appointment) == 0
    assert counting.recount(session) == 0


def test_moves_in_opposite_directions_do_not_block_each_other_for_ever(
    sessions: Sessions, pool: ThreadPoolExecutor, session: Session, actor_for: ActorFor
) -> None:
    """Each move changes two counts; in one order, or two of them could wait for one another."""
    approver = actor_for(Role.APPROVER)
    forth = [make_application(session).reference for _ in range(5)]
    back = [make_application(session, status=Status.REJECTED).reference for _ in range(5)]
    together = threading.Barrier(10)

    def move(reference: str, name: str) -> None:
        together.wait(timeout=20)
        with writing(sessions) as own:
            application = own.scalars(
                sa.select(Application).where(Application.reference == reference)
            ).one()
            found = find_move(name, application.status)
            assert found is not None
            reviewing.make_move(own, application, found, actor=approver, now=NOW, reason="理由")

    moves = [(reference, "reject") for reference in forth] + [(each, "reopen") for each in back]
    for each in [pool.submit(move, *pair) for pair in moves]:
        each.result(timeout=40)

    session.rollback()
    assert counting.recount(session) == 0
    statuses = session.scalars(sa.select(Application.status)).all()
    assert sorted(status.value for status in statuses) == ["rejected"] * 5 + ["submitted"] * 5
