"""操作日志: newest first, narrowed by action and subject, in words."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.orm import Session

import volunteer_app
from tests.client import Page
from tests.conftest import StaffClient
from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.actions import ACTIONS
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.services.auditing import Actor, record

AUDIT = "/staff/audit/"


def rows(page: Page) -> list[list[str]]:
    return [
        [cell.text for cell in row.all("td")]
        for body in page.tree.all("tbody")
        for row in body.all("tr")
    ]


def test_what_happened_to_an_application_is_told_newest_first(
    session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, status=Status.APPROVED)

    page = staff_client(Role.ADMIN).get(f"{AUDIT}?subject={application.reference}")

    assert [(row[1], row[3]) for row in rows(page)] == [
        ("通过", "改为：已通过"),
        ("提交报名", "途径：个人报名；资格核对：符合"),
    ]
    assert rows(page)[1][0] == "申请人"


def test_one_action_at_a_time(session: Session, staff_client: StaffClient) -> None:
    make_application(session)
    admin = staff_client(Role.ADMIN)

    page = admin.submit(admin.get(AUDIT), {"action": "submit"}, button="查找")

    assert [row[1] for row in rows(page)] == ["提交报名"]


def test_the_pages_go_back_to_the_first_event_and_name_no_row(
    session: Session, staff_client: StaffClient
) -> None:
    start_writing(session)
    for number in range(120):
        record(session, "sign_in", f"person-{number}", actor=Actor(name="tests"), now=NOW)
    session.commit()
    admin = staff_client(Role.ADMIN)

    page = admin.get(f"{AUDIT}?action=sign_in")
    subjects = [row[2] for row in rows(page)]
    while "下一页" in page.links:
        page = admin.get(page.link("下一页"))
        subjects += [row[2] for row in rows(page)]

    people = [subject for subject in subjects if subject.startswith("person-")]
    assert people == [f"person-{number}" for number in reversed(range(120))]


def test_filters_and_places_that_do_not_exist_are_no_error(staff_client: StaffClient) -> None:
    admin = staff_client(Role.ADMIN)

    assert rows(admin.get(f"{AUDIT}?action=nonsense&before=forged"))
    assert "没有符合条件的操作" in admin.get(f"{AUDIT}?subject=nobody").text


def test_only_administrators_read_the_log(staff_client: StaffClient) -> None:
    staff_client(Role.APPROVER).get(AUDIT, status=403)


def test_every_action_that_is_recorded_has_a_word() -> None:
    root = Path(volunteer_app.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    recorded = set(re.findall(r'\brecord\(\s*(?:\w+\.)?session,\s*"(\w+)"', code))

    assert {"submit", "export", "reveal", "sign_in"} <= recorded
    assert recorded - set(ACTIONS) == set()
