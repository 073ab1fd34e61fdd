"""Notices about the end of a term: each once, the nearest of those missed, none that is wrong."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import answers, make_application, make_staff
from tests.serving import (
    LAST,
    apply_again,
    at,
    days_before,
    end,
    kinds,
    make_next_recruitment,
    make_term,
)
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.messages import MessageKind, MessageVia
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.domain.terms import day_of
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Appointment, Message, PrivateLink
from volunteer_app.services import calling, delivering, expiring

DAY = dt.timedelta(days=1)


def notify(session: Session, now: dt.datetime) -> int:
    start_writing(session)
    wrote = expiring.notify_expiry(session, now=now)
    session.commit()
    return wrote


def all_notices(session: Session, *mornings: dt.datetime) -> list[str]:
    """What is written when the job runs in these mornings, twice in each."""
    for morning in mornings:
        notify(session, morning)
        assert notify(session, morning) == 0
    return kinds(session)


@pytest.mark.parametrize(
    ("days_left", "days"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_which_notice_is_due(session: Session, days_left: int, days: int | None) -> None:
    make_term(session)

    notify(session, days_before(days_left))

    written = [f"expiring:{days}"] if days else ["ended"] if days_left < 0 else []
    assert kinds(session) == written


def test_each_is_written_once_and_on_the_day_in_shanghai(session: Session) -> None:
    make_term(session)
    mornings = [at(LAST - dt.timedelta(days=days), 0, 0) for days in (90, 30, 7, -1)]
    late_evenings = [moment - dt.timedelta(minutes=1) for moment in mornings]

    for evening, morning in zip(late_evenings, mornings, strict=True):
        assert notify(session, evening) == 0
        assert notify(session, morning) == 1
        assert notify(session, morning) == 0

    assert kinds(session) == ["expiring:90", "expiring:30", "expiring:7", "ended"]


def test_every_day_for_four_months_writes_four(session: Session) -> None:
    make_term(session)

    for days in range(100, -60, -1):
        notify(session, days_before(days))

    assert kinds(session) == ["expiring:90", "expiring:30", "expiring:7", "ended"]


def test_what_was_missed_for_a_week_is_still_written_once(session: Session) -> None:
    make_term(session)

    written = all_notices(session, days_before(95), days_before(83), days_before(24))

    assert written == ["expiring:90", "expiring:30"]


def test_of_several_missed_only_the_nearest_is_written(session: Session) -> None:
    make_term(session)

    assert all_notices(session, days_before(5), days_before(4)) == ["expiring:7"]


@pytest.mark.parametrize(("days", "thanked"), [(1, True), (30, True), (31, False)])
def test_thanks_come_within_thirty_days(session: Session, days: int, thanked: bool) -> None:
    make_term(session)

    notify(session, days_before(-days))

    assert kinds(session) == (["ended"] if thanked else [])


@pytest.mark.parametrize("morning", [days_before(90), days_before(3), days_before(-1)])
def test_who_was_ended_early_is_told_nothing_more(
    session: Session, actor_for: ActorFor, morning: dt.datetime
) -> None:
    term, reviewer = make_term(session), actor_for(Role.REVIEWER)
    make_term(session)
    end(session, term, reviewer, ends_from=LAST, now=days_before(100))

    notify(session, morning)

    told = session.scalars(sa.select(Message).where(Message.kind.in_(["expiring", "ended"])))
    assert [message.application_id == term.application_id for message in told] == [False]


@pytest.mark.parametrize(
    ("status", "told", "thanked"),
    [
        (Status.SUBMITTED, False, True),
        (Status.RETURNED, False, True),
        (Status.APPROVED, False, False),
        (Status.REJECTED, True, True),
        (Status.WITHDRAWN, True, True),
    ],
)
def test_who_has_applied_again_is_not_asked_to(
    session: Session, status: Status, told: bool, thanked: bool
) -> None:
    given = answers()
    term = make_term(session, **given)
    following = make_next_recruitment(session)
    apply_again(session, term, given, recruitment=following, status=status)

    written = all_notices(session, days_before(30), days_before(-1))

    assert written == ["expiring:30"] * told + ["ended"] * thanked


def test_who_renews_with_another_paper_is_known_by_the_link(session: Session) -> None:
    term = make_term(session)
    following = make_next_recruitment(session)
    again = make_application(session, recruitment=following, now=at(following.opens_on))
    again.renews_id = term.application_id
    session.commit()

    assert all_notices(session, days_before(30)) == []


def test_an_e_mail_has_a_link_and_a_call_has_none(session: Session) -> None:
    by_mail = make_term(session)
    by_phone = make_term(session, email="")
    moment = days_before(7)

    notify(session, moment)

    messages = {
        message.application_id: message
        for message in session.scalars(sa.select(Message).where(Message.kind == "expiring"))
    }
    assert messages[by_phone.application_id].via is MessageVia.PHONE
    assert messages[by_phone.application_id].link is None
    [link] = session.scalars(sa.select(PrivateLink))
    assert messages[by_mail.application_id].link is link
    assert (link.purpose, link.application_id) == (LinkPurpose.RENEW, by_mail.application_id)
    assert link.expires_at == moment + dt.timedelta(days=180)
    assert link.open_token(vault_of(session))


def test_many_are_told_in_several_goes(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "MOST_AT_ONCE", 2)
    for _person in range(5):
        make_term(session)

    assert [notify(session, days_before(30)) for _go in range(4)] == [2, 2, 1, 0]


def message_of(session: Session, kind: MessageKind) -> Message:
    return session.scalars(sa.select(Message).where(Message.kind == kind.value)).one()


def test_a_notice_does_not_leave_when_it_is_wrong_by_then(
    session: Session, actor_for: ActorFor
) -> None:
    given = answers()
    term = make_term(session, **given)
    notify(session, days_before(7))
    notify(session, days_before(-1))
    expires, ended = (
        message_of(session, kind) for kind in (MessageKind.EXPIRING, MessageKind.ENDED)
    )
    assert [delivering.superseded(session, each) for each in (expires, ended)] == [None, None]
    assert expiring.outlived(expires, now=at(LAST, 23, 59)) is None
    assert expiring.outlived(expires, now=at(LAST + DAY, 0, 0)) == "聘期已经届满，另有一条通知"
    assert expiring.outlived(ended, now=at(LAST + DAY, 0, 0)) is None

    following = make_next_recruitment(session)
    apply_again(session, term, given, recruitment=following)
    assert delivering.superseded(session, expires) == "本人已经重新报名"
    assert delivering.superseded(session, ended) is None
    start_writing(session)
    session.get_one(Appointment, term.id).terminated_on = LAST
    session.commit()
    assert delivering.superseded(session, expires) == "这段聘期已经提前解聘"
    assert delivering.superseded(session, ended) == "这段聘期已经提前解聘"


def test_a_nearer_notice_takes_the_place_of_one_that_still_waits(session: Session) -> None:
    make_term(session, email="")
    staff = make_staff(session)
    session.commit()
    mornings = [days_before(days) for days in (90, 30, 7)]

    for morning in mornings:
        notify(session, morning)

    query = sa.select(Message).where(Message.kind == MessageKind.EXPIRING.value)
    notices = session.scalars(query.order_by(Message.id)).all()
    causes = [delivering.outdated(session, each, now=mornings[-1]) for each in notices]
    assert causes == ["有更近的一条", "有更近的一条", None]
    listed, _more = calling.to_call(session, staff, size=50)
    start_writing(session)
    calling.drop_outdated(session, listed, now=mornings[-1])
    session.commit()
    listed, _more = calling.to_call(session, staff, size=50)
    about_terms = [each for each in listed if each.kind == MessageKind.EXPIRING.value]
    assert about_terms == [notices[-1]]


def test_thanks_do_not_leave_when_a_new_term_has_come(session: Session) -> None:
    given = answers()
    term = make_term(session, **given)
    notify(session, days_before(-1))
    ended = message_of(session, MessageKind.ENDED)
    assert delivering.superseded(session, ended) is None
    assert day_of(ended.created_at) == LAST + DAY

    following = make_next_recruitment(session)
    apply_again(session, term, given, recruitment=following, status=Status.APPROVED)

    assert delivering.superseded(session, ended) == "本人已经续聘"
