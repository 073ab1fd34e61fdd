"""通知 as staff see them: what waits, what was sent, what was not; sent again or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from ..domain.messages import TOLD_OTHERWISE, MessageStatus, MessageVia
from ..domain.refusal import NotAllowed
from ..models import Application, Message, Recommendation, Staff
from . import counting
from .auditing import Actor, record
from .delivering import undeliverable

#: The newest first where nobody has to act.
_NEWEST_FIRST = {MessageStatus.SENT, MessageStatus.CANCELLED}
_ABOUT = (contains_eager(Message.application), contains_eager(Message.recommendation))
DROPPED = "工作人员决定不发"


def visible_to(staff: Staff) -> sa.Select[Message]:
    """The messages about applications and units that this member of staff may open; drafts are of
    no prefecture yet."""
    query = sa.select(Message).outerjoin(Message.application).outerjoin(Message.recommendation)
    if staff.region is None:
        return query
    return query.where(
        sa.or_(Application.region == staff.region, Recommendation.region == staff.region)
    )


def to_call(staff: Staff) -> sa.Select[Message]:
    """What waits for somebody to ring the person up."""
    return _range(staff, MessageStatus.WAITING, MessageVia.PHONE)


def in_tab(staff: Staff, status: MessageStatus) -> sa.Select[Message]:
    """Messages with that status; those that wait for a call have a list of their own."""
    if status is MessageStatus.WAITING:
        return _range(staff, status, MessageVia.EMAIL)
    return visible_to(staff).where(Message.status == status)


def _range(staff: Staff, status: MessageStatus, via: MessageVia) -> sa.Select[Message]:
    return visible_to(staff).where(Message.status == status, Message.via == via)


def listed(
    session: Session, staff: Staff, status: MessageStatus, *, after: str = "", size: int = 50
) -> tuple[Sequence[Message], bool]:
    """A page of them with their applications, from behind that slug, and whether more follow."""
    newest_first = status in _NEWEST_FIRST
    query = in_tab(staff, status)
    return page_of(session, query, after=after, size=size, newest_first=newest_first)


def page_of(
    session: Session,
    query: sa.Select[Message],
    *,
    after: str,
    size: int,
    newest_first: bool = False,
) -> tuple[Sequence[Message], bool]:
    """That many of the query's from behind that slug, and whether more follow."""
    place = session.scalar(sa.select(Message.id).where(Message.slug == after)) if after else None
    if place is not None:
        query = query.where(Message.id < place if newest_first else Message.id > place)
    query = query.order_by(Message.id.desc() if newest_first else Message.id).limit(size + 1)
    rows = session.scalars(query.options(*_ABOUT)).all()
    return rows[:size], len(rows) > size


def counts(session: Session, staff: Staff) -> dict[MessageStatus | MessageVia, str]:
    """How many wait, wait for a call, and failed, each up to counting.MOST_COUNTED; the others only
    grow."""
    tabs: dict[MessageStatus | MessageVia, sa.Select[Message]] = {
        MessageStatus.WAITING: in_tab(staff, MessageStatus.WAITING),
        MessageVia.PHONE: to_call(staff),
        MessageStatus.FAILED: in_tab(staff, MessageStatus.FAILED),
    }
    return {tab: _count(session, query) for tab, query in tabs.items()}


def count(session: Session, staff: Staff, status: MessageStatus) -> str:
    """How many messages with that status there are, up to counting.MOST_COUNTED."""
    return _count(session, visible_to(staff).where(Message.status == status))


def _count(session: Session, query: sa.Select[Message]) -> str:
    return counting.up_to_most(session, query.with_only_columns(Message.id))


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
    if cause := undeliverable(session, message, now=now):
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
    message.status, message.error = MessageStatus.CANCELLED, TOLD_OTHERWISE if told else DROPPED
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
