"""通知用语: the words of a kind of message in one recruitment, where somebody changed them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain import rewording
from ..domain.messages import MessageKind
from ..domain.refusal import AlreadyDecided
from ..models import Draft, Message, Recruitment, Staff, Wording
from . import outbox
from .auditing import Actor, record


def wording_of(session: Session, recruitment_id: int, kind: MessageKind) -> Wording | None:
    """`subject` and `text` with their placeholders; None where the file's words hold."""
    return session.get(Wording, (recruitment_id, kind.value))


def changed_kinds(session: Session, recruitment: Recruitment) -> dict[str, Wording]:
    """What was changed in that recruitment, by kind."""
    rows = sa.select(Wording).where(Wording.recruitment_id == recruitment.id)
    return {wording.kind: wording for wording in session.scalars(rows)}


def change(
    session: Session,
    recruitment: Recruitment,
    kind: MessageKind,
    *,
    subject: str,
    text: str,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Wording:
    """Put these words in the place of those with that version, 0 for the file's. Raises Invalid,
    see `rewording.check`, and AlreadyDecided where others hold by now."""
    rewording.check(kind, subject, text)
    wording = wording_of(session, recruitment.id, kind)
    if version != (wording.version if wording else 0):
        raise AlreadyDecided("别人改过这种通知的用语。")
    if wording is None:
        wording = Wording(recruitment_id=recruitment.id, kind=kind.value)
        session.add(wording)
    wording.subject, wording.text, wording.changed_at = subject, text, now
    record(session, "change_wording", recruitment.slug, actor=actor, now=now, message=kind.value)
    return wording


def restore(session: Session, wording: Wording, *, actor: Actor, now: dt.datetime) -> None:
    """恢复原文: the file's words hold again."""
    slug = session.get_one(Recruitment, wording.recruitment_id).slug
    session.delete(wording)
    record(session, "restore_wording", slug, actor=actor, now=now, message=wording.kind)


def copy(session: Session, source: Recruitment, target: Recruitment, *, now: dt.datetime) -> None:
    """The next recruitment says it in the same words. The target has to have its id."""
    session.add_all(
        Wording(
            recruitment_id=target.id,
            kind=each.kind,
            subject=each.subject,
            text=each.text,
            changed_at=now,
        )
        for each in changed_kinds(session, source).values()
    )


def newest(
    session: Session, staff: Staff, recruitment: Recruitment, kind: MessageKind
) -> Message | None:
    """The latest message of that kind in that recruitment which that member of staff may see."""
    place = sa.or_(
        Message.application.has(recruitment_id=recruitment.id),
        Message.recommendation.has(recruitment_id=recruitment.id),
        Message.draft.has(Draft.recruitment_id == recruitment.id),
    )
    query = outbox.visible_to(staff).where(Message.kind == kind.value, place)
    return session.scalar(query.order_by(Message.id.desc()).limit(1))
