"""提前解聘: a term ends before its last day, with a reason; an approver may take that back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.appointments import NEEDS_WORDS, EndReason
from ..domain.days import in_words
from ..domain.messages import TOLD_OTHERWISE, MessageKind, MessageStatus
from ..domain.permissions import Permission, may
from ..domain.refusal import AlreadyDecided, Invalid, NotAllowed
from ..domain.terms import day_of
from ..models import Appointment, Ending, Message
from . import serving
from .appointing import take_turn
from .auditing import Actor, record
from .messaging import tell

#: Characters of the words, as the column has them.
MOST_WORDS = 500


def end_early(
    session: Session,
    appointment: Appointment,
    *,
    reason: EndReason,
    words: str,
    ends_from: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Ending:
    """The term ends the day before `ends_from`, a day from today to its last day. Tells the person,
    unless they died, and records it. Raises AlreadyDecided, NotAllowed, Invalid."""
    _check(appointment, reason, words, ends_from, day_of(now))
    if actor.staff is None:
        raise NotAllowed("提前解聘要由工作人员办理。")
    ending = Ending(
        appointment=appointment,
        reason=reason,
        words=words,
        ends_from=ends_from,
        staff_id=actor.staff.id,
        at=now,
    )
    session.add(ending)
    appointment.terminated_on = ends_from
    session.flush()
    application = appointment.application
    if reason is not EndReason.DIED:
        tell(session, MessageKind.ENDED_EARLY, application, key=key_of(ending), now=now)
    record(
        session,
        "end_early",
        application.reference,
        actor=actor,
        now=now,
        reason=reason.label,
        terminated_on=ends_from.isoformat(),
    )
    return ending


def _check(
    appointment: Appointment,
    reason: EndReason,
    words: str,
    ends_from: dt.date,
    today: dt.date,
) -> None:
    if appointment.terminated_on is not None:
        raise AlreadyDecided(already_ended(appointment))
    if appointment.ends_on < today:
        raise NotAllowed(f"这段聘期已于{in_words(appointment.ends_on)}期满，不用再解聘。")
    if ends_from < today:
        raise Invalid(
            "解聘日不能早于今天：过去的名册不能改，昨天以前仍算在聘。请改为今天或以后的一天。",
            field="ends_from",
        )
    if ends_from > appointment.ends_on:
        raise Invalid(
            f"聘期到{in_words(appointment.ends_on)}为止，期满自行解聘。"
            "解聘日最晚是这一天，请改早一些。",
            field="ends_from",
        )
    if reason in NEEDS_WORDS and not words:
        raise Invalid(f"原因是“{reason.label}”的，请写明情况。", field="words")


def undo(
    session: Session, appointment: Appointment, *, reason: str, actor: Actor, now: dt.datetime
) -> Ending:
    """The term runs to its last day again; who may have heard that it ended is told. Raises
    NotAllowed for who is no approver, for a term that was not ended early, and where a later term
    would overlap; Invalid without a reason."""
    if actor.staff is None or not may(actor.staff.role, Permission.APPROVE):
        raise NotAllowed("撤销提前解聘要由复核员办理，请转给复核员。")
    ending = current_ending(appointment)
    if ending is None:
        raise AlreadyDecided("这段聘期没有提前解聘，或者别人刚刚撤销，不用再撤销。")
    if not reason:
        raise Invalid("请写明为什么撤销。", field="reason")
    take_turn(session)
    if later := serving.overlapping(session, appointment):
        raise NotAllowed(
            f"本人从{in_words(later.starts_on)}起另有一段聘期（{later.number}），"
            "撤销以后两段会重叠，所以不能撤销。"
        )
    appointment.terminated_on = None
    ending.undone_by_id, ending.undone_at = actor.staff.id, now
    ending.undone_reason = reason
    reference = appointment.application.reference
    if _may_know(session, ending):
        key = f"ending_undone:{reference}:{ending.id}"
        tell(session, MessageKind.ENDING_UNDONE, appointment.application, key=key, now=now)
    record(session, "undo_ending", reference, actor=actor, now=now)
    session.flush()
    return ending


def _may_know(session: Session, ending: Ending) -> bool:
    """Whether the message of the ending came to the person, or is on its way. One that still waits
    is not sent any more, see `taken_back`."""
    told = session.scalar(
        sa.select(Message).where(Message.dedupe_key == key_of(ending)).with_for_update()
    )
    if told is None:
        return False
    by_others = told.status is MessageStatus.CANCELLED and told.error == TOLD_OTHERWISE
    return told.status is MessageStatus.SENT or by_others or told.leased_until is not None


def current_ending(appointment: Appointment) -> Ending | None:
    """The ending that counts; None for a term that runs, or ran, to its last day."""
    if appointment.terminated_on is None:
        return None
    return next((each for each in reversed(appointment.endings) if each.undone_at is None), None)


def already_ended(appointment: Appointment) -> str:
    """Who ended it, why and from when, for who comes later."""
    ending = current_ending(appointment)
    who = f"{ending.staff.name}已经办了" if ending else "已经办了"
    why = f"（{ending.reason.label}）" if ending else ""
    day = in_words(appointment.terminated_on) if appointment.terminated_on else ""
    return f"{who}提前解聘{why}，从{day}起不再在聘。要改的，请复核员先撤销。"


def key_of(ending: Ending) -> str:
    """The key of the message that tells of it."""
    return f"ended_early:{ending.appointment.application.reference}:{ending.id}"


def taken_back(_session: Session, message: Message) -> str | None:
    """Why the message would be wrong by now: the ending it tells of does not count any more."""
    term = message.application.appointment if message.application else None
    ending = current_ending(term) if term else None
    if ending is None or key_of(ending) != message.dedupe_key:
        return "提前解聘已经撤销"
    return None


def ended_again(_session: Session, message: Message) -> str | None:
    """Why it would be wrong to tell that an ending was taken back."""
    term = message.application.appointment if message.application else None
    return "后来又办了提前解聘" if term is None or term.terminated_on is not None else None
