"""聘任: what an approval brings: a term, a number without a gap, a certificate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager

from ..domain.codes import new_reference
from ..domain.days import in_words
from ..domain.refusal import NotAllowed
from ..domain.terms import day_of, first_day, last_day
from ..models import Application, Appointment, Association, Certificate, CertificateCounter
from .recognising import applications_of

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The first day that an approval would bring. `after` is the other term of the person that it
    has to wait for; None where it begins on the recruitment's own day."""

    starts_on: dt.date
    after: Appointment | None
    own_day: dt.date
    opens_on: dt.date

    @property
    def words(self) -> str:
        """For the reviewer, where the term begins later than others of the recruitment."""
        if self.after is None or self.after.last_day_served is None:
            return ""
        return (
            f"本人的聘期（{self.after.number}）到{in_words(self.after.last_day_served)}，"
            f"这次从{in_words(self.starts_on)}起，不是从{in_words(self.own_day)}起。"
        )

    @property
    def refusal(self) -> str | None:
        """Why it may not be approved: a later recruitment has appointed the person already."""
        if self.after is None or self.after.application.recruitment.opens_on <= self.opens_on:
            return None
        return (
            f"本人在后来的“{self.after.application.recruitment.title}”里已经聘任"
            f"（{self.after.number}），这一份再通过，要到{in_words(self.starts_on)}才开始。"
            "请不予通过，理由写已由后来的招募聘任；要再续聘的，请本人以后重新报名。"
        )


def plan(session: Session, application: Application, *, today: dt.date) -> Plan:
    """From which day the application's term would run if it were approved that day: the day of
    its recruitment, or the day after the last one of the person's other terms."""
    terms = application.recruitment.terms
    own_day = first_day(terms, today)
    after, served_until = None, own_day - _DAY
    for other in session.scalars(other_terms(session, application)):
        if other.last_day_served is not None and other.last_day_served > served_until:
            after, served_until = other, other.last_day_served
    return Plan(
        starts_on=served_until + _DAY, after=after, own_day=own_day, opens_on=terms.opens_on
    )


def take_turn(session: Session) -> Association:
    """Terms are made and moved one after the other, until the end of the transaction, so that who
    looks for an overlap sees every other one."""
    return session.get_one(Association, 1, with_for_update=True)


def appoint(session: Session, application: Application, *, now: dt.datetime) -> Appointment:
    """Create the term of an approved application, with an explicit first and last day, its number
    and its certificate. A term never overlaps another one of the same person. Raises NotAllowed
    where a later recruitment has appointed the person already."""
    association = take_turn(session)
    planned = plan(session, application, today=day_of(now))
    if planned.refusal:
        raise NotAllowed(planned.refusal)
    year = day_of(now).year
    appointment = Appointment(
        application=application,
        recruitment_id=application.recruitment_id,
        region=application.region,
        starts_on=planned.starts_on,
        ends_on=last_day(planned.starts_on, application.recruitment.terms.term_years),
        prefix=association.certificate_prefix,
        year=year,
        serial=next_serial(session, year),
        created_at=now,
    )
    appointment.certificates.append(Certificate(code=new_reference(), issued_at=now))
    session.add(appointment)
    return appointment


def other_terms(session: Session, application: Application) -> sa.Select[Appointment]:
    """The terms of the same person under other applications, with these; as they are now,
    whatever was read before."""
    theirs = applications_of(session, application) - {application.id}
    return (
        sa.select(Appointment)
        .join(Appointment.application)
        .where(Application.id.in_(theirs))
        .options(contains_eager(Appointment.application).joinedload(Application.recruitment))
        .execution_options(populate_existing=True)
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
