"""报名详情: who comes second, or with an old page, loses no word."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import StaffClient
from tests.factories import (
    answers,
    make_application,
    relaxed_answers,
)
from tests.web.reviewers import address, fresh, offered
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Decision


def test_who_decides_second_reads_who_was_first_and_keeps_the_text(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    first, second = staff_client(Role.REVIEWER), staff_client(Role.APPROVER)
    pages = [client.get(address(application)) for client in (first, second)]
    first.submit(pages[0], {"listed": "untrue"}, button="不予通过")

    page = second.submit(
        pages[1],
        {"words": "请补职业", "fields": ["occupation"]},
        button="退回补正",
        status=409,
    )

    assert first.staff is not None
    assert f"它现在是“未通过”：8月12日 10:00，{first.staff.name}，不予通过。" in page.text
    assert page.values(button="重新审核")["words"] == "请补职业"
    second.submit(page, button="重新审核")
    assert fresh(session, application).decisions[-1].reason == "请补职业"


def test_where_no_move_is_left_the_text_is_shown_to_be_copied(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    first, second = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    pages = [client.get(address(application)) for client in (first, second)]
    first.submit(pages[0], button="通过")

    page = second.submit(
        pages[1], {"listed": "untrue", "words": "电话核实过"}, button="不予通过", status=409
    )

    assert "填写的情况经核实与事实不符。电话核实过" in page.text
    assert offered(page) == []
    assert fresh(session, application).status is Status.APPROVED


def test_a_page_from_before_the_original_was_seen_is_stale(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, **relaxed_answers())
    first, second = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    stale = second.get(address(application))
    first.submit(first.get(address(application)), button="专业特长证明：原件已核")

    page = second.submit(stale, {"listed": "untrue"}, button="不予通过", status=409)

    assert "您的决定没有记下" in page.text
    second.submit(page, button="不予通过")
    assert fresh(session, application).status is Status.REJECTED


def test_no_original_is_seen_once_it_is_decided(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, **relaxed_answers())
    first, second = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    stale = second.get(address(application))
    first.submit(first.get(address(application)), {"listed": "untrue"}, button="不予通过")

    page = second.submit(stale, button="专业特长证明：原件已核", status=409)

    assert "不用再核对原件" in page.text
    assert fresh(session, application).sightings == []


def test_a_second_press_is_told_that_the_first_counted(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    client = staff_client(Role.REVIEWER)
    page = client.get(address(application))
    client.submit(page, button="通过")

    client.submit(page, button="通过", status=409)

    query = sa.select(Decision.move).where(Decision.application_id == application.id)
    assert session.scalars(query).all() == ["submit", "approve"]


def test_who_applied_again_is_not_reopened(session: Session, staff_client: StaffClient) -> None:
    given = answers()
    application = make_application(session, status=Status.REJECTED, **given)
    make_application(session, **given)
    client = staff_client(Role.APPROVER)

    page = client.submit(
        client.get(address(application)), {"words": "再看一次"}, button="重新审核", status=409
    )

    assert "申请人后来又报了一份，请处理后来的那份。" in page.text
    assert page.values(button="重新审核")["words"] == "再看一次"


def test_an_expired_token_brings_the_form_back_full(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    client = staff_client(Role.REVIEWER)
    sent = client.get(address(application)).values(button="通过")
    sent["csrf_token"], sent["words"] = "old", "写了很久"

    page = client.post(f"{address(application)}/reject", list(sent.items(multi=True)), status=422)

    assert page.values(button="不予通过")["words"] == "写了很久"
    client.submit(page, button="不予通过")
    assert fresh(session, application).status is Status.REJECTED
