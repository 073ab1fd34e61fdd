"""聘任: what an approval brings: a term, a number without a gap, a certificate."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.codes import new_reference
from ..domain.terms import day_of, first_day, last_day
from ..models import Application, Appointment, Association, Certificate, CertificateCounter

_DAY = dt.timedelta(days=1)


def appoint(session: Session, application: Application, *, now: dt.datetime) -> Appointment:
    """Create the term of an approved application, with an explicit first and last day, its number
    and its certificate. A term never overlaps an earlier one of the same person."""
    terms = application.recruitment.terms
    starts_on = first_day(terms, day_of(now))
    if served_until := last_day_served(session, application):
        starts_on = max(starts_on, served_until + _DAY)
    year = day_of(now).year
    association = session.get_one(Association, 1)
    appointment = Appointment(
        application=application,
        recruitment_id=application.recruitment_id,
        region=application.region,
        starts_on=starts_on,
        ends_on=last_day(starts_on, terms.term_years),
        prefix=association.certificate_prefix,
        year=year,
        serial=next_serial(session, year),
        created_at=now,
    )
    appointment.certificates.append(Certificate(code=new_reference(), issued_at=now))
    session.add(appointment)
    return appointment


def last_day_served(session: Session, application: Application) -> dt.date | None:
    """The last day of the latest term of the same person under another application, as it ended
    or will; None for a first term."""
    days = [
        appointment.last_day_served for appointment in session.scalars(other_terms(application))
    ]
    return max((day for day in days if day is not None), default=None)


def other_terms(application: Application) -> sa.Select[Appointment]:
    """The terms of the same person under other applications; also those that it renews, should
    the number have changed."""
    return (
        sa.select(Appointment)
        .join(Application, Application.id == Appointment.application_id)
        .where(
            Application.id != application.id,
            sa.or_(
                Application.id_number_index == application.id_number_index,
                Application.id == application.renews_id,
            ),
        )
    )


def next_serial(session: Session, year: int) -> int:
    """The next number of that year. Its row stays locked until the end of the transaction, so that
    one that is rolled back leaves no gap."""
    raised = (
        sa.update(CertificateCounter)
        .where(CertificateCounter.year == year)
        .values(last=CertificateCounter.last + 1)
        .returning(CertificateCounter.last)
    )
    serial = session.scalar(raised)
    if serial is not None:
        return serial
    try:
        with session.begin_nested():
            session.add(CertificateCounter(year=year, last=1))
    except IntegrityError:  # another began the year meanwhile
        return int(session.scalars(raised).one())
    return 1
