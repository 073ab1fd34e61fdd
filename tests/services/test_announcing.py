"""开始后通知我: told once, when a recruitment opens, unless it is no news any more."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import APPLICANT, make_staff
from tests.renewals import LATER, next_recruitment, renewed, volunteer
from volunteer_app.db import start_writing
from volunteer_app.domain.appointments import EndReason
from volunteer_app.domain.messages import MessageKind, MessageStatus, MessageVia
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.models import Application, Ending, Message, Recruitment, RenewalWish
from volunteer_app.services import delivering, expiring, messaging, renewing
from volunteer_app.web.letters import letter_of, shown_letter

BEFORE = dt.datetime(2029, 7, 1, 9, 0, tzinfo=SHANGHAI)
OPENING = dt.datetime(2029, 7, 28, 0, 0, tzinfo=SHANGHAI)


def wish(session: Session, application: Application, now: dt.datetime = BEFORE) -> None:
    start_writing(session)
    renewing.wish(session, application, actor=APPLICANT, now=now)
    session.commit()


def announce(session: Session, now: dt.datetime = OPENING) -> int:
    start_writing(session)
    written = renewing.announce(session, now=now)
    session.commit()
    return written


def told(session: Session) -> list[Message]:
    query = sa.select(Message).where(Message.kind == MessageKind.OPENS.value)
    return list(session.scalars(query.order_by(Message.id)))


def test_nobody_is_told_before_the_opening_day(session: Session) -> None:
    wish(session, volunteer(session))
    next_recruitment(session)

    assert announce(session, OPENING - dt.timedelta(seconds=1)) == 0
    assert told(session) == []
    assert announce(session) == 1


def test_running_it_twice_writes_nothing_twice(session: Session) -> None:
    earlier = volunteer(session)
    wish(session, earlier)
    next_recruitment(session)

    assert (announce(session), announce(session)) == (1, 0)

    [message] = told(session)
    assert message.dedupe_key == f"opens:2029:{earlier.reference}:20290701T010000"
    assert message.via is MessageVia.EMAIL
    assert session.get_one(RenewalWish, earlier.id).told_at == OPENING
    assert not renewing.wishes(session, earlier)


def test_who_left_no_address_is_on_the_phone_list(session: Session) -> None:
    wish(session, volunteer(session, email=""))
    next_recruitment(session)

    announce(session)

    [message] = told(session)
    assert (message.via, message.link_digest) == (MessageVia.PHONE, None)


def test_who_has_applied_already_is_not_told(session: Session) -> None:
    earlier = volunteer(session)
    wish(session, earlier)
    renewed(session, earlier, next_recruitment(session))

    assert announce(session, LATER) == 0
    assert told(session) == []


def test_a_family_is_not_written_to(session: Session) -> None:
    earlier = volunteer(session)
    wish(session, earlier)
    staff = make_staff(session)
    start_writing(session)
    assert earlier.appointment is not None
    died = Ending(
        reason=EndReason.DIED, ends_from=dt.date(2029, 7, 2), staff_id=staff.id, at=BEFORE
    )
    earlier.appointment.endings.append(died)
    session.commit()
    next_recruitment(session)

    assert announce(session) == 0


def test_wishing_twice_is_wishing_once_and_can_be_taken_back(session: Session) -> None:
    earlier = volunteer(session)
    wish(session, earlier)
    wish(session, earlier, BEFORE + dt.timedelta(days=1))
    assert session.get_one(RenewalWish, earlier.id).asked_at == BEFORE

    start_writing(session)
    for _twice in range(2):
        renewing.wish_no_more(session, earlier, actor=APPLICANT, now=BEFORE)
    session.commit()

    assert not renewing.wishes(session, earlier)
    next_recruitment(session)
    assert announce(session) == 0


def test_who_was_told_may_wish_again_for_the_next_one(session: Session) -> None:
    earlier = volunteer(session)
    wish(session, earlier)
    next_recruitment(session)
    announce(session)
    wish(session, earlier, dt.datetime(2029, 9, 1, tzinfo=SHANGHAI))
    days = {"opens_on": dt.date(2030, 7, 28), "closes_on": dt.date(2030, 8, 30)}
    next_recruitment(session, slug="2030", title="2030年度招募", **days)

    assert announce(session, dt.datetime(2030, 7, 28, 8, 0, tzinfo=SHANGHAI)) == 1
    assert [message.dedupe_key[:10] for message in told(session)] == ["opens:2029", "opens:2030"]


def test_who_wishes_again_is_told_when_the_same_recruitment_is_opened_anew(
    session: Session,
) -> None:
    earlier = volunteer(session)
    wish(session, earlier)
    recruitment = next_recruitment(session)
    assert announce(session) == 1
    wish(session, earlier, dt.datetime(2029, 9, 1, tzinfo=SHANGHAI))
    assert announce(session, dt.datetime(2029, 9, 2, 8, 0, tzinfo=SHANGHAI)) == 0
    assert renewing.wishes(session, earlier)

    start_writing(session)
    session.get_one(Recruitment, recruitment.id).closes_on = dt.date(2029, 9, 30)
    session.commit()

    anew = dt.datetime(2029, 9, 3, 8, 0, tzinfo=SHANGHAI)
    assert (announce(session, anew), announce(session, anew)) == (1, 0)
    assert len(told(session)) == 2
    assert not renewing.wishes(session, earlier)


def test_who_could_not_be_told_still_waits_and_holds_nobody_up(session: Session) -> None:
    earlier, other = volunteer(session), volunteer(session)
    for each in (earlier, other):
        wish(session, each)
    next_recruitment(session)
    start_writing(session)
    key = f"opens:2029:{earlier.reference}:20290701T010000"
    messaging.tell(session, MessageKind.OPENS, earlier, key=key, now=BEFORE)
    session.commit()

    assert announce(session) == 1

    assert renewing.wishes(session, earlier)
    assert not renewing.wishes(session, other)


@pytest.mark.parametrize(
    ("now", "cause"),
    [
        (dt.datetime(2029, 8, 30, 23, 59, tzinfo=SHANGHAI), None),
        (dt.datetime(2029, 8, 31, 0, 0, tzinfo=SHANGHAI), "这次招募已经截止"),
    ],
)
def test_it_does_not_go_out_once_the_recruitment_has_closed(
    session: Session, now: dt.datetime, cause: str | None
) -> None:
    wish(session, volunteer(session))
    next_recruitment(session)
    announce(session, now - dt.timedelta(days=1))

    [message] = told(session)

    assert expiring.outlived(message, now=now) == cause


def test_it_does_not_go_out_to_who_has_applied_meanwhile(session: Session) -> None:
    earlier = volunteer(session)
    start_writing(session)
    for other in session.scalars(sa.select(Message)):
        other.status = MessageStatus.SENT
    session.commit()
    wish(session, earlier)
    recruitment = next_recruitment(session)
    announce(session)
    renewed(session, earlier, recruitment)

    start_writing(session)
    next_out = delivering.lease(session, now=LATER)
    session.commit()

    [message] = told(session)
    assert (message.status, message.error) == (MessageStatus.FAILED, delivering.STALE_WORDS)
    assert next_out is not None
    assert delivering.superseded(session, message) == "本人已经报名"


def test_the_letter_has_the_link_and_until_when(app: Flask, session: Session) -> None:
    wish(session, volunteer(session))
    next_recruitment(session)
    announce(session)
    [message] = told(session)

    letter = letter_of(app, session, message, now=OPENING)[1]

    assert letter.subject == "2029年度招募开始报名了，可以续聘"
    assert message.link is not None
    assert f"/link/{message.link.open_token(app.extensions['vault'])}" in letter.text
    assert "到2029年8月30日24时截止" in letter.text
    assert "有效到2029年8月30日" in letter.text


def test_staff_do_not_see_the_link_which_opens_full_numbers(app: Flask, session: Session) -> None:
    wish(session, volunteer(session))
    next_recruitment(session)
    announce(session)
    [message] = told(session)
    assert "/link/" in letter_of(app, session, message, now=OPENING)[1].text

    assert "/link/" not in shown_letter(app, session, message, now=OPENING).text
