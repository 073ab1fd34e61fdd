"""提醒: once, to who has something unfinished, while it is of use; and who hears of a new day."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.conftest import Clock
from tests.factories import NOW, answers, make_application, make_staff, submit, valid_identity
from tests.services.unfinished import ADMIN, deliver_all, make_draft, remind, settings, told
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind, MessageStatus, MessageVia
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.models import Draft, Message
from volunteer_app.services import (
    confirming,
    delivering,
    drafting,
    handing_in,
    lacking,
    linking,
    recommending,
)
from volunteer_app.vault import digest

#: Five days before the closing day, when reminders begin.
BEGINS = dt.datetime(2027, 8, 25, 8, 0, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)


def test_an_unfinished_draft_is_reminded_once_with_a_link_to_go_on(
    app: Flask, session: Session, clock: Clock
) -> None:
    token = make_draft(session, name="乔秀兰", email="qiao@example.com")
    assert remind(session, BEGINS - DAY) == (0, 0)

    assert remind(session, BEGINS) == (1, 0)
    assert remind(session, BEGINS) == (0, 0)
    assert remind(session, BEGINS + 3 * DAY) == (0, 0)

    clock.at = BEGINS
    [letter] = deliver_all(app)
    assert letter.startswith("您的报名还没有提交，2027年8月30日截止\n乔秀兰，您好：\n")
    link_token = letter.partition("/link/")[2].split()[0]
    link = linking.find_link(session, link_token, now=BEGINS)
    assert link is not None
    assert link.draft is not None
    assert drafting.token_of(session, link.draft) == token


def test_no_reminder_has_a_number_of_anybody(app: Flask, session: Session, clock: Clock) -> None:
    given = answers(email="qiao@example.com")
    make_draft(session, **given)
    units.begin(session, phone="13800000001")
    assert remind(session, BEGINS) == (1, 1)
    clock.at = BEGINS

    text = "".join(deliver_all(app))

    assert "乔秀兰" in text
    assert "段志强" in text
    for number in (given["id_number"], given["phone"], given["phone"][-4:], "13800000001"):
        assert number not in text


@pytest.mark.parametrize(
    "values", [{"email": ""}, {"email": "不是邮箱"}], ids=["no address", "not an address"]
)
def test_who_left_no_address_is_not_reminded(session: Session, values: dict[str, str]) -> None:
    make_draft(session, **values)

    assert remind(session, BEGINS) == (0, 0)


def test_a_draft_of_the_counter_is_not_reminded(session: Session) -> None:
    make_draft(session, staff_id=make_staff(session).id)

    assert remind(session, BEGINS) == (0, 0)


def test_who_worked_on_it_today_is_not_reminded_today(session: Session) -> None:
    make_draft(session)
    start_writing(session)
    session.scalars(sa.select(Draft)).one().changed_at = BEGINS - dt.timedelta(hours=2)
    session.commit()

    assert remind(session, BEGINS) == (0, 0)
    assert remind(session, BEGINS + DAY) == (1, 0)


@pytest.mark.parametrize(("days", "expected"), [(None, 0), (0, 0), (4, 0), (5, 1), (30, 1)])
def test_the_setting_says_when(session: Session, days: int | None, expected: int) -> None:
    make_draft(session)
    units.begin(session)
    settings(session, reminder_days=days)

    assert remind(session, BEGINS) == (expected, expected)


def test_with_nought_days_it_is_the_closing_day_itself(session: Session) -> None:
    make_draft(session)
    settings(session, reminder_days=0)

    assert remind(session, dt.datetime(2027, 8, 29, 23, 59, tzinfo=SHANGHAI)) == (0, 0)
    assert remind(session, dt.datetime(2027, 8, 30, 0, 1, tzinfo=SHANGHAI)) == (1, 0)


def test_many_drafts_take_turns(session: Session) -> None:
    """One transaction does not write to everybody, so that others get at the database."""
    make_draft(session)
    start_writing(session)
    values = dict(session.execute(sa.select(Draft.__table__)).mappings().one())
    others = [values | {"token_digest": secrets.token_hex(32)} for _ in range(200)]
    session.execute(sa.insert(Draft), others)
    session.commit()

    assert [remind(session, BEGINS)[0] for _run in range(3)] == [200, 1, 0]


def test_after_the_closing_day_nobody_is_reminded_of_a_draft(session: Session) -> None:
    make_draft(session)

    assert remind(session, dt.datetime(2027, 8, 31, 0, 0, tzinfo=SHANGHAI)) == (0, 0)


def test_a_submitted_draft_takes_its_reminder_with_it(app: Flask, session: Session) -> None:
    token = make_draft(session)
    remind(session, BEGINS)
    assert len(told(session, MessageKind.DRAFT_REMINDER)) == 1
    start_writing(session)
    submit(session, answers(), token=token, now=BEGINS)
    drafting.discard(session, digest(token))
    session.commit()

    assert told(session, MessageKind.DRAFT_REMINDER) == []


def test_a_reminder_that_comes_too_late_is_not_sent(
    app: Flask, session: Session, clock: Clock
) -> None:
    make_draft(session)
    remind(session, BEGINS)
    clock.at = dt.datetime(2027, 8, 31, 0, 0, tzinfo=SHANGHAI)

    assert deliver_all(app) == []

    [message] = told(session, MessageKind.DRAFT_REMINDER)
    assert (message.status, message.error) == (MessageStatus.CANCELLED, "报名已经截止")


def test_another_closing_day_means_another_reminder(session: Session) -> None:
    make_draft(session)
    assert remind(session, BEGINS) == (1, 0)
    settings(session, BEGINS, closes_on=dt.date(2027, 9, 10))

    assert remind(session, dt.datetime(2027, 9, 4, 8, 0, tzinfo=SHANGHAI)) == (0, 0)
    assert remind(session, dt.datetime(2027, 9, 5, 8, 0, tzinfo=SHANGHAI)) == (1, 0)


def test_a_unit_is_told_what_is_missing_at_most_every_three_days(
    app: Flask, session: Session, clock: Clock
) -> None:
    units.begin(session, count=0, unit_name="太原市消费研究中心", contact_name="段志强")

    assert remind(session, BEGINS) == (0, 1)
    assert remind(session, BEGINS) == (0, 0)
    assert remind(session, BEGINS + 3 * DAY) == (0, 0)  # the first is still to be sent

    clock.at = BEGINS
    [letter] = deliver_all(app)
    assert remind(session, BEGINS + 2 * DAY) == (0, 0)
    assert remind(session, BEGINS + 3 * DAY) == (0, 1)
    assert letter.startswith("太原市消费研究中心的推荐还没有办完\n段志强，您好：\n")
    for task in ("被推荐人名单还没有填", "盖章的推荐表还没有上传", "推荐还没有核对提交"):
        assert f"· {task}\n" in letter


def test_a_unit_that_kept_its_link_gets_one_to_go_on(
    app: Flask, session: Session, clock: Clock
) -> None:
    unit = units.begin(session)
    start_writing(session)
    token = confirming.renew_link(session, unit, actor=ADMIN, now=NOW)
    session.commit()
    remind(session, BEGINS)
    clock.at = BEGINS

    [letter] = deliver_all(app)

    link = linking.find_link(session, letter.partition("/link/")[2].split()[0], now=BEGINS)
    assert link is not None
    assert link.recommendation is not None
    assert link.recommendation.open("token", app.extensions["vault"]) == token


def test_a_unit_without_an_address_is_rung_up(session: Session) -> None:
    units.begin(session, email="")

    assert remind(session, BEGINS) == (0, 1)
    [message] = told(session, MessageKind.UNIT_REMINDER)
    assert (message.via, message.link_digest) == (MessageVia.PHONE, None)


def test_what_is_outstanding_follows_the_unit(session: Session) -> None:
    """Until staff have looked it is not the unit's turn."""
    before = units.begin(session, count=1)
    no_scan = units.handed_in(session, count=1, sealed=False)
    waits_for_staff = units.handed_in(session, count=1)
    returned = units.handed_in(session, count=1)
    proven = units.proven(session, count=3)
    units.confirm_in_person(session, proven.nominees[0])
    stale = units.begin(session, count=1)
    start_writing(session)
    handing_in.upload_scan(session, stale, units.scan(), actor=ADMIN, now=NOW)
    recommending.add_nominees(session, stale, [units.nominee()], actor=ADMIN, now=NOW)
    confirming.send_back(session, returned, reason="公章看不清", actor=ADMIN, now=NOW)
    session.commit()

    found = [
        lacking.outstanding(session, unit)
        for unit in (before, stale, no_scan, waits_for_staff, returned, proven)
    ]

    assert found == [
        ["盖章的推荐表还没有上传", "推荐还没有核对提交"],
        ["盖章以后名单有改动，要重新打印、盖章、上传推荐表", "推荐还没有核对提交"],
        ["盖章的推荐表还没有上传"],
        [],
        ["公章看不清"],
        ["2名被推荐人还没有确认，请提醒本人，或把确认链接交给本人"],
    ]


def test_nominees_are_waited_for_after_the_closing_day_too_but_not_for_ever(
    session: Session,
) -> None:
    units.proven(session, count=1)
    closed = dt.datetime(2027, 8, 30, 8, 0, tzinfo=SHANGHAI)

    assert remind(session, NOW + 2 * DAY) == (0, 0)
    assert remind(session, NOW + 3 * DAY) == (0, 1)
    start_writing(session)
    session.execute(sa.update(Message).values(status=MessageStatus.SENT))
    session.commit()
    assert remind(session, closed + 15 * DAY) == (0, 0)
    assert remind(session, closed + 14 * DAY) == (0, 1)


def test_a_unit_that_finished_meanwhile_is_not_written_to(app: Flask, session: Session) -> None:
    unit = units.proven(session, count=1)
    assert remind(session, NOW + 3 * DAY) == (0, 1)
    units.confirm_in_person(session, unit.nominees[0])

    [message] = told(session, MessageKind.UNIT_REMINDER)

    assert delivering.superseded(session, message) == "单位已经办好"


def test_who_has_applied_on_another_device_is_not_reminded(session: Session) -> None:
    number = valid_identity()
    theirs = digest(make_draft(session, id_number=number))
    make_draft(session)
    remind(session, BEGINS)
    messages = told(session, MessageKind.DRAFT_REMINDER)
    first, other = sorted(messages, key=lambda message: message.draft_digest != theirs)
    assert delivering.outdated(session, first, now=BEGINS) is None

    make_application(session, id_number=number)

    assert delivering.outdated(session, first, now=BEGINS) == "本人已经报名"
    assert delivering.outdated(session, other, now=BEGINS) is None
