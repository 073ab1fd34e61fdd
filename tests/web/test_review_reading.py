"""报名详情: who reads what; numbers in full; the person's history."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.conftest import StaffClient
from tests.factories import (
    answers,
    make_application,
    make_staff,
    relaxed_answers,
    valid_identity,
)
from tests.web.reviewers import address, audited, fresh
from volunteer_app.domain.vocabulary import Role, Status


@pytest.mark.parametrize("path", ["", "/approve", "/seen/speciality_proof", "/reveal"])
def test_another_prefectures_application_is_not_there(
    session: Session, staff_client: StaffClient, path: str
) -> None:
    application = make_application(session, region="140200", county="140213")
    client = staff_client(Role.APPROVER, region="140100")

    if path:
        client.post(address(application) + path, {"field": "phone", "reason": "核对"}, status=404)
    else:
        client.get(address(application), status=404)
    assert fresh(session, application).status is Status.SUBMITTED


def test_a_viewer_sees_everything_but_decides_and_reveals_nothing(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, **relaxed_answers(name="白玉梅"))
    client = staff_client(Role.VIEWER)

    page = client.get(address(application))

    assert page.heading == "白玉梅"
    assert "食品检验二十年" in page.text
    assert page.tree.by_id("decide") is None
    assert "看完整" not in page.text
    assert "原件已核" not in [b.text for b in page.tree.all("button")]
    for path in ("/approve", "/reveal", "/seen/speciality_proof"):
        client.post(address(application) + path, {"field": "phone"}, status=403)


def test_a_reviewer_does_not_confirm(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session, status=Status.AWAITING_APPROVAL)
    client = staff_client(Role.REVIEWER)
    page = client.get(address(application))
    assert "这一步由复核员决定" in page.text

    client.post(
        f"{address(application)}/confirm", {"version": str(application.version)}, status=403
    )

    assert fresh(session, application).status is Status.AWAITING_APPROVAL


@pytest.mark.parametrize("name", ["withdraw", "resubmit", "submit", "nonsense"])
def test_staff_do_not_make_the_applicants_moves(
    session: Session, staff_client: StaffClient, name: str
) -> None:
    application = make_application(session)

    staff_client(Role.ADMIN).post(f"{address(application)}/{name}", {}, status=404)


def test_a_number_is_shown_in_full_once_for_a_reason_that_is_recorded(
    session: Session, staff_client: StaffClient
) -> None:
    given = answers(email="qiao@example.com")
    application = make_application(session, **given)
    client = staff_client(Role.REVIEWER)
    page = client.get(address(application))
    assert given["id_number"] not in page.html
    assert f"**************{given['id_number'][-4:]}" in page.text

    for reason in ("", "看"):
        short = client.submit(page, {"reason": reason}, button="显示证件号码", status=422)
        assert short.error_fields == {"reason-id_number": "请写明为什么需要完整号码，至少4个字"}
    assert audited(session, "reveal") == []
    shown = client.submit(
        short, {"reason": "电话核对身份"}, button="显示证件号码", status=200, follow=False
    )

    assert given["id_number"] in shown.text
    assert given["phone"] not in shown.html
    assert shown.headers["Cache-Control"] == "no-store"
    [event] = audited(session, "reveal")
    assert (event.subject, event.detail) == (
        application.reference,
        {"field": "id_number", "reason": "电话核对身份"},
    )
    assert given["id_number"] not in client.get(address(application)).html


def test_only_sealed_answers_are_revealed(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session)

    staff_client(Role.REVIEWER).post(
        f"{address(application)}/reveal", {"field": "name", "reason": "为什么呢"}, status=404
    )


def test_the_same_persons_other_applications_are_listed(
    session: Session, staff_client: StaffClient
) -> None:
    number = valid_identity()
    earlier = make_application(session, status=Status.WITHDRAWN, id_number=number)
    later = make_application(session, id_number=number)
    stranger = make_application(session)

    page = staff_client(Role.VIEWER).get(address(later))

    assert earlier.reference in page.links
    assert stranger.reference not in page.links


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        (None, "用这个证件号码没有报过别的名。"),
        ("140100", "在太原没有用这个证件号码报过别的名，其他市的这里不显示。"),
    ],
)
def test_no_other_application_is_said_of_what_one_may_see(
    session: Session, staff_client: StaffClient, region: str | None, sentence: str
) -> None:
    number = valid_identity()
    if region:
        make_application(
            session,
            status=Status.WITHDRAWN,
            id_number=number,
            region="140200",
            county="140213",
        )
    own = make_application(session, id_number=number)

    page = staff_client(Role.VIEWER, region=region).get(address(own))

    [said] = [p.text for p in page.tree.all("p") if "这个证件号码" in p.text]
    assert said == sentence


def test_the_history_says_who_when_from_where_to_where_and_why(
    session: Session, staff_client: StaffClient
) -> None:
    staff = make_staff(session, Role.REVIEWER, name="段文静")
    application = make_application(session)
    client = staff_client(Role.REVIEWER, staff=staff)
    client.submit(
        client.get(address(application)),
        {"words": "照片反光", "fields": ["education"], "due_on": "2027-08-20"},
        button="退回补正",
    )

    page = client.get(address(application))

    [history] = page.tree.with_class("timeline")
    assert [item.text for item in history.all("li")] == [
        "提交 8月12日 10:00 申请人 个人报名",
        "退回补正：最高学历 8月12日 10:00 段文静 待审核 → 待补正 期限8月20日 “照片反光”",
    ]
