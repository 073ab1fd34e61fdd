"""工作人员: the one-time link is shown once, and a changed role ends sessions."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import StaffClient
from tests.factories import make_staff
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import AuditEvent, Staff
from volunteer_app.services.staffing import find_staff

PEOPLE = "/staff/people/"
INVITED = {"name": "王未来", "username": "Wang.WL", "role": "reviewer", "region": "140200"}


def link_on(page: Page) -> str | None:
    shown = page.tree.by_id("link")
    return shown.text if shown else None


def stored(session: Session, username: str) -> Staff:
    session.rollback()
    staff = find_staff(session, username)
    assert staff is not None
    session.refresh(staff)
    return staff


def test_an_invitation_shows_its_link_once_and_the_link_lets_in(
    session: Session, staff_client: StaffClient, client: Client
) -> None:
    admin = staff_client(Role.ADMIN)

    page = admin.submit(admin.get(PEOPLE), INVITED, button="邀请")

    link = link_on(page)
    assert link is not None
    assert link.startswith("http://127.0.0.1:8000/staff/invitation/")
    assert link_on(admin.get(page.path)) is None
    staff = stored(session, "wang.wl")
    assert (staff.name, staff.role, staff.region) == ("王未来", Role.REVIEWER, "140200")
    assert client.get(urlsplit(link).path).status == 200


@pytest.mark.parametrize(
    ("username", "error"),
    [
        ("", "请填写登录名"),
        ("ab", "登录名要3到40个字，只用小写字母、数字、点、横线和下划线"),
        ("王未来", "登录名要3到40个字，只用小写字母、数字、点、横线和下划线"),
        ("a/b/c", "登录名要3到40个字，只用小写字母、数字、点、横线和下划线"),
        ("a" * 41, "登录名要3到40个字，只用小写字母、数字、点、横线和下划线"),
        ("taken", "这个登录名已经有人用，请换一个"),
    ],
)
def test_a_wrong_username_is_named_and_the_rest_kept(
    session: Session, staff_client: StaffClient, username: str, error: str
) -> None:
    make_staff(session, username="taken")
    admin = staff_client(Role.ADMIN)

    page = admin.submit(
        admin.get(PEOPLE), {**INVITED, "username": username}, button="邀请", status=422
    )

    assert page.error_fields == {"username": error}
    assert page.values(button="邀请")["name"] == "王未来"


def test_a_changed_role_ends_the_persons_session(
    session: Session, staff_client: StaffClient
) -> None:
    person = make_staff(session, Role.REVIEWER, username="duan.wj")
    theirs = staff_client(Role.REVIEWER, staff=person)
    theirs.get("/staff/queue/")
    admin = staff_client(Role.ADMIN)

    admin.submit(
        admin.get(f"{PEOPLE}duan.wj"), {"role": "viewer", "region": "140100"}, button="保存"
    )

    staff = stored(session, "duan.wj")
    assert (staff.role, staff.region) == (Role.VIEWER, "140100")
    theirs.get("/staff/queue/", status=303)
    [detail] = session.scalars(
        sa.select(AuditEvent.detail).where(AuditEvent.action == "change_staff")
    )
    assert detail == {"role": "viewer", "region": "140100"}


def test_somebody_out_of_use_cannot_go_on(session: Session, staff_client: StaffClient) -> None:
    person = make_staff(session, Role.REVIEWER, username="duan.wj")
    theirs = staff_client(Role.REVIEWER, staff=person)
    admin = staff_client(Role.ADMIN)

    page = admin.submit(admin.get(f"{PEOPLE}duan.wj"), {"active": False}, button="保存")

    theirs.get("/staff/queue/", status=303)
    assert "已停用" in admin.get(PEOPLE).text
    admin.submit(page, {"active": True}, button="保存")
    assert stored(session, "duan.wj").active


def test_the_last_administrator_stays(session: Session, staff_client: StaffClient) -> None:
    person = make_staff(session, Role.ADMIN, username="only")
    admin = staff_client(Role.ADMIN, staff=person)

    page = admin.submit(admin.get(f"{PEOPLE}only"), {"role": "viewer"}, button="保存", status=409)

    assert "至少要留一名在用的管理员" in page.text
    assert stored(session, "only").role is Role.ADMIN


def test_a_stale_account_page_overwrites_nobody(
    session: Session, staff_client: StaffClient
) -> None:
    make_staff(session, Role.VIEWER, username="duan.wj")
    admin = staff_client(Role.ADMIN)
    stale = admin.get(f"{PEOPLE}duan.wj")
    admin.submit(stale, {"role": "approver"}, button="保存")

    page = admin.submit(stale, {"name": "段文静"}, button="保存", status=409)

    assert page.values(button="保存")["name"] == "段文静"
    assert stored(session, "duan.wj").role is Role.APPROVER


def test_a_new_link_ends_the_old_one(
    session: Session, staff_client: StaffClient, client: Client
) -> None:
    admin = staff_client(Role.ADMIN)
    page = admin.submit(admin.get(PEOPLE), INVITED, button="邀请")
    old = link_on(page)

    page = admin.submit(page, button="给一个新的一次性链接")

    new = link_on(page)
    assert old is not None
    assert new is not None
    client.get(urlsplit(old).path, status=410)
    client.get(urlsplit(new).path)


def test_an_administrator_is_bound_to_no_prefecture(
    session: Session, staff_client: StaffClient
) -> None:
    make_staff(session, Role.REVIEWER, "140200", username="duan.wj")
    admin = staff_client(Role.ADMIN)
    refused = {"region": "管理员管的是全省，请把地区改为“全省”"}

    page = admin.submit(admin.get(PEOPLE), INVITED | {"role": "admin"}, button="邀请", status=422)
    assert page.error_fields == refused
    page = admin.submit(admin.get(f"{PEOPLE}duan.wj"), {"role": "admin"}, button="保存", status=422)
    assert page.error_fields == refused
    assert stored(session, "duan.wj").role is Role.REVIEWER

    admin.submit(page, {"region": ""}, button="保存")
    assert stored(session, "duan.wj").role is Role.ADMIN


def test_an_account_out_of_use_gets_no_new_link(
    session: Session, staff_client: StaffClient
) -> None:
    person = make_staff(session, Role.REVIEWER, username="duan.wj")
    admin = staff_client(Role.ADMIN)
    page = admin.get(f"{PEOPLE}duan.wj")
    admin.submit(page, {"active": False}, button="保存")

    answer = admin.submit(page, button="给一个新的一次性链接")

    assert "这个账号已停用，请先改为在用，再给新的链接" in answer.text
    assert link_on(answer) is None
    assert "给一个新的一次性链接" not in [b.text for b in answer.tree.all("button")]
    assert stored(session, "duan.wj").password == person.password


def test_nobody_ends_their_own_password_by_a_new_link(
    session: Session, staff_client: StaffClient
) -> None:
    person = make_staff(session, Role.ADMIN, username="only")
    admin = staff_client(Role.ADMIN, staff=person)
    page = admin.get(f"{PEOPLE}only")
    assert "给一个新的一次性链接" not in page.text
    token = page.values(button="保存")["csrf_token"]

    answer = admin.follow(admin.post(f"{PEOPLE}only/link", {"csrf_token": token}, status=303))

    assert link_on(answer) is None
    assert stored(session, "only").invitation_digest is None


def test_somebody_who_does_not_exist_is_not_found(staff_client: StaffClient) -> None:
    admin = staff_client(Role.ADMIN)

    for username in ("nobody", "%00", "admin%00"):
        admin.get(f"{PEOPLE}{username}", status=404)
