"""聘书: the one with a code, those of a list in its order, a new one in the place of an old one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
ENDS_EARLY = "已经记下这段聘期要提前结束，不再换发；办错了的，请先撤销提前解聘。"
ERASED = "本人的资料已按规定删除，没有聘书可以打印或者换发。"
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
    """Whether its certificate may still be shown and printed: not where it was ended early, nor
    where nothing is known of the person any more."""
    if appointment.application.is_erased:
        return False
    return appointment.status(on) is not TermStatus.TERMINATED


def no_reissue(appointment: Appointment, on: dt.date) -> str | None:
    """The sentence why no new certificate is issued; None where one may be."""
    if appointment.application.is_erased:
        return ERASED
    if appointment.terminated_on is None:
        return None
    return ENDS_EARLY if in_force(appointment, on) else ENDED_EARLY


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
    one says so; the person is written to. Raises NotAllowed for a term that was, or is to be, ended
    early, AlreadyDecided where another replaced it meanwhile."""
    _lock(session, appointment)
    if refusal := no_reissue(appointment, day_of(now)):
        raise NotAllowed(refusal)
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
    record(session, "reissue_certificate", application.reference, actor=actor, now=now)
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
    if term is None or message.dedupe_key != message_key(term):
        return "后来又换发了一次，以最新的通知为准"
    return None


def outlived(message: Message, *, now: dt.datetime) -> str | None:
    """Why the message about a new certificate comes too late: there is none to enclose."""
    term = message.application.appointment if message.application is not None else None
    if message.kind != MessageKind.CERTIFICATE.value or term is None:
        return None
    return None if in_force(term, day_of(now)) else "聘期已经提前结束"


def printable(session: Session, filters: finding.RosterFilter, *, on: dt.date) -> finding.Rows:
    """Ids and names of the appointments of a roster whose certificates may be printed, in its
    order."""
    columns = [Appointment.id, Application.name]
    query, key = finding.roster(filters, vault_of(session), columns)
    ended_early = Appointment.terminated_on <= max(on, filters.on)
    return query.where(
        sa.or_(Appointment.terminated_on.is_(None), ~ended_early),
        Application.id_number_last4 != "",  # as `Application.is_erased` says
    ).order_by(key)


def extent(session: Session, filters: finding.RosterFilter, *, on: dt.date) -> tuple[int, str]:
    """How many they are, and a mark that is another one when others are among them."""
    ids = printable(session, filters, on=on).order_by(None).subquery().c.id
    found = session.execute(sa.select(sa.func.count(), sa.func.sum(ids), sa.func.max(ids))).one()
    return found[0], "-".join(str(each or 0) for each in found)


def count_printable(session: Session, filters: finding.RosterFilter, *, on: dt.date) -> int:
    return extent(session, filters, on=on)[0]


def names_of(
    session: Session, filters: finding.RosterFilter, *, on: dt.date, skip: int, most: int
) -> Sequence[str]:
    """Up to `most` names after the first `skip`."""
    some = printable(session, filters, on=on).offset(skip).limit(most)
    return [name for _id, name in session.execute(some)]


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


@dataclass(frozen=True, kw_only=True)
class Printed:
    """When which part of a list was made, by the place it starts at; `changed`: parts were made of
    the list as it was, and none as it is now."""

    parts: dict[int, dt.datetime]
    changed: bool


def printed_parts(
    session: Session, actor: Actor, asked: Mapping[str, Any], mark: str, *, since: dt.datetime
) -> Printed:
    """What this member of staff had made of that list. `asked` is what the audit says of it,
    `mark` that of its extent now: parts of another extent do not fit together with these."""
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
    made = [
        event
        for event in events
        if all(event.detail.get(name) == value for name, value in asked.items())
    ]
    fitting = [event for event in made if event.detail.get("extent") == mark]
    parts = {event.detail["part"]: event.at for event in fitting}
    return Printed(parts=parts, changed=bool(made) and not fitting)
