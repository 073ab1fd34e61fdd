"""People at the end of their service: a term of theirs, and a recruitment two years later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import NOW, answers, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.terms import start_of
from volunteer_app.domain.vocabulary import Status
from volunteer_app.models import Appointment, Ending, Message, Recruitment
from volunteer_app.services import ending, recruiting
from volunteer_app.services.auditing import Actor

#: First and last day of a term of the factory's only recruitment.
FIRST, LAST = dt.date(2027, 9, 1), dt.date(2029, 8, 31)


def at(day: dt.date, hour: int = 8, minute: int = 0) -> dt.datetime:
    """That time of that day in Shanghai."""
    return start_of(day) + dt.timedelta(hours=hour, minutes=minute)


def days_before(days: int) -> dt.datetime:
    """A morning so many days before the last day of the term; negative = after it."""
    return at(LAST - dt.timedelta(days=days))


def make_term(session: Session, **given: Any) -> Appointment:
    """Somebody who was approved, committed: their term is from FIRST to LAST."""
    application = make_application(session, status=Status.APPROVED, **given)
    assert application.appointment is not None
    return application.appointment


def make_next_recruitment(session: Session) -> Recruitment:
    """That of 2029: open from 28 July to 30 August, terms from 1 September."""
    start_writing(session)
    following = recruiting.first_recruitment(dt.date(2029, 7, 28))
    session.add(following)
    session.commit()
    return following


def apply_again(
    session: Session,
    term: Appointment,
    given: dict[str, Any],
    *,
    recruitment: Recruitment,
    status: Status = Status.SUBMITTED,
) -> None:
    """The person of `given` in a later recruitment, on its first day."""
    again = answers() | {"id_number": given["id_number"]}
    make_application(
        session,
        status=status,
        recruitment=recruitment,
        now=at(recruitment.opens_on),
        due_on=recruitment.opens_on + dt.timedelta(days=7),
        **again,
    )


def end(
    session: Session,
    term: Appointment,
    actor: Actor,
    *,
    reason: EndReason = EndReason.RESIGNED,
    words: str = "",
    ends_from: dt.date = dt.date(2028, 3, 1),
    now: dt.datetime = NOW,
) -> Ending:
    """End it early, committed."""
    start_writing(session)
    term = session.get_one(Appointment, term.id)
    made = ending.end_early(
        session, term, reason=reason, words=words, ends_from=ends_from, actor=actor, now=now
    )
    session.commit()
    return made


def kinds(session: Session) -> list[str]:
    """The keys of all messages about terms, without the reference."""
    session.rollback()
    keys = session.scalars(sa.select(Message.dedupe_key).order_by(Message.id))
    about_terms = [key for key in keys if key.startswith(("expiring", "ended"))]
    return [key.rpartition(":")[0] for key in about_terms]
