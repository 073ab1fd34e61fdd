"""A unit's spreadsheet is kept sealed until it is imported."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories, workbooks
from tests.services.test_nominee_sheets import two_people
from volunteer_app.db import start_writing
from volunteer_app.models import Recommendation, Recruitment
from volunteer_app.models.unit import NomineeSheet
from volunteer_app.services import nominee_sheets, recommending
from volunteer_app.services.auditing import Actor
from volunteer_app.services.nominee_sheets import read_sheet


@pytest.fixture
def recommendation(session: Session, recruitment: Recruitment) -> Recommendation:
    return begin(session, recruitment, "one token of twenty letters")


def begin(session: Session, recruitment: Recruitment, token: str) -> Recommendation:
    start_writing(session)
    unit = {
        "unit_name": "某某市第一中学",
        "uscc": None,
        "no_uscc_reason": "测试",
        "region": "140100",
        "contact_name": "乔秀兰",
        "phone": "13900000000",
    }
    actor, now = Actor(name="unit"), factories.NOW
    made = recommending.begin(session, recruitment, unit, token=token, actor=actor, now=now)
    session.commit()
    return made


def keep(session: Session, recommendation: Recommendation, filename: str, content: bytes) -> None:
    sheet = read_sheet(content)
    start_writing(session)
    nominee_sheets.keep_sheet(session, recommendation, filename, sheet, now=factories.NOW)
    session.commit()


def test_a_sheet_is_kept_as_it_was_read(session: Session, recommendation: Recommendation) -> None:
    content = workbooks.xlsx([["题"], *two_people()])

    keep(session, recommendation, "../名单.xlsx", content)

    assert nominee_sheets.kept_sheet(session, recommendation) == read_sheet(content)
    kept = nominee_sheets.kept_file(session, recommendation)
    assert kept is not None
    assert kept[0] == ".._名单.xlsx"


def test_a_later_sheet_takes_the_place_of_the_earlier(
    session: Session, recommendation: Recommendation
) -> None:
    keep(session, recommendation, "a.xlsx", workbooks.xlsx(two_people()))
    keep(session, recommendation, "b.xlsx", workbooks.xlsx(two_people()[:2]))

    sheet = nominee_sheets.kept_sheet(session, recommendation)
    assert sheet is not None
    assert len(sheet.rows) == 1


def test_a_forgotten_sheet_is_gone(session: Session, recommendation: Recommendation) -> None:
    keep(session, recommendation, "a.xlsx", workbooks.xlsx(two_people()))

    nominee_sheets.forget_sheet(session, recommendation)
    session.commit()

    assert nominee_sheets.kept_sheet(session, recommendation) is None
    assert nominee_sheets.kept_file(session, recommendation) is None


def test_no_cell_is_stored_in_clear(session: Session, recommendation: Recommendation) -> None:
    keep(session, recommendation, "a.xlsx", workbooks.xlsx(two_people()))

    stored = session.get_one(NomineeSheet, recommendation.id)

    assert "甲一".encode() not in stored.cells_sealed
