"""工作台: what waits for whom, in numbers that cost little however much there is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import MessageStatus
from ..domain.vocabulary import RecommendationStatus, Status
from ..models import Application, ApplicationCount, Recruitment, Staff
from . import confirming, counting, finding, outbox, requesting, serving

#: Applications that are named because they have waited the longest.
FIRST_FEW = 5
EXPIRING_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class Survey:
    """One recruitment as one member of staff sees it; a text such as 999+ for what is bounded.
    `requests` are `open`, some of them `overdue`."""

    by_status: Counter[Status]
    overdue: str
    to_confirm: int
    unsent: str
    requests: Counter[str]
    expiring: str
    by_region: dict[str, int]
    longest_waiting: Sequence[sa.Row[Any]]


def survey(session: Session, staff: Staff, recruitment: Recruitment, *, today: dt.date) -> Survey:
    waiting = finding.QueueFilter(
        recruitment_id=recruitment.id, status=Status.SUBMITTED, region=staff.region
    )
    query, key = finding.queue(waiting, vault_of(session))
    units = confirming.counts(session, staff, recruitment.id)
    return Survey(
        by_status=counting.counts(session, recruitment.id, staff.region),
        overdue=_overdue(session, staff, recruitment.id, today),
        to_confirm=units[RecommendationStatus.HANDED_IN],
        unsent=outbox.count(session, staff, MessageStatus.FAILED),
        requests=requesting.counts(session, staff, today=today),
        expiring=serving.expiring_count(session, staff, days=EXPIRING_DAYS, on=today),
        by_region=applications_by_region(session, recruitment.id, staff.region),
        longest_waiting=session.execute(query.order_by(key).limit(FIRST_FEW)).all(),
    )


def applications_by_region(
    session: Session, recruitment_id: int, region: str | None
) -> dict[str, int]:
    """Applications by prefecture, whatever became of them, from the table of counts."""
    rows = (
        sa.select(ApplicationCount.region, sa.func.sum(ApplicationCount.count))
        .where(ApplicationCount.recruitment_id == recruitment_id)
        .group_by(ApplicationCount.region)
        .order_by(ApplicationCount.region)
    )
    if region is not None:
        rows = rows.where(ApplicationCount.region == region)
    return {code: int(count) for code, count in session.execute(rows)}


def _overdue(session: Session, staff: Staff, recruitment_id: int, today: dt.date) -> str:
    late = finding.visible_to(staff).where(
        Application.recruitment_id == recruitment_id, finding.is_overdue(today)
    )
    return counting.up_to_most(session, late.with_only_columns(Application.id))
