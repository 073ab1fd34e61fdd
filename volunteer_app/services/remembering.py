"""What the audit remembers of one application: who looked at the person's numbers, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..models import AuditEvent, Staff

#: Actions that show the numbers, or take the form or the whole away.
LOOKS = ("reveal", "own_data", "print_form")


@dataclass(frozen=True)
class Look:
    """`role` is that which the member of staff has now; 本人 for the person."""

    at: dt.datetime
    action: str
    role: str
    what: str


def looks(session: Session, reference: str) -> Sequence[Look]:
    """In the order in which they happened; names of staff are not among it."""
    events = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == reference, AuditEvent.action.in_(LOOKS))
        .order_by(AuditEvent.id)
    ).all()
    names = {event.actor.partition(":")[2] for event in events}
    staff = session.execute(sa.select(Staff.username, Staff.role).where(Staff.username.in_(names)))
    roles = {username: role.label for username, role in staff}
    return [
        Look(
            event.at,
            event.action,
            roles.get(event.actor.partition(":")[2], _others(event.actor)),
            str(event.detail.get("field") or event.detail.get("format") or ""),
        )
        for event in events
    ]


def _others(actor: str) -> str:
    return "工作人员" if actor.startswith("staff:") else "本人"
