"""Which recruitment is shown when, what its settings may be, and the next one as a copy."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.refusal import Invalid, NotAllowed
from volunteer_app.domain.vocabulary import Education, Status, TermStart, Verdict
from volunteer_app.models import AuditEvent, Recruitment
from volunteer_app.services import judging, recruiting
from volunteer_app.services.auditing import Actor

ADMIN = Actor(name="staff:admin")


def settings_of(recruitment: Recruitment, **changed: Any) -> dict[str, Any]:
    """What the settings page would send: everything, with some of it changed."""
    names = [
        "title", "opens_on", "closes_on", "age_min", "age_max", "relaxed_min", "relaxed_max",
        "education_min", "term_years", "term_start", "term_starts_on",
    ]  # fmt: skip
    return {name: getattr(recruitment, name) for name in names} | changed


def change(session: Session, recruitment: Recruitment, **changed: Any) -> int:
    start_writing(session)
    count = recruiting.change(
        session, recruitment, settings_of(recruitment, **changed), actor=ADMIN, now=NOW
    )
    session.commit()
    return count


def add_recruitment(session: Session, year: int) -> Recruitment:
    start_writing(session)
    other = recruiting.first_recruitment(dt.date(year, 7, 28))
    session.add(other)
    session.commit()
    return other


@pytest.mark.parametrize(
    ("today", "slug"),
    [
        (dt.date(2027, 7, 27), "2027"),
        (dt.date(2027, 7, 28), "2027"),
        (dt.date(2027, 8, 30), "2027"),
        (dt.date(2027, 8, 31), "2028"),
        (dt.date(2028, 8, 1), "2028"),
        (dt.date(2028, 12, 1), "2028"),
    ],
)
def test_the_notice_is_about_what_is_open_else_next_else_last(
    session: Session, recruitment: Recruitment, today: dt.date, slug: str
) -> None:
    add_recruitment(session, 2028)

    found = recruiting.current(session, today)

    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize(
    ("today", "slug"),
    [
        (dt.date(2027, 7, 27), "2027"),
        (dt.date(2027, 8, 31), "2027"),
        (dt.date(2028, 7, 27), "2027"),
        (dt.date(2028, 7, 28), "2028"),
    ],
)
def test_the_work_is_on_what_has_begun_last_else_on_the_next(
    session: Session, recruitment: Recruitment, today: dt.date, slug: str
) -> None:
    add_recruitment(session, 2028)

    found = recruiting.under_way(session, today)

    assert found is not None
    assert found.slug == slug


def test_the_first_recruitment_closes_on_the_next_30th_of_august() -> None:
    found = {
        day: recruiting.first_recruitment(day).closes_on
        for day in (dt.date(2027, 8, 29), dt.date(2027, 8, 30), dt.date(2027, 8, 31))
    }

    assert [day.year for day in found.values()] == [2027, 2027, 2028]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"closes_on": dt.date(2027, 7, 27)}, "closes_on"),
        ({"age_max": 17}, "age_max"),
        ({"relaxed_min": 19}, "relaxed_min"),
        ({"relaxed_max": 64}, "relaxed_max"),
        ({"term_starts_on": None}, "term_starts_on"),
        ({"closes_on": dt.date(2028, 7, 28)}, "opens_on"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    session: Session, recruitment: Recruitment, changed: dict[str, Any], field: str
) -> None:
    add_recruitment(session, 2028)

    with pytest.raises(Invalid) as refused:
        change(session, recruitment, **changed)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "values",
    [
        {"closes_on": dt.date(2027, 7, 1)},
        {"age_min": 66},
        {"term_years": 0},
        {"term_years": 11},
        {"term_starts_on": None},
    ],
)
def test_the_table_refuses_them_too(
    session: Session, recruitment: Recruitment, values: dict[str, Any]
) -> None:
    start_writing(session)
    with pytest.raises(IntegrityError):
        session.execute(
            sa.update(Recruitment).where(Recruitment.id == recruitment.id).values(**values)
        )
    session.rollback()


def test_no_limit_is_a_setting(session: Session, recruitment: Recruitment) -> None:
    change(session, recruitment, relaxed_min=None, relaxed_max=None)

    assert (recruitment.terms.relaxed_min, recruitment.terms.relaxed_max) == (None, None)


def test_a_changed_rule_judges_the_undecided_again(
    session: Session, recruitment: Recruitment
) -> None:
    school: dict[str, Any] = {"education": "senior_high"}
    undecided = make_application(session, **school)
    decided = make_application(session, status=Status.APPROVED, **school)
    make_application(session, education="doctor")

    count = change(session, recruitment, education_min=Education.BACHELOR)

    assert count == 1
    assert [undecided.outcome, decided.outcome] == [Verdict.FAIL, Verdict.PASS]


@pytest.mark.parametrize(
    ("changed", "judged"),
    [
        ({"term_years": 3}, 0),
        ({"term_starts_on": dt.date(2027, 10, 1)}, 0),
        ({"term_start": TermStart.APPROVAL_DAY}, 0),
        ({"age_max": 66}, 1),
        ({"closes_on": dt.date(2027, 8, 31)}, 1),
    ],
)
def test_only_what_a_rule_reads_judges_again(
    session: Session,
    recruitment: Recruitment,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, Any],
    judged: int,
) -> None:
    calls: list[Recruitment] = []

    def reassess(_session: Session, row: Recruitment) -> int:
        calls.append(row)
        return 0

    monkeypatch.setattr(judging, "reassess", reassess)

    change(session, recruitment, **changed)

    assert len(calls) == judged


def test_a_change_is_recorded_by_the_names_of_what_changed(
    session: Session, recruitment: Recruitment
) -> None:
    change(session, recruitment, title="新的标题", age_max=66)
    change(session, recruitment)

    [event] = session.scalars(sa.select(AuditEvent))
    assert (event.actor, event.action, event.subject) == ("staff:admin", "change_settings", "2027")
    assert sorted(event.detail["fields"]) == ["age_max", "title"]


def test_the_next_one_is_a_copy_a_year_later(session: Session, recruitment: Recruitment) -> None:
    change(session, recruitment, age_max=66, education_min=Education.COLLEGE)
    start_writing(session)
    september = dt.datetime(2027, 9, 20, tzinfo=NOW.tzinfo)
    copy = recruiting.open_next(session, recruitment, actor=ADMIN, now=september)
    session.commit()

    assert (copy.slug, copy.title) == ("2028", "2028年度招募")
    assert (copy.opens_on, copy.closes_on) == (dt.date(2028, 7, 28), dt.date(2028, 8, 30))
    assert copy.term_starts_on == dt.date(2028, 9, 1)
    assert (copy.age_max, copy.education_min) == (66, Education.COLLEGE)
    assert (copy.lead, copy.duties) == (recruitment.lead, recruitment.duties)
    with pytest.raises(NotAllowed, match="“2028年度招募”还没有开始"):
        recruiting.open_next(session, copy, actor=ADMIN, now=september)


def test_a_copy_of_a_leap_day_begins_on_the_28th(
    session: Session, recruitment: Recruitment
) -> None:
    change(
        session,
        recruitment,
        opens_on=dt.date(2028, 2, 29),
        closes_on=dt.date(2028, 3, 30),
        term_start=TermStart.APPROVAL_DAY,
        term_starts_on=None,
    )
    start_writing(session)
    later = dt.datetime(2028, 4, 20, tzinfo=NOW.tzinfo)

    copy = recruiting.open_next(session, recruitment, actor=ADMIN, now=later)

    assert (copy.opens_on, copy.term_starts_on) == (dt.date(2029, 2, 28), None)


def test_the_association_is_changed_and_recorded(session: Session) -> None:
    start_writing(session)
    association = recruiting.association(session)
    values = {"name": "某省消费者协会", "address": association.address}
    recruiting.change_association(session, association, values, actor=ADMIN, now=NOW)
    session.commit()

    session.rollback()
    assert recruiting.association(session).name == "某省消费者协会"
    [event] = session.scalars(sa.select(AuditEvent))
    assert (event.subject, event.detail) == ("association", {"fields": ["name"]})


def test_a_copy_never_begins_before_the_last_one_ended(
    session: Session, recruitment: Recruitment
) -> None:
    change(session, recruitment, closes_on=dt.date(2027, 12, 31))
    add_recruitment(session, 2028)
    start_writing(session)
    later = dt.datetime(2028, 8, 1, tzinfo=NOW.tzinfo)

    copy = recruiting.open_next(session, recruitment, actor=ADMIN, now=later)

    assert copy.slug == "2029"
    assert copy.opens_on > dt.date(2028, 8, 30)


def test_an_address_is_given_once(session: Session, recruitment: Recruitment) -> None:
    start_writing(session)
    recruitment.slug = "2028"
    session.commit()
    start_writing(session)
    september = dt.datetime(2027, 9, 20, tzinfo=NOW.tzinfo)

    copy = recruiting.open_next(session, recruitment, actor=ADMIN, now=september)

    assert copy.slug == "2028-2"
