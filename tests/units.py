"""Synthetic units and what they hand in: a list, a sealed form, nominees that answer."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from tests.factories import NOW, answers, make_staff
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Declaration, DocumentKind, Role, SealCheck
from volunteer_app.models import Recommendation, Recruitment
from volunteer_app.services import confirming, handing_in, nominating, recommending
from volunteer_app.services.attaching import JPEG, Upload
from volunteer_app.services.auditing import Actor, staff_actor

UNIT = Actor(name="unit")
PERSON = Actor(name="applicant")
_units = itertools.count(1)
_PLEDGES = {*(declaration.value for declaration in Declaration)} | {
    "consent",
    "consent_sensitive",
    "consent_public",
}


def valid_uscc(number: int | None = None) -> str:
    """A code with a right check character; a new unit where no number is given."""
    first = f"12140000{next(_units) if number is None else number:08d}A"
    return first + uscc.calc_check_digit(first)


def unit(**overrides: Any) -> dict[str, Any]:
    """What a clerk says of the unit."""
    return {
        "unit_name": "太原市消费研究中心",
        "uscc": valid_uscc(),
        "no_uscc_reason": "",
        "region": "140100",
        "contact_name": "段志强",
        "phone": "13800000001",
        "email": "office@example.com",
    } | overrides


def nominee(**overrides: Any) -> dict[str, Any]:
    """What a unit writes of a person: everything but what only the person can say."""
    given = {name: value for name, value in answers().items() if name not in _PLEDGES}
    return given | overrides


def scan(content: bytes = b"\xff\xd8\xff sealed") -> Upload:
    """A page of the sealed form that was found good already."""
    return Upload(
        kind=DocumentKind.SEALED_FORM,
        filename="推荐表.jpg",
        media_type=JPEG,
        content=content,
        pages=1,
    )


def begin(
    session: Session, *, count: int = 2, token: str | None = None, **overrides: Any
) -> Recommendation:
    """A list of that many people, not handed in; committed."""
    start_writing(session)
    recommendation = recommending.begin(
        session,
        session.scalars(sa.select(Recruitment)).one(),
        unit(**overrides),
        token=token or secrets.token_urlsafe(24),
        actor=UNIT,
        now=NOW,
    )
    session.flush()
    people = [nominee() for _ in range(count)]
    recommending.add_nominees(session, recommendation, people, actor=UNIT, now=NOW)
    session.commit()
    return recommendation


def handed_in(session: Session, *, sealed: bool = True, **values: Any) -> Recommendation:
    """Handed in, with its scan unless told otherwise; committed."""
    recommendation = begin(session, **values)
    start_writing(session)
    if sealed:
        handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    while handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW):
        pass
    session.commit()
    return recommendation


def confirm_seal(session: Session, recommendation: Recommendation, **overrides: Any) -> None:
    """By a new reviewer, with every tick; committed."""
    reviewer = staff_actor(make_staff(session, Role.REVIEWER))
    start_writing(session)
    circumstances: dict[str, Any] = {
        "checks": list(SealCheck),
        "printed_code": recommendation.content_code,
        "identified_by": "",
        "actor": reviewer,
        "now": NOW,
    } | overrides
    confirming.confirm_seal(session, recommendation, **circumstances)
    session.commit()


def proven(session: Session, **values: Any) -> Recommendation:
    """Handed in and its seal confirmed, so that its nominees are written to; committed."""
    recommendation = handed_in(session, **values)
    confirm_seal(session, recommendation)
    return recommendation


def all_answers(session: Session, person: Any, **overrides: Any) -> dict[str, Any]:
    """What the nominee sends: what the unit wrote, with every pledge."""
    pledges = dict.fromkeys(sorted(_PLEDGES), True)
    return nominating.answers_for(session, person) | pledges | overrides


def confirm_in_person(
    session: Session, person: Any, *, now: dt.datetime = NOW, **overrides: Any
) -> None:
    start_writing(session)
    nominating.confirm(
        session, person, all_answers(session, person, **overrides), actor=PERSON, now=now
    )
    session.commit()
