"""截止日有变: told to who has something unfinished, once, from the day that they know."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.factories import NOW, make_application
from tests.services.unfinished import deliver_all, make_draft, settings, told
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.models import Message, Recommendation
from volunteer_app.services import delivering


def test_who_has_something_unfinished_hears_of_a_new_day(app: Flask, session: Session) -> None:
    make_draft(session, name="乔秀兰", email="qiao@example.com")
    make_draft(session, email="")
    units.begin(session, count=1, contact_name="段志强")
    units.handed_in(session, count=1)
    make_application(session, email="done@example.com")

    settings(session, closes_on=dt.date(2027, 9, 10))

    of_draft, of_unit = told(session, MessageKind.DEADLINE_MOVED)
    assert of_draft.draft_digest is not None
    assert of_unit.recommendation is not None
    letters = [each for each in deliver_all(app) if each.startswith("报名截止日改到2027年9月10日")]
    assert len(letters) == 2
    assert "原来的截止日是2027年8月30日。" in letters[0]
    assert "/link/" in letters[0]
    assert "太原市消费研究中心的推荐还没有提交" in letters[1]


def test_other_settings_tell_nobody(session: Session) -> None:
    make_draft(session)

    settings(session, lead="新的导语", opens_on=dt.date(2027, 7, 20))

    assert told(session, MessageKind.DEADLINE_MOVED) == []


def test_a_day_that_is_over_is_not_told(session: Session) -> None:
    make_draft(session)

    settings(session, closes_on=dt.date(2027, 8, 11))

    assert told(session, MessageKind.DEADLINE_MOVED) == []


def test_a_day_that_moves_twice_is_told_once_from_the_day_that_was_known(
    app: Flask, session: Session
) -> None:
    make_draft(session)
    settings(session, closes_on=dt.date(2027, 9, 5))
    settings(session, closes_on=dt.date(2027, 9, 10))

    [letter] = deliver_all(app)

    assert letter.startswith("报名截止日改到2027年9月10日")
    assert "原来的截止日是2027年8月30日。" in letter


def test_a_day_that_moves_back_in_time_is_not_told_at_all(app: Flask, session: Session) -> None:
    make_draft(session)
    settings(session, closes_on=dt.date(2027, 9, 5))
    settings(session, closes_on=dt.date(2027, 8, 30))

    assert deliver_all(app) == []
    settings(session, closes_on=dt.date(2027, 9, 5))
    assert len(deliver_all(app)) == 1


def test_a_letter_of_an_earlier_move_does_not_go_out_after_the_next(
    app: Flask, session: Session
) -> None:
    """Where its first try failed it is not taken back, but overtaken."""
    make_draft(session)
    settings(session, closes_on=dt.date(2027, 9, 5))
    start_writing(session)
    [first] = session.scalars(sa.select(Message)).all()
    first.attempts = 1
    session.commit()
    settings(session, closes_on=dt.date(2027, 9, 10))

    first, second = told(session, MessageKind.DEADLINE_MOVED)

    assert delivering.superseded(session, first) == "截止日后来又改了"
    assert delivering.superseded(session, second) is None


def test_a_unit_that_handed_in_meanwhile_does_not_hear_of_the_day(session: Session) -> None:
    unit = units.begin(session, count=1)
    settings(session, closes_on=dt.date(2027, 9, 5))
    [message] = told(session, MessageKind.DEADLINE_MOVED)
    assert delivering.superseded(session, message) is None
    start_writing(session)
    session.get_one(Recommendation, unit.id).handed_in_at = NOW
    session.commit()

    [message] = told(session, MessageKind.DEADLINE_MOVED)

    assert delivering.superseded(session, message) == "单位已经办好"
