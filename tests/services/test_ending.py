"""提前解聘: never into the past, with a reason, told, recorded, and taken back by an approver."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.conftest import ActorFor
from tests.factories import NOW, answers
from tests.serving import FIRST, LAST, apply_again, at, end, kinds, make_next_recruitment, make_term
from volunteer_app.db import db, start_writing
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.messages import TOLD_OTHERWISE, MessageStatus, MessageVia
from volunteer_app.domain.refusal import AlreadyDecided, Invalid, NotAllowed, Refused
from volunteer_app.domain.vocabulary import Role, Status, TermStatus
from volunteer_app.models import Appointment, AuditEvent, Ending, Message
from volunteer_app.services import delivering, ending, outbox

DAY = dt.timedelta(days=1)
TODAY = dt.date(2028, 3, 1)
MOMENT = at(TODAY, hour=10)


def undo(session: Session, term: Appointment, actor: Any, *, reason: str = "办错了人") -> Ending:
    start_writing(session)
    term = session.get_one(Appointment, term.id)
    undone = ending.undo(session, term, reason=reason, actor=actor, now=MOMENT)
    session.commit()
    return undone


def test_from_that_day_on_the_term_is_ended_and_before_it_is_as_it_was(
    session: Session, actor_for: ActorFor
) -> None:
    term, reviewer = make_term(session), actor_for(Role.REVIEWER)
    assert reviewer.staff is not None

    made = end(session, term, reviewer, ends_from=TODAY, now=MOMENT)

    assert (made.reason, made.ends_from, made.staff_id, made.at) == (
        EndReason.RESIGNED,
        TODAY,
        reviewer.staff.id,
        MOMENT,
    )
    session.refresh(term)
    assert term.terminated_on == TODAY
    assert term.last_day_served == TODAY - DAY
    assert term.status(TODAY - DAY) is TermStatus.ACTIVE
    assert term.status(TODAY) is TermStatus.TERMINATED
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "end_early"))
    assert event.subject == term.application.reference
    assert event.detail == {"reason": "本人辞去", "terminated_on": "2028-03-01"}


@pytest.mark.parametrize(
    ("moment", "day", "allowed"),
    [
        (at(TODAY, 0, 0), TODAY, True),
        (at(TODAY, 0, 0), TODAY - DAY, False),
        (at(TODAY, 23, 59), TODAY, True),
        (at(TODAY + DAY, 0, 0), TODAY, False),
        (at(TODAY), LAST, True),
        (at(TODAY), LAST + DAY, False),
        (at(LAST, 23, 59), LAST, True),
        (at(FIRST - DAY), FIRST - DAY, True),
    ],
)
def test_the_day_is_from_today_in_shanghai_to_the_last_day(
    session: Session, actor_for: ActorFor, moment: dt.datetime, day: dt.date, allowed: bool
) -> None:
    term, reviewer = make_term(session), actor_for(Role.REVIEWER)

    if allowed:
        end(session, term, reviewer, ends_from=day, now=moment)
    else:
        with pytest.raises(Invalid) as refused:
            end(session, term, reviewer, ends_from=day, now=moment)
        assert refused.value.field == "ends_from"

    session.rollback()
    session.refresh(term)
    assert term.terminated_on == (day if allowed else None)


def test_a_day_in_the_past_is_refused_because_yesterdays_roster_stays(
    session: Session, actor_for: ActorFor
) -> None:
    with pytest.raises(Invalid, match="过去的名册不能改"):
        end(session, make_term(session), actor_for(Role.REVIEWER), ends_from=FIRST, now=MOMENT)


def test_a_term_that_is_over_is_not_ended_once_more(session: Session, actor_for: ActorFor) -> None:
    term, reviewer = make_term(session), actor_for(Role.REVIEWER)

    with pytest.raises(NotAllowed, match="已于2029年8月31日期满"):
        end(session, term, reviewer, ends_from=LAST + DAY, now=at(LAST + DAY, 0, 0))
    end(session, term, reviewer, ends_from=TODAY, now=MOMENT)
    with pytest.raises(AlreadyDecided, match="请复核员先撤销"):
        end(session, term, reviewer, ends_from=TODAY + DAY, now=MOMENT)


@pytest.mark.parametrize("reason", list(EndReason))
def test_who_is_dismissed_or_goes_for_another_reason_is_told_why(
    session: Session, actor_for: ActorFor, reason: EndReason
) -> None:
    term, reviewer = make_term(session), actor_for(Role.REVIEWER)

    if reason in (EndReason.DISMISSED, EndReason.OTHER):
        with pytest.raises(Invalid) as refused:
            end(session, term, reviewer, reason=reason, ends_from=TODAY, now=MOMENT)
        assert refused.value.field == "words"
    end(session, term, reviewer, reason=reason, words="多次缺席", ends_from=TODAY, now=MOMENT)

    assert kinds(session) == ([] if reason is EndReason.DIED else [f"ended_early:{ref(term)}"])


def ref(term: Appointment) -> str:
    return term.application.reference


def test_only_an_approver_takes_it_back_and_says_why(session: Session, actor_for: ActorFor) -> None:
    term, reviewer = make_term(session), actor_for(Role.REVIEWER)
    approver = actor_for(Role.APPROVER)
    end(session, term, reviewer, ends_from=TODAY, now=MOMENT)

    assert approver.staff is not None
    with pytest.raises(NotAllowed, match="复核员"):
        undo(session, term, reviewer)
    with pytest.raises(Invalid):
        undo(session, term, approver, reason="")
    undone = undo(session, term, approver)

    session.refresh(term)
    assert term.terminated_on is None
    assert term.status(TODAY) is TermStatus.ACTIVE
    assert (undone.undone_by_id, undone.undone_at, undone.undone_reason) == (
        approver.staff.id,
        MOMENT,
        "办错了人",
    )
    with pytest.raises(AlreadyDecided):
        undo(session, term, approver)


def test_it_is_not_taken_back_where_a_later_term_would_overlap(
    session: Session, actor_for: ActorFor
) -> None:
    given = answers()
    term, approver = make_term(session, **given), actor_for(Role.APPROVER)
    end(session, term, approver, ends_from=dt.date(2029, 8, 10), now=at(dt.date(2029, 7, 1)))
    following = make_next_recruitment(session)
    following.term_starts_on = dt.date(2029, 8, 20)
    session.commit()
    apply_again(session, term, given, recruitment=following, status=Status.APPROVED)

    with pytest.raises(NotAllowed, match="本人从2029年8月20日起另有一段聘期"):
        undo(session, term, approver)

    session.rollback()
    later = session.scalars(sa.select(Appointment).where(Appointment.id != term.id)).one()
    end(session, later, approver, ends_from=dt.date(2029, 8, 15), now=at(dt.date(2029, 8, 15)))
    undo(session, term, approver)  # the later one ended before it began: nothing overlaps


def test_a_message_of_an_ending_that_was_taken_back_does_not_leave(
    session: Session, actor_for: ActorFor
) -> None:
    term, approver = make_term(session), actor_for(Role.APPROVER)
    end(session, term, approver, ends_from=TODAY, now=MOMENT)
    message = session.scalars(sa.select(Message).where(Message.kind == "ended_early")).one()
    assert delivering.superseded(session, message) is None

    undo(session, term, approver)

    assert delivering.superseded(session, message) == "提前解聘已经撤销"
    end(session, term, approver, ends_from=TODAY + DAY, now=MOMENT)
    assert delivering.superseded(session, message) == "提前解聘已经撤销"
    assert len(kinds(session)) == 2


@pytest.mark.parametrize(
    ("became", "told"),
    [
        ({"status": MessageStatus.WAITING}, False),
        ({"status": MessageStatus.SENT}, True),
        ({"status": MessageStatus.FAILED}, False),
        ({"status": MessageStatus.CANCELLED, "error": outbox.DROPPED}, False),
        ({"status": MessageStatus.CANCELLED, "error": TOLD_OTHERWISE}, True),
        ({"leased_until": MOMENT}, True),
    ],
)
def test_who_heard_of_an_ending_hears_that_it_was_taken_back(
    session: Session, actor_for: ActorFor, became: dict[str, Any], told: bool
) -> None:
    term, approver = make_term(session), actor_for(Role.APPROVER)
    end(session, term, approver, ends_from=TODAY, now=MOMENT)
    start_writing(session)
    session.execute(sa.update(Message).where(Message.kind == "ended_early").values(became))
    session.commit()

    undo(session, term, approver)

    session.rollback()
    messages = session.scalars(sa.select(Message).where(Message.kind == "ending_undone")).all()
    assert [each.via for each in messages] == ([MessageVia.EMAIL] if told else [])


def test_who_was_rung_up_about_an_ending_is_rung_up_again(
    session: Session, actor_for: ActorFor
) -> None:
    term, approver = make_term(session, email=""), actor_for(Role.APPROVER)
    end(session, term, approver, ends_from=TODAY, now=MOMENT)
    start_writing(session)
    session.execute(sa.update(Message).values(status=MessageStatus.SENT))
    session.commit()

    undo(session, term, approver)

    session.rollback()
    message = session.scalars(sa.select(Message).where(Message.kind == "ending_undone")).one()
    assert (message.via, message.status) == (MessageVia.PHONE, MessageStatus.WAITING)
    assert delivering.superseded(session, message) is None
    end(session, term, approver, ends_from=TODAY + DAY, now=MOMENT)
    assert delivering.superseded(session, message) == "后来又办了提前解聘"


def test_of_two_who_end_one_term_at_once_one_counts(
    app: Flask, session: Session, actor_for: ActorFor
) -> None:
    term = make_term(session)
    reviewers = [actor_for(Role.REVIEWER), actor_for(Role.REVIEWER)]
    with app.app_context():
        sessions = db.sessionmaker

    def press(reviewer: Any) -> None:
        with sessions() as own:
            end(own, term, reviewer, ends_from=TODAY, now=MOMENT)

    with ThreadPoolExecutor(2) as pool:
        errors = [each.exception(20) for each in [pool.submit(press, r) for r in reviewers]]

    lost = [error for error in errors if error is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], Refused | StaleDataError)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Ending.id))) == 1
    assert len(kinds(session)) == 1


def test_now_is_before_the_term(session: Session, actor_for: ActorFor) -> None:
    """Who is appointed but has not begun may resign too: they never serve."""
    term = make_term(session)

    end(session, term, actor_for(Role.REVIEWER), ends_from=NOW.date(), now=NOW)

    session.refresh(term)
    assert term.last_day_served is None
    assert term.status(FIRST) is TermStatus.TERMINATED
