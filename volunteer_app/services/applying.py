"""From answers to an application: checked by the rules, stored whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..db import Base, vault_of
from ..domain.codes import new_reference
from ..domain.consents import CONSENT_TEXTS
from ..domain.names import name_tokens
from ..domain.refusal import Duplicate, NotOpen, Refused
from ..domain.rules import Assessment, assess
from ..domain.terms import day_of, start_of
from ..domain.vocabulary import Channel, Consent, ReceivedVia, Status, Verdict
from ..models import Application, ConsentGiven, NameToken, Recruitment
from . import attaching, counting, drafting, judging, renewing
from .answering import fill, read_answers
from .auditing import Actor, record
from .deciding import decide
from .placing import find_holder
from .yielding import give_way

DUPLICATE = (
    "这个证件号码已经在本次招募中报过名，不能再报一份。"
    "请用报名编号查询进度；忘了编号，请带证件与协会联系。"
)


#: Written once, and for the tables: they are sent at every submission, and nobody needs objects.
_SUBMITTED = sa.select(Application).where(Application.submission_token == sa.bindparam("token"))
_CONSENTS = sa.insert(Base.metadata.tables[ConsentGiven.__tablename__])
_TOKENS = sa.insert(Base.metadata.tables[NameToken.__tablename__])


def find_submitted(session: Session, submission_token: str) -> Application | None:
    """The application that was submitted with that token, if any."""
    return session.scalar(_SUBMITTED, {"token": submission_token})


def submit(
    session: Session,
    recruitment: Recruitment,
    answers: Mapping[str, Any],
    *,
    submission_token: str,
    channel: Channel,
    actor: Actor,
    now: dt.datetime,
    received_on: dt.date | None = None,
    received_via: ReceivedVia | None = None,
) -> Application:
    """Store an application with findings, consents, first decision, message and audit row.

    `answers` are a draft's. Submitting again with the same token returns what the first time made.
    Raises NotOpen, Invalid, Duplicate, or Refused where a rule is not met and nobody asked for a
    decision by a person; then nothing is stored. A form on paper is never refused by a rule: it
    lies on the desk, whatever is found, and a reviewer decides.
    """
    if again := find_submitted(session, submission_token):
        return again
    if channel is not Channel.PAPER and not recruitment.terms.is_open(now):
        raise NotOpen("本次招募现在不接受报名。")
    given = read_answers(answers, on=day_of(now))
    application = Application(
        reference=new_reference(),
        recruitment_id=recruitment.id,
        submission_token=submission_token,
        channel=channel,
        status=Status.SUBMITTED,
        submitted_at=now,
        received_on=received_on,
        received_via=received_via,
        changed_at=now,
        fields_to_correct=[],
    )
    fill(application, given, vault_of(session))
    _judge(session, application, recruitment, given, bool(answers.get("human_review")))
    if not _add(session, application, actor=actor, now=now):
        if again := find_submitted(session, submission_token):
            return again
        raise Duplicate(DUPLICATE)
    _complete(session, application, given, actor=actor, now=now)
    return application


def _judge(
    session: Session,
    application: Application,
    recruitment: Recruitment,
    given: Mapping[str, Any],
    asks_a_person: bool,
) -> None:
    """Keep the findings with a new application; raises Refused where it may not go on."""
    facts = judging.facts_from(
        given,
        channel=application.channel,
        now=application.submitted_at,
        received_on=application.received_on,
        uploaded=attaching.kinds_at_hand(session, application.submission_token),
    )
    assessment = assess(facts, recruitment.terms)
    application.human_review = application.channel is not Channel.PAPER and _may_go_on(
        assessment, asks_a_person
    )
    judging.keep(application, assessment)


def _may_go_on(assessment: Assessment, asks_a_person: bool) -> bool:
    """Whether it carries the mark 请工作人员核定; raises Refused if it must and does not."""
    failed = assessment.with_verdict(Verdict.FAIL)
    if not failed:
        return False
    if not asks_a_person or any(finding.rule == "deadline" for finding in failed):
        raise Refused(failed[0].explanation)
    return True


def _add(session: Session, application: Application, *, actor: Actor, now: dt.datetime) -> bool:
    """Insert the row unless its person has a place already; two at once end here too. For one that
    meets no rule, such as a late paper, a timely nomination is not given up."""
    yields = application.outcome is not Verdict.FAIL
    holder = find_holder(session, application.recruitment_id, application.id_number_index)
    if holder is not None and not (
        yields and give_way(session, holder, application, actor=actor, now=now)
    ):
        return False
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError:
        return False
    return True


def _complete(
    session: Session,
    application: Application,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """All that belongs to a new application, in the same transaction."""
    store_name_tokens(session, application)
    if application.channel is not Channel.UNIT:  # a unit cannot consent for a person
        store_consents(session, application, given, now=_agreed_at(application))
    decide(session, application, "submit", None, message="received", actor=actor, now=now)
    counting.moved(session, application, None, application.status)
    attaching.hand_over(session, application.submission_token, application)
    renewed_id = drafting.discard(session, application.submission_token)
    if renewed_id is not None:
        renewing.settle(session, application, renewed_id, actor=actor, now=now)
    via = application.received_via
    record(
        session,
        "submit" if via is None else "enter",
        application.reference,
        actor=actor,
        now=now,
        channel=application.channel.value,
        outcome=application.outcome.value,
        **({"received_via": via.value} if via else {}),
    )


def _agreed_at(application: Application) -> dt.datetime:
    """Consents on paper were signed before it came in: they date from that day."""
    if application.received_on is None:
        return application.submitted_at
    return start_of(application.received_on)


def store_consents(
    session: Session, application: Application, given: Mapping[str, Any], *, now: dt.datetime
) -> None:
    """What the person consented to or declined, with the versions of the texts."""
    session.execute(
        _CONSENTS,
        [
            {
                "application_id": application.id,
                "kind": kind,
                "given": bool(given.get(kind.value)),
                "text_version": CONSENT_TEXTS[kind].version,
                "at": now,
            }
            for kind in Consent
        ],
    )


def store_name_tokens(session: Session, application: Application) -> None:
    """Make a new application's name findable."""
    rows = [
        {"token": token, "application_id": application.id}
        for token in name_tokens(application.name)
    ]
    if rows:
        session.execute(_TOKENS, rows)


def replace_name_tokens(session: Session, application: Application) -> None:
    """After the name was corrected."""
    session.execute(sa.delete(NameToken).where(NameToken.application_id == application.id))
    store_name_tokens(session, application)
