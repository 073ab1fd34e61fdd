"""登记纸质报名: a duplicate is found first; no rule refuses a paper, but it is said aloud."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import Clock, StaffClient
from tests.factories import make_application, valid_identity
from tests.web.applicants import look_up
from tests.web.clerks import FIRST, applications, begin, enter, reference_of, typed
from volunteer_app.db import vault_of
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Channel, ReceivedVia, Role, Status, Verdict
from volunteer_app.models import Draft


def test_a_paper_becomes_an_application_with_a_receipt(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(name="李雷", email="")
    number = given["id_number"]
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"

    page = begin(client, spaced, received_via="post", received_on="2027-08-09")
    assert page.values(button="登记")["id_number"] == number
    receipt = client.submit(page, given, button="登记")

    [application] = applications(session)
    assert application.channel is Channel.PAPER
    assert (application.received_via, application.received_on) == (
        ReceivedVia.POST,
        dt.date(2027, 8, 9),
    )
    assert reference_of(receipt) == application.reference
    assert "2027年8月9日，邮寄" in receipt.text
    assert "您没有留邮箱，结果打电话告诉您。" in receipt.text
    assert number[-4:] in receipt.text
    assert number[:14] not in receipt.html
    assert {"登记下一份", "打开这份报名"} <= set(receipt.links)
    assert session.scalars(sa.select(Draft)).all() == []


@pytest.mark.parametrize(
    ("received_on", "sentence"),
    [
        ("", "请填写收到日期"),
        ("2027-08-13", "收到日期还没有到，请核对"),
        (
            "2027-07-27",
            "2027年度招募从2027年7月28日开始报名，收到日期不能比这天早，请核对",
        ),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    staff_client: StaffClient, received_on: str, sentence: str
) -> None:
    client = staff_client(Role.REVIEWER)
    sent = {"id_number": valid_identity(), "received_on": received_on}

    page = client.submit(client.get(FIRST), sent, button="继续", status=422)

    assert page.error_fields == {"received_on": sentence}


def test_a_duplicate_is_found_before_the_form_is_typed(
    session: Session, staff_client: StaffClient
) -> None:
    taken = make_application(session, region="140200", county="140213")
    number = taken.open("id_number", vault_of(session))
    pages = [
        client.submit(client.get(FIRST), {"id_number": number}, button="继续", status=422)
        for client in (
            staff_client(Role.REVIEWER),
            staff_client(Role.REVIEWER, region="140200"),
            staff_client(Role.REVIEWER, region="140100"),
        )
    ]

    sentence = "这个证件号码在2027年度招募里已经有一份报名，不能再登记一份"
    assert [page.error_fields for page in pages] == [{"id_number": sentence}] * 3
    assert [taken.reference in page.html for page in pages] == [True, True, False]
    assert pages[0].link(f"打开这份报名{taken.reference}").endswith(taken.reference)
    assert taken.name not in pages[2].html
    assert "那份报名不归您负责的市" in pages[2].text


def test_a_duplicate_that_came_meanwhile_is_said_and_nothing_typed_is_lost(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(occupation="木匠")
    page = begin(client, given["id_number"])
    meanwhile = make_application(session, id_number=given["id_number"])

    answer = client.submit(page, given, button="登记", status=422)

    assert answer.error_fields.keys() == {"id_number"}
    assert answer.link(f"打开这份报名{meanwhile.reference}")
    assert answer.values(button="登记")["occupation"] == "木匠"


def test_what_is_not_met_is_shown_once_and_then_filed(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(education="junior_high", ability=False)
    page = begin(client, given["id_number"])
    assert "不符合公告的条件" not in page.text

    asked = client.submit(page, given, button="登记", status=422)
    assert "2项不符合公告的条件" in asked.text
    assert "学历为初中，要求高中或中专及以上。" in asked.text
    assert applications(session) == []
    client.submit(asked, {"name": "乔秀岚"}, action=page.path)

    [application] = applications(session)
    assert application.name == "乔秀岚"
    assert application.outcome is Verdict.FAIL
    assert not application.human_review


def test_something_else_that_is_not_met_is_shown_before_it_is_filed(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(education="junior_high")
    asked = client.submit(begin(client, given["id_number"]), given, button="登记", status=422)

    again = client.submit(asked, {"health": False}, action=asked.path, status=422)

    assert "没有声明：身体健康" in again.text
    assert applications(session) == []


def test_what_came_too_late_is_said_at_once_and_filed(
    session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    clock.at = dt.datetime(2027, 9, 3, 10, tzinfo=SHANGHAI)
    client = staff_client(Role.REVIEWER)
    given = typed()

    page = begin(client, given["id_number"], received_on="2027-08-31")
    assert "8月31日收到，已过截止日8月30日。" in page.text
    client.submit(page, given, button="登记")

    [application] = applications(session)
    assert application.outcome is Verdict.FAIL


def test_long_after_the_last_day_the_counter_says_that_it_is_closed(
    staff_client: StaffClient, clock: Clock
) -> None:
    clock.at = dt.datetime(2027, 10, 30, 10, tzinfo=SHANGHAI)

    page = staff_client(Role.REVIEWER).get(FIRST, status=403)

    assert page.heading == "现在不能登记纸质报名"


def test_a_consent_that_was_not_signed_stops_it(staff_client: StaffClient) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(consent_sensitive=False)

    page = client.submit(begin(client, given["id_number"]), given, button="登记", status=422)

    [sentence] = page.errors
    assert sentence.endswith("纸上没有的，请本人补签以后再登记")


def test_a_prefectures_clerk_is_offered_their_own_counties_only(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER, region="140200")
    given = typed(region="140200", county="140213")
    page = begin(client, given["id_number"])
    assert "您负责大同市，只能登记报名地在大同市的人。" in page.text
    assert page.values(button="登记")["region"] == "140200"
    assert "小店区" not in page.html

    forged = page.values(button="登记")
    forged.update(given | {"region": "140100", "county": "140105"})
    client.post(page.path, forged, status=422)
    assert applications(session) == []

    client.submit(page, given, button="登记")
    assert [each.region for each in applications(session)] == ["140200"]


@pytest.mark.parametrize(
    ("channel", "region", "status"),
    [(Channel.PAPER, None, 200), (Channel.PAPER, "140200", 404), (Channel.INDIVIDUAL, None, 404)],
)
def test_a_receipt_is_of_a_paper_that_one_may_see(
    session: Session,
    staff_client: StaffClient,
    channel: Channel,
    region: str | None,
    status: int,
) -> None:
    if channel is Channel.PAPER:
        reference = reference_of(enter(staff_client(Role.REVIEWER)))
    else:
        reference = make_application(session).reference

    staff_client(Role.REVIEWER, region=region).get(f"{FIRST}{reference}/receipt", status=status)


def test_the_applicant_reads_that_the_paper_was_received(
    session: Session, client: Client, staff_client: StaffClient
) -> None:
    clerk = staff_client(Role.REVIEWER)
    given = typed()
    page = begin(clerk, given["id_number"], received_via="email", received_on="2027-08-09")
    reference = reference_of(clerk.submit(page, given, button="登记"))

    progress = look_up(client, reference, given["id_number"])

    assert "收到您用电子邮件发来的报名表 8月9日 8月12日由工作人员登记" in progress.text
    assert "已提交" not in progress.text


def test_the_review_page_says_how_it_came(session: Session, staff_client: StaffClient) -> None:
    clerk = staff_client(Role.REVIEWER)
    reference = reference_of(enter(clerk))

    page = clerk.get(f"/staff/applications/{reference}")

    assert "纸质（邮件）报名 8月12日收到（当面递交），8月12日 10:00登记" in page.text
    assert clerk.staff is not None
    assert f"登记 8月12日 10:00 {clerk.staff.name} 当面递交 8月12日收到" in page.text


def test_the_log_says_who_entered_it_and_how_it_came(staff_client: StaffClient) -> None:
    reference = reference_of(enter(staff_client(Role.REVIEWER)))

    page = staff_client(Role.ADMIN).get(f"/staff/audit/?subject={reference}")

    assert "登记纸质（邮件）报名" in page.text
    assert "怎么收到的：当面递交" in page.text


def test_only_who_may_review_finds_the_way_to_the_counter(staff_client: StaffClient) -> None:
    assert "登记纸质报名" in staff_client(Role.REVIEWER).get("/staff/queue/").links
    viewer = staff_client(Role.VIEWER)
    assert "登记纸质报名" not in viewer.get("/staff/queue/").links
    viewer.get(FIRST, status=403)


def test_somebody_whose_paper_was_rejected_may_hand_in_another(
    session: Session, staff_client: StaffClient
) -> None:
    rejected = make_application(session, status=Status.REJECTED)
    number = rejected.open("id_number", vault_of(session))

    assert begin(staff_client(Role.REVIEWER), number).heading == "录入纸质报名表"
