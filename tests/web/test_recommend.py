"""单位推荐, the clerk's pages: any order, another computer, a typo, the second press."""

from __future__ import annotations

import io
import secrets
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from tests import factories, units
from tests.client import Client, Page
from tests.conftest import Clock
from tests.units import nominee, unit
from volunteer_app.models import Application, Nominee, Recommendation

CLOSED = factories.NOW.replace(month=8, day=31, hour=0)


def begun(client: Client, **overrides: Any) -> Page:
    """From the first page to the task list."""
    start = client.get("/recommend/")
    given = {name: value for name, value in unit(**overrides).items() if name != "no_uscc_reason"}
    return client.submit(client.get(start.link("开始推荐")), given, button="保存")


def named(client: Client, **overrides: Any) -> Page:
    """One nominee more; the list comes back."""
    return client.submit(client.get("/recommend/nominees/new"), nominee(**overrides), button="保存")


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(written, "JPEG")
    return written.getvalue()


def uploaded(
    client: Client, content: bytes, name: str = "推荐表.jpg", *, status: int = 303
) -> Page:
    page = client.get("/recommend/sealed")
    values = {
        "csrf_token": page.values(action="/sealed")["csrf_token"],
        "file": (io.BytesIO(content), name),
    }
    answer = client.post(
        "/recommend/sealed", values, status=status, content_type="multipart/form-data"
    )
    return client.follow(answer) if status == 303 else answer


def test_a_unit_goes_from_its_name_to_being_handed_in(client: Client, session: Session) -> None:
    begun(client)
    named(client, name="乔秀兰")
    named(client, name="欧阳·𠮷")
    uploaded(client, picture())

    check = client.get("/recommend/check")
    assert "这次提交2人" in check.text
    tasks = client.submit(check, button="提交推荐")

    assert "等工作人员核对公章" in tasks.text
    session.rollback()
    names = session.scalars(sa.select(Application.name).order_by(Application.id)).all()
    assert names == ["乔秀兰", "欧阳·𠮷"]


def test_handing_in_a_second_time_changes_nothing(client: Client, session: Session) -> None:
    begun(client)
    named(client)
    check = client.get("/recommend/check")
    client.submit(check, button="提交推荐")

    client.submit(check, button="提交推荐")

    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1


def test_the_private_link_goes_on_on_another_computer(app: Flask, client: Client) -> None:
    tasks = begun(client, unit_name="大同市质量协会")
    [link] = [element.text for element in tasks.tree.with_class("private-link")]
    other = Client(app)
    assert other.get("/recommend/").heading == "单位推荐"

    page = other.follow(other.get(link.removeprefix("http://127.0.0.1:8000"), status=303))

    assert page.heading == "大同市质量协会"


def test_a_link_that_leads_nowhere_says_so(client: Client) -> None:
    page = client.get("/recommend/resume/" + secrets.token_urlsafe(24), status=410)

    assert "已经失效" in page.heading


def test_whoever_leaves_the_computer_is_not_found_on_it(client: Client) -> None:
    tasks = begun(client)

    client.submit(tasks, button="在这台电脑上退出")

    assert client.get("/recommend/tasks", status=303).location == "/recommend/"


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"uscc": "12140000"}, "uscc", "应为18位，您填了8位"),
        ({"uscc": ""}, "uscc", "没有代码的请勾选下面一项"),
        ({"unit_name": ""}, "unit_name", "请填写单位全称"),
        ({"phone": "0351"}, "phone", "手机号码"),
        ({"no_uscc": True, "uscc": ""}, "no_uscc_reason", "请写明为什么没有"),
    ],
)
def test_a_wrong_answer_about_the_unit_gets_its_sentence(
    client: Client, given: dict[str, Any], field: str, sentence: str
) -> None:
    values = {name: value for name, value in unit().items() if name != "no_uscc_reason"} | given

    page = client.submit(client.get("/recommend/unit"), values, button="保存", status=422)

    assert sentence in page.error_fields[field]


def test_a_unit_without_a_code_may_recommend(client: Client, session: Session) -> None:
    begun_without = unit(uscc="", no_uscc=True, no_uscc_reason="村民小组，属于阳曲县")
    client.submit(client.get("/recommend/unit"), begun_without, button="保存")

    found = session.scalars(sa.select(Recommendation)).one()
    assert (found.uscc, found.no_uscc_reason) == (None, "村民小组，属于阳曲县")


def test_what_is_wrong_with_a_nominee_is_said_and_nothing_is_lost(client: Client) -> None:
    begun(client)
    page = client.get("/recommend/nominees/new")

    wrong = client.submit(
        page, nominee(id_number="140105199003070000", name="阿依古丽·买买提江"),
        button="保存", status=422,
    )  # fmt: skip

    assert "校验码不符" in wrong.error_fields["id_number"]
    assert wrong.values(button="保存")["name"] == "阿依古丽·买买提江"


def test_who_meets_no_rule_is_not_taken_into_the_list(client: Client, session: Session) -> None:
    begun(client)

    page = client.submit(
        client.get("/recommend/nominees/new"), nominee(education="junior_high"),
        button="保存", status=422,
    )  # fmt: skip

    assert page.errors == ["学历为初中，要求高中或中专及以上。"]
    assert session.scalars(sa.select(Nominee)).all() == []


def test_a_person_stands_in_the_list_once(client: Client) -> None:
    begun(client)
    person = nominee(name="乔秀兰")
    client.submit(client.get("/recommend/nominees/new"), person, button="保存")

    page = client.submit(client.get("/recommend/nominees/new"), person, button="保存", status=422)

    assert page.error_fields["id_number"] == "这个证件号码已经在名单里（乔秀兰），请核对"


def test_a_typo_is_corrected_before_it_is_handed_in(client: Client, session: Session) -> None:
    begun(client)
    person = nominee(name="乔秀蓝")
    client.submit(client.get("/recommend/nominees/new"), person, button="保存")

    client.submit(client.get("/recommend/nominees/1"), {"name": "乔秀兰"}, button="保存")

    assert session.scalars(sa.select(Nominee.name)).all() == ["乔秀兰"]


def test_removing_asks_once(client: Client, session: Session) -> None:
    begun(client)
    named(client)
    page = client.get("/recommend/nominees/1/remove")
    assert "确定要撤出" in page.heading

    client.submit(page, button="撤出")

    assert session.scalars(sa.select(Nominee)).all() == []


def test_a_file_that_is_no_scan_gets_its_sentence(client: Client) -> None:
    begun(client)
    named(client)

    page = uploaded(client, b"hello", "推荐表.jpg", status=422)

    assert page.error_fields["file"] == "这不是照片也不是PDF。请改传JPEG、PNG照片或PDF文件"


def test_a_change_after_the_seal_is_said_plainly(client: Client) -> None:
    begun(client)
    named(client)
    uploaded(client, picture())

    named(client)

    assert "原来盖的章不再有效" in client.get("/recommend/sealed").text


def test_after_closing_nobody_is_added(client: Client, clock: Clock, session: Session) -> None:
    begun(client)
    named(client)
    clock.at = CLOSED

    check = client.get("/recommend/check")

    assert "报名已经截止" in check.text
    assert "提交推荐" not in check.text
    assert session.scalars(sa.select(Application)).all() == []


def test_before_and_after_a_recruitment_nothing_begins(client: Client, clock: Clock) -> None:
    clock.at = CLOSED

    assert "现在不接受推荐" in client.get("/recommend/").text
    assert client.get("/recommend/unit", status=303).location == "/recommend/"


@pytest.mark.parametrize(
    "path", ["tasks", "nominees/", "nominees/new", "sealed", "check", "form.pdf", "letters.pdf"]
)
def test_without_a_link_every_page_leads_to_where_one_begins(client: Client, path: str) -> None:
    assert client.get(f"/recommend/{path}", status=303).location == "/recommend/"


def test_another_unit_s_nominee_is_not_found(client: Client, session: Session) -> None:
    units.begin(session, count=3)
    begun(client)

    client.get("/recommend/nominees/1", status=404)
    client.get("/recommend/nominees/1/link", status=404)


def test_the_papers_of_a_unit_are_what_they_say(client: Client) -> None:
    begun(client)
    named(client, email="")
    client.submit(client.get("/recommend/check"), button="提交推荐")

    kinds = {
        name: client.get(f"/recommend/{name}").body[:4]
        for name in ("form.pdf", "form.docx", "letters.pdf", "letters/1.pdf")
    }

    assert kinds == {
        "form.pdf": b"%PDF", "form.docx": b"PK\x03\x04",
        "letters.pdf": b"%PDF", "letters/1.pdf": b"%PDF",
    }  # fmt: skip
