"""被推荐人, the person's side: confirm in person, decline, or sign on paper before staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from ..db import vault_of
from ..domain.identity import last_four
from ..domain.refusal import Invalid, NotAllowed, Refused
from ..domain.rules import Assessment
from ..domain.vocabulary import (
    UNDECIDED,
    Consent,
    Declaration,
    NomineeStatus,
    RecommendationStatus,
    SealState,
    Verdict,
)
from ..models import Application, Nominee, Recommendation
from ..vault import digest
from . import correcting, judging, messaging, recommending
from .answering import answers_of
from .applying import store_consents
from .auditing import Actor, record
from .passing_on import end_or_pass_on

DECLINED = "本人不参加"


def find_nominee(session: Session, token: str) -> Nominee | None:
    """Whose private link has that token."""
    return session.scalar(
        sa.select(Nominee)
        .where(Nominee.token_digest == digest(token))
        .options(joinedload(Nominee.recommendation), joinedload(Nominee.application))
    )


def is_own(nominee: Nominee) -> bool:
    """Whether the application came another way, by the person or by another unit: then the
    nomination is only attached, and this link neither shows nor changes it."""
    application = nominee.application
    return application is not None and application.submission_token != nominee.token_digest


def answers_for(session: Session, nominee: Nominee) -> dict[str, Any]:
    """What the unit wrote, or what became of it, as a draft would hold it."""
    vault = vault_of(session)
    if nominee.application is not None and not is_own(nominee):
        return answers_of(nominee.application, vault)
    return nominee.open_answers(vault)


def confirm(
    session: Session,
    nominee: Nominee,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """The person corrects, declares, consents; the answers are those of the whole form.

    With an own application only the nomination is confirmed, and `answers` are not read. Raises
    NotAllowed where there is nothing to confirm any more, Refused where a rule is not met and
    `human_review` is not asked for, Invalid or Duplicate for a wrong number.
    """
    application = _awaited(nominee)
    nominee.status, nominee.answered_at = NomineeStatus.CONFIRMED, now
    if not is_own(nominee):
        correcting.change_answers(session, application, answers, now=now)
        assessment = judging.assess_application(application)
        application.human_review = _asks_a_person(assessment, answers)
        judging.keep(application, assessment)
        application.changed_at = now
        store_consents(session, application, answers, now=now)
        _renew(session, nominee, application, now=now)
    record(session, "confirm_nomination", application.reference, actor=actor, now=now)


def _awaited(nominee: Nominee) -> Application:
    """The application that waits for this person's word; raises NotAllowed."""
    application = nominee.application
    if nominee.status is not NomineeStatus.ASKED or application is None:
        raise NotAllowed(f"这份推荐现在是“{nominee.status.label}”，不用再确认。")
    if not is_own(nominee) and application.status not in UNDECIDED:
        raise NotAllowed(f"这份报名现在是“{application.status.label}”，不用再确认。")
    return application


def _asks_a_person(assessment: Assessment, answers: Mapping[str, Any]) -> bool:
    """Whether it carries the mark 请工作人员核定; raises Refused if it must and does not."""
    failed = assessment.with_verdict(Verdict.FAIL)
    if failed and not answers.get("human_review"):
        raise Refused(failed[0].explanation)
    return bool(failed)


def _renew(session: Session, nominee: Nominee, application: Application, now: dt.datetime) -> None:
    """What the list says of the person follows the person's own correction; another name or
    number is not what the unit sealed."""
    same = (nominee.name, nominee.id_number_index) == (
        application.name,
        application.id_number_index,
    )
    vault = vault_of(session)
    nominee.seal_answers(answers_of(application, vault), vault)
    if same:
        return
    others = recommending.identity_keys(session, nominee.recommendation)
    if others.pop(nominee.id_number_index, None) and application.id_number_index in others:
        raise Invalid("这个证件号码在单位的名单里是另一行，请向推荐单位核对", field="id_number")
    nominee.name = application.name
    nominee.id_number_index = application.id_number_index
    nominee.id_number_last4 = last_four(application.open("id_number", vault))
    recommendation = nominee.recommendation
    recommending.changed(session, recommendation, now=now)
    if recommendation.status is RecommendationStatus.RETURNED:
        recommendation.return_reason = (
            f"第{nominee.number}行的本人确认时改正了姓名或证件号码，与盖章的名单不同。"
            "请重新打印、盖章、上传推荐表。"
        )


def decline(session: Session, nominee: Nominee, *, actor: Actor, now: dt.datetime) -> None:
    """不参加: withdraws what the unit handed in; the unit only sees that it ended. An application
    of the person's own stays as it is. Raises NotAllowed once it was answered."""
    application = _awaited(nominee)
    attached = is_own(nominee)
    nominee.status, nominee.answered_at = NomineeStatus.WITHDRAWN, now
    nominee.seal_answers({}, vault_of(session))
    session.flush()
    if not attached:
        end_or_pass_on(session, application, reason=DECLINED, actor=actor, now=now)
    record(session, "decline_nomination", application.reference, actor=actor, now=now)


def see_signature(session: Session, nominee: Nominee, *, actor: Actor, now: dt.datetime) -> None:
    """Staff have seen the letter that the person signed: it declares and consents on paper."""
    application = _awaited(nominee)
    nominee.status, nominee.answered_at = NomineeStatus.CONFIRMED, now
    nominee.confirmed_by = actor.staff
    if not is_own(nominee):
        for declaration in Declaration:
            setattr(application, declaration.value, True)
        signed = {Consent.PERSONAL_DATA.value: True, Consent.SENSITIVE.value: True}
        store_consents(session, application, signed, now=now)
        session.flush()
        judging.keep(application, judging.assess_application(application))
        application.changed_at = now
    record(session, "see_signature", application.reference, actor=actor, now=now)


def remind(session: Session, nominee: Nominee, *, actor: Actor, now: dt.datetime) -> None:
    """Send the private link again, once a day at most. Raises NotAllowed."""
    application = _awaited(nominee)
    if nominee.recommendation.seal_state is not SealState.CONFIRMED:
        raise NotAllowed("工作人员核对公章以后才能发邮件，现在请把链接或二维码直接交给本人。")
    if not nominee.open_answers(vault_of(session)).get("email"):
        raise NotAllowed(f"{nominee.name}没有留邮箱，请把链接或二维码直接交给本人。")
    if messaging.ask_nominee(session, nominee, now=now) is None:
        raise NotAllowed("今天已经发过一次，请明天再发，或把链接直接交给本人。")
    record(session, "remind_nominee", application.reference, actor=actor, now=now)


def nominations(session: Session, application: Application) -> list[tuple[Nominee, Recommendation]]:
    """Which units name the person of that application, with how far each is."""
    rows = (
        sa.select(Nominee, Recommendation)
        .join(Recommendation, Recommendation.id == Nominee.recommendation_id)
        .where(Nominee.application_id == application.id)
        .order_by(Nominee.id)
    )
    return [(nominee, recommendation) for nominee, recommendation in session.execute(rows)]
