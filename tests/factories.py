"""Synthetic people and what they hand in: valid by default, each a person of their own."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.orm import Session
from stdnum.cn import ric

from volunteer_app.db import Base, start_writing
from volunteer_app.domain.codes import new_reference
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import (
    Channel,
    Declaration,
    DocumentKind,
    Gender,
    Role,
    Status,
)
from volunteer_app.domain.workflow import find_move
from volunteer_app.models import Application, NameToken, Recruitment, Staff
from volunteer_app.services import applying, correcting, reviewing, staffing
from volunteer_app.services.auditing import Actor, staff_actor

#: The moment at which tests happen unless they say otherwise.
NOW = dt.datetime(2027, 8, 12, 10, 0, tzinfo=SHANGHAI)
APPLICANT = Actor(name="applicant")

_BORN = dt.date(1990, 3, 7)
_people = itertools.count(1)
#: Set by the one-time link; made cheaply, as nobody signs in with it.
_PASSWORD = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("once upon a time")


def valid_identity(
    born: dt.date = _BORN, gender: Gender = Gender.FEMALE, serial: int | None = None
) -> str:
    """An 18-character number with a right check character; a new person where no serial is given.

    The county of issue carries what the three places of the serial cannot hold: 24,000 people may
    be born on one day.
    """
    number = next(_people) if serial is None else serial
    county, place = divmod(number, 499)
    order = 2 * place + (1 if gender is Gender.MALE else 2)
    first = f"{140000 + county:06d}{born:%Y%m%d}{order:03d}"
    return first + ric.calc_check_digit(first + "0")


def answers(**overrides: Any) -> dict[str, Any]:
    """Answers as a draft keeps them: every rule is met, nobody applied before."""
    number = next(_people)
    return {
        "name": "乔秀兰",
        "id_type": "resident_id",
        "id_number": valid_identity(serial=number),
        "ethnicity": "汉族",
        "political_status": "masses",
        "education": "bachelor",
        "occupation": "教师",
        "employer": "",
        "job_title": "",
        "phone": f"139{number:08d}",
        "email": f"person{number}@example.com",
        "wechat": "",
        "region": "140100",
        "county": "140105",
        "address": "",
        "speciality": "",
        "experience": "",
        "service_areas": ["goods"],
        "availability": ["weekend"],
        **{declaration.value: True for declaration in Declaration},
        "consent": True,
        "consent_sensitive": True,
        "consent_public": False,
    } | overrides


def relaxed_answers(**overrides: Any) -> dict[str, Any]:
    """Answers of somebody who is 68 and asks for the relaxation by a speciality."""
    return answers(
        id_number=valid_identity(born=dt.date(1959, 3, 7)),
        speciality="食品检验二十年，有高级工程师证。",
        **overrides,
    )


def make_staff(
    session: Session, role: Role = Role.REVIEWER, region: str | None = None, **values: Any
) -> Staff:
    """A member of staff with a name of their own, committed. `values` sets columns, such as
    `username`."""
    number = next(_people)
    username = values.pop("username", f"{role.value}-{number}")
    start_writing(session)
    staffing.invite(
        session,
        username=username,
        name=values.pop("name", f"{role.label}{number}"),
        role=role,
        region=region,
        actor=Actor(name="tests"),
        now=NOW,
    )
    session.flush()
    staff = staffing.find_staff(session, username)
    assert staff is not None
    staff.invitation_digest = staff.invitation_expires_at = None
    staff.password = _PASSWORD
    for column, value in values.items():
        setattr(staff, column, value)
    session.commit()
    return staff


def make_application(
    session: Session,
    *,
    status: Status = Status.SUBMITTED,
    recruitment: Recruitment | None = None,
    channel: Channel = Channel.INDIVIDUAL,
    now: dt.datetime = NOW,
    due_on: dt.date = dt.date(2027, 8, 19),
    fields: tuple[str, ...] = ("occupation",),
    **overrides: Any,
) -> Application:
    """Submitted, then moved by the services and a new reviewer until it has that status;
    committed. `due_on` and `fields` are of the return; everything else is an answer."""
    asks_relaxation = status is Status.AWAITING_APPROVAL
    given = relaxed_answers(**overrides) if asks_relaxation else answers(**overrides)
    reviewer = None
    if status in _MOVES_TO:
        reviewer = staff_actor(make_staff(session, Role.REVIEWER))
    start_writing(session)
    application = submit(session, given, recruitment=recruitment, channel=channel, now=now)
    if status is Status.WITHDRAWN:
        correcting.withdraw(session, application, actor=APPLICANT, now=now)
    if reviewer is not None:
        if asks_relaxation:
            kind = DocumentKind.SPECIALITY_PROOF
            reviewing.mark_seen(session, application, kind, actor=reviewer, now=now)
        move = find_move(_MOVES_TO[status], Status.SUBMITTED)
        assert move is not None
        reviewing.make_move(
            session,
            application,
            move,
            actor=reviewer,
            now=now,
            reason="材料与填写的不一致" if move.needs_reason else "",
            fields=list(fields) if move.names_fields else None,
            due_on=due_on if move.needs_due_date else None,
        )
    session.commit()
    return application


def submit(
    session: Session,
    given: dict[str, Any],
    *,
    token: str | None = None,
    recruitment: Recruitment | None = None,
    channel: Channel = Channel.INDIVIDUAL,
    now: dt.datetime = NOW,
    received_on: dt.date | None = None,
) -> Application:
    """What `applying.submit` makes, not yet committed: into the only recruitment there is, with a
    token of its own, unless told otherwise."""
    return applying.submit(
        session,
        recruitment or session.scalars(sa.select(Recruitment)).one(),
        given,
        submission_token=token or secrets.token_hex(32),
        channel=channel,
        actor=APPLICANT,
        now=now,
        received_on=received_on,
    )


_MOVES_TO = {
    Status.APPROVED: "approve",
    Status.RETURNED: "return",
    Status.AWAITING_APPROVAL: "propose",
    Status.REJECTED: "reject",
}


def make_applications(session: Session, count: int, **overrides: Any) -> None:
    """That many submitted applications in one transaction."""
    start_writing(session)
    recruitment = session.scalars(sa.select(Recruitment)).one()
    for _ in range(count):
        submit(session, answers(**overrides), recruitment=recruitment)
    session.commit()


def copy_applications(session: Session, count: int) -> None:
    """Many more like the first one, put into the tables directly, for lists that are long."""
    start_writing(session)
    table = Base.metadata.tables["application"]
    first = session.execute(sa.select(table).limit(1)).mappings().one()
    tokens = session.scalars(
        sa.select(NameToken.token).where(NameToken.application_id == first["id"])
    ).all()
    numbers = range(first["id"] + 100_000, first["id"] + 100_000 + count)
    own = [
        {
            "id": number,
            "reference": new_reference(),
            "submission_token": secrets.token_hex(32),
            "id_number_index": secrets.token_bytes(32),
        }
        for number in numbers
    ]
    session.execute(sa.insert(table), [dict(first) | row for row in own])
    session.execute(
        sa.insert(NameToken),
        [{"token": token, "application_id": number} for number in numbers for token in tokens],
    )
    session.commit()
