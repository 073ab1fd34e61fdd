"""At the counter nothing typed is lost, and two presses make one form."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient, sign_in
from tests.factories import valid_identity
from tests.web.clerks import FIRST, applications, begin, picture, reference_of, typed
from tests.web.test_access import make_old
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import DocumentKind, Role
from volunteer_app.models import Attachment, Draft
from volunteer_app.services import entering


def test_a_second_press_and_the_back_button_lead_to_the_same_receipt(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed()
    page = begin(client, given["id_number"])

    first = client.submit(page, given, button="登记")
    second = client.submit(page, given, button="登记")
    back = client.follow(client.get(page.path, status=303))

    assert reference_of(first) == reference_of(second) == reference_of(back)
    assert len(applications(session)) == 1


def test_a_press_that_was_overtaken_by_the_first_leaves_nothing_behind(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed()
    page = begin(client, given["id_number"])
    receipt = client.submit(page, given, button="登记")
    [application] = applications(session)
    assert client.staff is not None
    start_writing(session)
    token = page.path.rpartition("/")[2]
    recruitment = application.recruitment
    entering.save(session, client.staff, token, recruitment, given, now=application.submitted_at)
    session.commit()

    assert not [link for link in client.get(FIRST).links if link.startswith("接着登记")]
    again = client.submit(page, given, button="登记")

    assert reference_of(again) == reference_of(receipt)


def test_what_was_typed_before_the_session_ended_is_sent_again(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(occupation="木匠")
    page = begin(client, given["id_number"])
    make_old(client)

    lost = client.submit(page, given, button="登记", status=401)
    assert lost.heading == "登录已过期"
    assert client.staff is not None
    sign_in(app, client, client.staff)
    client.submit(lost, button="再试一次")

    assert [each.occupation for each in applications(session)] == ["木匠"]


def test_a_form_laid_aside_is_found_again_by_who_began_it(staff_client: StaffClient) -> None:
    client, other = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    page = begin(client)
    assert "没有登记完的" in client.get(FIRST).text

    first = client.submit(page, {"name": "乔秀兰", "phone": "12"}, button="先放下，以后再登记")
    again = client.get(first.link("接着登记：乔秀兰，证件末四位" + first_last4(page)))

    held = again.values(button="登记")
    assert (held["name"], held["phone"]) == ("乔秀兰", "12")
    assert "乔秀兰" not in other.get(FIRST).html
    other.get(page.path, status=303)


def first_last4(page: Page) -> str:
    return str(page.values(button="登记")["id_number"])[-4:]


def test_a_form_with_mistakes_is_kept_too(staff_client: StaffClient) -> None:
    client = staff_client(Role.REVIEWER)
    page = begin(client)

    wrong = client.submit(page, {"name": "乔秀兰", "phone": "12"}, button="登记", status=422)

    assert wrong.error_fields["phone"] == "手机号码应为11位，您填了2位"
    assert client.get(page.path).values(button="登记")["name"] == "乔秀兰"


def test_the_same_number_leads_to_the_form_that_was_begun(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    number = valid_identity()
    page = begin(client, number)
    client.submit(page, {"name": "乔秀兰"}, button="先放下，以后再登记")

    again = begin(client, number)

    assert again.path == page.path
    assert again.values(button="登记")["name"] == "乔秀兰"


def test_a_form_is_forgotten_when_the_clerk_says_so(
    session: Session, staff_client: StaffClient
) -> None:
    client, other = staff_client(Role.REVIEWER), staff_client(Role.REVIEWER)
    page = begin(client)
    stranger = other.get("/staff/password").values(action="/password")
    other.post(f"{page.path}/discard", stranger, status=303)
    assert len(session.scalars(sa.select(Draft)).all()) == 1

    client.submit(page, button="删除录入的内容")

    session.rollback()
    assert session.scalars(sa.select(Draft)).all() == []


def test_what_was_typed_is_filed_although_its_draft_is_gone(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed()
    page = begin(client, given["id_number"])
    client.submit(page, button="删除录入的内容")

    client.submit(page, given, button="登记")

    assert len(applications(session)) == 1


def test_an_applicants_own_draft_is_no_business_of_the_counter(
    client: Client, staff_client: StaffClient
) -> None:
    client.submit(client.get("/apply/identity"), {"name": "乔秀兰"}, button="先保存，以后再填")
    cookie = client.http.get_cookie("draft")
    assert cookie is not None
    token = cookie.value
    clerk = staff_client(Role.REVIEWER)
    own = begin(clerk)

    clerk.get(f"{FIRST}{token}", status=303)
    sent = own.values(button="登记")
    refused = clerk.post(f"{FIRST}{token}", sent, status=409)

    assert "这份登记是别人开始的" in refused.text


def sent_with(page: Page, button: str, **files: tuple[bytes, str]) -> dict[str, Any]:
    """The form of that page with files in it, and the button that is pressed."""
    held = page.values(button="登记").to_dict(flat=False)
    chosen = {name: (io.BytesIO(content), title) for name, (content, title) in files.items()}
    return {**held, **chosen, button: "1"}


def test_a_scan_stays_while_the_form_is_wrong_and_goes_with_it(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    given = typed(occupation="木匠")
    page = begin(client, given["id_number"])

    wrong = client.post(
        page.path,
        sent_with(page, "", file_paper_form=(picture(), "../../报名表.png")),
        status=422,
    )
    assert "删除纸质报名表报名表.png" in wrong.text
    [image] = [each for each in wrong.tree.all("img") if "papers" in (each.get("src") or "")]
    assert client.get(image.attributes["src"]).headers["Content-Type"] == "image/jpeg"
    client.submit(wrong, given, button="登记")

    [application] = applications(session)
    assert [each.kind for each in application.attachments] == [DocumentKind.PAPER_FORM]


def test_a_file_that_cannot_be_used_loses_nothing(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    page = begin(client)
    files = {"file_photo": (b"MZ no picture", "a.png"), "file_other": (picture(), "b.png")}

    wrong = client.post(page.path, sent_with(page, "upload", **files), status=422)

    assert wrong.error_fields.keys() == {"file_photo"}
    assert "b.png" in wrong.text
    assert len(session.scalars(sa.select(Attachment)).all()) == 1


def test_a_file_is_removed_by_its_own_button_only(
    session: Session, staff_client: StaffClient
) -> None:
    client = staff_client(Role.REVIEWER)
    page = begin(client)
    client.post(page.path, sent_with(page, "upload", file_other=(picture(), "b.png")), status=303)
    kept = client.get(page.path)
    [slug] = session.scalars(sa.select(Attachment.slug))
    other = staff_client(Role.REVIEWER)
    other.get(f"{page.path}/papers/{slug}", status=404)
    assert kept.form(button="登记").all("button")[0].get("name") is None

    client.submit(kept, button=slug)

    session.rollback()
    assert session.scalars(sa.select(Attachment)).all() == []
