"""通知: rows in the outbox, written in the transaction of what they tell."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import MessageKind, MessageStatus
from ..domain.terms import day_of
from ..models import Application, Decision, Message, Nominee


def enqueue(
    session: Session, kind: str, application: Application, *, decision: Decision, now: dt.datetime
) -> Message | None:
    """Add one message for somebody who left an e-mail address; others are told by telephone."""
    if application.email_sealed is None:
        return None
    return _add(
        session,
        MessageKind(kind),
        f"{kind}:{application.reference}:{decision.id}",
        application,
        now=now,
        decision_id=decision.id,
    )


def ask_nominee(session: Session, nominee: Nominee, *, now: dt.datetime) -> Message | None:
    """Add the message with the private link to confirm, once a day at most; None where it was
    added today already, or the unit gave no address."""
    application = nominee.application
    if application is None or not nominee.open_answers(vault_of(session)).get("email"):
        return None
    key = f"confirm_nomination:{nominee.token_digest[:16]}:{day_of(now)}"
    if session.scalar(sa.select(Message.id).where(Message.dedupe_key == key)):
        return None
    nominee.sent_at = now
    session.flush()  # a new nominee has no id before
    kind = MessageKind.CONFIRM_NOMINATION
    return _add(session, kind, key, application, now=now, nominee_id=nominee.id)


def _add(
    session: Session,
    kind: MessageKind,
    dedupe_key: str,
    application: Application,
    *,
    now: dt.datetime,
    decision_id: int | None = None,
    nominee_id: int | None = None,
) -> Message:
    message = Message(
        slug=secrets.token_hex(8),
        kind=kind.value,
        dedupe_key=dedupe_key,
        application_id=application.id,
        decision_id=decision_id,
        nominee_id=nominee_id,
        status=MessageStatus.WAITING,
        created_at=now,
        due_since=now,
        next_try_at=now,
    )
    session.add(message)
    return message
