"""聘任 as staff read it: one term, a person's service across terms, counts per prefecture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from ..domain.appointments import NOTICE_DAYS
from ..domain.vocabulary import TermStatus
from ..models import Application, Appointment, Ending, Staff
from . import counting, finding
from .recognising import applications_of


@dataclass(frozen=True, kw_only=True)
class RegionCount:
    """Terms of one prefecture on a day. `within` has those that end in so many days."""

    region: str
    active: int
    upcoming: int
    within: dict[int, int]


def visible_to(staff: Staff) -> sa.Select[Appointment]:
    """The terms that this member of staff may open."""
    query = sa.select(Appointment).join(Appointment.application)
    return query if staff.region is None else query.where(Appointment.region == staff.region)


def find_appointment(session: Session, staff: Staff, reference: str) -> Appointment | None:
    """By its application's reference, with all that its page shows; None where it does not exist
    or is another prefecture's."""
    query = visible_to(staff).where(Application.reference == reference)
    return session.scalar(
        query.options(
            contains_eager(Appointment.application).joinedload(Application.recruitment),
            selectinload(Appointment.endings).joinedload(Ending.staff),
            selectinload(Appointment.endings).joinedload(Ending.undone_by),
            selectinload(Appointment.certificates),
        )
    )


def service_history(
    session: Session, staff: Staff, application: Application
) -> Sequence[Appointment]:
    """All terms of the person that this member of staff may open, the first one first."""
    query = visible_to(staff).where(Application.id.in_(applications_of(session, application)))
    return session.scalars(
        query.order_by(Appointment.starts_on, Appointment.id).options(
            contains_eager(Appointment.application).joinedload(Application.recruitment)
        )
    ).all()


def overlapping(session: Session, appointment: Appointment) -> Appointment | None:
    """Another term of the same person that has a day between this one's first and last; as it is
    now, whatever was read before."""
    query = (
        sa.select(Appointment)
        .where(
            Appointment.application_id.in_(applications_of(session, appointment.application)),
            Appointment.id != appointment.id,
            Appointment.starts_on <= appointment.ends_on,
        )
        .order_by(Appointment.starts_on)
        .execution_options(populate_existing=True)
    )
    return next((o for o in session.scalars(query) if _reaches(o, appointment.starts_on)), None)


def _reaches(other: Appointment, day: dt.date) -> bool:
    return other.last_day_served is not None and other.last_day_served >= day


def counts_by_region(
    session: Session, *, on: dt.date, region: str | None = None
) -> list[RegionCount]:
    """Terms that run or are to run, by prefecture, in one pass of one index."""
    ahead = sa.select(
        Appointment.region,
        _how_many(finding.term_condition(TermStatus.ACTIVE, on)),
        _how_many(finding.term_condition(TermStatus.UPCOMING, on)),
        *(_how_many(finding.expires_within(days, on)) for days in NOTICE_DAYS),
    ).where(Appointment.ends_on >= on)
    if region is not None:
        ahead = ahead.where(Appointment.region == region)
    return [
        RegionCount(
            region=code,
            active=active,
            upcoming=upcoming,
            within=dict(zip(NOTICE_DAYS, within, strict=True)),
        )
        for code, active, upcoming, *within in session.execute(
            ahead.group_by(Appointment.region).order_by(Appointment.region)
        )
    ]


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def total(counts: Iterable[RegionCount]) -> RegionCount:
    """All prefectures together."""
    counts = list(counts)
    return RegionCount(
        region="",
        active=sum(each.active for each in counts),
        upcoming=sum(each.upcoming for each in counts),
        within={days: sum(each.within[days] for each in counts) for days in NOTICE_DAYS},
    )


def expiring_count(session: Session, staff: Staff, *, days: int, on: dt.date) -> str:
    """Terms that end in so many days, up to counting.MOST_COUNTED."""
    some = visible_to(staff).where(finding.expires_within(days, on))
    return counting.up_to_most(session, some.with_only_columns(Appointment.id))
