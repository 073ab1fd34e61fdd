"""A form on paper is filed whatever the rules say, once, by whom it may be, as of its day."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import NOW, answers, make_application, make_staff, valid_identity
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.refusal import Duplicate, NotAllowed
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Channel, ReceivedVia, Role, Status, Verdict
from volunteer_app.models import Application, AuditEvent, Draft, Recruitment, Staff
from volunteer_app.services import drafting, entering
from volunteer_app.services.auditing import staff_actor

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/eligibility.json").read_text("utf-8"))
PAPER = [case for case in VECTORS["cases"] if case.get("channel") == "paper"]
TODAY = dt.date(2027, 8, 12)


def enter(
    session: Session,
    staff: Staff,
    *,
    token: str = "t" * 64,
    now: dt.datetime = NOW,
    received_on: dt.date = TODAY,
    received_via: ReceivedVia = ReceivedVia.POST,
    **overrides: Any,
) -> Application:
    """Filed by that member of staff and committed."""
    start_writing(session)
    application = entering.enter(
        session,
        session.scalars(sa.select(Recruitment)).one(),
        answers(**overrides),
        token_digest=token,
        received_on=received_on,
        received_via=received_via,
        actor=staff_actor(staff),
        now=now,
    )
    session.commit()
    return application


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Application)) or 0


@pytest.mark.parametrize("case", PAPER, ids=lambda case: case["received_on"])
def test_a_worked_case_on_paper_is_filed_with_its_outcome(
    session: Session, case: dict[str, Any]
) -> None:
    application = enter(
        session,
        make_staff(session),
        now=dt.datetime.fromisoformat(case["at"]),
        received_on=dt.date.fromisoformat(case["received_on"]),
        id_number=valid_identity(born=dt.date.fromisoformat(case["born"])),
        education=case["education"],
    )

    failed = [each["rule"] for each in application.findings if each["verdict"] == "fail"]
    assert (application.outcome.value, failed) == (case["outcome"], case.get("rules", []))
    assert application.status is Status.SUBMITTED


def test_a_rule_that_is_not_met_does_not_stop_a_paper(session: Session) -> None:
    application = enter(session, make_staff(session), education="junior_high", human_review=True)

    assert application.outcome is Verdict.FAIL
    assert not application.human_review


def test_it_is_remembered_who_entered_it_and_how_it_came(session: Session) -> None:
    staff = make_staff(session, username="clerk")

    application = enter(session, staff, received_on=dt.date(2027, 8, 9))

    assert application.channel is Channel.PAPER
    assert application.received_via is ReceivedVia.POST
    assert application.received_on == dt.date(2027, 8, 9)
    assert application.submitted_at == NOW
    [decision] = application.decisions
    assert decision.staff_id == staff.id
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "enter"))
    assert (event.actor, event.subject) == ("staff:clerk", application.reference)
    assert event.detail == {"channel": "paper", "outcome": "pass", "received_via": "post"}


def test_consents_date_from_the_day_the_paper_came_in(session: Session) -> None:
    application = enter(session, make_staff(session), received_on=dt.date(2027, 8, 9))

    moments = {consent.at for consent in application.consents}
    assert moments == {dt.datetime(2027, 8, 9, tzinfo=SHANGHAI)}
    assert len(application.consents) == 3


def test_entered_twice_it_is_one(session: Session) -> None:
    staff = make_staff(session)

    first = enter(session, staff)
    second = enter(session, staff)

    assert second.reference == first.reference
    assert count(session) == 1


def test_whoever_has_a_place_gets_no_second_one_by_paper(session: Session) -> None:
    first = make_application(session)
    number = first.open("id_number", vault_of(session))

    with pytest.raises(Duplicate):
        enter(session, make_staff(session), id_number=number)

    assert count(session) == 1


def test_a_prefectures_clerk_enters_nobody_from_elsewhere(session: Session) -> None:
    staff = make_staff(session, Role.REVIEWER, "140200")

    with pytest.raises(NotAllowed, match="您只能登记报名地在大同市的人。"):
        enter(session, staff, region="140100", county="140105")
    assert count(session) == 0

    assert enter(session, staff, region="140200", county="140213").region == "140200"


@pytest.mark.parametrize("status", list(Status))
def test_the_place_is_known_before_anything_is_typed(
    session: Session, recruitment: Recruitment, status: Status
) -> None:
    application = make_application(session, status=status)
    number = application.open("id_number", vault_of(session))

    taken = entering.find_taken(session, recruitment, "resident_id", number)

    free = status in (Status.REJECTED, Status.WITHDRAWN)
    assert taken is (None if free else application)


def test_a_persons_own_paper_comes_before_what_only_a_unit_handed_in(
    session: Session, recruitment: Recruitment
) -> None:
    named = make_application(session, channel=Channel.UNIT)
    number = named.open("id_number", vault_of(session))
    assert entering.find_taken(session, recruitment, "resident_id", number) is None

    application = enter(session, make_staff(session), id_number=number)

    assert application.status is Status.SUBMITTED
    assert named.status is Status.WITHDRAWN


@pytest.mark.parametrize(
    ("today", "slugs"),
    [
        (dt.date(2027, 7, 27), []),
        (dt.date(2027, 7, 28), ["2027"]),
        (dt.date(2027, 10, 29), ["2027"]),
        (dt.date(2027, 10, 30), []),
    ],
)
def test_forms_are_entered_from_the_first_day_to_sixty_days_after_the_last(
    session: Session, today: dt.date, slugs: list[str]
) -> None:
    assert [each.slug for each in entering.open_for_entry(session, today)] == slugs


def test_an_entry_begun_is_taken_up_again_by_who_began_it(
    session: Session, recruitment: Recruitment
) -> None:
    mine, other = make_staff(session), make_staff(session)
    given = {"id_type": "resident_id", "id_number": valid_identity(), "name": "乔秀兰"}
    start_writing(session)

    first = entering.begin(session, mine, recruitment, given, now=NOW)
    again = entering.begin(session, mine, recruitment, given, now=NOW)
    others = entering.begin(session, other, recruitment, given, now=NOW)
    session.commit()

    assert again == first != others
    assert [(each.token, each.name) for each in entering.unfinished(session, mine)] == [
        (first, "乔秀兰")
    ]
    assert entering.find_entry(session, mine, first)
    assert entering.find_entry(session, mine, others) is None
    with pytest.raises(NotAllowed):
        entering.save(session, mine, others, recruitment, given, now=NOW)


def test_an_entry_is_kept_as_long_as_it_may_be_filed(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    given = {"id_type": "resident_id", "id_number": valid_identity()}
    entering.begin(session, make_staff(session), recruitment, given, now=NOW)
    drafting.save_answers(session, "a" * 32, recruitment.id, {"name": "乔秀兰"}, now=NOW)
    session.commit()

    left = []
    for day in (dt.date(2027, 9, 29), dt.date(2027, 9, 30), dt.date(2027, 10, 30)):
        start_writing(session)
        drafting.purge(session, now=dt.datetime.combine(day, dt.time(9), tzinfo=SHANGHAI))
        session.commit()
        left.append(session.scalar(sa.select(sa.func.count()).select_from(Draft)))

    assert left == [2, 1, 0]
