"""截止日有变: who has something unfinished is told of the new closing day."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.messages import MessageKind, MessageStatus
from ..domain.terms import day_of
from ..models import Message, Recommendation, Recruitment
from .reminding import DONE, drafts_with_address, write_to_draft, write_to_unit

_MOVED = "截止日后来又改了"


def tell_of_new_deadline(
    session: Session, recruitment: Recruitment, was_on: dt.date, *, now: dt.datetime
) -> int:
    """截止日有变: to drafts with an address and to units that have not handed in. A return has a
    due date of its own. Returns how many; none where the new day is over. To be called after the
    change has got its version."""
    if recruitment.closes_on < day_of(now):
        return 0
    kind, version, count = MessageKind.DEADLINE_MOVED, recruitment.version, 0
    for draft in drafts_with_address(session, recruitment):
        old = _taken_back(session, Message.draft_digest == draft.token_digest) or was_on
        if old != recruitment.closes_on:
            key = f"{kind.value}:{draft.token_digest[:32]}:{version}"
            write_to_draft(session, kind, draft, recruitment, key=key, now=now, closed_on=old)
            count += 1
    waiting = sa.select(Recommendation).where(
        Recommendation.recruitment_id == recruitment.id, Recommendation.handed_in_at.is_(None)
    )
    for unit in session.scalars(waiting).all():
        old = _taken_back(session, Message.recommendation_id == unit.id) or was_on
        if old != recruitment.closes_on:
            key = f"{kind.value}:{unit.reference}:{version}"
            write_to_unit(session, kind, unit, recruitment, key=key, now=now, closed_on=old)
            count += 1
    return count


def moved_again(session: Session, message: Message) -> str | None:
    unit = message.recommendation
    if unit is not None and unit.handed_in_at is not None:
        return DONE
    later = sa.select(Message.id).where(
        Message.kind == message.kind,
        Message.id > message.id,
        Message.draft_digest == message.draft_digest
        if message.draft_digest
        else Message.recommendation_id == message.recommendation_id,
    )
    return _MOVED if session.scalar(later.limit(1)) is not None else None


def _taken_back(session: Session, about: sa.ColumnElement[bool]) -> dt.date | None:
    """Drop an earlier one that has not gone out; returns the closing day that the person knows."""
    query = sa.select(Message).where(
        Message.kind == MessageKind.DEADLINE_MOVED.value,
        Message.status == MessageStatus.WAITING,
        Message.attempts == 0,
        about,
    )
    earlier = session.scalars(query.order_by(Message.id).with_for_update()).all()
    for message in earlier:
        message.status, message.error = MessageStatus.CANCELLED, _MOVED
    return earlier[0].closed_on if earlier else None
