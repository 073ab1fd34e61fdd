"""改为打电话: what no letter can tell goes to the list, and leaves it when it is old news."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.client import Client
from tests.conftest import StaffClient
from tests.factories import APPLICANT, NOW, make_application, make_staff
from tests.mail_server import post_office
from tests.services.unfinished import make_draft, remind
from tests.web.callers import LIST, message, newest, tick, to_be_called
from tests.web.reviewers import audited
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind, MessageStatus, MessageVia
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application
from volunteer_app.services import correcting, delivering, messaging, recommending, reviewing
from volunteer_app.services.auditing import staff_actor


@pytest.fixture
def reviewer(staff_client: StaffClient) -> Client:
    return staff_client(Role.REVIEWER)


def test_what_is_no_longer_true_is_not_told(session: Session, reviewer: Client) -> None:
    slug = to_be_called(session)
    page = reviewer.get(LIST)
    reopen(session)

    shown = reviewer.get(LIST)
    assert "不用再打：报名后来又有变动" in shown.text
    given = {"reason": "打电话告诉结果"}
    reviewer.submit(shown, given, button="显示这一页的号码", follow=False)
    assert audited(session, "reveal") == []
    page = tick(reviewer, page, (slug, "told"))

    assert "乔秀兰：报名后来又有变动，这一条已经过时，不用再打。" in page.text
    assert message(session, slug).status is MessageStatus.CANCELLED
    assert "没有要打电话的人" in page.text


def reopen(session: Session) -> None:
    approver = staff_actor(make_staff(session, Role.APPROVER))
    start_writing(session)
    application = session.scalars(sa.select(Application)).one()
    move = find_move("reopen", Status.REJECTED)
    assert move is not None
    reviewing.make_move(session, application, move, actor=approver, now=NOW, reason="重新看过材料")
    session.commit()


def test_a_letter_that_did_not_arrive_goes_to_the_telephone(
    session: Session, reviewer: Client
) -> None:
    make_application(session, name="乔秀兰", status=Status.REJECTED)
    fail(session)
    slug = newest(session).slug

    page = reviewer.submit(reviewer.get(f"/staff/messages/{slug}"), button="改为打电话")

    assert "已放到“打电话”里。" in page.text
    row = message(session, slug)
    assert (row.via, row.status, row.attempts) == (MessageVia.PHONE, MessageStatus.WAITING, 0)
    assert "乔秀兰" in reviewer.get(LIST).text
    assert delivering.next_due(session, now=NOW) is None
    assert len(audited(session, "move_to_phone")) == 1
    page = reviewer.submit(page, button="已告诉本人")
    assert message(session, slug).status is MessageStatus.SENT


def fail(session: Session) -> None:
    start_writing(session)
    leased = delivering.lease(session, now=NOW)
    assert leased is not None
    assert leased.leased_until is not None
    delivering.mark_undelivered(
        session, leased.id, "550 no", final=True, leased_until=leased.leased_until, now=NOW
    )
    session.commit()


def test_who_took_the_address_away_is_rung_up(
    app: Flask, session: Session, reviewer: Client
) -> None:
    make_application(session, name="乔秀兰", status=Status.RETURNED)
    amended(session, email="")

    row = newest(session)
    assert (row.kind, row.via, row.status) == ("returned", MessageVia.PHONE, MessageStatus.WAITING)
    assert "乔秀兰" in reviewer.get(LIST).text
    assert "退回补正" not in reviewer.get("/staff/messages/").text
    with post_office() as (office, server):
        while deliver_next(app, server):
            pass
    assert office.letters == []


def amended(session: Session, **answers: str) -> None:
    approver = staff_actor(make_staff(session, Role.APPROVER))
    start_writing(session)
    application = session.scalars(sa.select(Application)).one()
    correcting.amend(session, application, answers, reason="本人要求", actor=approver, now=NOW)
    session.commit()


def test_a_letter_under_way_when_the_address_goes_is_left_to_the_poller(
    app: Flask, session: Session, reviewer: Client
) -> None:
    make_application(session, name="乔秀兰", status=Status.RETURNED)
    start_writing(session)
    assert [delivering.lease(session, now=NOW) for _message in range(2)][-1] is not None
    session.commit()

    amended(session, email="")

    assert newest(session).via is MessageVia.EMAIL
    start_writing(session)
    assert delivering.lease(session, now=NOW + delivering.LEASE) is None
    session.commit()
    assert newest(session).via is MessageVia.PHONE
    assert "乔秀兰" in reviewer.get(LIST).text


def test_nobody_is_rung_up_with_what_they_need_not_know(session: Session, reviewer: Client) -> None:
    """That it was received is no reason to call."""
    make_application(session, name="乔秀兰")

    amended(session, email="")

    assert newest(session).via is MessageVia.EMAIL
    assert "乔秀兰" not in reviewer.get(LIST).text


def test_a_unit_that_took_its_address_away_is_rung_up(session: Session, reviewer: Client) -> None:
    unit = units.begin(session, email="office@example.com", phone="13800004321")
    start_writing(session)
    messaging.write_to_unit(session, MessageKind.UNIT_REMINDER, unit, key="a unit", now=NOW)
    given = recommending.unit_answers(session, unit) | {"email": ""}
    recommending.change_unit(session, unit, given, actor=APPLICANT, now=NOW)
    session.commit()

    assert "*******4321" in reviewer.get(LIST).text


def test_a_unit_without_an_address_is_rung_up(session: Session, reviewer: Client) -> None:
    recommendation = units.begin(session, email="", phone="13800004321")
    start_writing(session)
    messaging.write_to_unit(
        session, MessageKind.UNIT_REMINDER, recommendation, key="a unit", now=NOW
    )
    session.commit()

    page = reviewer.get(LIST)

    assert "太原市消费研究中心" in page.text
    assert "*******4321" in page.text


def test_what_cannot_be_told_by_telephone_is_not_moved_there(
    session: Session, reviewer: Client
) -> None:
    make_application(session, name="乔秀兰", status=Status.REJECTED)
    fail(session)
    slug = newest(session).slug
    page = reviewer.get(f"/staff/messages/{slug}")
    reopen(session)

    page = reviewer.submit(page, button="改为打电话", status=409)
    assert "报名后来又有变动，这一条已经过时，不用再打电话。" in page.text
    send(session, slug)
    sent = {"csrf_token": page.tree.all("input")[0].get("value")}
    page = reviewer.post(f"/staff/messages/{slug}/by-phone", sent, status=409)
    assert "这条通知现在是“已发”，不用再打电话。" in page.text
    draft = make_draft(session)
    remind(session, NOW + dt.timedelta(days=15))
    slug = newest(session).slug
    page = reviewer.post(f"/staff/messages/{slug}/by-phone", sent, status=409)

    assert "没有留电话，不能改为打电话。" in page.text
    assert draft not in page.html


def send(session: Session, slug: str) -> None:
    start_writing(session)
    delivering.mark_sent(session, message(session, slug).id, now=NOW)
    session.commit()
