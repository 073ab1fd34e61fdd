"""Decisions of staff: every move of the table, and originals seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ..domain.refusal import AlreadyDecided, Duplicate, NotAllowed
from ..domain.rules import Assessment
from ..domain.terms import day_of
from ..domain.vocabulary import HOLDING, DocumentKind, Status
from ..domain.workflow import Move, Situation, moves_from
from ..models import Application, Decision, Sighting
from . import counting, judging
from .appointing import Plan, appoint
from .auditing import Actor, record
from .deciding import decide
from .placing import find_holder


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A move that somebody may make here, and the sentence why not now, if so."""

    move: Move
    refusal: str | None


def choices(
    application: Application,
    assessment: Assessment,
    *,
    actor: Actor,
    today: dt.date,
    plan: Plan | None = None,
) -> list[Choice]:
    """The rows of the table for this application and this actor; none once it was erased. `plan`
    is the term that an approval would bring, for a person who has other terms."""
    if application.is_erased:
        return []
    situation = _situation(application, assessment, actor=actor, today=today)
    role = actor.staff.role if actor.staff else None
    too_late = plan.refusal if plan else None
    return [
        Choice(
            move=move,
            refusal=move.refusal(situation)
            or (too_late if move.target is Status.APPROVED else None),
        )
        for move in moves_from(application.status, role)
    ]


def make_move(
    session: Session,
    application: Application,
    move: Move,
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    fields: list[str] | None = None,
    due_on: dt.date | None = None,
) -> Decision:
    """Check the move, change the status, record it; approval appoints.

    Raises AlreadyDecided when the application is no longer where the move begins, NotAllowed when
    the actor's role, the move's guard or a later term of the person says no, Duplicate when the
    person applied again meanwhile.
    """
    assessment = _allowed(session, application, move, actor=actor, today=day_of(now))
    judging.keep(application, assessment)
    _change(application, move, actor=actor, fields=fields or [], due_on=due_on, now=now)
    decision = decide(
        session,
        application,
        move.name,
        move.source,
        message=move.message,
        actor=actor,
        now=now,
        reason=reason,
        fields=fields,
        due_on=due_on,
    )
    counting.moved(session, application, move.source, move.target)
    if move.target is Status.APPROVED:
        appoint(session, application, now=now)
    record(session, move.name, application.reference, actor=actor, now=now, to=move.target.value)
    return decision


def _allowed(
    session: Session, application: Application, move: Move, *, actor: Actor, today: dt.date
) -> Assessment:
    """The assessment at this moment; raises the refusal if the move may not be made."""
    if application.status is not move.source:
        raise AlreadyDecided(f"这份报名现在是“{application.status.label}”，不能再{move.label}。")
    if application.is_erased:
        raise NotAllowed("这份报名的资料已经删除，不能再办。")
    if not move.open_to(actor.staff.role if actor.staff else None):
        raise NotAllowed(f"您的角色不能{move.label}。")
    assessment = judging.assess_application(application)
    if refusal := move.refusal(_situation(application, assessment, actor=actor, today=today)):
        raise NotAllowed(refusal)
    if move.source not in HOLDING and find_holder(
        session, application.recruitment_id, application.id_number_index
    ):
        raise Duplicate("申请人后来又报了一份，请处理后来的那份。")
    return assessment


def _change(
    application: Application,
    move: Move,
    *,
    actor: Actor,
    fields: list[str],
    due_on: dt.date | None,
    now: dt.datetime,
) -> None:
    application.status = move.target
    application.changed_at = now
    if move.target is Status.RETURNED:
        application.due_on = due_on
        application.fields_to_correct = fields or application.fields_to_correct
    else:
        application.due_on, application.fields_to_correct = None, []
    staff_id = actor.staff.id if actor.staff else None
    if move.target is Status.AWAITING_APPROVAL:
        application.proposed_by_id = staff_id
    elif move.target is Status.SUBMITTED:
        application.proposed_by_id = None
    if move.source is Status.AWAITING_APPROVAL and move.target is Status.APPROVED:
        application.confirmed_by_id = staff_id


def _situation(
    application: Application, assessment: Assessment, *, actor: Actor, today: dt.date
) -> Situation:
    return Situation(
        assessment=assessment,
        today=today,
        actor_id=actor.staff.id if actor.staff else None,
        proposer_id=application.proposed_by_id,
        due_on=application.due_on,
    )


def mark_seen(
    session: Session,
    application: Application,
    kind: DocumentKind,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """原件已核: record who saw the original, and when; a second time changes nothing.

    Raises NotAllowed where the application is already decided.
    """
    if application.status not in (Status.SUBMITTED, Status.RETURNED):
        raise NotAllowed(f"这份报名现在是“{application.status.label}”，不用再核对原件。")
    if actor.staff is None or application.has_seen(kind):
        return
    application.sightings.append(Sighting(kind=kind, staff_id=actor.staff.id, at=now))
    application.changed_at = now
    judging.keep(application, judging.assess_application(application))
    record(session, "see_original", application.reference, actor=actor, now=now, kind=kind.value)
