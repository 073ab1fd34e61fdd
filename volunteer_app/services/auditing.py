"""操作日志: who did what to what, when, from where, in the transaction of what was done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..domain.terms import day_of
from ..models import AuditEvent, Staff

#: Days an audit row is kept at least; the trigger refuses to delete it earlier.
KEEP_DAYS = 3 * 366


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a member of staff, or somebody named by `name` (applicant, command line)."""

    name: str
    staff: Staff | None = None
    address: str = ""
    request_id: str = ""


def staff_actor(staff: Staff, *, address: str = "", request_id: str = "") -> Actor:
    return Actor(
        name=f"staff:{staff.username}", staff=staff, address=address, request_id=request_id
    )


def record(
    session: Session, action: str, subject: str, *, actor: Actor, now: dt.datetime, **detail: Any
) -> None:
    """Add one row. `detail` holds references, field names and counts, never a person's data."""
    session.add(
        AuditEvent(
            at=now,
            actor=actor.name,
            action=action,
            subject=subject,
            detail=detail,
            address=actor.address,
            request_id=actor.request_id,
            keep_until=day_of(now) + dt.timedelta(days=KEEP_DAYS),
        )
    )


def count_since(session: Session, action: str, subject: str, *, since: dt.datetime) -> int:
    """How often that happened to that subject since then; one range of one index."""
    rows = select(func.count()).where(
        AuditEvent.action == action, AuditEvent.subject == subject, AuditEvent.at >= since
    )
    return session.scalar(rows) or 0
