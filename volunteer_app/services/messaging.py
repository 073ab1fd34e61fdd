"""通知: rows in the outbox, written in the transaction of what they tell."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.terms import day_of
from ..models import Application, Decision, Message, Nominee


def enqueue(
    session: Session, kind: str, application: Application, *, decision: Decision, now: dt.datetime
) -> Message | None:
    """Add one message for somebody who left an e-mail address; others are told by telephone."""
    if application.email_sealed is None:
        return None
    message = Message(
        kind=kind,
        dedupe_key=f"{kind}:{application.reference}:{decision.id}",
        application_id=application.id,
        decision_id=decision.id,
        created_at=now,
    )
    session.add(message)
    return message


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
    message = Message(
        kind="confirm_nomination",
        dedupe_key=key,
        application_id=application.id,
        created_at=now,
    )
    session.add(message)
    return message
