"""聘书: the one with a code, those of a list in its order, a new one in the place of an old one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from ..db import vault_of
from ..domain.codes import new_reference, normalise_reference
from ..domain.messages import MessageKind
from ..domain.refusal import AlreadyDecided, NotAllowed
from ..domain.terms import day_of
from ..domain.vocabulary import TermStatus
from ..models import Application, Appointment, AuditEvent, Certificate, Message, Staff
from . import finding, messaging, serving
from .auditing import Actor, record

ENDED_EARLY = "聘期已经提前结束，聘书不再有效，不能打印，也不能换发。"
REPLACED = "这份聘书刚才已经由别人换发，请看最新的一份，确实需要再换时再办。"


def find_certificate(session: Session, code: str) -> Certificate | None:
    """By its 查验码 in any spelling; a replaced one too. None also for what cannot be a code."""
    if (wanted := normalise_reference(code)) is None:
        return None
    return session.scalar(
        sa.select(Certificate)
        .where(Certificate.code == wanted)
        .options(joinedload(Certificate.appointment).joinedload(Appointment.application))
    )


def find_appointment(session: Session, staff: Staff, reference: str) -> Appointment | None:
    """That of an application which this member of staff may open, with its certificates."""
    return session.scalar(
        serving.visible_to(staff)
        .where(Application.reference == reference)
        .options(
            contains_eager(Appointment.application),
            selectinload(Appointment.certificates).joinedload(Certificate.issued_by),
        )
    )


def in_force(appointment: Appointment, on: dt.date) -> bool:
    """Whether its certificate may still be shown and printed: not where it was ended early."""
    return appointment.status(on) is not TermStatus.TERMINATED


def reissue(
    session: Session,
    appointment: Appointment,
    *,
    replaces: str,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Certificate:
    """换发 of the certificate with the code `replaces`: the number stays, the code is new, the old
    one says so; the person is written to. Raises NotAllowed for a term that was ended early,
    AlreadyDecided where another replaced it meanwhile."""
    _lock(session, appointment)
    if not in_force(appointment, day_of(now)):
        raise NotAllowed(ENDED_EARLY)
    if appointment.code != replaces:
        raise AlreadyDecided(REPLACED)
    appointment.certificates[-1].replaced_at = now
    certificate = Certificate(
        code=new_reference(),
        issued_at=now,
        issued_by_id=actor.staff.id if actor.staff else None,
        reason=reason,
    )
    appointment.certificates.append(certificate)
    application = appointment.application
    key = message_key(appointment)
    messaging.tell(session, MessageKind.CERTIFICATE, application, key=key, now=now)
    reference = application.reference
    record(session, "reissue_certificate", reference, actor=actor, now=now, reason=reason)
    return certificate


def _lock(session: Session, appointment: Appointment) -> None:
    """Until the end of the transaction: of two who replace one certificate, one comes later."""
    held = sa.select(Appointment.id).where(Appointment.id == appointment.id)
    session.execute(held.with_for_update())
    session.expire(appointment, ["certificates", "terminated_on"])


def message_key(appointment: Appointment) -> str:
    """Of the message about the certificate that is valid now."""
    issued = len(appointment.certificates)
    return f"{MessageKind.CERTIFICATE.value}:{appointment.application.reference}:{issued}"


def overtaken(_session: Session, message: Message) -> str | None:
    """Why the message about a new certificate would be wrong by now."""
    term = message.application.appointment if message.application is not None else None
    if term is None or not in_force(term, day_of(message.next_try_at)):
        return "聘期已经提前结束"
    if message.dedupe_key != message_key(term):
        return "后来又换发了一次，以最新的通知为准"
    return None


def printable(session: Session, filters: finding.RosterFilter, *, on: dt.date) -> finding.Rows:
    """Ids of the appointments of a roster whose certificates may be printed, in its order."""
    query, key = finding.roster(filters, vault_of(session), [Appointment.id])
    ended_early = Appointment.terminated_on <= max(on, filters.on)
    return query.where(sa.or_(Appointment.terminated_on.is_(None), ~ended_early)).order_by(key)


def count_printable(session: Session, filters: finding.RosterFilter, *, on: dt.date) -> int:
    query = printable(session, filters, on=on).order_by(None)
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def some_printable(
    session: Session, filters: finding.RosterFilter, *, on: dt.date, skip: int, most: int
) -> Sequence[Appointment]:
    """Up to `most` of them after the first `skip`, in the order of the roster."""
    ids = printable(session, filters, on=on).offset(skip).limit(most).subquery()
    return session.scalars(
        sa.select(Appointment)
        .where(Appointment.id.in_(sa.select(ids.c.id)))
        .order_by(Appointment.id)
        .options(joinedload(Appointment.application), selectinload(Appointment.certificates))
    ).all()


def printed_parts(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, since: dt.datetime
) -> dict[int, dt.datetime]:
    """When this member of staff had which part of that list made, by the place it starts at.
    `asked` is what the audit says of the list."""
    events = session.scalars(
        sa.select(AuditEvent)
        .where(
            AuditEvent.action == "print_certificates",
            AuditEvent.subject == "roster",
            AuditEvent.at >= since,
            AuditEvent.actor == actor.name,
        )
        .order_by(AuditEvent.id)
    )
    return {
        event.detail["part"]: event.at
        for event in events
        if all(event.detail[name] == value for name, value in asked.items())
    }
