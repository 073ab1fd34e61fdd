"""The counts on a page are those of the table, whatever happened, and a command repairs them."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import (
    APPLICANT,
    NOW,
    answers,
    make_application,
    make_staff,
    relaxed_answers,
    submit,
)
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import DocumentKind, Role, Status
from volunteer_app.models import Application, ApplicationCount
from volunteer_app.services import correcting, counting, judging, reviewing
from volunteer_app.services.auditing import Actor, staff_actor

PLACES = (("140100", "140105"), ("140200", "140213"))
DUE = dt.date(2027, 8, 20)


def counted(session: Session) -> Counter[tuple[str, Status]]:
    """What really is there."""
    rows = sa.select(Application.region, Application.status, sa.func.count()).group_by(
        Application.region, Application.status
    )
    return Counter({(region, status): count for region, status, count in session.execute(rows)})


def kept(session: Session) -> Counter[tuple[str, Status]]:
    """What the table of counts says."""
    session.expire_all()
    rows = session.scalars(sa.select(ApplicationCount))
    return Counter({(row.region, row.status): row.count for row in rows})


def step(session: Session, application: Application, choice: int, actors: list[Actor]) -> None:
    """One move, chosen among all that anybody may make there now; none where there is none."""
    overdue = NOW + dt.timedelta(days=choice % 2 * 60)
    if application.status is Status.RETURNED and choice % 3 == 0:
        place = dict(zip(("region", "county"), PLACES[choice % 2], strict=True))
        correcting.resubmit(session, application, place, actor=APPLICANT, now=NOW)
        return
    assessment = judging.assess_application(application)
    possible = [
        (found.move, actor)
        for actor in (APPLICANT, *actors)
        for found in reviewing.choices(application, assessment, actor=actor, today=overdue.date())
        if found.refusal is None
    ]
    if possible:
        move, actor = possible[choice % len(possible)]
        reviewing.make_move(
            session,
            application,
            move,
            actor=actor,
            now=overdue,
            reason="理由",
            fields=["region"],
            due_on=DUE,
        )


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), min_size=8, max_size=30))
def test_counts_are_right_after_any_walk(session: Session, steps: list[tuple[int, int]]) -> None:
    actors = [staff_actor(make_staff(session, role)) for role in (Role.REVIEWER, Role.APPROVER)]
    start_writing(session)
    applications = []
    for number in range(4):
        region, county = PLACES[number % 2]
        given_answers = (relaxed_answers if number < 2 else answers)(region=region, county=county)
        applications.append(submit(session, given_answers))
    for application in applications[:2]:
        kind = DocumentKind.SPECIALITY_PROOF
        reviewing.mark_seen(session, application, kind, actor=actors[0], now=NOW)

    for number, choice in steps:
        step(session, applications[number], choice, actors)
    session.commit()

    assert +kept(session) == counted(session)
    assert counting.recount(session) == 0
    session.rollback()


def test_the_walk_reaches_every_status(session: Session) -> None:
    for status in Status:
        make_application(session, status=status)

    assert {status for _region, status in counted(session)} == set(Status)
    assert +kept(session) == counted(session)


def test_counts_are_by_prefecture_or_of_all(session: Session) -> None:
    first = make_application(session, region="140100", county="140105")
    make_application(session, region="140200", county="140213")
    make_application(session, status=Status.REJECTED, region="140200", county="140213")

    assert counting.counts(session, first.recruitment_id, "140200") == {
        Status.SUBMITTED: 1,
        Status.REJECTED: 1,
    }
    assert counting.counts(session, first.recruitment_id, None) == {
        Status.SUBMITTED: 2,
        Status.REJECTED: 1,
    }
    assert counting.counts(session, first.recruitment_id + 1, None) == {}


def test_a_recount_repairs_what_is_wrong_missing_or_too_much(session: Session) -> None:
    first = make_application(session, region="140100", county="140105")
    make_application(session, region="140200", county="140213")
    right = +kept(session)
    start_writing(session)
    session.execute(
        sa.update(ApplicationCount).where(ApplicationCount.region == "140100").values(count=7)
    )
    session.execute(sa.delete(ApplicationCount).where(ApplicationCount.region == "140200"))
    session.add(
        ApplicationCount(
            recruitment_id=first.recruitment_id, region="140300", status=Status.APPROVED, count=3
        )
    )
    session.commit()

    start_writing(session)
    repaired = counting.recount(session)
    session.commit()

    assert repaired == 3
    assert +kept(session) == right
    assert counting.recount(session) == 0
