"""How many applications there are, kept in the transaction that changes it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..domain.vocabulary import Status
from ..models import Application, ApplicationCount

#: Above this a number says only that there are more, and no more rows are read for it.
MOST_COUNTED = 999


def _upsert(insert: Any) -> Any:
    """Add to a count, or begin it; written once for each engine."""
    statement = insert(ApplicationCount)
    return statement.on_conflict_do_update(
        index_elements=["recruitment_id", "region", "status"],
        set_={"count": ApplicationCount.count + statement.excluded.count},
    )


_UPSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}


def moved(
    session: Session, application: Application, source: Status | None, target: Status
) -> None:
    """One application came from `source` (None: it is new) to `target`."""
    changes = [(application.region, target, 1)]
    if source is not None:
        changes.append((application.region, source, -1))
    _add(session, application.recruitment_id, changes)


def relocated(session: Session, application: Application, old_region: str) -> None:
    """A correction changed the prefecture."""
    status = application.status
    changes = [(old_region, status, -1), (application.region, status, 1)]
    _add(session, application.recruitment_id, changes)


def _add(session: Session, recruitment_id: int, changes: list[tuple[str, Status, int]]) -> None:
    """Always in the order of the key: two that move in opposite directions would otherwise hold
    one row each and wait for the other's."""
    upsert = _UPSERT[session.get_bind().dialect.name]
    for region, status, by in sorted(changes, key=lambda change: (change[0], change[1].value)):
        count = {"recruitment_id": recruitment_id, "region": region, "status": status, "count": by}
        session.execute(upsert, count)


def counts(session: Session, recruitment_id: int, region: str | None) -> Counter[Status]:
    """Applications by status, in one prefecture or in all (None)."""
    rows = select_counts(recruitment_id, region)
    return Counter(dict(session.execute(rows).all()))


def select_counts(recruitment_id: int, region: str | None) -> sa.Select[Status, int]:
    total = sa.cast(sa.func.sum(ApplicationCount.count), sa.Integer)
    rows = (
        sa.select(ApplicationCount.status, total)
        .where(ApplicationCount.recruitment_id == recruitment_id)
        .group_by(ApplicationCount.status)
    )
    return rows if region is None else rows.where(ApplicationCount.region == region)


def up_to_most(session: Session, ids: sa.Select[int]) -> str:
    """How many rows a query has, up to MOST_COUNTED: such as 12, or 999+."""
    few = sa.select(sa.func.count()).select_from(ids.limit(MOST_COUNTED + 1).subquery())
    count = session.scalar(few) or 0
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def recount(session: Session) -> int:
    """Count everything anew; returns how many rows of the table were wrong."""
    key = (Application.recruitment_id, Application.region, Application.status)
    counted = {
        (recruitment_id, region, status): count
        for recruitment_id, region, status, count in session.execute(
            sa.select(*key, sa.func.count()).group_by(*key)
        )
    }
    kept = {
        (row.recruitment_id, row.region, row.status): row
        for row in session.scalars(sa.select(ApplicationCount))
    }
    wrong = 0
    for place in counted.keys() | kept.keys():
        count = counted.get(place, 0)
        if place not in kept:
            recruitment_id, region, status = place
            session.add(
                ApplicationCount(
                    recruitment_id=recruitment_id, region=region, status=status, count=count
                )
            )
        if (kept[place].count if place in kept else 0) != count:
            wrong += 1
            if place in kept:
                kept[place].count = count
    return wrong
