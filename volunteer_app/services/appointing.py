"""聘任: what an approval brings."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..domain.terms import day_of, first_day, last_day
from ..models import Application, Appointment


def appoint(session: Session, application: Application, *, now: dt.datetime) -> Appointment:
    """Create the term of an approved application, with an explicit first and last day."""
    terms = application.recruitment.terms
    starts_on = first_day(terms, day_of(now))
    appointment = Appointment(
        application=application,
        recruitment_id=application.recruitment_id,
        region=application.region,
        starts_on=starts_on,
        ends_on=last_day(starts_on, terms.term_years),
        created_at=now,
    )
    session.add(appointment)
    return appointment
