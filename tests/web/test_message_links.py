"""Private links in messages are for the person alone: staff never see them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import units
from tests.client import Client
from tests.conftest import StaffClient
from tests.factories import NOW, answers
from tests.services.unfinished import make_draft, remind
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import Message
from volunteer_app.services import linking, messaging


@pytest.fixture
def reviewer(staff_client: StaffClient) -> Client:
    return staff_client(Role.REVIEWER)


def newest(session: Session) -> Message:
    session.rollback()
    return session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()


def text_of(session: Session) -> str:
    return f"/staff/messages/{newest(session).slug}/text"


def test_the_link_of_a_unit_and_of_a_nominee_is_not_for_the_eyes_of_staff(
    session: Session, reviewer: Client
) -> None:
    recommendation = units.proven(session, count=1)
    start_writing(session)
    link = linking.new_link(
        session, LinkPurpose.RESUME_RECOMMENDATION, recommendation=recommendation, now=NOW, days=9
    )
    messaging.send_link(session, MessageKind.RESUME_LINK, link, now=NOW)
    session.commit()
    asked = (MessageKind.CONFIRM_NOMINATION, MessageKind.RESUME_LINK)
    slugs = session.scalars(
        sa.select(Message.slug).where(Message.kind.in_([kind.value for kind in asked]))
    ).all()
    assert len(slugs) == 2
    session.rollback()

    for slug in slugs:
        page = reviewer.get(f"/staff/messages/{slug}")

        assert "链接只发给收信人，这里不显示" in page.text
        assert "/nominee/" not in page.html
        assert "/link/" not in page.html


def test_a_letter_to_who_began_a_draft_hides_the_link_and_refuses_a_number(
    session: Session, reviewer: Client
) -> None:
    """The link opens a form with the person's full number: it is for nobody else."""
    given = answers()
    make_draft(session, **given)
    remind(session, NOW + dt.timedelta(days=15))
    shown = reviewer.get(f"/staff/messages/{newest(session).slug}")
    assert "链接只发给收信人，这里不显示" in shown.text
    assert "/link/" not in shown.html

    page = reviewer.submit(
        reviewer.get(text_of(session)),
        {"text": f"{{专用链接}} {given['id_number']}"},
        button="保存",
        status=422,
    )

    assert "证件号码" in page.error_fields["text"]
