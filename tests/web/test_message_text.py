"""修改一条通知: its words before it is sent, kept sealed, sent as written; never with a number."""

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
from tests.mail_server import post_office
from tests.services.unfinished import make_draft, remind
from tests.web.reviewers import audited
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import Message, PrivateLink
from volunteer_app.services import delivering, messaging

OURS = {"subject": "请您放心", "text": "乔老师：\n\n您的报名我们收到了，{不用}再打电话问。"}


@pytest.fixture
def reviewer(staff_client: StaffClient) -> Client:
    return staff_client(Role.REVIEWER)


def newest(session: Session) -> Message:
    session.rollback()
    return session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()


def text_of(session: Session) -> str:
    return f"/staff/messages/{newest(session).slug}/text"


def test_the_words_that_staff_wrote_are_shown_and_sent(
    app: Flask, session: Session, reviewer: Client
) -> None:
    application = make_application(session, name="乔秀兰", email="qiao@example.com")
    page = reviewer.get(text_of(session))
    kept = page.values(button="保存")
    assert kept["subject"] == f"报名已收到，编号{application.reference}"
    assert kept["text"].startswith("乔秀兰，您好：")
    assert "有疑问请写信到sxxsjdb@163.com。" in kept["text"]

    page = reviewer.submit(page, OURS, button="保存")

    assert "已人工修改" in page.text
    assert "请您放心" in page.text
    with post_office() as (office, server):
        deliver_next(app, server)
    [letter] = office.letters
    assert letter["Subject"] == "请您放心"
    assert letter.get_content().splitlines() == OURS["text"].splitlines()
    [event] = audited(session, "edit_message")
    assert (event.subject, event.detail) == (application.reference, {"message": "received"})


def test_the_words_are_not_in_the_table_in_clear(session: Session, reviewer: Client) -> None:
    make_application(session)
    reviewer.submit(reviewer.get(text_of(session)), OURS, button="保存")

    session.rollback()
    [row] = session.execute(sa.select(Message.__table__)).all()

    assert row.edited_sealed is not None
    assert "请您放心" not in repr(row)
    assert "请您放心".encode() not in row.edited_sealed


def test_its_own_words_come_back(app: Flask, session: Session, reviewer: Client) -> None:
    application = make_application(session)
    page = reviewer.submit(reviewer.get(text_of(session)), OURS, button="保存")

    page = reviewer.submit(page, button="恢复原来的内容")

    assert "已人工修改" not in page.text
    assert f"报名已收到，编号{application.reference}" in page.text
    assert newest(session).edited_sealed is None
    assert len(audited(session, "restore_message")) == 1


@pytest.mark.parametrize("field", ["subject", "text"])
@pytest.mark.parametrize("spelling", ["{}", "{} ", "Ｎo.{}", "spaced"])
@pytest.mark.parametrize("column", ["id_number", "phone"])
def test_no_full_number_of_the_person_is_sent(
    app: Flask, session: Session, reviewer: Client, field: str, spelling: str, column: str
) -> None:
    application = make_application(session)
    number = application.open(column, app.extensions["vault"])
    spaced = " ".join((number[:6], number[6:10], number[10:].lower()))
    typed = spaced if spelling == "spaced" else spelling.format(number)

    page = reviewer.submit(
        reviewer.get(text_of(session)), OURS | {field: typed}, button="保存", status=422
    )

    word = "证件号码" if column == "id_number" else "手机号码"
    assert page.error_fields == {field: f"不能写本人的完整{word}，请删去，或只写末四位"}
    assert page.values(button="保存")[field] == typed.strip()
    assert newest(session).edited_sealed is None
    reviewer.submit(page, {field: f"末四位{number[-4:]}"}, button="保存")


def test_what_is_under_way_or_out_is_not_changed(session: Session, reviewer: Client) -> None:
    make_application(session)
    page = reviewer.get(text_of(session))
    start_writing(session)
    message = delivering.lease(session, now=NOW)
    assert message is not None
    session.commit()

    page = reviewer.submit(page, OURS, button="保存", status=409)
    assert "正在发" in page.text
    assert page.values(button="保存")["subject"] == "请您放心"
    start_writing(session)
    delivering.mark_sent(session, message.id, now=NOW)
    session.commit()
    page = reviewer.submit(page, OURS, button="保存", status=409)

    assert "这条通知现在是“已发”，不能再改。" in page.text
    assert newest(session).edited_sealed is None
    assert "现在不能改" in reviewer.get(text_of(session)).text


def test_who_saves_second_overwrites_nobody(session: Session, staff_client: StaffClient) -> None:
    make_application(session)
    first, second = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    pages = [client.get(text_of(session)) for client in (first, second)]
    first.submit(pages[0], OURS, button="保存")

    page = second.submit(pages[1], {"subject": "第二个人写的"}, button="保存", status=409)

    assert "别人改过这条通知" in page.text
    assert "请您放心" in page.text
    assert page.values(button="保存")["subject"] == "第二个人写的"
    second.submit(page, button="保存")
    assert newest(session).open_edited(session.info["vault"])[0] == "第二个人写的"  # type: ignore[index]


def test_a_nominees_letter_keeps_its_link(app: Flask, session: Session, reviewer: Client) -> None:
    recommendation = units.proven(session, count=1)
    token = recommendation.nominees[0].open_token(app.extensions["vault"])
    page = reviewer.get(text_of(session))
    assert "{专用链接}" in page.values(button="保存")["text"]
    assert token not in page.html

    page = reviewer.submit(page, {"text": "请确认。"}, button="保存", status=422)
    assert "这种通知要有{专用链接}" in page.error_fields["text"]
    reviewer.submit(page, {"text": "请点{专用链接}确认。"}, button="保存")

    with post_office() as (office, server):
        while deliver_next(app, server):
            pass
    assert f"/nominee/{token}确认。" in office.letters[-1].get_content()


def test_a_letter_to_a_unit_has_no_number_of_its_contact(
    session: Session, reviewer: Client
) -> None:
    recommendation = units.begin(session, phone="13800000001")
    start_writing(session)
    messaging.write_to_unit(session, MessageKind.UNIT_REMINDER, recommendation, key="test", now=NOW)
    session.commit()

    page = reviewer.submit(
        reviewer.get(text_of(session)),
        {"text": "{专用链接} 138-0000-0001"},
        button="保存",
        status=422,
    )

    assert "手机号码" in page.error_fields["text"]


def test_what_was_changed_meanwhile_is_not_restored(session: Session, reviewer: Client) -> None:
    make_application(session)
    old = reviewer.submit(reviewer.get(text_of(session)), OURS, button="保存")
    reviewer.submit(reviewer.get(text_of(session)), {"subject": "又改了"}, button="保存")

    page = reviewer.submit(old, button="恢复原来的内容", status=409)

    assert "别人改过这条通知" in page.text
    assert "又改了" in page.text
    old = reviewer.get(f"/staff/messages/{newest(session).slug}")
    start_writing(session)
    delivering.lease(session, now=NOW)
    session.commit()
    page = reviewer.submit(old, button="恢复原来的内容", status=409)
    assert "正在发" in page.text


def test_a_page_left_open_too_long_says_so_and_restores_nothing(
    session: Session, reviewer: Client
) -> None:
    make_application(session)
    old = reviewer.submit(reviewer.get(text_of(session)), OURS, button="保存")
    expired = {"csrf_token": "of yesterday"}

    page = reviewer.submit(old, expired, button="恢复原来的内容", status=422)

    assert "页面停留太久，没有恢复，请再点一次。" in page.text
    assert "别人改过" not in page.text
    assert newest(session).edited_sealed is not None


def test_another_prefectures_message_is_not_there(
    session: Session, staff_client: StaffClient
) -> None:
    make_application(session, region="140100", county="140105")
    address = text_of(session)

    staff_client(Role.REVIEWER, "140100").get(address)
    elsewhere = staff_client(Role.REVIEWER, "140200")
    elsewhere.get(address, status=404)
    elsewhere.post(address, OURS, status=404)
    elsewhere.post(f"{address}/restore", status=404)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("subject", "{姓名}您好"), ("subject", "{专用链接}"), ("text", "{姓名}您好")],
)
def test_a_name_in_braces_would_go_out_as_it_is_and_is_refused(
    session: Session, reviewer: Client, field: str, typed: str
) -> None:
    make_application(session)

    page = reviewer.submit(
        reviewer.get(text_of(session)), OURS | {field: typed}, button="保存", status=422
    )

    assert "不会换成内容，请直接写出来" in page.text
    assert page.values(button="保存")[field] == typed
    assert newest(session).edited_sealed is None


def test_an_edited_letter_whose_link_has_ended_is_not_sent(
    session: Session, reviewer: Client
) -> None:
    make_draft(session)
    remind(session, NOW + dt.timedelta(days=15))
    words = {"subject": "别忘了提交", "text": "从这里接着填：{专用链接}"}
    reviewer.submit(reviewer.get(text_of(session)), words, button="保存")
    assert delivering.outdated(session, newest(session), now=NOW + dt.timedelta(days=15)) is None

    start_writing(session)
    session.execute(sa.delete(PrivateLink))
    session.commit()

    session.expire_all()
    assert (
        delivering.outdated(session, newest(session), now=NOW + dt.timedelta(days=15))
        == "链接已经失效"
    )
