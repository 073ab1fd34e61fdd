"""An application is stored whole or not at all, once, before the closing instant, and sealed."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, answers, make_application, submit, valid_identity
from volunteer_app.db import Base, start_writing, vault_of
from volunteer_app.domain.names import name_tokens
from volunteer_app.domain.refusal import Duplicate, Invalid, NotOpen, Refused
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Channel, Consent, Gender, IdType, Status, Verdict
from volunteer_app.models import (
    Application,
    AuditEvent,
    Message,
    NameToken,
    Recruitment,
)
from volunteer_app.services import correcting, counting, placing

LAST_MOMENT = dt.datetime(2027, 8, 30, 23, 59, 59, 999999, tzinfo=SHANGHAI)
TOO_LATE = dt.datetime(2027, 8, 31, 0, 0, 0, tzinfo=SHANGHAI)
FIRST_MOMENT = dt.datetime(2027, 7, 28, 0, 0, 0, tzinfo=SHANGHAI)
TOO_EARLY = FIRST_MOMENT - dt.timedelta(microseconds=1)


def row_counts(session: Session) -> dict[str, int]:
    """How many rows each table has, in a reading of its own."""
    session.rollback()
    counts = {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return counts


def test_a_submission_stores_all_its_parts(session: Session, recruitment: Recruitment) -> None:
    before = row_counts(session)

    start_writing(session)
    application = submit(session, answers(name="李雷", consent_public=True), token="t" * 64)
    session.commit()

    after = row_counts(session)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "application": 1,
        "application_count": 1,
        "audit_event": 1,
        "consent_given": 3,
        "decision": 1,
        "message": 1,
        "name_token": 3,
    }
    assert application.status is Status.SUBMITTED
    assert application.submitted_at == NOW
    assert application.recruitment_id == recruitment.id


def test_a_submission_says_what_it_found_and_what_was_agreed_to(session: Session) -> None:
    application = make_application(session, name="李雷", consent_public=False)

    assert application.outcome is Verdict.PASS
    assert [finding["rule"] for finding in application.findings] == [
        "age",
        "education",
        "health",
        "conduct",
        "law_knowledge",
        "local_knowledge",
        "ability",
        "obedience",
        "unpaid",
        "deadline",
    ]
    assert [(each.kind, each.given, each.text_version) for each in application.consents] == [
        (Consent.PERSONAL_DATA, True, "2027-1"),
        (Consent.SENSITIVE, True, "2027-1"),
        (Consent.PUBLIC_LIST, False, "2027-1"),
    ]


def test_a_submission_is_remembered_told_counted_and_findable(session: Session) -> None:
    application = make_application(session, name="李雷", region="140200", county="140213")

    [decision] = application.decisions
    assert (decision.move, decision.source, decision.target) == ("submit", None, Status.SUBMITTED)
    assert decision.at == NOW
    assert decision.staff_id is None
    [message] = session.scalars(sa.select(Message))
    assert (message.kind, message.decision_id) == ("received", decision.id)
    assert message.sent_at is None
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "submit"))
    assert (event.actor, event.subject) == ("applicant", application.reference)
    assert event.detail == {"channel": "individual", "outcome": "pass"}
    assert counting.counts(session, application.recruitment_id, "140200") == {Status.SUBMITTED: 1}
    assert counting.counts(session, application.recruitment_id, "140100") == {}
    tokens = session.scalars(
        sa.select(NameToken.token).where(NameToken.application_id == application.id)
    )
    assert set(tokens) == set(name_tokens("李雷"))


def test_whoever_left_no_address_gets_no_message(session: Session) -> None:
    make_application(session, email="")

    assert session.scalars(sa.select(Message)).all() == []


def test_a_card_says_birth_date_and_gender_whatever_else_was_typed(session: Session) -> None:
    number = valid_identity(born=dt.date(1980, 2, 29), gender=Gender.MALE)

    application = make_application(
        session,
        id_number=f" {number[:6]} {number[6:].lower()} ",
        birth_date="1999-01-01",
        gender="female",
    )

    assert application.birth_date == dt.date(1980, 2, 29)
    assert application.gender is Gender.MALE
    assert application.open("id_number", vault_of(session)) == number
    assert application.id_number_last4 == number[-4:]


def test_a_passport_takes_birth_date_and_gender_as_typed(session: Session) -> None:
    application = make_application(
        session,
        id_type="passport",
        id_number="E12345678",
        birth_date="1999-01-02",
        gender="female",
    )

    assert application.id_type is IdType.PASSPORT
    assert application.birth_date == dt.date(1999, 1, 2)
    assert application.id_number_last4 == "5678"


def test_the_same_token_returns_what_the_first_press_made(session: Session) -> None:
    start_writing(session)
    first = submit(session, answers(), token="t" * 64)
    session.commit()
    stored = row_counts(session)

    start_writing(session)
    second = submit(session, answers(), token="t" * 64, now=TOO_LATE)
    session.commit()

    assert second.reference == first.reference
    assert row_counts(session) == stored


def test_a_person_has_one_place_in_a_recruitment(session: Session) -> None:
    first = make_application(session)
    number = first.open("id_number", vault_of(session))
    stored = row_counts(session)

    start_writing(session)
    with pytest.raises(Duplicate, match="这个证件号码已经在本次招募中报过名"):
        submit(session, answers(id_number=number))

    assert row_counts(session) == stored


@pytest.mark.parametrize(
    ("status", "free"),
    [
        (Status.SUBMITTED, False),
        (Status.RETURNED, False),
        (Status.AWAITING_APPROVAL, False),
        (Status.APPROVED, False),
        (Status.REJECTED, True),
        (Status.WITHDRAWN, True),
    ],
)
def test_the_place_is_free_again_after_withdrawal_or_rejection(
    session: Session, status: Status, free: bool
) -> None:
    first = make_application(session, status=status)

    taken = placing.find_holder(session, first.recruitment_id, first.id_number_index)

    assert (taken is None) is free


def test_whoever_withdrew_may_apply_again(session: Session) -> None:
    given = answers()
    start_writing(session)
    first = submit(session, given)
    correcting.withdraw(session, first, actor=factories.APPLICANT, now=NOW)
    session.commit()

    start_writing(session)
    second = submit(session, given)
    session.commit()

    assert second.reference != first.reference
    assert counting.counts(session, first.recruitment_id, None) == {
        Status.WITHDRAWN: 1,
        Status.SUBMITTED: 1,
    }


@pytest.mark.parametrize("moment", [FIRST_MOMENT, LAST_MOMENT])
def test_the_first_and_the_last_moment_count(session: Session, moment: dt.datetime) -> None:
    application = make_application(session, now=moment)

    assert application.submitted_at == moment
    assert application.outcome is Verdict.PASS


@pytest.mark.parametrize("moment", [TOO_EARLY, TOO_LATE])
@pytest.mark.parametrize("human_review", [False, True])
def test_outside_those_moments_nothing_is_taken(
    session: Session, moment: dt.datetime, human_review: bool
) -> None:
    stored = row_counts(session)

    start_writing(session)
    with pytest.raises(NotOpen, match="本次招募现在不接受报名。"):
        submit(session, answers(human_review=human_review), now=moment)

    assert row_counts(session) == stored


def test_paper_counts_by_the_day_it_came_in(session: Session) -> None:
    start_writing(session)
    application = submit(
        session,
        answers(),
        channel=Channel.PAPER,
        now=TOO_LATE,
        received_on=dt.date(2027, 8, 30),
    )
    session.commit()

    assert application.outcome is Verdict.PASS
    assert application.received_on == dt.date(2027, 8, 30)


def test_paper_that_came_too_late_is_filed_for_a_person_to_decide(session: Session) -> None:
    start_writing(session)
    application = submit(
        session,
        answers(human_review=True),
        channel=Channel.PAPER,
        now=TOO_LATE,
        received_on=dt.date(2027, 8, 31),
    )
    session.commit()

    assert application.outcome is Verdict.FAIL
    assert not application.human_review  # nobody asked for it: every paper is read by a person
    [late] = [finding for finding in application.findings if finding["rule"] == "deadline"]
    assert late["explanation"] == "8月31日收到，已过截止日8月30日。"


def test_a_rule_that_is_not_met_refuses_unless_a_person_is_asked(session: Session) -> None:
    stored = row_counts(session)

    start_writing(session)
    with pytest.raises(Refused, match="学历为初中，要求高中或中专及以上。"):
        submit(session, answers(education="junior_high"))
    assert row_counts(session) == stored

    application = make_application(session, education="junior_high", human_review=True)
    assert application.outcome is Verdict.FAIL
    assert application.human_review


def test_the_mark_for_a_person_is_not_put_where_every_rule_is_met(session: Session) -> None:
    assert not make_application(session, human_review=True).human_review


def test_a_wrong_number_is_refused_before_anything_is_stored(session: Session) -> None:
    stored = row_counts(session)
    number = valid_identity()
    wrong = number[:17] + ("0" if number[17] != "0" else "1")

    start_writing(session)
    with pytest.raises(Invalid) as refused:
        submit(session, answers(id_number=wrong))

    assert refused.value.field == "id_number"
    assert row_counts(session) == stored


def test_no_two_applications_share_a_reference(session: Session) -> None:
    factories.make_applications(session, 20)

    references = session.scalars(sa.select(Application.reference)).all()
    assert len(set(references)) == 20
