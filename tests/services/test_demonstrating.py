"""The demo's people and their stories hold on any day, on both engines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import dispose
from volunteer_app.app import create_app
from volunteer_app.db import db
from volunteer_app.domain.codes import normalise_reference
from volunteer_app.domain.identity import read_number, read_phone
from volunteer_app.domain.regions import REGIONS, region_of
from volunteer_app.domain.terms import SHANGHAI, completed_years, day_of
from volunteer_app.domain.text import clean_name
from volunteer_app.domain.vocabulary import IdType, Role, Status, TermStatus, Verdict
from volunteer_app.models import Application, AuditEvent, Recruitment, Staff
from volunteer_app.services import counting, demonstrating
from volunteer_app.services.inventing import RARE_NAMES, invent
from volunteer_app.settings import Settings

NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=SHANGHAI)
PASSWORDS = {role: f"hash of {role.value}" for role in Role}


@pytest.fixture
def empty(settings: Settings) -> Iterator[Session]:
    """A session on tables without a row."""
    app: Flask = create_app(settings)
    with app.app_context():
        yield db.session
        db.session.close()
    dispose(app)


def fill(session: Session, people: int, now: dt.datetime = NOW) -> list[Recruitment]:
    recruitments = demonstrating.fill(session, PASSWORDS, people=people, now=now)
    session.commit()
    return recruitments


def test_every_state_and_outcome_is_there(empty: Session) -> None:
    recruitments = fill(empty, 140)

    applications = empty.scalars(sa.select(Application)).all()
    assert len(applications) == 140
    assert {a.status for a in applications} == set(Status)
    assert {a.outcome for a in applications} == {Verdict.PASS, Verdict.EXCEPTION, Verdict.FAIL}
    assert {a.region for a in applications} == {region.code for region in REGIONS}
    assert any(a.due_on and a.due_on < day_of(NOW) for a in applications)
    by_term = Counter(a.appointment.status(day_of(NOW)) for a in applications if a.appointment)
    assert by_term.keys() == set(TermStatus)
    assert [each.terms.is_open(NOW) for each in recruitments] == [False, False, False, True]
    assert any(
        0 <= (a.appointment.ends_on - day_of(NOW)).days <= 90 for a in applications if a.appointment
    )
    assert set(RARE_NAMES) <= {a.name for a in applications}


def test_what_is_told_is_consistent(empty: Session) -> None:
    fill(empty, 60)

    assert counting.recount(empty) == 0
    moments = empty.scalars(sa.select(AuditEvent.at).order_by(AuditEvent.id)).all()
    assert list(moments) == sorted(moments)
    assert max(moments) <= NOW
    assert all(map(normalise_reference, empty.scalars(sa.select(Application.reference))))


def test_everybody_can_sign_in(empty: Session) -> None:
    fill(empty, 20)

    accounts = empty.execute(sa.select(Staff.username, Staff.role, Staff.password))
    assert set(map(tuple, accounts)) == {
        (role.value, role, f"hash of {role.value}") for role in Role
    }


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("day", ["2026-08-30", "2026-08-31", "2027-01-01", "2028-02-29"])
def test_any_day_will_do(empty: Session, day: str) -> None:
    now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(0, 30), SHANGHAI)

    recruitments = fill(empty, 30, now)

    assert recruitments[-1].terms.is_open(now)
    assert max(empty.scalars(sa.select(Application.submitted_at))) <= now
    assert {status for status, _ in counting.counts(empty, recruitments[-1].id, None).items()}


def test_the_same_people_are_invented_each_time() -> None:
    on = dt.date(2027, 8, 30)

    assert invent(7, age=40, on=on) == invent(7, age=40, on=on)
    assert invent(7, age=40, on=on) != invent(8, age=40, on=on)


@pytest.mark.parametrize("number", [*range(1, 90), 161, 287])
def test_an_invented_person_is_one_that_the_form_would_take(number: int) -> None:
    on = dt.date(2027, 8, 30)

    person = invent(number, age=66, on=on)

    id_type = IdType(person["id_type"])
    identity = read_number(id_type, person["id_number"], on=on)
    born = identity.birth_date or dt.date.fromisoformat(person["birth_date"])
    assert completed_years(born, on) == 66
    assert clean_name(person["name"]) == person["name"]
    assert read_phone(person["phone"]) == person["phone"]
    assert region_of(person["county"]).code == person["region"]
