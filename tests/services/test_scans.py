"""盖章的推荐表: what a seal vouches for, when it goes stale, which scan counts."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.units import UNIT, begin, confirm_seal, handed_in, nominee, scan, unit
from volunteer_app.db import start_writing
from volunteer_app.domain.refusal import NotAllowed
from volunteer_app.domain.vocabulary import RecommendationStatus, SealState
from volunteer_app.models import Application
from volunteer_app.services import handing_in, recommending


def verdicts(application: Application) -> dict[str, str]:
    return {finding["rule"]: finding["verdict"] for finding in application.findings}


@pytest.mark.parametrize("change", ["add", "remove", "name", "unit"])
def test_a_change_after_the_seal_makes_it_stale(session: Session, change: str) -> None:
    recommendation = begin(session)
    start_writing(session)
    handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    assert recommendation.seal_state.value == "uploaded"

    person = recommendation.nominees[0]
    if change == "add":
        recommending.add_nominees(session, recommendation, [nominee()], actor=UNIT, now=NOW)
    elif change == "remove":
        recommending.remove_nominee(session, person, actor=UNIT, now=NOW)
    elif change == "name":
        given = person.open_answers(session.info["vault"]) | {"name": "欧阳·𠮷"}
        recommending.change_nominee(session, person, given, actor=UNIT, now=NOW)
    else:
        given = unit(unit_name="太原市消费研究院", uscc=recommendation.uscc)
        recommending.change_unit(session, recommendation, given, actor=UNIT, now=NOW)

    assert recommendation.seal_state is SealState.STALE


def test_a_change_that_no_seal_vouches_for_leaves_it_as_it_is(session: Session) -> None:
    recommendation = begin(session)
    start_writing(session)
    handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    person = recommendation.nominees[0]

    given = person.open_answers(session.info["vault"]) | {"phone": "13912345678"}
    recommending.change_nominee(session, person, given, actor=UNIT, now=NOW)
    recommending.change_unit(
        session, recommendation, unit(uscc=recommendation.uscc, contact_name="郭平"),
        actor=UNIT, now=NOW,
    )  # fmt: skip

    assert recommendation.seal_state is SealState.UPLOADED


def test_a_stale_seal_sends_a_confirmed_recommendation_back_to_the_unit(session: Session) -> None:
    recommendation = handed_in(session)
    confirm_seal(session, recommendation)
    assert recommendation.status.value == "confirmed"

    start_writing(session)
    recommending.remove_nominee(session, recommendation.nominees[0], actor=UNIT, now=NOW)
    session.commit()

    assert recommendation.status is RecommendationStatus.RETURNED
    assert "重新打印、盖章、上传" in recommendation.return_reason
    [left] = recommendation.nominees
    assert left.application is not None
    assert verdicts(left.application)["seal"] == "pending"


def test_a_new_scan_takes_the_place_of_a_stale_one_and_a_second_page_is_added(
    session: Session,
) -> None:
    recommendation = handed_in(session)
    start_writing(session)
    recommending.add_nominees(session, recommendation, [nominee()], actor=UNIT, now=NOW)

    first = handing_in.upload_scan(
        session, recommendation, scan(b"\xff\xd8\xff1"), actor=UNIT, now=NOW
    )
    second = handing_in.upload_scan(
        session, recommendation, scan(b"\xff\xd8\xff2"), actor=UNIT, now=NOW
    )

    assert recommendation.attachments == [first, second]
    assert recommendation.seal_state is SealState.UPLOADED


def test_without_its_scan_a_seal_is_missing_again(session: Session) -> None:
    recommendation = handed_in(session)
    [scanned] = recommendation.attachments
    start_writing(session)

    handing_in.remove_scan(session, recommendation, scanned, actor=UNIT, now=NOW)

    assert recommendation.seal_state is SealState.MISSING


def test_a_confirmed_scan_stays(session: Session) -> None:
    recommendation = handed_in(session)
    confirm_seal(session, recommendation)
    start_writing(session)

    with pytest.raises(NotAllowed, match="已经核对了公章"):
        handing_in.remove_scan(
            session, recommendation, recommendation.attachments[0], actor=UNIT, now=NOW
        )
