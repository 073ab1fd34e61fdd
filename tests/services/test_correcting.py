"""What an applicant may change after submission: what was sent back, in time, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import APPLICANT, NOW, answers, make_application, valid_identity
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.fields import LABELS
from volunteer_app.domain.names import name_tokens
from volunteer_app.domain.refusal import Duplicate, Invalid, NotAllowed
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.domain.vocabulary import Education, Gender, Role, Status, Verdict
from volunteer_app.models import Application, AuditEvent, Decision, Message, NameToken
from volunteer_app.services import answering, correcting, counting, linking

DUE = dt.date(2027, 8, 19)


def returned(session: Session, *fields: str, **overrides: Any) -> Application:
    return make_application(session, status=Status.RETURNED, fields=fields, due_on=DUE, **overrides)


def resubmit(
    session: Session, application: Application, now: dt.datetime = NOW, **corrected: Any
) -> Decision:
    start_writing(session)
    decision = correcting.resubmit(session, application, corrected, actor=APPLICANT, now=now)
    session.commit()
    return decision


def test_a_correction_is_taken_and_sent_again(session: Session) -> None:
    application = returned(session, "occupation", occupation="教师")

    decision = resubmit(session, application, occupation="会计")

    assert (application.occupation, application.status) == ("会计", Status.SUBMITTED)
    assert (application.due_on, application.fields_to_correct) == (None, [])
    assert (decision.move, decision.fields, decision.staff_id) == ("resubmit", ["occupation"], None)
    assert counting.counts(session, application.recruitment_id, None) == {
        Status.SUBMITTED: 1,
        Status.RETURNED: 0,
    }


def test_what_was_not_sent_back_stays_as_it_is(session: Session) -> None:
    application = returned(session, "occupation", education="bachelor")

    resubmit(session, application, occupation="会计", education="doctor", name="别人")

    assert application.education is Education.BACHELOR
    assert application.name == "乔秀兰"


def test_an_optional_answer_may_be_emptied(session: Session) -> None:
    application = returned(session, "wechat", "address", wechat="wx", address="府西街29号")

    decision = resubmit(session, application, wechat="", address="")

    assert application.wechat_sealed is None
    assert application.address == ""
    assert set(decision.fields) == {"wechat", "address"}


def test_sending_again_without_a_change_is_possible(session: Session) -> None:
    application = returned(session, "occupation", occupation="教师")

    decision = resubmit(session, application, occupation="教师")

    assert (decision.fields, application.status) == ([], Status.SUBMITTED)


def test_a_corrected_name_is_found_and_the_old_one_is_not(session: Session) -> None:
    application = returned(session, "name", name="李雷")

    resubmit(session, application, name="韩梅")

    tokens = session.scalars(
        sa.select(NameToken.token).where(NameToken.application_id == application.id)
    )
    assert set(tokens) == set(name_tokens("韩梅"))


def test_a_corrected_prefecture_moves_the_count(session: Session) -> None:
    application = returned(session, "region", region="140100", county="140105")

    resubmit(session, application, region="140200", county="140213")

    assert (application.region, application.county) == ("140200", "140213")
    recruitment_id = application.recruitment_id
    assert counting.counts(session, recruitment_id, "140100").total() == 0
    assert counting.counts(session, recruitment_id, "140200") == {
        Status.SUBMITTED: 1,
        Status.RETURNED: 0,
    }
    assert counting.recount(session) == 0


def test_a_corrected_number_changes_birth_date_gender_and_place(session: Session) -> None:
    application = returned(session, "id_number")
    before = application.id_number_index
    number = valid_identity(born=dt.date(1970, 5, 6), gender=Gender.MALE)

    resubmit(session, application, id_number=number)

    assert (application.birth_date, application.gender) == (dt.date(1970, 5, 6), Gender.MALE)
    assert application.id_number_last4 == number[-4:]
    assert application.open("id_number", vault_of(session)) == number
    assert application.id_number_index != before


def test_a_correction_is_judged_by_the_rules(session: Session) -> None:
    application = returned(session, "education", education="junior_high", human_review=True)
    before = application.outcome

    resubmit(session, application, education="college")

    assert (before, application.outcome) == (Verdict.FAIL, Verdict.PASS)


def test_a_form_corrected_after_the_closing_day_counts_by_the_day_it_came(
    session: Session,
) -> None:
    application = make_application(
        session, status=Status.RETURNED, fields=("occupation",), due_on=dt.date(2027, 9, 10)
    )
    in_september = dt.datetime(2027, 9, 9, 12, 0, tzinfo=NOW.tzinfo)

    resubmit(session, application, now=in_september, occupation="会计")

    assert application.outcome is Verdict.PASS
    assert application.submitted_at == NOW


@pytest.mark.parametrize("fields", [("id_number",), ("name", "id_number"), ("region", "id_number")])
def test_a_corrected_number_may_not_be_somebody_elses(
    session: Session, fields: tuple[str, ...]
) -> None:
    other = make_application(session)
    number = other.open("id_number", vault_of(session))
    application = returned(session, *fields, name="李雷", region="140200", county="140213")
    corrections = answers(name="韩梅", id_number=number)

    start_writing(session)
    with pytest.raises(Duplicate, match="这个证件号码已经在本次招募中报过名"):
        correcting.resubmit(session, application, corrections, actor=APPLICANT, now=NOW)

    session.rollback()
    assert application.status is Status.RETURNED
    assert (application.name, application.region) == ("李雷", "140200")
    assert application.open("id_number", vault_of(session)) != number


def test_a_wrong_number_changes_nothing(session: Session) -> None:
    application = returned(session, "id_number", "occupation")

    start_writing(session)
    with pytest.raises(Invalid) as refused:
        correcting.resubmit(
            session,
            application,
            {"id_number": "123", "occupation": "会计"},
            actor=APPLICANT,
            now=NOW,
        )

    session.rollback()
    assert refused.value.field == "id_number"
    assert (application.occupation, application.status) == ("教师", Status.RETURNED)


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [
        (dt.datetime(2027, 8, 19, 23, 59, 59, 999999, tzinfo=NOW.tzinfo), True),
        (dt.datetime(2027, 8, 20, 0, 0, tzinfo=NOW.tzinfo), False),
    ],
)
def test_the_due_day_is_the_last_one(session: Session, moment: dt.datetime, in_time: bool) -> None:
    application = returned(session, "occupation")

    if in_time:
        resubmit(session, application, now=moment, occupation="会计")
        assert application.status is Status.SUBMITTED
    else:
        with pytest.raises(NotAllowed, match="补正期限已过"):
            resubmit(session, application, now=moment, occupation="会计")
        session.rollback()
        assert (application.status, application.occupation) == (Status.RETURNED, "教师")


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.RETURNED])
def test_only_what_was_returned_is_corrected(session: Session, status: Status) -> None:
    application = make_application(session, status=status)

    assert correcting.opened_fields(application) == frozenset()
    with pytest.raises(NotAllowed, match=f"现在是“{status.label}”，不用补正"):
        resubmit(session, application, occupation="会计")


@pytest.mark.parametrize(
    ("named", "opened"),
    [
        (("occupation",), {"occupation"}),
        (("county",), {"region", "county"}),
        (("id_type", "phone"), {"id_type", "id_number", "birth_date", "gender", "phone"}),
    ],
)
def test_fields_that_belong_together_are_opened_together(
    session: Session, named: tuple[str, ...], opened: set[str]
) -> None:
    assert correcting.opened_fields(returned(session, *named)) == opened


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.AWAITING_APPROVAL])
def test_an_applicant_withdraws_before_the_decision(session: Session, status: Status) -> None:
    application = make_application(session, status=status)

    start_writing(session)
    decision = correcting.withdraw(session, application, actor=APPLICANT, now=NOW)
    session.commit()

    assert application.status is Status.WITHDRAWN
    assert (decision.source, decision.target) == (status, Status.WITHDRAWN)
    assert counting.counts(session, application.recruitment_id, None)[Status.WITHDRAWN] == 1
    messages = session.scalars(sa.select(Message.kind).where(Message.decision_id == decision.id))
    assert messages.all() == ["withdrawn"]
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "withdraw"))
    assert (event.actor, event.subject) == ("applicant", application.reference)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED, Status.WITHDRAWN])
def test_nobody_withdraws_what_is_decided(session: Session, status: Status) -> None:
    application = make_application(session, status=status)

    start_writing(session)
    with pytest.raises(NotAllowed, match=f"现在是“{status.label}”，不能撤回"):
        correcting.withdraw(session, application, actor=APPLICANT, now=NOW)


def test_stored_answers_fill_a_form_as_the_draft_did(session: Session) -> None:
    given = answers(wechat="wx", speciality="食品检验")
    application = make_application(session, **given)

    found = answering.answers_of(application, vault_of(session))

    asked = {name: value for name, value in given.items() if not name.startswith("consent")}
    assert {name: found[name] for name in asked} == asked
    assert found["birth_date"] == "1990-03-07"


def test_a_paper_can_be_asked_for_by_its_name(session: Session) -> None:
    application = make_application(
        session, status=Status.RETURNED, fields=("speciality_proof", "occupation")
    )

    assert LABELS["speciality_proof"] == "专业特长证明"
    assert correcting.opened_fields(application) >= {"speciality_proof", "occupation"}
    start_writing(session)
    correcting.resubmit(session, application, {}, actor=APPLICANT, now=NOW)

    assert application.status is Status.SUBMITTED


def test_a_corrected_address_ends_the_links_that_were_sent_to_the_old_one(
    session: Session, actor_for: ActorFor
) -> None:
    application, other = make_application(session), make_application(session)
    approver = actor_for(Role.APPROVER)
    start_writing(session)
    links = [
        linking.new_link(session, LinkPurpose.RENEW, application=each, now=NOW, days=30)
        for each in (application, other)
    ]
    tokens = [link.open_token(vault_of(session)) for link in links]
    correcting.amend(
        session,
        application,
        {"email": "new@example.com"},
        reason="本人请求",
        actor=approver,
        now=NOW,
    )
    session.commit()

    found = [linking.find_link(session, token, now=NOW) is not None for token in tokens]

    assert found == [False, True]
