"""通知: rows in the outbox, written in the transaction of what they tell."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..models import Application, Decision, Message


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
