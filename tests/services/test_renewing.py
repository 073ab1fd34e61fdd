"""续聘: what is carried over, what is asked anew, who it is linked to, when the new term begins."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import APPLICANT, answers, make_application, submit, valid_identity
from tests.renewals import LATER, approve, next_recruitment, renewed, volunteer
from tests.services.statements import statements_of
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.refusal import Duplicate, NotAllowed, NotOpen
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Channel, Status, TermStart, Verdict
from volunteer_app.models import Application, Recruitment
from volunteer_app.services import drafting, renewing


def begin(
    session: Session,
    earlier: Application,
    recruitment: Recruitment,
    *,
    with_numbers: bool = True,
    now: dt.datetime = LATER,
) -> str:
    token = secrets.token_urlsafe(24)
    start_writing(session)
    renewing.begin(
        session, earlier, recruitment, token, with_numbers=with_numbers, actor=APPLICANT, now=now
    )
    session.commit()
    return token


def test_the_private_link_carries_every_answer_over_and_nothing_that_was_agreed(
    session: Session,
) -> None:
    given = answers(address="府西街29号", wechat="qiao-2027", speciality="食品检验二十年。")
    earlier = volunteer(session, **given)
    recruitment = next_recruitment(session)

    token = begin(session, earlier, recruitment)

    draft = drafting.find_draft(session, token)
    assert draft is not None
    assert draft.renews_id == earlier.id
    kept = drafting.answers_in(session, draft, recruitment.id)
    agreed = {"consent", "consent_sensitive", "consent_public", "unpaid", "health", "conduct"}
    agreed |= {"law_knowledge", "local_knowledge", "ability", "obedience"}
    assert agreed <= given.keys()
    derived = {"birth_date": "1990-03-07", "gender": "female", "by_link": True}
    assert kept == {name: given[name] for name in given.keys() - agreed} | derived


def test_after_a_look_up_no_sealed_answer_is_carried_over(session: Session) -> None:
    earlier = volunteer(session, address="府西街29号", wechat="qiao-2027", occupation="教师")
    recruitment = next_recruitment(session)

    token = begin(session, earlier, recruitment, with_numbers=False)

    draft = drafting.find_draft(session, token)
    assert draft is not None
    kept = drafting.answers_in(session, draft, recruitment.id)
    assert kept["occupation"] == "教师"
    hidden = {"id_number", "phone", "email", "wechat", "address", "birth_date", "by_link"}
    assert hidden & kept.keys() == set()


def test_only_an_open_recruitment_takes_a_renewal(session: Session) -> None:
    earlier = volunteer(session)
    recruitment = next_recruitment(session)
    late = dt.datetime(2029, 8, 31, 0, 0, tzinfo=SHANGHAI)

    with pytest.raises(NotOpen):
        begin(session, earlier, recruitment, now=late)
    begin(session, earlier, recruitment, now=late - dt.timedelta(seconds=1))


def test_who_had_no_term_renews_nothing(session: Session) -> None:
    rejected = make_application(session, status=Status.REJECTED)

    with pytest.raises(NotAllowed):
        begin(session, rejected, next_recruitment(session))


def test_who_has_applied_already_does_not_begin_another(session: Session) -> None:
    earlier = volunteer(session)
    recruitment = next_recruitment(session)
    renewed(session, earlier, recruitment)

    with pytest.raises(Duplicate):
        begin(session, earlier, recruitment)


def test_a_submitted_renewal_is_linked_to_the_earlier_application(session: Session) -> None:
    earlier = volunteer(session)

    later = renewed(session, earlier, next_recruitment(session))

    assert later.renews is earlier
    assert later.channel is Channel.INDIVIDUAL
    assert later.outcome is Verdict.PASS


def test_another_persons_number_makes_it_an_ordinary_application(session: Session) -> None:
    earlier = volunteer(session)

    later = renewed(session, earlier, next_recruitment(session), id_number=valid_identity())

    assert later.renews_id is None
    assert renewing.earlier_terms(session, later) == []


def test_an_ordinary_application_costs_no_statement_more(app: Flask, session: Session) -> None:
    """The draft goes and tells what it renews in one."""
    start_writing(session)
    with statements_of(app) as sent:
        submit(session, answers())
    session.commit()

    drafts = [statement for statement in sent if "draft" in statement]
    assert [each.partition(" ")[0] for each in drafts if "DELETE" in each] == ["DELETE"]
    assert not any("renews_id" in each and each.startswith("UPDATE app") for each in sent)


def test_age_is_judged_on_the_day_of_the_new_recruitment(session: Session) -> None:
    """64 on 30 August 2027 is 66 on 30 August 2029."""
    earlier = volunteer(session, id_number=valid_identity(born=dt.date(1963, 8, 30)))
    assert earlier.outcome is Verdict.PASS

    later = renewed(session, earlier, next_recruitment(session), speciality="食品检验二十年。")

    assert later.outcome is Verdict.EXCEPTION


def test_changes_are_told_in_the_order_of_the_catalogue(session: Session) -> None:
    earlier = volunteer(session, occupation="教师", service_areas=["goods"], wechat="")

    later = renewed(
        session,
        earlier,
        next_recruitment(session),
        phone="13812345678",
        education="master",
        occupation="会计",
        employer="某厂",
    )

    told = renewing.changes(later, earlier, vault_of(session))
    assert [(field.name, old, new) for field, old, new in told] == [
        ("phone", "", "改过"),
        ("education", "本科", "硕士"),
        ("occupation", "教师", "会计"),
        ("employer", "", "某厂"),
    ]


class TestTheSecondTerm:
    """It never overlaps the first, whose days are 1 September 2027 to 31 August 2029."""

    def test_begins_the_day_after_while_the_first_still_runs(self, session: Session) -> None:
        earlier = volunteer(session)
        values = {"term_start": TermStart.APPROVAL_DAY, "term_starts_on": None}
        later = renewed(session, earlier, next_recruitment(session, **values))

        approve(session, later, now=LATER)

        assert days(later) == (dt.date(2029, 9, 1), dt.date(2031, 8, 31))

    def test_begins_on_a_fixed_day_that_is_later(self, session: Session) -> None:
        earlier = volunteer(session)
        fixed = next_recruitment(session, term_starts_on=dt.date(2029, 10, 8))
        later = renewed(session, earlier, fixed)

        approve(session, later, now=LATER)

        assert days(later) == (dt.date(2029, 10, 8), dt.date(2031, 10, 7))

    def test_does_not_begin_on_a_fixed_day_within_the_first(self, session: Session) -> None:
        earlier = volunteer(session)
        fixed = next_recruitment(session, term_starts_on=dt.date(2029, 8, 15))
        later = renewed(session, earlier, fixed)

        approve(session, later, now=LATER)

        assert days(later) == (dt.date(2029, 9, 1), dt.date(2031, 8, 31))

    def test_begins_when_the_recruitment_says_where_the_first_ended_early(
        self, session: Session
    ) -> None:
        earlier = volunteer(session)
        start_writing(session)
        assert earlier.appointment is not None
        earlier.appointment.terminated_on = dt.date(2028, 3, 1)
        session.commit()
        values = {"term_start": TermStart.APPROVAL_DAY, "term_starts_on": None}
        later = renewed(session, earlier, next_recruitment(session, **values))

        approve(session, later, now=LATER)

        assert days(later) == (dt.date(2029, 8, 12), dt.date(2031, 8, 11))

    def test_of_a_leap_day_ends_on_the_last_of_february(self, session: Session) -> None:
        earlier = volunteer(session)
        start_writing(session)
        assert earlier.appointment is not None
        earlier.appointment.starts_on = dt.date(2030, 3, 1)
        earlier.appointment.ends_on = dt.date(2032, 2, 28)
        session.commit()
        later = renewed(session, earlier, next_recruitment(session))

        approve(session, later, now=LATER)

        assert days(later) == (dt.date(2032, 2, 29), dt.date(2034, 2, 28))

    def test_has_a_number_and_a_certificate_of_its_own(self, session: Session) -> None:
        earlier = volunteer(session)
        later = renewed(session, earlier, next_recruitment(session))

        approve(session, later, now=LATER)

        first, second = earlier.appointment, later.appointment
        assert first is not None
        assert second is not None
        assert first.number == "晋消志聘〔2027〕第0001号"
        assert second.number == "晋消志聘〔2029〕第0001号"
        assert first.code != second.code


def days(application: Application) -> tuple[dt.date, dt.date]:
    term = application.appointment
    assert term is not None
    return term.starts_on, term.ends_on
