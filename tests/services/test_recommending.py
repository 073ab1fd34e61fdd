"""单位推荐: the list and its code, the seal that goes stale, what is handed in."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import units
from tests.factories import NOW, answers, make_application, submit
from tests.units import UNIT, begin, confirm_seal, handed_in, nominee, scan
from volunteer_app.db import start_writing
from volunteer_app.domain.refusal import Duplicate, Invalid, NotAllowed, NotOpen, Refused
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import (
    Channel,
    NomineeStatus,
    Status,
    Verdict,
)
from volunteer_app.models import Application, ConsentGiven, Message, Nominee, Recommendation
from volunteer_app.services import handing_in, recommending

AFTER_CLOSING = dt.datetime(2027, 8, 31, 0, 0, tzinfo=SHANGHAI)


def verdicts(application: Application) -> dict[str, str]:
    return {finding["rule"]: finding["verdict"] for finding in application.findings}


def test_a_nominee_waits_for_the_seal_and_for_the_own_word(session: Session) -> None:
    recommendation = handed_in(session, count=1, sealed=False)

    [person] = recommendation.nominees
    application = person.application
    assert application is not None
    assert (application.channel, application.status) == (Channel.UNIT, Status.SUBMITTED)
    assert application.outcome is Verdict.PENDING
    assert verdicts(application) == {
        "age": "pass",
        "education": "pass",
        "deadline": "pass",
        "seal": "pending",
        "nominee_consent": "pending",
    }


def test_a_unit_consents_to_nothing_in_another_person_s_name(session: Session) -> None:
    recommendation = handed_in(session, count=1)

    [person] = recommendation.nominees
    assert person.application is not None
    assert person.application.declared is None
    assert session.scalars(sa.select(ConsentGiven)).all() == []


def test_nobody_is_written_to_in_the_name_of_a_unit_that_is_not_proven(session: Session) -> None:
    recommendation = begin(session, count=1)
    start_writing(session)
    recommending.add_nominees(session, recommendation, [nominee(email="")], actor=UNIT, now=NOW)
    handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)
    session.commit()
    kinds = sa.select(Message.kind).order_by(Message.kind)
    assert "confirm_nomination" not in session.scalars(kinds).all()

    confirm_seal(session, recommendation)

    assert session.scalars(kinds).all().count("confirm_nomination") == 1
    assert [bool(person.sent_at) for person in recommendation.nominees] == [True, False]


def test_a_number_stands_in_a_list_once(session: Session) -> None:
    person = nominee(name="王小兰")
    recommendation = begin(session, count=0)
    start_writing(session)
    recommending.add_nominees(session, recommendation, [person], actor=UNIT, now=NOW)

    with pytest.raises(Invalid, match="已经在名单里（王小兰）"):
        recommending.add_nominees(session, recommendation, [dict(person)], actor=UNIT, now=NOW)


def test_two_rows_of_one_person_are_refused_whole(session: Session) -> None:
    person = nominee()
    recommendation = begin(session, count=0)
    start_writing(session)

    with pytest.raises(Invalid):
        recommending.add_nominees(
            session, recommendation, [nominee(), person, dict(person)], actor=UNIT, now=NOW
        )
    session.rollback()

    assert session.scalar(sa.select(sa.func.count()).select_from(Nominee)) == 0


def test_a_list_of_more_than_two_thousand_is_refused(session: Session) -> None:
    recommendation = begin(session, count=1)
    start_writing(session)

    with pytest.raises(Invalid, match="最多2000人，加上这些有2001人"):
        recommending.add_nominees(session, recommendation, [{}] * 2000, actor=UNIT, now=NOW)


def test_who_applied_alone_keeps_the_own_application(session: Session) -> None:
    given = answers()
    start_writing(session)
    own = submit(session, given)
    session.commit()
    recommendation = begin(session, count=0)
    start_writing(session)
    person = {name: value for name, value in given.items() if not name.startswith("consent")}
    recommending.add_nominees(session, recommendation, [person], actor=UNIT, now=NOW)

    handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)
    session.commit()

    [named] = recommendation.nominees
    assert named.application is own
    assert own.channel is Channel.INDIVIDUAL
    assert session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1


def test_who_applies_alone_after_the_unit_comes_before_it(session: Session) -> None:
    recommendation = handed_in(session, count=1)
    [named] = recommendation.nominees
    by_unit = named.application
    start_writing(session)
    given = answers(id_number=named.open_answers(session.info["vault"])["id_number"])

    own = submit(session, given)
    session.commit()

    assert by_unit is not None
    assert by_unit.status is Status.WITHDRAWN
    assert (own.channel, own.status) == (Channel.INDIVIDUAL, Status.SUBMITTED)
    assert named.application is own


def test_who_confirmed_for_the_unit_cannot_apply_a_second_time(session: Session) -> None:
    recommendation = handed_in(session, count=1)
    [named] = recommendation.nominees
    units.confirm_in_person(session, named)
    start_writing(session)
    given = answers(id_number=named.open_answers(session.info["vault"])["id_number"])

    with pytest.raises(Refused, match="不能再报一份"):
        submit(session, given)


def test_a_nominee_who_meets_no_rule_is_named_and_nothing_is_stored(session: Session) -> None:
    recommendation = begin(session, count=1)
    start_writing(session)
    wrong = nominee(name="许明", education="junior_high")
    recommending.add_nominees(session, recommendation, [wrong], actor=UNIT, now=NOW)
    session.commit()
    start_writing(session)

    with pytest.raises(Refused, match=r"许明：学历为初中"):
        handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)
    session.rollback()

    assert session.scalar(sa.select(sa.func.count()).select_from(Application)) == 0


def test_nothing_is_handed_in_after_the_closing_instant(session: Session) -> None:
    recommendation = begin(session)
    start_writing(session)

    with pytest.raises(NotOpen, match="已经截止"):
        handing_in.hand_in(session, recommendation, actor=UNIT, now=AFTER_CLOSING)
    left = handing_in.hand_in(
        session, recommendation, actor=UNIT, now=AFTER_CLOSING - dt.timedelta(seconds=1)
    )

    assert left == 0


def test_an_empty_list_is_not_handed_in(session: Session) -> None:
    recommendation = begin(session, count=0)
    start_writing(session)

    with pytest.raises(NotAllowed, match="还没有人"):
        handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)


def test_a_long_list_is_handed_in_by_turns(session: Session) -> None:
    recommendation = begin(session, count=handing_in.BATCH + 1)
    start_writing(session)

    left = [handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW) for _ in range(2)]
    session.commit()

    assert left == [1, 0]
    assert {person.status for person in recommendation.nominees} == {NomineeStatus.ASKED}


def test_who_is_taken_off_the_list_is_not_judged_any_more(session: Session) -> None:
    recommendation = handed_in(session, count=1)
    application = recommendation.nominees[0].application
    start_writing(session)

    recommending.remove_nominee(session, recommendation.nominees[0], actor=UNIT, now=NOW)
    session.commit()

    assert application is not None
    assert application.status is Status.WITHDRAWN
    assert recommendation.nominees == []


def test_who_confirmed_cannot_be_taken_off_by_the_unit(session: Session) -> None:
    recommendation = handed_in(session, count=1)
    [named] = recommendation.nominees
    units.confirm_in_person(session, named)
    start_writing(session)

    with pytest.raises(NotAllowed, match="本人已经确认"):
        recommending.remove_nominee(session, named, actor=UNIT, now=NOW)


def test_who_was_asked_is_not_changed_by_the_unit(session: Session) -> None:
    recommendation = handed_in(session, count=1)
    start_writing(session)

    with pytest.raises(NotAllowed, match="由本人在确认时改"):
        recommending.change_nominee(
            session, recommendation.nominees[0], nominee(), actor=UNIT, now=NOW
        )


def test_the_code_does_not_depend_on_the_order_of_the_list(session: Session) -> None:
    recommendation = begin(session, count=3)
    before = recommendation.content_code

    recommendation.nominees.reverse()

    assert recommending.content_code(session, recommendation) == before


@pytest.mark.parametrize(("days", "left"), [(29, 2), (30, 1)])
def test_what_was_never_handed_in_goes_thirty_days_after_closing(
    session: Session, days: int, left: int
) -> None:
    begin(session)
    kept = handed_in(session).id
    start_writing(session)

    now = AFTER_CLOSING + dt.timedelta(days=days)
    recommending.purge(session, now=now)
    session.commit()

    ids = session.scalars(sa.select(Recommendation.id)).all()
    assert len(ids) == left
    assert kept in ids
    assert session.scalar(sa.select(sa.func.count()).select_from(Nominee)) == 2 * left


def test_an_individual_application_asks_for_no_seal(session: Session) -> None:
    application = make_application(session)

    assert verdicts(application).keys().isdisjoint({"seal", "nominee_consent"})


def test_a_number_in_the_list_is_never_given_again(session: Session) -> None:
    recommendation = begin(session, count=2)
    start_writing(session)
    recommending.remove_nominee(session, recommendation.nominees[1], actor=UNIT, now=NOW)

    recommending.add_nominees(session, recommendation, [nominee()], actor=UNIT, now=NOW)

    assert [person.number for person in recommendation.nominees] == [1, 3]


def test_a_late_paper_does_not_cost_a_timely_nomination(session: Session) -> None:
    recommendation = handed_in(session, count=1)
    [named] = recommendation.nominees
    given = answers(id_number=named.open_answers(session.info["vault"])["id_number"])
    start_writing(session)

    with pytest.raises(Duplicate):
        submit(
            session, given, channel=Channel.PAPER, now=AFTER_CLOSING,
            received_on=dt.date(2027, 8, 31),
        )  # fmt: skip

    assert named.application is not None
    assert named.application.status is Status.SUBMITTED
