"""单位推荐, the staff's side: look at the seal, confirm it or return it with a reason."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from ..db import vault_of
from ..domain.codes import normalise_code
from ..domain.refusal import Invalid, NotAllowed
from ..domain.vocabulary import NomineeStatus, RecommendationStatus, SealCheck, SealState
from ..models import Nominee, Recommendation, Staff
from ..vault import digest
from . import linking, messaging, recommending
from .auditing import Actor, record


def visible_to(staff: Staff) -> sa.Select[Recommendation]:
    """Those this member of staff may open: of units in their prefecture."""
    query = sa.select(Recommendation)
    return query if staff.region is None else query.where(Recommendation.region == staff.region)


def find_recommendation(session: Session, staff: Staff, reference: str) -> Recommendation | None:
    """With its nominees and their applications; None where it does not exist or is not visible."""
    return session.scalar(
        visible_to(staff)
        .where(Recommendation.reference == reference)
        .options(selectinload(Recommendation.nominees).joinedload(Nominee.application))
    )


def listed(
    session: Session, staff: Staff, recruitment_id: int, status: RecommendationStatus | None
) -> Sequence[sa.Row[Recommendation, int]]:
    """Those of one recruitment, the longest waiting first, each with its number of nominees."""
    count = (
        sa.select(sa.func.count())
        .where(Nominee.recommendation_id == Recommendation.id)
        .scalar_subquery()
    )
    query = visible_to(staff).where(Recommendation.recruitment_id == recruitment_id)
    if status is not None:
        query = query.where(Recommendation.status == status)
    waited = sa.func.coalesce(Recommendation.handed_in_at, Recommendation.created_at)
    return session.execute(query.add_columns(count).order_by(waited, Recommendation.id)).all()


def counts(session: Session, staff: Staff, recruitment_id: int) -> Counter[RecommendationStatus]:
    """How many there are by status; a recruitment has hundreds of units, not more."""
    query = visible_to(staff).where(Recommendation.recruitment_id == recruitment_id)
    rows = query.with_only_columns(Recommendation.status, sa.func.count()).group_by(
        Recommendation.status
    )
    return Counter(dict(session.execute(rows).all()))


def nominees_by_status(recommendation: Recommendation) -> Counter[NomineeStatus]:
    return Counter(nominee.status for nominee in recommendation.nominees)


def confirm_seal(
    session: Session,
    recommendation: Recommendation,
    *,
    checks: Collection[SealCheck],
    printed_code: str,
    identified_by: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """核对公章; nominees with an address are written to. `printed_code` is read off the scan.

    Raises NotAllowed where there is nothing to confirm, Invalid (fields `checks`, `printed_code`,
    `identified_by`) where something is amiss.
    """
    if recommendation.seal_state is not SealState.UPLOADED or not recommendation.handed_in_at:
        raise NotAllowed(_why_not(recommendation))
    if missing := [check.label for check in SealCheck if check not in checks]:
        raise Invalid(
            f"还没有核对：{'；'.join(missing)}。有一项不符的，请退回单位。", field="checks"
        )
    if normalise_code(printed_code) != recommendation.content_code:
        raise Invalid(
            f"表上的核对码是{printed_code}，现在的名单是{recommendation.content_code}："
            "请核对有没有看错；确实不同的，是盖章以后名单改过，请退回单位重新打印盖章。",
            field="printed_code",
        )
    if recommendation.uscc is None and not identified_by:
        raise Invalid("这个单位没有统一社会信用代码，请写明怎么核实的", field="identified_by")
    recommendation.identified_by = identified_by
    recommendation.confirmed_code = recommendation.content_code
    recommendation.seal_confirmed_by = actor.staff
    recommendation.seal_confirmed_at = now
    recommendation.return_reason = ""
    recommending.settle(session, recommendation)
    for nominee in recommendation.nominees:  # in the name of a unit that is proven, not before
        if nominee.status is NomineeStatus.ASKED and nominee.sent_at is None:
            messaging.ask_nominee(session, nominee, now=now)
    record(session, "confirm_seal", recommendation.reference, actor=actor, now=now)


def _why_not(recommendation: Recommendation) -> str:
    if not recommendation.handed_in_at:
        return "单位还没有提交，现在不能核对公章。"
    return {
        SealState.MISSING: "单位还没有上传盖章的推荐表，现在不能核对。",
        SealState.STALE: "盖章以后名单有改动，要等单位重新盖章上传。",
    }.get(recommendation.seal_state, "公章已经核对过了。")


def send_back(
    session: Session,
    recommendation: Recommendation,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """退回单位: the scan that came no longer counts. Raises NotAllowed where none waits."""
    if recommendation.status not in (
        RecommendationStatus.HANDED_IN,
        RecommendationStatus.CONFIRMED,
    ):
        raise NotAllowed(f"这份推荐现在是“{recommendation.status.label}”，不用退回。")
    recommendation.status = RecommendationStatus.RETURNED
    recommendation.sealed_code = recommendation.confirmed_code = None
    recommendation.return_reason = reason
    recommendation.changed_at = now
    recommending.settle(session, recommendation)
    record(session, "return_recommendation", recommendation.reference, actor=actor, now=now)


def renew_link(
    session: Session, recommendation: Recommendation, *, actor: Actor, now: dt.datetime
) -> str:
    """A new private link for a clerk who lost it; the old one stops working. Returns its token."""
    token = secrets.token_urlsafe(24)
    recommendation.token_digest = digest(token)
    recommendation.token_sealed = recommendation.seal("token", token, vault_of(session))
    linking.end_links(session, recommendation)
    record(session, "renew_link", recommendation.reference, actor=actor, now=now)
    return token
