"""通知 as staff see them: what waits, what was sent, what was not; sent again or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from ..domain.messages import MessageStatus
from ..domain.refusal import NotAllowed
from ..models import Application, Message, Recommendation, Staff
from .auditing import Actor, record
from .delivering import superseded
from .expiring import outlived

#: Above this a number on a tab says only that there are more.
MOST_COUNTED = 999
#: The newest first where nobody has to act.
_NEWEST_FIRST = {MessageStatus.SENT, MessageStatus.CANCELLED}
_ABOUT = (contains_eager(Message.application), contains_eager(Message.recommendation))
TOLD, DROPPED = "已用别的办法告诉本人", "工作人员决定不发"


def visible_to(staff: Staff) -> sa.Select[Message]:
    """The messages about applications and units that this member of staff may open; drafts are of
    no prefecture yet."""
    query = sa.select(Message).outerjoin(Message.application).outerjoin(Message.recommendation)
    if staff.region is None:
        return query
    return query.where(
        sa.or_(Application.region == staff.region, Recommendation.region == staff.region)
    )


def listed(
    session: Session, staff: Staff, status: MessageStatus, *, after: str = "", size: int = 50
) -> tuple[Sequence[Message], bool]:
    """A page of them with their applications, from behind that slug, and whether more follow."""
    query = visible_to(staff).where(Message.status == status)
    newest_first = status in _NEWEST_FIRST
    place = session.scalar(sa.select(Message.id).where(Message.slug == after)) if after else None
    if place is not None:
        query = query.where(Message.id < place if newest_first else Message.id > place)
    query = query.order_by(Message.id.desc() if newest_first else Message.id).limit(size + 1)
    rows = session.scalars(query.options(*_ABOUT)).all()
    return rows[:size], len(rows) > size


def counts(session: Session, staff: Staff) -> dict[MessageStatus, str]:
    """How many wait and how many failed, up to MOST_COUNTED; the others only grow."""
    acted_on = (MessageStatus.WAITING, MessageStatus.FAILED)
    return {status: count(session, staff, status) for status in acted_on}


def count(session: Session, staff: Staff, status: MessageStatus) -> str:
    """How many of them there are, up to MOST_COUNTED."""
    some = visible_to(staff).where(Message.status == status).with_only_columns(Message.id)
    few = some.limit(MOST_COUNTED + 1).subquery()
    counted = session.scalar(sa.select(sa.func.count()).select_from(few)) or 0
    return f"{MOST_COUNTED}+" if counted > MOST_COUNTED else str(counted)


def find_message(
    session: Session, staff: Staff, slug: str, *, lock: bool = False
) -> Message | None:
    """None where it does not exist or is another prefecture's. With `lock` no poller takes it and
    nobody else changes it until this transaction ends."""
    query = visible_to(staff).where(Message.slug == slug)
    if lock:
        query = query.with_for_update(of=Message)
    return session.scalar(query.options(*_ABOUT, joinedload(Message.decision)))


def under_way(message: Message, *, now: dt.datetime) -> bool:
    """Whether a poller has it in its hands."""
    return message.leased_until is not None and message.leased_until > now


def send_again(session: Session, message: Message, *, actor: Actor, now: dt.datetime) -> None:
    """A new round of tries that begins now. Raises NotAllowed for what would be wrong, or is
    under way."""
    refuse_under_way(message, now)
    if cause := superseded(session, message) or outlived(message, now=now):
        raise NotAllowed(f"{cause}，不能再发。")
    if message.status is MessageStatus.SENT:
        message.rounds += 1  # meant to come a second time, so it must not look like a double
    message.status, message.sent_at, message.error = MessageStatus.WAITING, None, ""
    message.due_since = message.next_try_at = now
    message.leased_until, message.attempts = None, 0
    _record(session, "send_again", message, actor, now)


def drop(session: Session, message: Message, *, told: bool, actor: Actor, now: dt.datetime) -> None:
    """Do not send it; `told` where the person was told by telephone or otherwise. Raises
    NotAllowed for what is out or under way."""
    refuse_under_way(message, now)
    if message.status not in (MessageStatus.WAITING, MessageStatus.FAILED):
        raise NotAllowed(f"这条通知现在是“{message.status.label}”，不用再办。")
    message.status, message.error = MessageStatus.CANCELLED, TOLD if told else DROPPED
    message.leased_until = None
    _record(session, "tell_otherwise" if told else "drop_message", message, actor, now)


def refuse_under_way(message: Message, now: dt.datetime) -> None:
    """Raises NotAllowed while a poller has it in its hands."""
    if under_way(message, now=now):
        raise NotAllowed("这条通知正在发，请过几分钟再看。")


def _record(
    session: Session, action: str, message: Message, actor: Actor, now: dt.datetime
) -> None:
    record(session, action, message.subject, actor=actor, now=now, message=message.kind)
