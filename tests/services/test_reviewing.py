"""Moves of staff: who may make which, what each leaves behind, and two people for an exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import APPLICANT, NOW, make_application
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.refusal import AlreadyDecided, Duplicate, NotAllowed
from volunteer_app.domain.vocabulary import (
    Education,
    Role,
    Status,
    TermStart,
    Verdict,
)
from volunteer_app.domain.workflow import MOVES, Move, find_move
from volunteer_app.models import Application, AuditEvent, Decision, Message, Recruitment
from volunteer_app.services import counting, judging, reviewing
from volunteer_app.services.auditing import Actor

ActorFor = Callable[..., Actor]
DUE = dt.date(2027, 8, 20)


def move(session: Session, application: Application, name: str, **how: Any) -> Decision:
    """Make the move of that name from where the application is, and commit."""
    start_writing(session)
    found = find_move(name, application.status)
    assert found is not None
    decision = reviewing.make_move(session, application, found, **{"now": NOW} | how)
    session.commit()
    return decision


def test_an_approval_appoints_for_the_fixed_term(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session)
    reviewer = actor_for(Role.REVIEWER)

    decision = move(session, application, "approve", actor=reviewer)

    assert application.status is Status.APPROVED
    appointment = application.appointment
    assert appointment is not None
    assert (appointment.starts_on, appointment.ends_on) == (
        dt.date(2027, 9, 1),
        dt.date(2029, 8, 31),
    )
    assert (appointment.recruitment_id, appointment.region) == (
        application.recruitment_id,
        application.region,
    )
    assert reviewer.staff is not None
    assert (decision.source, decision.target, decision.staff_id, decision.outcome) == (
        Status.SUBMITTED,
        Status.APPROVED,
        reviewer.staff.id,
        Verdict.PASS,
    )


def test_a_term_may_begin_on_the_day_of_approval(
    session: Session, recruitment: Recruitment, actor_for: ActorFor
) -> None:
    start_writing(session)
    recruitment.term_start = TermStart.APPROVAL_DAY
    session.commit()
    application = make_application(session)

    move(session, application, "approve", actor=actor_for(Role.REVIEWER))

    assert application.appointment is not None
    assert application.appointment.starts_on == dt.date(2027, 8, 12)
    assert application.appointment.ends_on == dt.date(2029, 8, 11)


def test_a_move_is_counted_told_and_remembered_with_it(
    session: Session, actor_for: ActorFor
) -> None:
    application = make_application(session)
    reviewer = actor_for(Role.REVIEWER)

    decision = move(session, application, "reject", actor=reviewer, reason="没有联系上本人")

    assert counting.counts(session, application.recruitment_id, None) == {
        Status.SUBMITTED: 0,
        Status.REJECTED: 1,
    }
    last = session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert (last.kind, last.decision_id) == ("rejected", decision.id)
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "reject"))
    assert (event.actor, event.subject, event.detail) == (
        reviewer.name,
        application.reference,
        {"to": "rejected"},
    )
    assert decision.reason == "没有联系上本人"


@pytest.mark.parametrize("row", MOVES, ids=lambda row: row.key)
@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_only_those_of_the_table_make_a_move(
    session: Session, actor_for: ActorFor, row: Move, role: Role | None
) -> None:
    application = make_application(session, status=row.source)
    actor = APPLICANT if role is None else actor_for(role)
    stored = session.scalar(sa.select(sa.func.count()).select_from(Decision))

    if row.open_to(role):
        how = {"reason": "理由", "due_on": DUE}
        now = NOW + dt.timedelta(days=30)  # what was returned is overdue by then
        move(session, application, row.name, actor=actor, now=now, **how) if can(row) else None
    else:
        with pytest.raises(NotAllowed, match=f"您的角色不能{row.label}。"):
            move(session, application, row.name, actor=actor)
        session.rollback()
        assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == stored
        assert application.status is row.source


def can(row: Move) -> bool:
    """A plain application has nothing to propose."""
    return row.name != "propose"


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SUBMITTED])
def test_whoever_comes_second_reads_where_it_is_now(
    session: Session, actor_for: ActorFor, status: Status
) -> None:
    application = make_application(session, status=status)
    approve = find_move("approve", Status.SUBMITTED)
    assert approve is not None

    start_writing(session)
    with pytest.raises(AlreadyDecided) as refused:
        reviewing.make_move(session, application, approve, actor=actor_for(Role.ADMIN), now=NOW)

    assert refused.value.message == f"这份报名现在是“{status.label}”，不能再通过。"


def test_a_guard_is_asked_with_the_rules_of_today(
    session: Session, recruitment: Recruitment, actor_for: ActorFor
) -> None:
    application = make_application(session, education="senior_high")
    start_writing(session)
    recruitment.education_min = Education.BACHELOR
    session.commit()

    with pytest.raises(NotAllowed, match="“学历”不符合，不能直接通过。"):
        move(session, application, "approve", actor=actor_for(Role.REVIEWER))


def test_a_return_names_fields_and_a_day(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session)

    decision = move(
        session,
        application,
        "return",
        actor=actor_for(Role.REVIEWER),
        reason="请补写",
        fields=["occupation", "address"],
        due_on=DUE,
    )

    assert (application.due_on, application.fields_to_correct) == (DUE, ["occupation", "address"])
    assert (decision.due_on, decision.fields, decision.reason) == (
        DUE,
        ["occupation", "address"],
        "请补写",
    )


def test_an_extension_keeps_what_is_to_be_corrected(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session, status=Status.RETURNED, fields=("address",))
    later = dt.date(2027, 9, 9)

    move(session, application, "extend", actor=actor_for(Role.REVIEWER), due_on=later)

    assert application.status is Status.RETURNED
    assert (application.due_on, application.fields_to_correct) == (later, ["address"])
    assert counting.counts(session, application.recruitment_id, None)[Status.RETURNED] == 1


@pytest.mark.parametrize(
    ("day", "refused"), [(dt.date(2027, 8, 19), True), (dt.date(2027, 8, 20), False)]
)
def test_what_was_returned_is_rejected_only_after_its_day(
    session: Session, actor_for: ActorFor, day: dt.date, refused: bool
) -> None:
    application = make_application(session, status=Status.RETURNED, due_on=dt.date(2027, 8, 19))
    reviewer = actor_for(Role.REVIEWER)
    now = dt.datetime.combine(day, dt.time(0, 0), tzinfo=NOW.tzinfo)

    if refused:
        with pytest.raises(NotAllowed, match="补正期限还没有过"):
            move(session, application, "reject", actor=reviewer, now=now, reason="逾期")
    else:
        move(session, application, "reject", actor=reviewer, now=now, reason="逾期")
        assert application.status is Status.REJECTED
        assert application.due_on is None


def test_a_rejection_is_reopened_by_an_approver(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session, status=Status.REJECTED)

    move(session, application, "reopen", actor=actor_for(Role.APPROVER), reason="申诉有理")

    assert application.status is Status.SUBMITTED
    assert [each.move for each in application.decisions] == ["submit", "reject", "reopen"]


def test_a_rejection_is_not_reopened_beside_a_second_application(
    session: Session, actor_for: ActorFor
) -> None:
    first = make_application(session, status=Status.REJECTED)
    number = first.open("id_number", vault_of(session))
    second = make_application(session, id_number=number)

    with pytest.raises(Duplicate, match="又报了一份"):
        move(session, first, "reopen", actor=actor_for(Role.APPROVER), reason="申诉有理")

    session.rollback()
    assert (first.status, second.status) == (Status.REJECTED, Status.SUBMITTED)


def test_the_choices_of_a_page_say_which_not_and_why(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session)

    found = reviewing.choices(
        application,
        judging.assess_application(application),
        actor=actor_for(Role.REVIEWER),
        today=dt.date(2027, 8, 12),
    )

    assert {choice.move.name: choice.refusal for choice in found} == {
        "approve": None,
        "propose": "没有需要放宽的条件，请直接通过。",
        "return": None,
        "reject": None,
    }
