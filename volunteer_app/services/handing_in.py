"""核对提交: nominees become applications that wait for the seal and for the person's own word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.refusal import NotAllowed, NotOpen, Refused
from ..domain.vocabulary import Channel, NomineeStatus, RecommendationStatus
from ..models import Attachment, Nominee, Recommendation
from . import applying, attaching, judging, messaging, recommending
from .attaching import Upload
from .auditing import Actor, record
from .placing import find_holder

#: How many nominees one transaction takes, so that others get their turn.
BATCH = 20


def unsubmitted(session: Session, recommendation: Recommendation) -> Sequence[Nominee]:
    """Those on the list for whom nothing was handed in yet."""
    return session.scalars(
        sa.select(Nominee)
        .where(
            Nominee.recommendation_id == recommendation.id,
            Nominee.status == NomineeStatus.LISTED,
        )
        .order_by(Nominee.number)
    ).all()


def hand_in(
    session: Session, recommendation: Recommendation, *, actor: Actor, now: dt.datetime
) -> int:
    """Hand in the next BATCH of nominees; returns how many are left, to be called again.

    Raises NotOpen, or Refused with the name of whoever does not meet a rule; then none of the
    batch is stored.
    """
    if not recommendation.recruitment.terms.is_open(now):
        raise NotOpen("报名已经截止，不能再提交新的人；已经提交的不受影响。")
    waiting = unsubmitted(session, recommendation)
    if not waiting and recommendation.handed_in_at is None:
        raise NotAllowed("名单里还没有人，请先填被推荐人。")
    for nominee in waiting[:BATCH]:
        _submit(session, recommendation, nominee, actor=actor, now=now)
    if recommendation.handed_in_at is None:
        recommendation.handed_in_at = now
        recommendation.status = RecommendationStatus.HANDED_IN
    recommendation.changed_at = now
    left = max(0, len(waiting) - BATCH)
    if not left:
        recommending.settle_status(recommendation)  # each was judged as it came
        count = len(recommendation.nominees)
        record(session, "hand_in", recommendation.reference, actor=actor, now=now, count=count)
    return left


def _submit(
    session: Session,
    recommendation: Recommendation,
    nominee: Nominee,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make the application, or attach to the one that the person has already."""
    application = find_holder(session, recommendation.recruitment_id, nominee.id_number_index)
    if application is None:
        try:
            application = applying.submit(
                session,
                recommendation.recruitment,
                nominee.open_answers(vault_of(session)),
                submission_token=nominee.token_digest,
                channel=Channel.UNIT,
                actor=actor,
                now=now,
            )
        except Refused as refusal:
            raise Refused(f"{nominee.name}：{refusal.message}") from refusal
    nominee.application = application
    nominee.status = NomineeStatus.ASKED
    session.flush()
    judging.keep(application, judging.assess_application(application))
    messaging.ask_nominee(session, nominee, now=now)


def upload_scan(
    session: Session,
    recommendation: Recommendation,
    upload: Upload,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Attachment:
    """Take a page of the sealed form. The first page after a change or a return takes the place
    of the earlier scan; a second page is added to it."""
    if recommendation.sealed_code != recommendation.content_code:
        for old in list(recommendation.attachments):
            attaching.detach(session, old, actor=actor, now=now)
        recommendation.sealed_code = recommendation.content_code
    attachment = attaching.attach(session, upload, recommendation, actor=actor, now=now)
    recommendation.confirmed_code = None
    recommendation.changed_at = now
    recommending.settle(session, recommendation)
    return attachment


def remove_scan(
    session: Session,
    recommendation: Recommendation,
    attachment: Attachment,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take a page away again. Raises NotAllowed once staff confirmed the seal."""
    if recommendation.status is RecommendationStatus.CONFIRMED:
        raise NotAllowed("工作人员已经核对了公章，不能再删除推荐表。")
    attaching.detach(session, attachment, actor=actor, now=now)
    session.flush()
    session.refresh(recommendation, ["attachments"])
    if not recommendation.attachments:
        recommendation.sealed_code = None
    recommending.settle(session, recommendation)
