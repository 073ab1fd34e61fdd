"""更正资料: staff put right what a person asked to have put right, and the history says so."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import ActorFor, StaffClient
from tests.factories import NOW, make_application, valid_identity
from tests.renewals import LATER, next_recruitment
from tests.web.applicants import look_up
from tests.web.reviewers import audited, fresh
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Message
from volunteer_app.services import delivering, erasing


def path(reference: str, *fields: str) -> str:
    chosen = "&".join(f"field={name}" for name in fields)
    return f"/staff/applications/{reference}/amend?{chosen}"


def test_an_approved_application_is_put_right_in_place(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, status=Status.APPROVED, name="乔秀蓝")
    client = staff_client(Role.APPROVER)
    page = client.get(f"/staff/applications/{application.reference}/correct")
    page = client.submit(page, button="下一步", status=422)
    assert page.errors == ["请选择要更正哪些"]
    page = client.follow(
        client.get(f"/staff/applications/{application.reference}/correct?field=name", status=303)
    )
    assert set(page.values(button="更正")) == {"csrf_token", "version", "name", "reason"}

    page = client.submit(page, {"name": "乔秀兰", "reason": "与身份证核对"}, button="更正")

    found = fresh(session, application)
    assert (found.name, found.status) == ("乔秀兰", Status.APPROVED)
    assert "更正：姓名" in page.text
    assert "与身份证核对" in page.text
    [event] = audited(session, "amend")
    assert event.detail == {"fields": ["name"]}


def test_without_a_reason_nothing_is_changed(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session)
    client = staff_client(Role.APPROVER)
    page = client.get(path(application.reference, "occupation"))

    page = client.submit(page, {"occupation": "会计"}, button="更正", status=422)

    assert page.error_fields == {"reason": "请填写更正的理由和依据"}
    assert page.values(button="更正")["occupation"] == "会计"
    assert fresh(session, application).occupation == "教师"


def test_what_is_not_different_is_not_recorded(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session)
    client = staff_client(Role.APPROVER)
    page = client.get(path(application.reference, "occupation"))

    page = client.submit(page, {"reason": "核对"}, button="更正", status=409)

    assert "没有改动任何内容" in page.text
    assert audited(session, "amend") == []


def test_a_number_that_has_its_place_is_not_given_to_another(
    session: Session, staff_client: StaffClient
) -> None:
    number = valid_identity()
    make_application(session, id_number=number)
    application = make_application(session)
    client = staff_client(Role.APPROVER)
    page = client.get(path(application.reference, "id_number"))

    page = client.submit(page, {"id_number": number, "reason": "核对"}, button="更正", status=409)

    assert "已经在本次招募中报过名" in page.text


def test_another_prefecture_moves_the_term_too(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session, status=Status.APPROVED)
    client = staff_client(Role.APPROVER)
    page = client.get(path(application.reference, "region"))

    given = {"region": "140200", "county": "140213", "reason": "搬家"}
    client.submit(page, given, button="更正")

    session.expire_all()
    found = fresh(session, application)
    assert found.appointment is not None
    assert (found.region, found.appointment.region) == ("140200", "140200")


def test_who_moves_it_to_another_prefecture_is_told_and_lands_in_the_queue(
    session: Session, staff_client: StaffClient
) -> None:
    reference = make_application(session, region="140100", county="140105").reference
    client = staff_client(Role.APPROVER, "140100")
    page = client.get(path(reference, "region"))

    given = {"region": "140200", "county": "140212", "reason": "搬家"}
    page = client.submit(page, given, button="更正")

    assert page.path.startswith("/staff/queue")
    assert f"{reference}已更正。它现在归别的市" in page.text


def test_what_was_erased_is_not_filled_again(
    session: Session, staff_client: StaffClient, actor_for: ActorFor
) -> None:
    application = make_application(session, status=Status.WITHDRAWN)
    client = staff_client(Role.APPROVER)
    form = client.get(path(application.reference, "name"))
    start_writing(session)
    erasing.erase(session, application, reason="要求", actor=actor_for(Role.ADMIN), now=NOW)
    session.commit()
    sentence = "这份报名的资料已经删除，不能更正。"

    for address in (
        path(application.reference, "name"), f"/staff/applications/{application.reference}/correct",
    ):  # fmt: skip
        page = client.get(address)
        assert sentence in page.text
        assert not [each for each in page.tree.all("button") if each.text in ("更正", "下一步")]
    given = {"name": "张三丰", "reason": "补", "version": str(fresh(session, application).version)}
    token = form.values(button="更正")["csrf_token"]
    given["csrf_token"] = token
    page = client.post(path(application.reference, "name"), given, status=409)

    assert sentence in page.text
    assert fresh(session, application).name == "已删除"


def test_who_was_slower_keeps_what_was_typed(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session)
    first, second = staff_client(Role.APPROVER), staff_client(Role.ADMIN)
    late = second.get(path(application.reference, "occupation"))
    page = first.get(path(application.reference, "occupation"))
    first.submit(page, {"occupation": "会计", "reason": "核对"}, button="更正")

    page = second.submit(late, {"occupation": "律师", "reason": "电话"}, button="更正", status=409)

    assert page.values(button="更正")["occupation"] == "律师"
    assert fresh(session, application).occupation == "会计"


def test_a_letter_of_approval_still_goes_out_after_a_correction(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, status=Status.APPROVED)
    client = staff_client(Role.APPROVER)
    page = client.get(path(application.reference, "occupation"))
    client.submit(page, {"occupation": "会计", "reason": "核对"}, button="更正")

    session.rollback()
    message = session.scalars(sa.select(Message).where(Message.kind == "approved")).one()
    assert delivering.superseded(session, message) is None


def test_the_person_sees_that_it_was_put_right(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    client = staff_client(Role.APPROVER)
    page = client.get(path(application.reference, "occupation"))
    client.submit(page, {"occupation": "会计", "reason": "内部依据"}, button="更正")

    page = look_up(Client(app), application.reference, application.id_number_last4)

    assert "工作人员更正了资料" in page.text
    assert "内部依据" not in page.text


def test_a_reviewer_corrects_nothing_and_another_prefecture_finds_nothing(
    session: Session, staff_client: StaffClient
) -> None:
    reference = make_application(session, region="140100", county="140105").reference

    staff_client(Role.REVIEWER).get(path(reference, "name"), status=403)
    staff_client(Role.APPROVER, "140200").get(path(reference, "name"), status=404)


def test_a_number_that_would_make_two_terms_overlap_is_refused_with_what_was_typed(
    session: Session, staff_client: StaffClient
) -> None:
    number = valid_identity()
    make_application(session, status=Status.APPROVED, id_number=number)
    following = next_recruitment(session, term_starts_on=dt.date(2028, 9, 1))
    other = make_application(session, status=Status.APPROVED, recruitment=following, now=LATER)
    client = staff_client(Role.APPROVER)
    page = client.get(path(other.reference, "id_number"))

    given = {"id_number": number, "reason": "看过身份证"}
    page = client.submit(page, given, button="更正", status=409)

    assert "已有一段聘期（晋消志聘〔2027〕第0001号，从2027年9月1日起），与这一段重叠" in page.text
    assert page.values(button="更正")["reason"] == "看过身份证"
    assert audited(session, "amend") == []
    assert number not in page.text
