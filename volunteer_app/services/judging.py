"""资格核对: facts of a stored application or of answers so far, and what the rules find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from ..domain import regions
from ..domain.rules import Assessment, Facts, Finding, assess
from ..domain.vocabulary import (
    UNDECIDED,
    Channel,
    Declaration,
    DocumentKind,
    SealState,
    Verdict,
)
from ..models import Application, Nominee, Recruitment


def facts_of(application: Application) -> Facts:
    """What is known now. The moment is that of the first submission, so that a form corrected
    after the closing day is judged by the day it first came."""
    named = application.channel is Channel.UNIT
    return Facts(
        at=application.submitted_at,
        born=application.birth_date,
        education=application.education,
        speciality=bool(application.speciality),
        proof=application.has_seen(DocumentKind.SPECIALITY_PROOF),
        guardian=application.has_seen(DocumentKind.GUARDIAN_CONSENT),
        uploaded=frozenset(attachment.kind for attachment in application.attachments),
        declared=application.declared,
        channel=application.channel,
        received_on=application.received_on,
        seal=application.seal_state if named else SealState.MISSING,
        nominee_confirmed=named and application.nominee_confirmed,
        place=place_name(application.region, application.county),
    )


def facts_from(
    answers: Mapping[str, Any],
    *,
    channel: Channel,
    now: dt.datetime,
    received_on: dt.date | None = None,
    uploaded: frozenset[DocumentKind] = frozenset(),
) -> Facts:
    """What answers in their domain form say; what was not asked yet stays unknown."""
    declared = None
    if any(declaration.value in answers for declaration in Declaration):
        declared = frozenset(d for d in Declaration if answers.get(d.value))
    return Facts(
        at=now,
        born=answers.get("birth_date"),
        education=answers.get("education"),
        speciality=bool(answers.get("speciality")),
        uploaded=uploaded,
        declared=declared,
        channel=channel,
        received_on=received_on,
        place=place_name(answers.get("region"), answers.get("county")),
    )


def place_name(region: str | None, county: str | None) -> str:
    if not region or not county:
        return ""
    return regions.region(region).name + regions.county(county).name


def assess_application(application: Application) -> Assessment:
    return assess(facts_of(application), application.recruitment.terms)


def keep(application: Application, assessment: Assessment) -> None:
    """Store the findings and their outcome with the application."""
    application.findings = [as_json(finding) for finding in assessment.findings]
    application.outcome = assessment.outcome


def as_json(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "label": finding.label,
        "verdict": finding.verdict.value,
        "explanation": finding.explanation,
        "source": finding.source,
    }


def kept_findings(application: Application) -> list[Finding]:
    return [
        Finding(**{**stored, "verdict": Verdict(stored["verdict"])})
        for stored in application.findings
    ]


def rejudge(session: Session, undecided: sa.Select[Application]) -> int:
    """Judge those again that are undecided; returns how many outcomes changed."""
    query = (
        undecided.where(Application.status.in_(UNDECIDED))
        .options(
            selectinload(Application.sightings),
            selectinload(Application.attachments),
            selectinload(Application.nominees).joinedload(Nominee.recommendation),
        )
        .execution_options(yield_per=500)
    )
    changed = 0
    for application in session.scalars(query):
        before = application.outcome
        keep(application, assess_application(application))
        changed += application.outcome is not before
    return changed


def rejudge_nominees(session: Session, recommendation_id: int) -> int:
    """After something about a recommendation changed that its nominees' findings tell."""
    named = sa.select(Nominee.application_id).where(
        Nominee.recommendation_id == recommendation_id, Nominee.application_id.is_not(None)
    )
    return rejudge(
        session,
        sa.select(Application).where(
            Application.id.in_(named), Application.channel == Channel.UNIT
        ),
    )


def reassess(session: Session, recruitment: Recruitment) -> int:
    """After the rules of a recruitment changed; returns how many outcomes changed."""
    return rejudge(
        session, sa.select(Application).where(Application.recruitment_id == recruitment.id)
    )
