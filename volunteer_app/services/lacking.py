"""还缺什么: what a unit has not done yet, as it is told."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.vocabulary import UNDECIDED, NomineeStatus, RecommendationStatus, SealState
from ..models import Application, Nominee, Recommendation


def outstanding(session: Session, unit: Recommendation) -> list[str]:
    """还缺什么, by the unit: one sentence each, empty where it is done or staff's turn."""
    if unit.handed_in_at is None:
        return [*_missing_before(session, unit), "推荐还没有核对提交"]
    found = []
    if unit.status is RecommendationStatus.RETURNED:
        found.append(unit.return_reason or "推荐已退回，请按说明改好")
    elif unit.seal_state is SealState.MISSING:
        found.append("盖章的推荐表还没有上传")
    elif unit.seal_state is SealState.CONFIRMED and (asked := _unanswered(session, unit)):
        found.append(f"{asked}名被推荐人还没有确认，请提醒本人，或把确认链接交给本人")
    return found


def _missing_before(session: Session, unit: Recommendation) -> list[str]:
    named = sa.select(Nominee.id).where(Nominee.recommendation_id == unit.id).limit(1)
    found = [] if session.scalar(named) else ["被推荐人名单还没有填"]
    if unit.seal_state is SealState.STALE:
        found.append("盖章以后名单有改动，要重新打印、盖章、上传推荐表")
    elif unit.seal_state is SealState.MISSING:
        found.append("盖章的推荐表还没有上传")
    return found


def _unanswered(session: Session, unit: Recommendation) -> int:
    query = (
        sa.select(sa.func.count(Nominee.id))
        .join(Application, Application.id == Nominee.application_id)
        .where(
            Nominee.recommendation_id == unit.id,
            Nominee.status == NomineeStatus.ASKED,
            Application.status.in_(UNDECIDED),
        )
    )
    return session.scalar(query) or 0
