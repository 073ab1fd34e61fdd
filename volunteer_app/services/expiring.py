"""Notices before a term ends and after; the term itself ends by its dates, without any of this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager

from ..domain.appointments import NOTICE_DAYS
from ..domain.messages import MessageKind
from ..domain.requests import LinkPurpose
from ..domain.terms import day_of
from ..domain.vocabulary import HOLDING, UNDECIDED, Status
from ..models import Application, Appointment, Message, Recruitment
from .linking import new_link
from .messaging import tell

#: Days for which the link to apply again holds, and after which no thanks are sent any more.
LINK_DAYS = 180
THANKS_DAYS = 30
#: Messages in one transaction, so that nobody waits long for their turn to write.
MOST_AT_ONCE = 200

_Later, _LaterApplication = aliased(Appointment), aliased(Application)
_LaterRecruitment = aliased(Recruitment)


def notify_expiry(session: Session, *, now: dt.datetime) -> int:
    """Tell whose term ends in 90, 30 or 7 days, and thank those whose term is over; each once.
    Returns how many messages it wrote: MOST_AT_ONCE when there may be more."""
    today, left = day_of(now), MOST_AT_ONCE
    for days, soonest in zip(NOTICE_DAYS, (*NOTICE_DAYS[1:], -1), strict=True):
        ends_on = Appointment.ends_on.between(_after(today, soonest + 1), _after(today, days))
        key, wanted = f"expiring:{days}:", sa.and_(ends_on, ~_has_applied_again())
        left -= _write(session, MessageKind.EXPIRING, key, wanted, most=left, now=now)
    over = Appointment.ends_on.between(_after(today, -THANKS_DAYS), _after(today, -1))
    wanted = sa.and_(over, ~_serves_again())
    left -= _write(session, MessageKind.ENDED, "ended:", wanted, most=left, now=now)
    return MOST_AT_ONCE - left


def _after(today: dt.date, days: int) -> dt.date:
    return today + dt.timedelta(days=days)


def _write(
    session: Session,
    kind: MessageKind,
    key: str,
    wanted: sa.ColumnElement[bool],
    *,
    most: int,
    now: dt.datetime,
) -> int:
    """The message with that key to all who are wanted and have none of it yet."""
    told = sa.exists().where(Message.dedupe_key == sa.literal(key) + Application.reference)
    query = (
        sa.select(Appointment)
        .join(Appointment.application)
        .options(contains_eager(Appointment.application))
        .where(wanted, Appointment.terminated_on.is_(None), ~told)
        .order_by(Appointment.ends_on, Appointment.id)
        .limit(most)
    )
    appointments = session.scalars(query).all() if most else []
    for appointment in appointments:
        application = appointment.application
        about = _link_for(session, application, now)
        tell(session, kind, application, key=key + application.reference, now=now, **about)
    return len(appointments)


def _link_for(session: Session, application: Application, now: dt.datetime) -> dict[str, Any]:
    """A private link to apply again, for who reads e-mail; nobody dictates one by telephone."""
    if application.email_sealed is None:
        return {}
    link = new_link(session, LinkPurpose.RENEW, application=application, now=now, days=LINK_DAYS)
    return {"link_digest": link.token_digest}


def _of_the_person(other: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        other.id != Application.id,
        sa.or_(
            other.id_number_index == Application.id_number_index,
            other.renews_id == Application.id,
        ),
    )


def _has_applied_again(statuses: Iterable[Status] = HOLDING) -> sa.ColumnElement[bool]:
    """An application of theirs in a newer recruitment waits or was approved."""
    own = sa.select(Recruitment.opens_on).where(Recruitment.id == Appointment.recruitment_id)
    return (
        sa.select(_LaterApplication.id)
        .join(_LaterRecruitment, _LaterRecruitment.id == _LaterApplication.recruitment_id)
        .where(
            _of_the_person(_LaterApplication),
            _LaterApplication.status.in_(statuses),
            _LaterRecruitment.opens_on > own.correlate(Appointment).scalar_subquery(),
        )
        .correlate(Application, Appointment)
        .exists()
    )


def _serves_again() -> sa.ColumnElement[bool]:
    """A later term of theirs runs or is to run; not one that ended before it began."""
    return (
        sa.select(_Later.id)
        .join(_LaterApplication, _LaterApplication.id == _Later.application_id)
        .where(
            _of_the_person(_LaterApplication),
            _Later.starts_on > Appointment.starts_on,
            sa.or_(_Later.terminated_on.is_(None), _Later.terminated_on > _Later.starts_on),
        )
        .correlate(Application, Appointment)
        .exists()
    )


def no_longer_expiring(session: Session, message: Message) -> str | None:
    """Why 聘期快满 would be wrong by now, whatever day it is."""
    nearer = sa.exists().where(
        Message.application_id == message.application_id,
        Message.kind == MessageKind.EXPIRING.value,
        Message.id > message.id,
    )
    if session.scalar(sa.select(nearer)):
        return "有更近的一条"
    return _wrong(session, message, _has_applied_again(), "本人已经重新报名")


def no_longer_ended(session: Session, message: Message) -> str | None:
    """Why 聘期届满 would be wrong by now."""
    return _wrong(session, message, _serves_again(), "本人已经续聘")


def waits_for_an_answer(session: Session, application: Application) -> bool:
    """Whether the person of a term has applied in a newer recruitment, and nothing is decided."""
    query = sa.select(_has_applied_again(UNDECIDED)).select_from(Appointment)
    query = query.join(Appointment.application).where(Application.id == application.id)
    return session.scalar(query) is True


def _wrong(
    session: Session, message: Message, again: sa.ColumnElement[bool], words: str
) -> str | None:
    query = (
        sa.select(Appointment.terminated_on, again)
        .join(Appointment.application)
        .where(Application.id == message.application_id)
    )
    found = session.execute(query).first()
    if found is None:
        return "没有这段聘期"
    terminated_on, has_done_so = found
    if terminated_on is not None:
        return "这段聘期已经提前解聘"
    return words if has_done_so else None


def outlived(message: Message, *, now: dt.datetime) -> str | None:
    """Why a message comes too late: 聘期快满 when the term is over, 招募开始 when it has closed."""
    if message.kind == MessageKind.OPENS.value and message.recruitment is not None:
        return "这次招募已经截止" if now >= message.recruitment.terms.closes_at else None
    term = message.application.appointment if message.application else None
    if message.kind != MessageKind.EXPIRING.value or term is None:
        return None
    return "聘期已经届满，另有一条通知" if term.ends_on < day_of(now) else None
