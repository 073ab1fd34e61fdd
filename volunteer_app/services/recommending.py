"""单位推荐, the unit's side: open it, list nominees, upload the sealed form, hand it in."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from ..db import vault_of
from ..domain.codes import new_reference, short_code
from ..domain.identity import identity_key, last_four
from ..domain.refusal import Invalid, NotAllowed, NotOpen
from ..domain.terms import day_of
from ..domain.vocabulary import (
    HOLDING,
    NomineeStatus,
    RecommendationStatus,
    SealState,
)
from ..models import Nominee, NomineeSheet, Recommendation, Recruitment
from ..vault import digest
from . import drafting, judging, messaging
from .answering import read_answers
from .auditing import Actor, record
from .passing_on import end_or_pass_on

MOST_NOMINEES = 2000
#: Days after the closing day for which a recommendation that was never handed in is kept.
KEEP_DAYS = 30
_STALE = "盖章以后名单有改动，请重新打印、盖章、上传推荐表。"
_PLAIN = ("unit_name", "no_uscc_reason", "region", "contact_name")


def find_recommendation(session: Session, token: str) -> Recommendation | None:
    """The one whose private link has that token."""
    return session.scalar(
        sa.select(Recommendation)
        .where(Recommendation.token_digest == digest(token))
        .options(selectinload(Recommendation.nominees))
    )


def begin(
    session: Session,
    recruitment: Recruitment,
    unit: Mapping[str, Any],
    *,
    token: str,
    actor: Actor,
    now: dt.datetime,
) -> Recommendation:
    """Open a recommendation with the unit's answers: `unit_name`, `uscc` or `no_uscc_reason`,
    `region`, `contact_name`, `phone`, `email`. Raises NotOpen."""
    if not recruitment.terms.is_open(now):
        raise NotOpen("本次招募现在不接受推荐。")
    recommendation = Recommendation(
        reference=new_reference(),
        recruitment_id=recruitment.id,
        token_digest=digest(token),
        status=RecommendationStatus.DRAFT,
        created_at=now,
        last_number=0,
        nominees=[],
    )
    _fill(session, recommendation, unit)
    recommendation.token_sealed = recommendation.seal("token", token, vault_of(session))
    recommendation.changed_at = now
    recommendation.content_code = content_code(session, recommendation)
    session.add(recommendation)
    record(session, "begin_recommendation", recommendation.reference, actor=actor, now=now)
    return recommendation


def change_unit(
    session: Session,
    recommendation: Recommendation,
    unit: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take the unit's answers anew; another name or code makes the seal stale."""
    _fill(session, recommendation, unit)
    if recommendation.email_sealed is None:
        messaging.leave_to_the_telephone(session, recommendation, now=now)
    changed(session, recommendation, now=now)
    record(session, "change_recommendation", recommendation.reference, actor=actor, now=now)


def _fill(session: Session, recommendation: Recommendation, unit: Mapping[str, Any]) -> None:
    vault = vault_of(session)
    for name in _PLAIN:
        setattr(recommendation, name, unit.get(name) or "")
    recommendation.uscc = unit.get("uscc") or None
    recommendation.phone_sealed = recommendation.seal("phone", unit["phone"], vault)
    recommendation.phone_last4 = unit["phone"][-4:]
    email = unit.get("email")
    recommendation.email_sealed = recommendation.seal("email", email, vault) if email else None
    recommendation.email_index = drafting.email_index(vault, email) if email else None


def unit_answers(session: Session, recommendation: Recommendation) -> dict[str, Any]:
    """What `begin` was given, to fill the form again."""
    vault = vault_of(session)
    return {name: getattr(recommendation, name) for name in _PLAIN} | {
        "uscc": recommendation.uscc or "",
        "phone": recommendation.open("phone", vault),
        "email": recommendation.open("email", vault),
    }


def content_code(session: Session, recommendation: Recommendation) -> str:
    """核对码 of what a seal vouches for: the unit and who is named, whatever the order."""
    people = sorted(
        f"{nominee.id_number_index.hex()} {nominee.name}" for nominee in recommendation.nominees
    )
    unit = [
        recommendation.reference,
        recommendation.unit_name,
        recommendation.uscc or recommendation.no_uscc_reason,
        recommendation.region,
    ]
    return short_code(vault_of(session).index("recommendation", "\n".join([*unit, *people])))


def changed(session: Session, recommendation: Recommendation, *, now: dt.datetime) -> None:
    """After any change of the unit or the list: a new code, and what follows from it."""
    recommendation.changed_at = now
    recommendation.content_code = content_code(session, recommendation)
    settle(session, recommendation)


def settle(session: Session, recommendation: Recommendation) -> None:
    """Who must act follows from the seal once it was handed in; so do the nominees' findings."""
    if recommendation.handed_in_at is None:
        return
    settle_status(recommendation)
    session.flush()
    judging.rejudge_nominees(session, recommendation.id)


def settle_status(recommendation: Recommendation) -> None:
    """Who must act now, as the seal says."""
    match recommendation.seal_state:
        case SealState.CONFIRMED:
            recommendation.status = RecommendationStatus.CONFIRMED
        case SealState.STALE:
            recommendation.status = RecommendationStatus.RETURNED
            recommendation.return_reason = _STALE
        case SealState.UPLOADED:
            recommendation.status = RecommendationStatus.HANDED_IN


def identity_keys(session: Session, recommendation: Recommendation) -> dict[bytes, str]:
    """Who is in the list already: the name by the blind index of the number."""
    rows = sa.select(Nominee.id_number_index, Nominee.name).where(
        Nominee.recommendation_id == recommendation.id
    )
    return dict(session.execute(rows).all())


def identity_index(session: Session, answers: Mapping[str, Any], now: dt.datetime) -> bytes:
    """The blind index of a nominee's number. Raises Invalid for a wrong one."""
    given = read_answers(answers, on=day_of(now))
    key = identity_key(given["id_type"], given["id_number"])
    return vault_of(session).index("id_number", key)


def add_nominees(
    session: Session,
    recommendation: Recommendation,
    people: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Put people, each with answers as a draft keeps them, at the end of the list; all or none.

    Returns how many. Raises Invalid where somebody is in the list already or it gets too long.
    """
    known = identity_keys(session, recommendation)
    if len(known) + len(people) > MOST_NOMINEES:
        raise Invalid(
            f"一份推荐最多{MOST_NOMINEES}人，加上这些有{len(known) + len(people)}人，"
            "请分成两份推荐提交。",
            field="id_number",
        )
    for answers in people:
        index = identity_index(session, answers, now)
        if index in known:
            raise Invalid(f"这个证件号码已经在名单里（{known[index]}），请核对", field="id_number")
        known[index] = answers["name"]
        recommendation.last_number += 1
        nominee = _nominee(session, recommendation.last_number, answers, index)
        recommendation.nominees.append(nominee)
    changed(session, recommendation, now=now)
    count = len(people)
    record(session, "add_nominees", recommendation.reference, actor=actor, now=now, count=count)
    return count


def _nominee(session: Session, number: int, answers: Mapping[str, Any], index: bytes) -> Nominee:
    token, vault = secrets.token_urlsafe(24), vault_of(session)
    nominee = Nominee(
        number=number, status=NomineeStatus.LISTED, token_digest=digest(token), id_number_index=b""
    )
    nominee.seal_token(token, vault)
    _write(session, nominee, answers, index)
    return nominee


def _write(session: Session, nominee: Nominee, answers: Mapping[str, Any], index: bytes) -> None:
    nominee.name = answers["name"]
    nominee.id_number_index = index
    nominee.id_number_last4 = last_four(answers["id_number"])
    nominee.seal_answers(dict(answers), vault_of(session))


def change_nominee(
    session: Session,
    nominee: Nominee,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take one nominee's answers anew. Raises NotAllowed once the person was asked, Invalid where
    the number is another nominee's."""
    if nominee.status is not NomineeStatus.LISTED:
        raise NotAllowed(f"{nominee.name}的报名已经提交，资料由本人在确认时改。")
    recommendation = nominee.recommendation
    index = identity_index(session, answers, now)
    others = identity_keys(session, recommendation)
    if index != nominee.id_number_index and index in others:
        raise Invalid(f"这个证件号码已经在名单里（{others[index]}），请核对", field="id_number")
    _write(session, nominee, answers, index)
    changed(session, recommendation, now=now)
    record(session, "change_nominee", recommendation.reference, actor=actor, now=now, count=1)


def remove_nominee(session: Session, nominee: Nominee, *, actor: Actor, now: dt.datetime) -> None:
    """Take somebody off the list; what was handed in for them is withdrawn unless they confirmed
    it, or applied themselves: then only the nomination ends."""
    recommendation = nominee.recommendation
    application = nominee.application
    holds = application is not None and application.status in HOLDING
    if nominee.status is NomineeStatus.CONFIRMED and holds:
        raise NotAllowed(f"{nominee.name}本人已经确认，不能再由单位撤出；不想参加的由本人撤回。")
    made_for = application is not None and application.submission_token == nominee.token_digest
    nominee.application = None
    recommendation.nominees.remove(nominee)
    session.delete(nominee)
    session.flush()
    if application is not None and made_for:
        end_or_pass_on(session, application, reason="单位撤出推荐", actor=actor, now=now)
    changed(session, recommendation, now=now)
    record(session, "remove_nominee", recommendation.reference, actor=actor, now=now, count=1)


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete what was never handed in and whose recruitment closed long ago; returns how many."""
    closed_before = day_of(now) - dt.timedelta(days=KEEP_DAYS)
    ended = sa.select(Recruitment.id).where(Recruitment.closes_on < closed_before)
    over = sa.select(Recommendation.id).where(Recommendation.recruitment_id.in_(ended))
    session.execute(sa.delete(NomineeSheet).where(NomineeSheet.recommendation_id.in_(over)))
    never = sa.delete(Recommendation).where(
        Recommendation.recruitment_id.in_(ended), Recommendation.handed_in_at.is_(None)
    )
    return len(session.scalars(never.returning(Recommendation.id)).all())
