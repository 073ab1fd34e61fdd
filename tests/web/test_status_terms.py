"""The own page of somebody who was approved says how the term stands today."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import ActorFor, Clock
from tests.factories import NOW, make_application
from tests.web.applicants import look_up
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.services import ending


@pytest.mark.parametrize(
    ("day", "heading"),
    [
        ("2027-08-31", "恭喜，您的报名已通过"),
        ("2027-09-01", "您正在聘期内"),
        ("2029-08-31", "您正在聘期内"),
        ("2029-09-01", "聘期已满，感谢您的志愿服务"),
    ],
)
def test_a_volunteer_reads_how_the_term_stands(
    client: Client, session: Session, clock: Clock, day: str, heading: str
) -> None:
    application = make_application(session, status=Status.APPROVED)
    clock.at = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(0, 0), tzinfo=SHANGHAI)

    page = look_up(client, application.reference, application.open("id_number", vault_of(session)))

    assert heading in page.text


def test_whose_term_was_ended_is_not_congratulated(
    client: Client, session: Session, clock: Clock, actor_for: ActorFor
) -> None:
    application = make_application(session, status=Status.APPROVED)
    term = application.appointment
    assert term is not None
    start_writing(session)
    ending.end_early(
        session,
        term,
        reason=EndReason.RESIGNED,
        words="",
        ends_from=dt.date(2028, 3, 1),
        actor=actor_for(Role.REVIEWER),
        now=NOW,
    )
    session.commit()
    number = application.open("id_number", vault_of(session))
    clock.at = dt.datetime(2028, 2, 29, 12, tzinfo=SHANGHAI)
    assert "2028年3月1日起提前结束" in look_up(client, application.reference, number).text
    clock.at += dt.timedelta(days=1)

    page = look_up(client, application.reference, number)

    assert "聘期提前结束了" in page.text
    assert "恭喜" not in page.text
