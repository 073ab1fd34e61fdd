"""单位推荐 for staff: what waits, the seal, what each nominee lacks, and who may do it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import StaffClient
from tests.units import begin, confirm_seal, handed_in
from volunteer_app.domain.vocabulary import (
    NomineeStatus,
    RecommendationStatus,
    Role,
    SealCheck,
    SealState,
)
from volunteer_app.models import Recommendation

_TICKS = [check.value for check in SealCheck]
CONFIRM = "公章核对无误"


def path(recommendation: Recommendation) -> str:
    return f"/staff/recommendations/{recommendation.reference}"


@pytest.fixture
def reviewer(staff_client: StaffClient) -> Client:
    return staff_client(Role.REVIEWER)


def test_what_waits_for_staff_comes_first(reviewer: Client, session: Session) -> None:
    handed_in(session, unit_name="太原市消费研究中心")
    begin(session, unit_name="没有提交的单位")

    page = reviewer.get("/staff/recommendations/")

    assert "太原市消费研究中心" in page.text
    assert "没有提交的单位" not in page.text
    assert "没有提交的单位" in reviewer.get("/staff/recommendations/?status=all").text


def test_an_empty_list_says_what_will_come(reviewer: Client) -> None:
    assert "这一栏没有单位推荐" in reviewer.get("/staff/recommendations/").text


def test_a_seal_is_confirmed_with_every_tick_and_the_printed_code(
    reviewer: Client, session: Session
) -> None:
    recommendation = handed_in(session)
    page = reviewer.get(path(recommendation))
    given = {"checks": _TICKS, "printed_code": recommendation.content_code.lower()}

    done = reviewer.submit(page, given, button=CONFIRM)

    assert "公章已核对" in done.text
    session.refresh(recommendation)
    assert recommendation.seal_state is SealState.CONFIRMED


def test_a_missing_tick_and_another_code_are_said_at_their_fields(
    reviewer: Client, session: Session
) -> None:
    recommendation = handed_in(session)
    page = reviewer.get(path(recommendation))

    partly = reviewer.submit(
        page, {"checks": _TICKS[:-1], "printed_code": recommendation.content_code},
        button=CONFIRM, status=422,
    )  # fmt: skip
    other = reviewer.submit(
        page, {"checks": _TICKS, "printed_code": "2222-2222"}, button=CONFIRM, status=422
    )

    assert "还没有核对：是单位公章" in partly.error_fields["checks-0"]
    assert "现在的名单是" in other.error_fields["printed_code"]
    assert other.values(button=CONFIRM)["printed_code"] == "2222-2222"


def test_a_return_needs_a_reason_that_the_clerk_reads(reviewer: Client, session: Session) -> None:
    recommendation = handed_in(session)
    page = reviewer.get(path(recommendation))
    assert reviewer.submit(page, button="退回单位", status=422).errors == ["请填写退回的原因"]

    done = reviewer.submit(page, {"reason": "盖的是财务章"}, button="退回单位")

    assert "盖的是财务章" in done.text
    session.refresh(recommendation)
    assert recommendation.status is RecommendationStatus.RETURNED


def test_a_stale_page_gets_409_and_the_state_of_things(reviewer: Client, session: Session) -> None:
    recommendation = handed_in(session)
    page = reviewer.get(path(recommendation))
    confirm_seal(session, recommendation)
    given = {"checks": _TICKS, "printed_code": recommendation.content_code}

    late = reviewer.submit(page, given, button=CONFIRM, status=409)

    assert "公章已经核对过了" in late.text


def test_a_signature_on_paper_counts(reviewer: Client, session: Session) -> None:
    recommendation = handed_in(session, count=1)
    [person] = recommendation.nominees

    done = reviewer.submit(reviewer.get(path(recommendation)), action="/signed/1")

    session.refresh(person)
    assert person.status is NomineeStatus.CONFIRMED
    assert "已见签名" in done.text


def test_the_page_of_an_application_names_the_unit(reviewer: Client, session: Session) -> None:
    recommendation = handed_in(session, count=1, unit_name="太原市消费研究中心")
    application = recommendation.nominees[0].application
    assert application is not None

    page = reviewer.get(f"/staff/applications/{application.reference}")

    assert page.link("太原市消费研究中心") == path(recommendation)
    assert "等被推荐人本人确认。" in page.text


def test_a_new_link_is_shown_once(reviewer: Client, session: Session) -> None:
    recommendation = handed_in(session)

    page = reviewer.submit(
        reviewer.get(path(recommendation)), button="联系人丢了链接，发新的", follow=False
    )

    assert "/recommend/resume/" in page.text
    assert "/recommend/resume/" not in reviewer.get(path(recommendation)).text


def test_the_scan_is_shown_to_who_may_see_the_unit(
    reviewer: Client, staff_client: StaffClient, session: Session
) -> None:
    recommendation = handed_in(session, region="140100")
    [scanned] = recommendation.attachments
    address = f"{path(recommendation)}/scan/{scanned.slug}"

    answer = reviewer.get(address)

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    staff_client(Role.REVIEWER, region="140200").get(address, status=404)


def test_a_scan_of_another_unit_is_not_found_by_this_one_s_address(
    reviewer: Client, session: Session
) -> None:
    first, second = handed_in(session), handed_in(session)
    slug = second.attachments[0].slug

    reviewer.get(f"{path(first)}/scan/{slug}", status=404)


def test_another_prefecture_s_unit_is_not_there(
    staff_client: StaffClient, session: Session
) -> None:
    recommendation = handed_in(session, region="140100")
    other = staff_client(Role.REVIEWER, region="140200")

    other.get(path(recommendation), status=404)
    assert recommendation.unit_name not in other.get("/staff/recommendations/?status=all").text


def test_a_viewer_looks_and_decides_nothing(staff_client: StaffClient, session: Session) -> None:
    recommendation = handed_in(session)
    viewer = staff_client(Role.VIEWER)

    page = viewer.get(path(recommendation))

    assert CONFIRM not in page.text
    viewer.post(f"{path(recommendation)}/confirm", {}, status=403)
