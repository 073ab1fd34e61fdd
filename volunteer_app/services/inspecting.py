"""What staff read about one application, one person, one place in the roster, and the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from ..db import vault_of
from ..domain.codes import normalise_reference
from ..models import (
    Application,
    Appointment,
    AuditEvent,
    Decision,
    Recruitment,
    Sighting,
    Staff,
)
from . import finding

#: One number finds a person's own applications and perhaps their family's, never a list.
_MOST_FOUND = 50


def find_application(session: Session, staff: Staff, reference: str) -> Application | None:
    """With all that its page shows; None where it does not exist or is another prefecture's."""
    query = finding.visible_to(staff).where(Application.reference == reference)
    return session.scalar(
        query.options(
            joinedload(Application.recruitment),
            joinedload(Application.appointment),
            selectinload(Application.decisions).joinedload(Decision.staff),
            selectinload(Application.sightings).joinedload(Sighting.staff),
            selectinload(Application.consents),
        )
    )


def others_of_the_person(session: Session, staff: Staff, application: Application) -> Sequence[Any]:
    """The same person's other applications that this member of staff may open, newest first."""
    query = (
        finding.visible_to(staff)
        .join(Recruitment, Recruitment.id == Application.recruitment_id)
        .outerjoin(Appointment, Appointment.application_id == Application.id)
        .where(
            Application.id_number_index == application.id_number_index,
            Application.id != application.id,
        )
        .order_by(Application.id.desc())
        .with_only_columns(
            Application.reference,
            Application.status,
            Application.submitted_at,
            Recruitment.title,
            Appointment.starts_on,
            Appointment.ends_on,
            Appointment.terminated_on,
            Appointment.prefix,
            Appointment.year,
            Appointment.serial,
        )
    )
    return session.execute(query).all()


def found_by_number(session: Session, staff: Staff, text: str) -> Sequence[Any]:
    """By reference, phone or identity number, in any recruitment, newest first."""
    reference = normalise_reference(text)
    matches = (
        Application.reference == reference
        if reference
        else finding.has_number(text, vault_of(session))
    )
    query = finding.visible_to(staff).join(Recruitment).where(matches)
    return session.execute(
        query.order_by(Application.id.desc())
        .limit(_MOST_FOUND)
        .with_only_columns(
            Application.reference, Application.name, Application.status, Recruitment.title
        )
    ).all()


def place_in_roster(session: Session, reference: str) -> int | None:
    """Where the roster goes on after (or before) that reference."""
    return session.scalar(
        sa.select(Appointment.id)
        .join(Application, Application.id == Appointment.application_id)
        .where(Application.reference == reference)
    )


def count_in_roster(session: Session, filters: finding.RosterFilter) -> int:
    query, _key = finding.roster(filters, vault_of(session), [Appointment.id])
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def events(
    session: Session, *, action: str, subject: str, before: int | None, size: int
) -> Sequence[AuditEvent]:
    """操作日志, newest first, one more than `size` when there are more."""
    query = sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(size + 1)
    if action:
        query = query.where(AuditEvent.action == action)
    if subject:
        query = query.where(AuditEvent.subject == subject)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return session.scalars(query).all()
