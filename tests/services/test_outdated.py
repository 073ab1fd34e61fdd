"""What a message tells must still be so when it leaves."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.messages import MessageKind, MessageStatus, MessageVia
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Message
from volunteer_app.services import calling, delivering, ending


def test_an_approval_is_not_told_after_the_term_was_ended(
    session: Session, actor_for: ActorFor
) -> None:
    application = make_application(session, status=Status.APPROVED)
    query = sa.select(Message).where(Message.kind == MessageKind.APPROVED.value)
    message = session.scalars(query).one()
    assert delivering.outdated(session, message, now=NOW) is None
    actor = actor_for(Role.REVIEWER)
    start_writing(session)
    term = application.appointment
    assert term is not None
    ending.end_early(
        session,
        term,
        reason=EndReason.DIED,
        words="",
        ends_from=term.starts_on,
        actor=actor,
        now=NOW,
    )
    session.commit()

    assert delivering.outdated(session, message, now=NOW) == "已经提前解聘"


def test_the_list_of_calls_loses_its_old_news_once_a_day(session: Session) -> None:
    application = make_application(session, status=Status.APPROVED, email="")
    term = application.appointment
    assert term is not None
    message = session.scalars(sa.select(Message).where(Message.via == MessageVia.PHONE)).one()
    last = dt.datetime.combine(term.ends_on, dt.time(23, 59), tzinfo=SHANGHAI)
    assert calling.clear_outdated(session, now=last) == 0
    assert message.status is MessageStatus.WAITING

    after = last + dt.timedelta(minutes=1)
    assert calling.clear_outdated(session, now=after) == 1
    assert (message.status, message.error) == (MessageStatus.CANCELLED, "聘期已满")
    assert calling.clear_outdated(session, now=after) == 0
