"""核对公章: every tick, the code as it is printed, or back to the unit with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.conftest import ActorFor
from tests.factories import NOW
from tests.units import UNIT, begin, confirm_seal, handed_in, nominee, scan
from volunteer_app.db import start_writing
from volunteer_app.domain.refusal import Invalid, NotAllowed
from volunteer_app.domain.vocabulary import (
    RecommendationStatus,
    Role,
    SealCheck,
    SealState,
)
from volunteer_app.services import confirming, handing_in, recommending


def test_a_confirmed_seal_is_a_finding_of_every_nominee(session: Session) -> None:
    recommendation = handed_in(session)

    confirm_seal(session, recommendation)

    assert recommendation.status is RecommendationStatus.CONFIRMED
    for person in recommendation.nominees:
        assert person.application is not None
        verdicts = {f["rule"]: f["verdict"] for f in person.application.findings}
        assert verdicts["seal"] == "pass"


@pytest.mark.parametrize("missing", list(SealCheck))
def test_every_tick_is_needed(session: Session, missing: SealCheck) -> None:
    recommendation = handed_in(session)
    ticked = [check for check in SealCheck if check is not missing]

    with pytest.raises(Invalid, match=missing.label) as refusal:
        confirm_seal(session, recommendation, checks=ticked)

    assert refusal.value.field == "checks"


def test_a_form_printed_before_the_list_changed_is_found_by_its_code(session: Session) -> None:
    recommendation = begin(session)
    printed = recommendation.content_code
    start_writing(session)
    recommending.add_nominees(session, recommendation, [nominee()], actor=UNIT, now=NOW)
    handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    handing_in.hand_in(session, recommendation, actor=UNIT, now=NOW)
    session.commit()

    with pytest.raises(Invalid, match=f"表上的核对码是{printed}"):
        confirm_seal(session, recommendation, printed_code=printed)


def test_a_code_is_read_in_any_spelling(session: Session) -> None:
    recommendation = handed_in(session)
    typed = recommendation.content_code.lower().replace("-", " ")

    confirm_seal(session, recommendation, printed_code=typed)

    assert recommendation.seal_state is SealState.CONFIRMED


def test_a_unit_without_a_code_is_identified_in_words(session: Session) -> None:
    recommendation = handed_in(session, uscc="", no_uscc_reason="村民小组")
    with pytest.raises(Invalid, match="怎么核实"):
        confirm_seal(session, recommendation)
    session.rollback()

    confirm_seal(session, recommendation, identified_by="打电话向乡政府核实")

    assert recommendation.identified_by == "打电话向乡政府核实"


@pytest.mark.parametrize(
    ("sealed", "why"), [(False, "还没有上传"), (True, "已经核对过了")], ids=["missing", "twice"]
)
def test_there_must_be_something_to_confirm(session: Session, sealed: bool, why: str) -> None:
    recommendation = handed_in(session, sealed=sealed)
    if sealed:
        confirm_seal(session, recommendation)

    with pytest.raises(NotAllowed, match=why):
        confirm_seal(session, recommendation)


def test_what_was_not_handed_in_is_not_confirmed(session: Session) -> None:
    recommendation = begin(session)
    start_writing(session)
    handing_in.upload_scan(session, recommendation, scan(), actor=UNIT, now=NOW)
    session.commit()

    with pytest.raises(NotAllowed, match="还没有提交"):
        confirm_seal(session, recommendation)


def test_a_returned_form_waits_for_another_scan(session: Session, actor_for: ActorFor) -> None:
    recommendation = handed_in(session)
    reviewer = actor_for(Role.REVIEWER)
    start_writing(session)

    confirming.send_back(session, recommendation, reason="盖的是财务章", actor=reviewer, now=NOW)
    session.commit()
    assert recommendation.status.value == "returned"
    assert recommendation.seal_state.value == "missing"

    start_writing(session)
    handing_in.upload_scan(session, recommendation, scan(b"\xff\xd8\xff new"), actor=UNIT, now=NOW)
    session.commit()
    assert recommendation.status.value == "handed_in"
    assert len(recommendation.attachments) == 1


def test_a_return_takes_a_confirmation_back(session: Session, actor_for: ActorFor) -> None:
    recommendation = handed_in(session)
    confirm_seal(session, recommendation)
    reviewer = actor_for(Role.REVIEWER)
    start_writing(session)

    confirming.send_back(session, recommendation, reason="章不清楚", actor=reviewer, now=NOW)
    session.commit()

    application = recommendation.nominees[0].application
    assert application is not None
    verdicts = {f["rule"]: f["verdict"] for f in application.findings}
    assert verdicts["seal"] == "pending"


def test_a_new_link_ends_the_old_one(session: Session, actor_for: ActorFor) -> None:
    recommendation = begin(session, token="the-link-that-was-lost-1234")
    reviewer = actor_for(Role.REVIEWER)
    start_writing(session)

    token = confirming.renew_link(session, recommendation, actor=reviewer, now=NOW)
    session.commit()

    assert recommending.find_recommendation(session, token) is recommendation
    assert recommending.find_recommendation(session, "the-link-that-was-lost-1234") is None


def test_another_prefecture_s_unit_is_as_if_it_were_not_there(
    session: Session, actor_for: ActorFor
) -> None:
    recommendation = handed_in(session, region="140100")
    own, other = actor_for(Role.REVIEWER, "140100"), actor_for(Role.REVIEWER, "140200")
    assert own.staff is not None
    assert other.staff is not None

    reference = recommendation.reference
    assert confirming.find_recommendation(session, own.staff, reference) is recommendation
    assert confirming.find_recommendation(session, other.staff, reference) is None
