"""A relaxation: the original is seen, one proposes, another decides."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW, make_application, relaxed_answers, submit
from tests.services.test_reviewing import ActorFor, move
from volunteer_app.db import start_writing
from volunteer_app.domain.refusal import NotAllowed
from volunteer_app.domain.vocabulary import DocumentKind, Role, Status, Verdict
from volunteer_app.models import Application, AuditEvent, Sighting
from volunteer_app.services import judging, reviewing
from volunteer_app.services.auditing import Actor


def test_an_exception_needs_two_people(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session, status=Status.AWAITING_APPROVAL)
    proposer_id = application.proposed_by_id
    approver = actor_for(Role.APPROVER)

    move(session, application, "confirm", actor=approver)

    assert approver.staff is not None
    assert application.status is Status.APPROVED
    assert application.proposed_by_id == proposer_id
    assert application.confirmed_by_id == approver.staff.id
    assert application.appointment is not None


def exception_proposed_by(session: Session, actor: Actor) -> Application:
    start_writing(session)
    application = submit(session, relaxed_answers())
    kind = DocumentKind.SPECIALITY_PROOF
    reviewing.mark_seen(session, application, kind, actor=actor, now=NOW)
    session.commit()
    move(session, application, "propose", actor=actor, reason="高级工程师")
    return application


def test_a_proposer_cannot_confirm_their_own_exception(
    session: Session, actor_for: ActorFor
) -> None:
    approver = actor_for(Role.APPROVER)
    application = exception_proposed_by(session, approver)

    with pytest.raises(NotAllowed, match="须由另一名复核员决定"):
        move(session, application, "confirm", actor=approver)

    session.rollback()
    assert application.status is Status.AWAITING_APPROVAL


def test_the_table_itself_refuses_one_person_twice(session: Session) -> None:
    application = make_application(session, status=Status.AWAITING_APPROVAL)
    proposer_id = application.proposed_by_id
    assert proposer_id is not None

    start_writing(session)
    with pytest.raises(IntegrityError, match="two_people_decide"):
        session.execute(sa.update(Application).values(confirmed_by_id=proposer_id))
    session.rollback()


def test_whoever_sent_back_frees_the_proposer(session: Session, actor_for: ActorFor) -> None:
    application = make_application(session, status=Status.AWAITING_APPROVAL)

    move(session, application, "send_back", actor=actor_for(Role.APPROVER), reason="证书看不清")

    assert application.status is Status.SUBMITTED
    assert application.proposed_by_id is None


def test_an_original_is_seen_once_and_judged_at_once(session: Session, actor_for: ActorFor) -> None:
    start_writing(session)
    application = submit(session, relaxed_answers())
    session.commit()
    reviewer = actor_for(Role.REVIEWER)
    assert verdicts(application)["speciality_proof"] is Verdict.PENDING

    for _ in range(2):
        start_writing(session)
        kind = DocumentKind.SPECIALITY_PROOF
        reviewing.mark_seen(session, application, kind, actor=reviewer, now=NOW)
        session.commit()

    assert verdicts(application)["speciality_proof"] is Verdict.PASS
    [sighting] = session.scalars(sa.select(Sighting))
    assert reviewer.staff is not None
    assert (sighting.staff_id, sighting.at) == (reviewer.staff.id, NOW)
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "see_original"))
    assert [event.detail for event in events] == [{"kind": "speciality_proof"}]


def verdicts(application: Application) -> dict[str, Verdict]:
    return {finding.rule: finding.verdict for finding in judging.kept_findings(application)}


@pytest.mark.parametrize(
    "status", [Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.AWAITING_APPROVAL]
)
def test_no_original_is_seen_after_the_decision(
    session: Session, actor_for: ActorFor, status: Status
) -> None:
    application = make_application(session, status=status)

    start_writing(session)
    with pytest.raises(NotAllowed, match=f"现在是“{status.label}”，不用再核对原件"):
        reviewing.mark_seen(
            session, application, DocumentKind.OTHER, actor=actor_for(Role.REVIEWER), now=NOW
        )
