"""Letters about the end of a term: until when, how to go on, and why it ended early."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import answers
from tests.serving import (
    LAST,
    apply_again,
    at,
    days_before,
    end,
    make_next_recruitment,
    make_term,
)
from volunteer_app.db import start_writing
from volunteer_app.documents.letters import Letter
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Appointment, Message
from volunteer_app.services import ending, expiring
from volunteer_app.web.letters import letter_of

TODAY = dt.date(2028, 3, 1)
HOW = "在“查询进度”里填报名编号和证件号码后四位，再点“办续聘”。"


def written(app: Flask, session: Session, kind: str, now: dt.datetime) -> Letter:
    session.rollback()
    message = session.scalars(sa.select(Message).where(Message.kind == kind)).one()
    letter: Letter = letter_of(app, session, message, now=now)[1]
    assert not re.search(r"[{}%]|None|Undefined|\n\n\n", letter.text)
    return letter


def notified(app: Flask, session: Session, kind: str, now: dt.datetime) -> Letter:
    start_writing(session)
    expiring.notify_expiry(session, now=now)
    session.commit()
    return written(app, session, kind, now)


def test_a_term_that_ends_soon_says_until_when_and_has_a_link(app: Flask, session: Session) -> None:
    term = make_term(session, name="乔秀兰")

    letter = notified(app, session, "expiring", days_before(90))

    assert letter.subject == "您的聘期到2029年8月31日为止，愿意续聘请重新报名"
    assert "乔秀兰，您好：" in letter.text
    assert f"聘书编号{term.number}" in letter.text
    assert "http://127.0.0.1:8000/link/" in letter.text
    assert "有效到2029年11月28日" in letter.text
    assert "报名，" not in letter.text.partition("不在报名时间的")[0].partition("请重新报名")[2]


@pytest.mark.parametrize(
    ("days_left", "line"),
    [
        (35, "“2029年度招募”从2029年7月28日起报名。"),
        (34, "“2029年度招募”正在报名，2029年8月30日截止。"),
        (1, "“2029年度招募”正在报名，2029年8月30日截止。"),
        (0, None),
    ],
)
def test_it_says_whether_a_recruitment_is_open_or_when_one_opens(
    app: Flask, session: Session, days_left: int, line: str | None
) -> None:
    make_term(session)
    make_next_recruitment(session)

    text = notified(app, session, "expiring", days_before(days_left)).text

    found = [each for each in text.splitlines() if each.startswith("“")]
    assert found == ([line] if line else [])


def test_who_is_rung_up_is_told_of_no_link(app: Flask, session: Session) -> None:
    make_term(session, email="")

    text = notified(app, session, "expiring", days_before(7)).text

    assert "链接" not in text
    assert f"愿意继续服务的，请重新报名：{HOW}" in text


def test_a_letter_says_how_to_renew_with_and_without_its_link(app: Flask, session: Session) -> None:
    make_term(session)

    for kind, days in (("expiring", 7), ("ended", -1)):
        text = notified(app, session, kind, days_before(days)).text
        assert HOW in text
        assert text.index(HOW) < text.index("也可以打开下面的链接") < text.index("/link/")


@pytest.mark.parametrize(
    ("status", "waits"),
    [(Status.SUBMITTED, True), (Status.RETURNED, True), (Status.REJECTED, False)],
)
def test_who_waits_for_the_answer_is_not_asked_to_apply_again(
    app: Flask, session: Session, status: Status, waits: bool
) -> None:
    given = answers()
    term = make_term(session, **given)
    following = make_next_recruitment(session)
    apply_again(session, term, given, recruitment=following, status=status)

    text = notified(app, session, "ended", days_before(-1)).text

    assert ("您的续聘报名正在审核，有结果再通知您。" in text) is waits
    assert any(each in text for each in ("重新报名", "链接", "/link/", "办续聘")) is not waits


def test_thanks_say_from_when_to_when_and_how_to_come_back(app: Flask, session: Session) -> None:
    make_term(session)

    letter = notified(app, session, "ended", days_before(-1))

    assert letter.subject == "感谢您的志愿服务，聘期已于2029年8月31日届满"
    assert "从2027年9月1日到2029年8月31日" in letter.text
    assert "http://127.0.0.1:8000/link/" in letter.text


@pytest.mark.parametrize(
    ("reason", "words", "line"),
    [
        (EndReason.RESIGNED, "电话里说要照顾孙子", "原因：本人辞去"),
        (EndReason.MOVED, "", "原因：迁离本省"),
        (EndReason.DISMISSED, "多次缺席，提醒后没有改", "原因：多次缺席，提醒后没有改"),
        (EndReason.OTHER, "与本人商定", "原因：与本人商定"),
    ],
)
def test_an_early_end_says_from_when_and_why(
    app: Flask,
    session: Session,
    actor_for: ActorFor,
    reason: EndReason,
    words: str,
    line: str,
) -> None:
    term, now = make_term(session), at(TODAY)
    end(
        session, term, actor_for(Role.REVIEWER), reason=reason, words=words, ends_from=TODAY,
        now=now,
    )  # fmt: skip

    letter = written(app, session, "ended_early", now)

    assert letter.subject == f"您的聘期从2028年3月1日起提前结束，聘书编号{term.number}"
    assert line in letter.text.splitlines()
    assert LAST.isoformat() not in letter.text


def test_that_an_end_was_taken_back_says_until_when_the_term_is(
    app: Flask, session: Session, actor_for: ActorFor
) -> None:
    term, now = make_term(session, name="乔秀兰"), at(TODAY)
    end(session, term, actor_for(Role.REVIEWER), ends_from=TODAY, now=now)
    approver = actor_for(Role.APPROVER)
    start_writing(session)
    session.execute(sa.update(Message).values(status=MessageStatus.SENT))
    ending.undo(
        session, session.get_one(Appointment, term.id), reason="办错了人", actor=approver, now=now
    )
    session.commit()

    letter = written(app, session, "ending_undone", now)

    assert letter.subject == f"您的聘期照旧，提前结束已经撤销，聘书编号{term.number}"
    assert "乔秀兰，您好：" in letter.text
    assert "您的聘期照旧，到2029年8月31日为止，聘书仍按这个日期有效。" in letter.text
    assert f"http://127.0.0.1:8000/verify/{term.code}" in letter.text
    assert "办错了人" not in letter.text
