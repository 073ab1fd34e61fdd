"""Three units of the demo: one that waits for staff, one that is confirmed, one still writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from ..db import vault_of
from ..documents import from_units, recommendation_form
from ..domain.terms import day_of
from ..domain.vocabulary import Consent, Declaration, DocumentKind, Role, SealCheck
from ..models import Recommendation, Recruitment
from ..services import (
    attaching,
    confirming,
    handing_in,
    nominating,
    recommending,
    recruiting,
    staffing,
)
from ..services.auditing import Actor, staff_actor
from ..services.inventing import invent

UNIT, PERSON = Actor(name="unit"), Actor(name="applicant")
#: Name, number of nominees, how far it is.
UNITS = (
    ("示范市消费教育中心", 6, "handed_in"),
    ("示范县食品检验所", 4, "confirmed"),
    ("示范市老年大学", 3, "draft"),
)
#: People of the demo have lower numbers.
_FIRST = 9_000
_PLEDGES = dict.fromkeys([*(d.value for d in Declaration), *(c.value for c in Consent)], True)


def fill(session: Session, recruitment: Recruitment, *, url: str, now: dt.datetime) -> None:
    """Units in the open recruitment, told by the real services; `url` is the site's address."""
    for place, (name, count, state) in enumerate(UNITS):
        recommendation = _begin(session, recruitment, name, place, now=now)
        people = list(_people(place, count, recruitment))
        recommending.add_nominees(session, recommendation, people, actor=UNIT, now=now)
        session.flush()
        if state != "draft":
            _hand_in(session, recommendation, url=url, now=now)
        if state == "confirmed":
            _confirm(session, recommendation, now=now)


def _begin(
    session: Session, recruitment: Recruitment, name: str, place: int, *, now: dt.datetime
) -> Recommendation:
    code = f"12140000{place:08d}M"
    unit = {
        "unit_name": name,
        "uscc": code + uscc.calc_check_digit(code),
        "region": "140100",
        "contact_name": "联系人",
        "phone": f"1990000000{place}",
    }
    return recommending.begin(
        session,
        recruitment,
        unit,
        token=f"demo-unit-{place}-{now:%Y%m%d%H%M%S}",
        actor=UNIT,
        now=now,
    )


def _people(place: int, count: int, recruitment: Recruitment) -> Iterator[dict[str, Any]]:
    """Without what only the person can say."""
    for number in range(_FIRST + place * 100, _FIRST + place * 100 + count):
        answers = invent(number, age=30 + number % 30, on=recruitment.closes_on)
        yield {name: value for name, value in answers.items() if name not in _PLEDGES}


def _hand_in(
    session: Session, recommendation: Recommendation, *, url: str, now: dt.datetime
) -> None:
    """The printed form itself serves as its scan: nobody seals a demo."""
    sheet = from_units.sheet_of(
        recommendation, recruiting.association(session), vault_of(session), url=url, on=day_of(now)
    )
    upload = attaching.Upload(
        kind=DocumentKind.SEALED_FORM,
        filename="推荐表（演示，没有盖章）.pdf",
        media_type=attaching.PDF,
        content=recommendation_form.pdf(sheet, apart=True),  # this process will fork
        pages=1,
    )
    handing_in.upload_scan(session, recommendation, upload, actor=UNIT, now=now)
    while handing_in.hand_in(session, recommendation, actor=UNIT, now=now):
        pass


def _confirm(session: Session, recommendation: Recommendation, *, now: dt.datetime) -> None:
    """The seal by the reviewer; the own word by all but the last."""
    reviewer = staffing.find_staff(session, Role.REVIEWER.value)
    if reviewer is None:
        return
    confirming.confirm_seal(
        session,
        recommendation,
        checks=list(SealCheck),
        printed_code=recommendation.content_code,
        identified_by="",
        actor=staff_actor(reviewer),
        now=now,
    )
    for nominee in recommendation.nominees[:-1]:
        answers = nominating.answers_for(session, nominee) | _PLEDGES
        nominating.confirm(session, nominee, answers, actor=PERSON, now=now)
