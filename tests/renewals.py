"""A volunteer of 2027, the recruitment of 2029, and the way from one to the other."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import APPLICANT, make_application, make_staff
from volunteer_app.db import start_writing
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Channel, Declaration, Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application, Recruitment
from volunteer_app.services import applying, drafting, linking, recruiting, renewing, reviewing
from volunteer_app.services.auditing import staff_actor
from volunteer_app.vault import digest

#: While the recruitment of 2029 is open, and the term of 2027 (to 31 August 2029) still runs.
LATER = dt.datetime(2029, 8, 12, 10, 0, tzinfo=SHANGHAI)
DECLARED = {declaration.value: True for declaration in Declaration} | {
    "consent": True,
    "consent_sensitive": True,
    "consent_public": False,
}


def volunteer(session: Session, **overrides: Any) -> Application:
    """Approved on 12 August 2027, for 1 September 2027 to 31 August 2029."""
    return make_application(session, status=Status.APPROVED, **overrides)


def next_recruitment(session: Session, **values: Any) -> Recruitment:
    """Open from 28 July to 30 August 2029, its terms from 1 September, unless told otherwise."""
    recruitment = recruiting.first_recruitment(dt.date(2029, 7, 28))
    for column, value in values.items():
        setattr(recruitment, column, value)
    start_writing(session)
    session.add(recruitment)
    session.commit()
    return recruitment


def private_link(session: Session, application: Application, now: dt.datetime = LATER) -> str:
    """The token of a private link to renew."""
    start_writing(session)
    link = linking.new_link(session, LinkPurpose.RENEW, application=application, now=now, days=30)
    session.commit()
    return link.open_token(session.info["vault"])


def renewed(
    session: Session,
    earlier: Application,
    recruitment: Recruitment,
    *,
    now: dt.datetime = LATER,
    **changed: Any,
) -> Application:
    """Begun from the earlier one by its private link, changed, declared and submitted."""
    token = secrets.token_urlsafe(24)
    start_writing(session)
    renewing.begin(
        session, earlier, recruitment, token, with_numbers=True, actor=APPLICANT, now=now
    )
    answers = drafting.save_answers(session, token, recruitment.id, DECLARED | changed, now=now)
    session.flush()
    application = applying.submit(
        session,
        recruitment,
        answers,
        submission_token=digest(token),
        channel=Channel.INDIVIDUAL,
        actor=APPLICANT,
        now=now,
    )
    session.commit()
    return application


def approve(session: Session, application: Application, *, now: dt.datetime) -> None:
    reviewer = staff_actor(make_staff(session, Role.REVIEWER))
    move = find_move("approve", Status.SUBMITTED)
    assert move is not None
    start_writing(session)
    reviewing.make_move(session, application, move, actor=reviewer, now=now)
    session.commit()
