"""通知 on their way: which one is next, whether it still holds, what became of it.

Each message is leased to one poller in a transaction of its own, and handed to the mail server
outside of any. Whoever dies meanwhile leaves a lease that ends, so that the letter goes out again:
at least once, and marked once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import BY_PHONE, MessageKind, MessageStatus, MessageVia
from ..domain.rewording import LINK_MARK
from ..domain.terms import day_of
from ..domain.vocabulary import Channel, NomineeStatus, Status
from ..models import Application, Message
from . import certifying, drafting, ending, expiring, postponing, reminding
from .placing import find_holder

#: Longer than one errand can take, see `MailServer.longest`.
LEASE = dt.timedelta(minutes=5)
#: Waits after the first, second ... try that failed; after the last one staff must act.
BACK_OFF = tuple(dt.timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 1440))
#: A message that could not be tried for so long tells old news: staff decide.
STALE = dt.timedelta(days=7)
MOST_DROPPED = 50
STALE_WORDS = "放了7天以上才有机会发，没有自动发出"

ERASED = "资料已删除"
OVERTAKEN = "报名后来又有变动，这一条已经过时"

#: Where the application must be for a message that tells of a decision.
_HOLDS_WHILE = {
    MessageKind.RECEIVED: {Status.SUBMITTED, Status.AWAITING_APPROVAL, Status.RETURNED},
    MessageKind.RETURNED: {Status.RETURNED},
    MessageKind.APPROVED: {Status.APPROVED},
    MessageKind.REJECTED: {Status.REJECTED},
    MessageKind.WITHDRAWN: {Status.WITHDRAWN},
}


def next_due(session: Session, *, now: dt.datetime) -> Message | None:
    """The message that has been due the longest and is in nobody's hands. In the writer's turn
    it is locked, and one that another poller has locked is passed over."""
    query = (
        sa.select(Message)
        .where(
            Message.status == MessageStatus.WAITING,
            Message.via == MessageVia.EMAIL,
            Message.next_try_at <= now,
            sa.or_(Message.leased_until.is_(None), Message.leased_until <= now),
        )
        .order_by(Message.next_try_at, Message.id)
        .limit(1)
    )
    return session.scalar(query.with_for_update(skip_locked=True, of=Message))


def lease(session: Session, *, now: dt.datetime) -> Message | None:
    """Take the next message that still holds into one's hands; drop those before it that do not,
    and leave to the telephone those whose address is gone.
    Returns None when nothing is due, or after so many dropped that others should have a turn."""
    for _turn in range(MOST_DROPPED):
        message = next_due(session, now=now)
        if message is None:
            break
        if message.attempts == 0 and message.due_since < now - STALE:
            message.status, message.error = MessageStatus.FAILED, STALE_WORDS
        elif MessageKind(message.kind) in BY_PHONE and not recipient(session, message):
            message.via = MessageVia.PHONE
        elif cause := undeliverable(session, message, now=now):
            message.status, message.error = MessageStatus.CANCELLED, cause
        else:
            message.leased_until = now + LEASE
            message.tried_at = now
            message.attempts += 1
            return message
        session.flush()
    return None


def superseded(session: Session, message: Message) -> str | None:
    """Why the message cannot go out as it is, as a sentence; None where it can."""
    if message.via is MessageVia.EMAIL and not recipient(session, message):
        return "没有留邮箱"
    return _no_longer_true(session, message)


def undeliverable(session: Session, message: Message, *, now: dt.datetime) -> str | None:
    """The same, also for what has come too late."""
    return superseded(session, message) or _too_late(message, now=now)


def outdated(session: Session, message: Message, *, now: dt.datetime) -> str | None:
    """Why it would be wrong to tell it by now, whichever way; None where it holds."""
    return (
        _no_longer_true(session, message)
        or _too_late(message, now=now)
        or _lacks_its_link(session, message)
    )


def _too_late(message: Message, *, now: dt.datetime) -> str | None:
    term = message.application.appointment if message.application is not None else None
    if message.kind == MessageKind.APPROVED.value and term and term.ends_on < day_of(now):
        return "聘期已满"
    return (
        expiring.outlived(message, now=now)
        or reminding.outlived(message, now=now)
        or certifying.outlived(message, now=now)
    )


def _lacks_its_link(session: Session, message: Message) -> str | None:
    """Staff wrote where the private link is to stand, and it has ended meanwhile."""
    edited = message.open_edited(vault_of(session)) if message.edited_sealed else None
    has_link = message.link is not None or message.nominee is not None
    return "链接已经失效" if edited and LINK_MARK in edited[1] and not has_link else None


def _no_longer_true(session: Session, message: Message) -> str | None:
    if message.application is not None and message.application.is_erased:
        return ERASED
    kind = MessageKind(message.kind)
    if kind in _HOLDS_WHILE:
        return _decision_overtaken(message)
    return HOLDS[kind](session, message) if kind in HOLDS else None


def _decision_overtaken(message: Message) -> str | None:
    application = message.application
    if overtaken(message) or application is None:
        return OVERTAKEN
    if message.kind == MessageKind.RECEIVED.value:
        of_unit = application.channel is Channel.UNIT and not application.nominee_confirmed
        return "由单位推荐，请本人确认的通知代替这一条" if of_unit else None
    term = application.appointment
    if message.kind == MessageKind.APPROVED.value and term and term.terminated_on is not None:
        return "已经提前解聘"
    return None if _is_latest(message, application) else OVERTAKEN


def overtaken(message: Message) -> bool:
    """Whether the application is elsewhere by now than the message says."""
    holds = _HOLDS_WHILE.get(MessageKind(message.kind))
    application = message.application
    return holds is not None and application is not None and application.status not in holds


def _is_latest(message: Message, application: Application) -> bool:
    moved = [each.id for each in application.decisions if each.move != "amend"]
    return moved[-1:] == [message.decision_id]


def _nominee_has_answered(_session: Session, message: Message) -> str | None:
    asked = message.nominee and message.nominee.status is NomineeStatus.ASKED
    return None if asked else "本人已经答复，或者不再被推荐"


def _link_is_of_no_use(_session: Session, message: Message) -> str | None:
    """What it opened is submitted or gone, or it would expire before it is read."""
    link = message.link
    if link is None or link.expires_at <= message.next_try_at:
        return "链接已经失效，或者要办的事已经办完"
    return None


def _has_applied(session: Session, message: Message) -> str | None:
    application, recruitment = message.application, message.recruitment
    if application is None or recruitment is None:
        return None
    holder = find_holder(session, recruitment.id, application.id_number_index)
    return "本人已经报名" if holder is not None else None


#: For every other kind: why it would be wrong by now, or None.
HOLDS: dict[MessageKind, Callable[[Session, Message], str | None]] = {
    MessageKind.CONFIRM_NOMINATION: _nominee_has_answered,
    MessageKind.CERTIFICATE: certifying.overtaken,
    MessageKind.RESUME_LINK: _link_is_of_no_use,
    MessageKind.OWN_DATA: _link_is_of_no_use,
    MessageKind.EXPIRING: expiring.no_longer_expiring,
    MessageKind.ENDED: expiring.no_longer_ended,
    MessageKind.ENDED_EARLY: ending.taken_back,
    MessageKind.ENDING_UNDONE: ending.ended_again,
    MessageKind.OPENS: _has_applied,
    MessageKind.UNIT_REMINDER: reminding.nothing_outstanding,
    MessageKind.DEADLINE_MOVED: postponing.moved_again,
    MessageKind.DRAFT_REMINDER: reminding.has_applied,
}


def recipient(session: Session, message: Message) -> str:
    """The e-mail address it goes to; empty where none is left. The private link to confirm goes to
    the address that the unit gave of the person."""
    vault = vault_of(session)
    if message.kind == MessageKind.CONFIRM_NOMINATION.value:
        nominee = message.nominee
        return str(nominee.open_answers(vault).get("email") or "") if nominee else ""
    if message.draft is not None:
        return drafting.address_of(session, message.draft)
    about = message.application or message.recommendation
    return about.open("email", vault) if about is not None else ""


def mark_sent(session: Session, message_id: int, *, now: dt.datetime) -> None:
    """The server has taken it; true whoever holds the lease by now."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is not None and message.status is not MessageStatus.SENT:
        message.status, message.sent_at = MessageStatus.SENT, now
        message.leased_until, message.error = None, ""


def mark_undelivered(
    session: Session,
    message_id: int,
    words: str,
    *,
    final: bool,
    leased_until: dt.datetime,
    now: dt.datetime,
) -> None:
    """The server did not take it: try again later, or leave it to staff where that is no use.
    Says nothing where the lease has gone to another meanwhile."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.leased_until != leased_until:
        return
    message.leased_until, message.error = None, words
    if final or message.attempts > len(BACK_OFF):
        message.status = MessageStatus.FAILED
    else:
        message.next_try_at = now + BACK_OFF[message.attempts - 1]
