"""截止日有变: who has something unfinished is told of the new closing day."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.messages import MessageKind, MessageStatus
from ..domain.terms import day_of
from ..models import Message, Recommendation, Recruitment
from . import reminding

_MOVED = "截止日后来又改了"


def tell_of_new_deadline(
    session: Session, recruitment: Recruitment, was_on: dt.date, *, now: dt.datetime
) -> int:
    """截止日有变: to drafts with an address and to units that have not handed in. A return has a
    due date of its own. Returns how many; none where the new day is over. To be called after the
    change has got its version."""
    if recruitment.closes_on < day_of(now):
        return 0
    known = _taken_back(session, recruitment)
    kind, mark, day = MessageKind.DEADLINE_MOVED, str(recruitment.version), recruitment.closes_on
    drafts = session.scalars(reminding.drafts_with_address(recruitment)).all()
    closed_on = {each.token_digest: known.get(each.token_digest, was_on) for each in drafts}
    drafts = [each for each in drafts if closed_on[each.token_digest] != day]
    reminding.write_to_drafts(
        session, kind, drafts, recruitment, mark=mark, now=now, closed_on=closed_on
    )
    waiting = sa.select(Recommendation).where(
        Recommendation.recruitment_id == recruitment.id, Recommendation.handed_in_at.is_(None)
    )
    units = session.scalars(waiting).all()
    units = [each for each in units if known.get(each.id, was_on) != day]
    for unit in units:
        old = known.get(unit.id, was_on)
        reminding.write_to_unit(session, kind, unit, recruitment, mark=mark, now=now, closed_on=old)
    return len(drafts) + len(units)


def moved_again(session: Session, message: Message) -> str | None:
    unit = message.recommendation
    if unit is not None and unit.handed_in_at is not None:
        return reminding.DONE
    later = sa.select(Message.id).where(
        Message.kind == message.kind,
        Message.id > message.id,
        Message.draft_digest == message.draft_digest
        if message.draft_digest
        else Message.recommendation_id == message.recommendation_id,
    )
    if session.scalar(later.limit(1)) is not None:
        return _MOVED
    return reminding.has_applied(session, message)


def _taken_back(session: Session, recruitment: Recruitment) -> dict[str | int | None, dt.date]:
    """Drop earlier ones that have not gone out; returns the closing days that their readers know,
    by the draft's digest or the unit's id."""
    query = sa.select(Message).where(
        Message.kind == MessageKind.DEADLINE_MOVED.value,
        Message.recruitment_id == recruitment.id,
        Message.status == MessageStatus.WAITING,
        Message.attempts == 0,
    )
    known: dict[str | int | None, dt.date] = {}
    for message in session.scalars(query.with_for_update()):
        message.status, message.error = MessageStatus.CANCELLED, _MOVED
        if message.closed_on is not None:
            known[message.draft_digest or message.recommendation_id] = message.closed_on
    return known
