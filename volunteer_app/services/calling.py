"""打电话: who is told by telephone, and what became of each call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, defaultload, selectinload

from ..db import vault_of
from ..domain.messages import (
    ONLY_A_LINK,
    MessageKind,
    MessageStatus,
    MessageVia,
    PhoneOutcome,
)
from ..domain.refusal import NotAllowed
from ..models import Application, Appointment, Message, Recommendation, Staff
from . import outbox
from .auditing import Actor, record
from .delivering import outdated

#: As many waiting calls as are looked through once a day.
_MOST_CLEARED = 1_000
_ABOUT = (contains_eager(Message.application), contains_eager(Message.recommendation))
#: What is read out, and whether it still holds, is looked up for all rows of a page at once.
_TOLD_OF = (
    defaultload(Message.application).options(
        selectinload(Application.recruitment),
        selectinload(Application.decisions),
        selectinload(Application.appointment).options(
            selectinload(Appointment.endings), selectinload(Appointment.certificates)
        ),
    ),
    defaultload(Message.recommendation).selectinload(Recommendation.recruitment),
    *(
        selectinload(each)
        for each in (
            Message.recruitment,
            Message.decision,
            Message.request,
            Message.link,
            Message.nominee,
        )
    ),
)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """What somebody says of a call; `tried` is how many calls their page knew of."""

    outcome: PhoneOutcome
    tried: int


def to_call(
    session: Session, staff: Staff, *, after: str = "", size: int
) -> tuple[Sequence[Message], bool]:
    """A page of those to be rung up, the oldest first, and whether more follow."""
    query = outbox.to_call(staff).options(*_TOLD_OF)
    return outbox.page_of(session, query, after=after, size=size)


def waits_for_a_call(message: Message) -> bool:
    """Whether it is in the list, as `outbox.to_call` says it to the database."""
    return message.via is MessageVia.PHONE and message.status is MessageStatus.WAITING


def named(session: Session, staff: Staff, slugs: Iterable[str]) -> dict[str, Message]:
    """Those of the list by slug, whatever became of them meanwhile; nobody else changes them
    until this transaction ends."""
    query = outbox.visible_to(staff).where(Message.slug.in_(list(slugs)))
    query = query.where(Message.via == MessageVia.PHONE).order_by(Message.id)
    query = query.with_for_update(of=Message)
    return {message.slug: message for message in session.scalars(query.options(*_ABOUT, *_TOLD_OF))}


def record_calls(
    session: Session, staff: Staff, ticks: Mapping[str, Tick], *, actor: Actor, now: dt.datetime
) -> tuple[int, list[str]]:
    """Take what was ticked; returns how many, and a sentence for each row that was not taken
    because a colleague had been there before, or it is old news by now."""
    found = named(session, staff, ticks)
    count, refused = 0, []
    for slug, message in found.items():
        try:
            record_call(session, message, ticks[slug], actor=actor, now=now)
            count += 1
        except NotAllowed as refusal:
            refused.append(refusal.message)
    if missing := len(ticks) - len(found):
        refused.append(f"有{missing}条已经不在名单里。")
    return count, refused


def record_call(
    session: Session, message: Message, tick: Tick, *, actor: Actor, now: dt.datetime
) -> None:
    """已告诉本人 ends it, 没人接 leaves it in the list, 号码不对 leaves it to staff. Raises
    NotAllowed where the page that it was ticked on is not up to date."""
    if message.status is not MessageStatus.WAITING:
        raise NotAllowed(f"{message.addressee}：已经办过，现在是“{message.status.label}”。")
    if message.attempts != tick.tried:
        raise NotAllowed(f"{message.addressee}：同事刚打过，请看过结果再记。")
    if cause := outdated(session, message, now=now):
        raise NotAllowed(f"{message.addressee}：{cause}，不用再打。")
    message.via, message.tried_at, message.leased_until = MessageVia.PHONE, now, None
    message.attempts += 1
    if tick.outcome is PhoneOutcome.TOLD:
        message.status, message.sent_at, message.error = MessageStatus.SENT, now, ""
    else:
        message.error = tick.outcome.label
    if tick.outcome is PhoneOutcome.WRONG_NUMBER:
        message.status = MessageStatus.FAILED
    call = tick.outcome.value
    record(
        session,
        "record_call",
        message.subject,
        actor=actor,
        now=now,
        message=message.kind,
        call=call,
    )


def drop_outdated(session: Session, messages: Iterable[Message], *, now: dt.datetime) -> None:
    """不用再打: take what is old news by now off the list, as a poller does with letters."""
    for message in messages:
        waits = message.status is MessageStatus.WAITING
        if waits and (cause := outdated(session, message, now=now)):
            message.status, message.error = MessageStatus.CANCELLED, cause


def clear_outdated(session: Session, *, now: dt.datetime) -> int:
    """Once a day: the list that somebody begins to ring up holds no old news. Returns how many went
    off it."""
    query = sa.select(Message).where(
        Message.status == MessageStatus.WAITING, Message.via == MessageVia.PHONE
    )
    waiting = session.scalars(query.order_by(Message.id).limit(_MOST_CLEARED)).all()
    drop_outdated(session, waiting, now=now)
    return sum(message.status is MessageStatus.CANCELLED for message in waiting)


def move_to_phone(session: Session, message: Message, *, actor: Actor, now: dt.datetime) -> None:
    """改为打电话, where no letter reaches the person. Raises NotAllowed."""
    outbox.refuse_under_way(message, now)
    if message.status not in (MessageStatus.WAITING, MessageStatus.FAILED):
        raise NotAllowed(f"这条通知现在是“{message.status.label}”，不用再打电话。")
    if MessageKind(message.kind) in ONLY_A_LINK:
        raise NotAllowed("这条通知只有一个链接，打电话说不清。请本人带证件来，或者核实以后当面办。")
    if not message.phone_last4:
        raise NotAllowed("没有留电话，不能改为打电话。")
    if cause := outdated(session, message, now=now):
        raise NotAllowed(f"{cause}，不用再打电话。")
    message.via, message.status, message.error = MessageVia.PHONE, MessageStatus.WAITING, ""
    message.attempts, message.tried_at, message.leased_until = 0, None, None
    message.due_since = message.next_try_at = now
    record(session, "move_to_phone", message.subject, actor=actor, now=now, message=message.kind)


def phone_of(session: Session, message: Message) -> str:
    """The full number; empty where there is none."""
    about = message.application or message.recommendation
    return about.open("phone", vault_of(session)) if about is not None else ""


def reveal(
    session: Session, messages: Iterable[Message], *, reason: str, actor: Actor, now: dt.datetime
) -> dict[str, str]:
    """The full numbers by slug, for somebody who says why, each recorded. Only of those that are
    still to be rung up."""
    numbers = {}
    for message in messages:
        if waits_for_a_call(message) and not outdated(session, message, now=now):
            record(
                session,
                "reveal",
                message.subject,
                actor=actor,
                now=now,
                field="phone",
                message=message.kind,
                reason=reason,
            )
            numbers[message.slug] = phone_of(session, message)
    return numbers
