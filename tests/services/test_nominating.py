"""被推荐人: nobody is volunteered by somebody else, and the unit is not told why."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import NOW, answers, submit
from tests.units import (
    PERSON,
    UNIT,
    all_answers,
    begin,
    confirm_in_person,
    confirm_seal,
    handed_in,
    nominee,
    scan,
)
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.refusal import Invalid, NotAllowed, Refused
from volunteer_app.domain.vocabulary import (
    Consent,
    Declaration,
    NomineeStatus,
    Role,
    SealState,
    Status,
    Verdict,
)
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application, AuditEvent, Nominee
from volunteer_app.services import handing_in, nominating, recommending, reviewing


def asked(session: Session) -> tuple[Nominee, Application]:
    """Somebody whom a unit named and handed in."""
    [person] = handed_in(session, count=1).nominees
    assert person.application is not None
    return person, person.application


def test_the_own_word_declares_and_consents(session: Session) -> None:
    person, application = asked(session)

    confirm_in_person(session, person)

    assert person.status is NomineeStatus.CONFIRMED
    assert application.declared == frozenset(Declaration)
    assert {consent.kind: consent.given for consent in application.consents} == dict.fromkeys(
        Consent, True
    )


def test_seal_and_own_word_together_make_it_ready_to_approve(
    session: Session, actor_for: ActorFor
) -> None:
    person, application = asked(session)
    confirm_in_person(session, person)
    assert application.outcome is Verdict.PENDING
    confirm_seal(session, person.recommendation)
    reviewer = actor_for(Role.REVIEWER)
    move = find_move("approve", application.status)
    assert move is not None

    start_writing(session)
    reviewing.make_move(session, application, move, actor=reviewer, now=NOW)
    session.commit()

    assert application.status is Status.APPROVED


@pytest.mark.parametrize("done", ["neither", "seal", "word"])
def test_without_both_it_cannot_be_approved(
    session: Session, actor_for: ActorFor, done: str
) -> None:
    person, application = asked(session)
    if done == "seal":
        confirm_seal(session, person.recommendation)
    if done == "word":
        confirm_in_person(session, person)
    reviewer = actor_for(Role.REVIEWER)
    move = find_move("approve", application.status)
    assert move is not None

    start_writing(session)
    with pytest.raises(NotAllowed, match="待核"):
        reviewing.make_move(session, application, move, actor=reviewer, now=NOW)


def test_a_refusal_withdraws_without_a_reason_that_the_unit_could_read(session: Session) -> None:
    person, application = asked(session)
    start_writing(session)

    nominating.decline(session, person, actor=PERSON, now=NOW)
    session.commit()

    assert application.status is Status.WITHDRAWN
    assert person.status is NomineeStatus.WITHDRAWN
    told = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "decline_nomination"))
    assert [event.detail for event in told] == [{}]


def test_a_refusal_leaves_the_seal_of_the_others_as_it_is(session: Session) -> None:
    recommendation = handed_in(session, count=2)
    confirm_seal(session, recommendation)
    start_writing(session)

    nominating.decline(session, recommendation.nominees[0], actor=PERSON, now=NOW)

    assert recommendation.seal_state is SealState.CONFIRMED
    assert recommending.content_code(session, recommendation) == recommendation.confirmed_code


def test_a_correction_of_the_phone_reaches_the_application(session: Session) -> None:
    person, application = asked(session)

    confirm_in_person(session, person, phone="13912340000")

    assert application.open("phone", vault_of(session)) == "13912340000"
    assert person.recommendation.seal_state is SealState.UPLOADED


def test_another_name_than_the_unit_sealed_makes_the_seal_stale(session: Session) -> None:
    person, application = asked(session)

    confirm_in_person(session, person, name="欧阳·𠮷")

    assert (application.name, person.name) == ("欧阳·𠮷", "欧阳·𠮷")
    assert person.recommendation.seal_state is SealState.STALE


def test_who_does_not_declare_may_ask_for_a_person(session: Session) -> None:
    person, application = asked(session)
    start_writing(session)
    given = all_answers(session, person, health=False)
    with pytest.raises(Refused, match="没有声明"):
        nominating.confirm(session, person, given, actor=PERSON, now=NOW)
    session.rollback()
    assert person.status is NomineeStatus.ASKED

    confirm_in_person(session, person, health=False, human_review=True)

    assert application.human_review
    assert application.outcome is Verdict.FAIL


def test_it_is_answered_once(session: Session) -> None:
    person, _application = asked(session)
    confirm_in_person(session, person)
    start_writing(session)

    with pytest.raises(NotAllowed, match="不用再确认"):
        nominating.decline(session, person, actor=PERSON, now=NOW)


def test_a_signature_that_staff_saw_counts_like_the_own_word(
    session: Session, actor_for: ActorFor
) -> None:
    person, application = asked(session)
    clerk = actor_for(Role.REVIEWER)
    start_writing(session)

    nominating.see_signature(session, person, actor=clerk, now=NOW)
    session.commit()

    assert application.declared == frozenset(Declaration)
    assert person.confirmed_by == clerk.staff
    given = {consent.kind: consent.given for consent in application.consents}
    assert given[Consent.SENSITIVE]
    assert not given[Consent.PUBLIC_LIST]


def test_who_applied_alone_only_confirms_the_nomination(session: Session) -> None:
    given = answers(occupation="教师")
    start_writing(session)
    own = submit(session, given)
    session.commit()
    recommendation = begin(session, count=0)
    start_writing(session)
    recommending.add_nominees(
        session,
        recommendation,
        [nominee(id_number=given["id_number"], occupation="会计")],
        actor=UNIT,
        now=NOW,
    )
    handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)
    [person] = recommendation.nominees

    nominating.confirm(session, person, {}, actor=PERSON, now=NOW)

    assert person.status is NomineeStatus.CONFIRMED
    assert own.occupation == "教师"


def test_who_applied_alone_and_declines_keeps_the_own_application(session: Session) -> None:
    given = answers()
    start_writing(session)
    own = submit(session, given)
    session.commit()
    recommendation = begin(session, count=0)
    start_writing(session)
    person = nominee(id_number=given["id_number"])
    recommending.add_nominees(session, recommendation, [person], actor=UNIT, now=NOW)
    handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)

    nominating.decline(session, recommendation.nominees[0], actor=PERSON, now=NOW)

    assert own.status is Status.SUBMITTED


def test_a_reminder_goes_out_once_a_day(session: Session) -> None:
    person, _application = asked(session)
    confirm_seal(session, person.recommendation)
    start_writing(session)

    with pytest.raises(NotAllowed, match="今天已经发过一次"):
        nominating.remind(session, person, actor=UNIT, now=NOW)


def test_who_has_no_address_is_reached_by_hand(session: Session) -> None:
    recommendation = begin(session, count=0)
    start_writing(session)
    recommending.add_nominees(session, recommendation, [nominee(email="")], actor=UNIT, now=NOW)
    handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)
    session.commit()
    confirm_seal(session, recommendation)

    with pytest.raises(NotAllowed, match="没有留邮箱"):
        nominating.remind(session, recommendation.nominees[0], actor=UNIT, now=NOW)


def test_the_link_s_token_is_nowhere_in_clear(session: Session) -> None:
    person, _application = asked(session)
    token = person.open_token(vault_of(session))

    assert nominating.find_nominee(session, token) is person
    assert token.encode() not in person.token_sealed
    assert token != person.token_digest


def test_a_number_that_is_another_row_of_the_list_is_refused(session: Session) -> None:
    first, second = handed_in(session, count=2).nominees
    start_writing(session)
    nominating.decline(session, second, actor=PERSON, now=NOW)
    session.commit()
    first_answers = all_answers(session, first)
    assert second.application is not None
    number = second.application.open("id_number", vault_of(session))
    start_writing(session)

    with pytest.raises(Invalid, match="名单里是另一行"):
        nominating.confirm(
            session, first, first_answers | {"id_number": number}, actor=PERSON, now=NOW
        )


def test_what_a_unit_wrote_of_who_declined_is_erased(session: Session) -> None:
    person, _application = asked(session)
    start_writing(session)

    nominating.decline(session, person, actor=PERSON, now=NOW)

    assert person.open_answers(vault_of(session)) == {}
