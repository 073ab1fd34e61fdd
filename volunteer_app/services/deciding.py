"""审核记录: one row for each time an application moves, with the message that tells it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..domain.vocabulary import Status
from ..models import Application, Decision
from .auditing import Actor
from .messaging import enqueue


def decide(
    session: Session,
    application: Application,
    move: str,
    source: Status | None,
    *,
    message: str | None,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    fields: list[str] | None = None,
    due_on: dt.date | None = None,
) -> Decision:
    """Record that the application went from `source` to the status it has now."""
    decision = Decision(
        application_id=application.id,
        move=move,
        source=source,
        target=application.status,
        staff_id=actor.staff.id if actor.staff else None,
        reason=reason,
        fields=fields or [],
        due_on=due_on,
        outcome=application.outcome,
        at=now,
    )
    session.add(decision)
    session.flush()
    if message:
        enqueue(session, message, application, decision=decision, now=now)
    return decision
