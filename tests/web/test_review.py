"""报名详情: every move through the page, and then the next one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import StaffClient
from tests.factories import (
    make_application,
    relaxed_answers,
)
from tests.pages import buttons
from tests.web.reviewers import address, fresh, offered
from volunteer_app.domain.vocabulary import Role, Status


@pytest.mark.parametrize(
    ("status", "role", "button", "given", "result"),
    [
        (Status.SUBMITTED, Role.REVIEWER, "通过", {}, Status.APPROVED),
        (
            Status.SUBMITTED,
            Role.REVIEWER,
            "退回补正",
            {"words": "请写清楚", "fields": ["occupation", "employer"], "due_on": "2027年8月20日"},
            Status.RETURNED,
        ),
        (Status.SUBMITTED, Role.REVIEWER, "不予通过", {"listed": "untrue"}, Status.REJECTED),
        (Status.AWAITING_APPROVAL, Role.APPROVER, "同意放宽并通过", {}, Status.APPROVED),
        (
            Status.AWAITING_APPROVAL,
            Role.APPROVER,
            "退回审核",
            {"words": "证书没写编号"},
            Status.SUBMITTED,
        ),
        (
            Status.AWAITING_APPROVAL,
            Role.APPROVER,
            "不予通过",
            {"listed": "proof_insufficient"},
            Status.REJECTED,
        ),
        (
            Status.RETURNED,
            Role.REVIEWER,
            "延长补正期限",
            {"due_on": "2027-08-25"},
            Status.RETURNED,
        ),
        (
            Status.REJECTED,
            Role.APPROVER,
            "重新审核",
            {"words": "申请人补交了证书"},
            Status.SUBMITTED,
        ),
    ],
)
def test_a_move_through_the_page(
    session: Session,
    staff_client: StaffClient,
    status: Status,
    role: Role,
    button: str,
    given: dict[str, Any],
    result: Status,
) -> None:
    application = make_application(session, status=status)
    client = staff_client(role)

    after = client.submit(client.get(address(application)), given, button=button)

    application = fresh(session, application)
    decision = application.decisions[-1]
    assert application.status is result
    assert decision.staff == client.staff
    assert given.get("words", "") in decision.reason
    assert f"{application.reference} 已{button}。" in after.text


def test_a_late_correction_may_be_refused(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session, status=Status.RETURNED, due_on=dt.date(2027, 8, 11))
    client = staff_client(Role.REVIEWER)

    client.submit(client.get(address(application)), {"listed": "not_corrected"}, button="不予通过")

    assert fresh(session, application).status is Status.REJECTED


def test_an_exception_takes_the_original_a_proposer_and_another_approver(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, **relaxed_answers())
    reviewer = staff_client(Role.APPROVER)
    page = reviewer.get(address(application))
    assert "“专业特长证明”待核，请先核对材料，再提请复核。" in page.text
    assert "提请复核" not in offered(page)

    page = reviewer.submit(page, button="专业特长证明：原件已核")
    assert f"专业特长证明：原件已核，{reviewer.staff and reviewer.staff.name}" in page.text
    reviewer.submit(page, {"listed": "speciality_proven", "words": "编号清楚"}, button="提请复核")

    own = reviewer.get(f"{address(application)}?status=awaiting_approval")
    assert "有专业特长，原件已核，申请放宽年龄。编号清楚" in own.text
    assert "这份报名由您提请复核，须由另一名复核员决定。" in own.text
    assert "同意放宽并通过" not in offered(own)
    other = staff_client(Role.APPROVER)
    other.submit(other.get(address(application)), button="同意放宽并通过")
    assert fresh(session, application).status is Status.APPROVED


def test_a_decision_leads_to_the_next_with_the_same_filters(
    session: Session, staff_client: StaffClient
) -> None:
    first = make_application(session, region="140200", county="140213")
    make_application(session)
    third = make_application(session, region="140200", county="140213")
    client = staff_client(Role.REVIEWER)
    queue = client.get("/staff/queue/?region=140200")

    opened = client.get(queue.tree.all("tbody")[0].all("a")[0].attributes["href"])
    page = client.submit(opened, button="通过")

    assert third.reference in page.path
    assert "region=140200" in page.path
    page = client.submit(page, button="通过")
    assert page.heading == "审核队列"
    assert "region=140200" in page.path
    assert fresh(session, first).status is Status.APPROVED


def test_previous_and_next_walk_the_queue(session: Session, staff_client: StaffClient) -> None:
    first, second, third = (make_application(session) for _ in range(3))
    client = staff_client(Role.VIEWER)

    page = client.get(address(second))

    assert first.reference in page.link("K 上一份")
    assert third.reference in page.link("J 下一份")


@pytest.mark.parametrize(
    ("button", "given", "errors"),
    [
        (
            "退回补正",
            {"words": "请改", "due_on": "2027-08-11"},
            {"fields-0": "请勾选要申请人补正的项目", "due_on": "补正期限不能早于今天，请改晚一些"},
        ),
        (
            "退回补正",
            {"fields": ["name"], "due_on": "明天"},
            {
                "words": "退回补正要写理由，请选一条常用理由或自己写",
                "due_on": "请按年、月、日填写，例如1960-3-12",
            },
        ),
        ("不予通过", {}, {"words": "不予通过要写理由，请选一条常用理由或自己写"}),
        (
            "退回补正",
            {"fields": ["name"], "words": "请改", "due_on": "2127-08-20"},
            {"due_on": "补正期限不能超过90天，请核对年份和月份"},
        ),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_is_kept(
    session: Session,
    staff_client: StaffClient,
    button: str,
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    application = make_application(session)
    client = staff_client(Role.REVIEWER)

    page = client.submit(client.get(address(application)), given, button=button, status=422)

    assert page.error_fields == errors
    kept = page.values(button=button)
    assert {name: kept[name] for name in given if name != "fields"} == {
        name: value for name, value in given.items() if name != "fields"
    }
    assert kept.getlist("fields") == given.get("fields", [])
    assert fresh(session, application).status is Status.SUBMITTED


def test_a_reason_that_can_be_cured_does_not_reject(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    client = staff_client(Role.REVIEWER)

    page = client.submit(
        client.get(address(application)), {"listed": "phone_wrong"}, button="不予通过", status=422
    )

    assert list(page.error_fields) == ["listed"]


def test_an_approval_does_not_mind_a_wrong_due_day(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    client = staff_client(Role.REVIEWER)

    client.submit(client.get(address(application)), {"due_on": "随便"}, button="通过")

    assert fresh(session, application).status is Status.APPROVED


def test_an_extension_ends_later_than_before(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session, status=Status.RETURNED)
    client = staff_client(Role.REVIEWER)

    page = client.submit(
        client.get(address(application)),
        {"due_on": "2027-08-19"},
        button="延长补正期限",
        status=422,
    )

    assert page.errors == ["现在的期限是8月19日，新期限要比它晚"]


def test_enter_in_the_form_returns_and_never_approves(
    session: Session, staff_client: StaffClient
) -> None:
    page = staff_client(Role.REVIEWER).get(address(make_application(session)))

    first, *_others = buttons(page.form(button="通过"))

    assert "/return?" in (first.get("formaction") or "")
