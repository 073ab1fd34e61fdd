"""通知 for staff: what waits, what went wrong and why, sent again, told by telephone, not sent."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.client import Client
from tests.conftest import StaffClient
from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import AuditEvent, Message, Nominee
from volunteer_app.services import delivering


@pytest.fixture
def reviewer(staff_client: StaffClient) -> Client:
    return staff_client(Role.REVIEWER)


def newest(session: Session) -> Message:
    session.rollback()
    return session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()


def fail(session: Session, words: str = "550 no such mailbox") -> None:
    start_writing(session)
    message = delivering.lease(session, now=NOW)
    assert message is not None
    assert message.leased_until is not None
    delivering.mark_undelivered(
        session, message.id, words, final=True, leased_until=message.leased_until, now=NOW
    )
    session.commit()


def test_without_mail_the_text_is_there_to_copy_and_whom_to_call(
    session: Session, reviewer: Client
) -> None:
    application = make_application(
        session,
        status=Status.RETURNED,
        name="乔秀兰",
        phone="13900001234",
        email="qiao@example.com",
    )

    page = reviewer.get("/staff/messages/")
    assert "没有配置发信" in page.text
    assert "退回补正" in page.text
    page = reviewer.get(f"/staff/messages/{newest(session).slug}")

    assert "工作人员说明：材料与填写的不一致" in page.text
    assert "期限：2027年8月19日" in page.text
    assert application.reference in page.text
    assert "*******1234" in page.text
    assert "qia***@example.com" in page.text
    assert "qiao@example.com" not in page.html
    assert "13900001234" not in page.html


def test_what_was_not_sent_shows_the_servers_words_and_is_sent_again(
    session: Session, reviewer: Client
) -> None:
    application = make_application(session)
    fail(session)

    page = reviewer.get("/staff/messages/?status=failed")
    assert "550 no such mailbox" in page.text
    page = reviewer.get(f"/staff/messages/{newest(session).slug}")
    reviewer.submit(page, button="重新发送")

    message = newest(session)
    assert (message.status, message.attempts, message.error) == (MessageStatus.WAITING, 0, "")
    row = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "send_again")).one()
    assert (row.subject, row.detail) == (application.reference, {"message": "received"})


def test_a_letter_that_is_sent_a_second_time_does_not_look_like_a_double(
    session: Session, reviewer: Client
) -> None:
    make_application(session)
    start_writing(session)
    delivering.mark_sent(session, newest(session).id, now=NOW)
    session.commit()

    reviewer.submit(reviewer.get(f"/staff/messages/{newest(session).slug}"), button="重新发送")

    assert (newest(session).rounds, newest(session).status) == (2, MessageStatus.WAITING)


@pytest.mark.parametrize(
    ("button", "why"), [("已告诉本人", "已用别的办法告诉本人"), ("不再发", "工作人员决定不发")]
)
def test_who_was_told_otherwise_gets_no_letter(
    session: Session, reviewer: Client, button: str, why: str
) -> None:
    make_application(session)

    reviewer.submit(reviewer.get(f"/staff/messages/{newest(session).slug}"), button=button)

    assert (newest(session).status, newest(session).error) == (MessageStatus.CANCELLED, why)
    assert why in reviewer.get("/staff/messages/?status=cancelled").text


def test_a_letter_under_way_is_left_alone(session: Session, reviewer: Client) -> None:
    make_application(session)
    page = reviewer.get(f"/staff/messages/{newest(session).slug}")
    start_writing(session)
    delivering.lease(session, now=NOW)
    session.commit()

    page = reviewer.submit(page, button="不再发", status=409)

    assert "正在发" in page.text
    assert newest(session).status is MessageStatus.WAITING


def test_what_is_no_longer_true_cannot_be_sent_again(session: Session, reviewer: Client) -> None:
    units.proven(session, count=1)
    [nominee] = session.scalars(sa.select(Nominee)).all()
    asking = newest(session).slug
    fail(session)
    page = reviewer.get(f"/staff/messages/{asking}")
    assert "请本人确认" in page.text
    units.confirm_in_person(session, nominee)

    page = reviewer.submit(page, button="重新发送", status=409)

    assert "本人已经答复" in page.text


def test_what_is_overtaken_says_so_in_the_list(session: Session, reviewer: Client) -> None:
    make_application(session, status=Status.APPROVED)

    [receipt, approval] = reviewer.get("/staff/messages/").tree.all("tr")[1:]

    assert "已经过时，不用再发" in receipt.text
    assert "还没有发过" in approval.text


def test_another_prefectures_messages_are_as_if_they_were_not_there(
    session: Session, staff_client: StaffClient
) -> None:
    make_application(session, region="140100", county="140105", name="乔秀兰")
    slug = newest(session).slug
    elsewhere = staff_client(Role.REVIEWER, "140200")

    assert "乔秀兰" not in elsewhere.get("/staff/messages/").text
    elsewhere.get(f"/staff/messages/{slug}", status=404)
    assert "乔秀兰" in staff_client(Role.REVIEWER, "140100").get("/staff/messages/").text


def test_a_long_list_goes_on_on_the_next_page(
    app: Flask, session: Session, reviewer: Client
) -> None:
    for number in range(51):
        make_application(session, name="乔秀兰" if number < 50 else "段志强", now=NOW)
    page = reviewer.get("/staff/messages/")
    assert "段志强" not in page.text
    [link] = [a for a in page.tree.all("a") if a.get("rel") == "next"]

    page = reviewer.get(str(link.get("href")))

    assert "段志强" in page.text
    assert "乔秀兰" not in page.text


def test_old_news_say_why_they_were_not_sent(session: Session, reviewer: Client) -> None:
    make_application(session)
    start_writing(session)
    delivering.lease(session, now=NOW + delivering.STALE + dt.timedelta(days=1))
    session.commit()

    assert "放了7天以上" in reviewer.get("/staff/messages/?status=failed").text
