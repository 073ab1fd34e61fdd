"""Nobody gets in: one-time links, wrong passwords, sessions that end when something changed."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client, Page, read_page
from tests.conftest import Clock, StaffClient
from tests.factories import NOW, make_staff
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import AuditEvent, Staff
from volunteer_app.services import staffing
from volunteer_app.services.auditing import Actor

PASSWORD = "一句只有我知道的话"
NEW = "another sentence"
ADMIN = Actor(name="staff:admin")
WRONG = "登录名或密码不对，请核对。忘了密码，请向管理员要一个新的链接。"
LOCKED = "密码输错5次，请等15分钟再试，或向管理员要一个新的链接。"


@pytest.fixture
def lilei(app: Flask, session: Session) -> Staff:
    """Somebody with a password."""
    with app.app_context():
        hashed = hash_password(PASSWORD)
    return make_staff(session, Role.REVIEWER, username="lilei", name="李雷", password=hashed)


@pytest.fixture
def token(session: Session) -> str:
    """The token of an invitation that nobody used yet."""
    start_writing(session)
    token = staffing.invite(
        session,
        username="hanmei",
        name="韩梅",
        role=Role.VIEWER,
        region=None,
        actor=ADMIN,
        now=NOW,
    )
    session.commit()
    return token


def sign_in(client: Client, username: str, password: str) -> Page:
    """The page that answers; a redirect where the password is right."""
    page = client.get("/staff/sign-in")
    answer = client.http.post(
        "/staff/sign-in",
        data=page.values().to_dict() | {"email": username, "password": password},
        headers={"Origin": ORIGIN},
    )
    return read_page(answer)


def is_in(client: Client) -> bool:
    return client.http.get("/staff/queue/").status_code == 200


def actions(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def test_the_right_password_lets_in_and_is_recorded(
    client: Client, session: Session, lilei: Staff
) -> None:
    assert not is_in(client)

    page = sign_in(client, " LiLei ", PASSWORD)

    assert (page.status, page.location) == (303, "/staff/")
    assert is_in(client)
    assert actions(session)[-1] == "sign_in"


def test_sign_in_leads_back_to_this_site_only(client: Client, lilei: Staff) -> None:
    given = {"email": "lilei", "password": PASSWORD}
    asked = client.get("/staff/sign-in?next=https://elsewhere.example/")

    page = client.submit(asked, given, button="登录", follow=False, status=303)

    assert "elsewhere" not in page.location


def test_a_name_that_exists_cannot_be_told_from_one_that_does_not(
    client: Client, session: Session, lilei: Staff, token: str
) -> None:
    answers = {
        name: sign_in(client, name, "nothing like it") for name in ("lilei", "hanmei", "nobody")
    }

    assert {page.status for page in answers.values()} == {200}
    shown = {name: page.text for name, page in answers.items()}
    assert set(shown.values()) == {shown["nobody"]}
    assert answers["lilei"].errors == [WRONG]
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "sign_in_failed"))
    assert {event.actor for event in events} == {"anonymous"}


@pytest.mark.parametrize("name", ["lilei", "nobody"])
def test_five_wrong_tries_and_then_a_pause_of_15_minutes(
    client: Client, clock: Clock, lilei: Staff, name: str
) -> None:
    tries = [sign_in(client, name, "nothing like it").errors for _ in range(6)]
    assert tries == [[WRONG]] * 5 + [[LOCKED]]
    assert sign_in(client, name, PASSWORD).errors == [LOCKED]

    clock.at = NOW + dt.timedelta(minutes=15)
    assert sign_in(client, name, PASSWORD).errors == [LOCKED]
    clock.at += dt.timedelta(seconds=1)

    assert sign_in(client, name, PASSWORD).status == (303 if name == "lilei" else 200)


def test_the_pause_is_for_one_name_from_one_address(
    app: Flask, client: Client, session: Session, lilei: Staff
) -> None:
    with app.app_context():
        hashed = hash_password(PASSWORD)
    make_staff(session, username="other", password=hashed)
    for _ in range(5):
        sign_in(client, "lilei", "nothing like it")
    assert sign_in(client, "lilei", PASSWORD).errors == [LOCKED]

    assert sign_in(client, "other", PASSWORD).status == 303
    elsewhere = Client(app)
    elsewhere.http.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, "lilei", PASSWORD).status == 303


def test_a_link_sets_a_password_and_works_once(
    app: Flask, client: Client, session: Session, token: str
) -> None:
    page = client.get(f"/staff/invitation/{token}")
    assert "韩梅" in page.text

    home = client.submit(page, {"password": NEW, "again": NEW}, button="设好密码，登录")

    assert home.path == "/staff/"
    assert actions(session)[-2:] == ["accept_invitation", "sign_in"]
    again = Client(app)
    assert again.get(f"/staff/invitation/{token}", status=410).heading == "这个链接已经失效"
    assert again.submit(page, {"password": NEW, "again": NEW}, status=410).status == 410
    assert sign_in(again, "hanmei", NEW).status == 303


def test_a_link_expires_after_seven_days(client: Client, clock: Clock, token: str) -> None:
    clock.at = NOW + dt.timedelta(days=7) - dt.timedelta(seconds=1)
    assert client.get(f"/staff/invitation/{token}").heading == "设置密码"

    clock.at += dt.timedelta(seconds=1)

    assert client.get(f"/staff/invitation/{token}", status=410).heading == "这个链接已经失效"


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("", "", "请填写新密码"),
        ("short", "short", "密码至少10个字，您输入了5个"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "密码太简单，请多用几个不同的字"),
        ("abcd" * 33, "abcd" * 33, "密码最多128个字，请缩短"),
        (NEW, NEW + "x", "两次输入的密码不一样，请重新输入"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(
    client: Client, token: str, password: str, again: str, sentence: str
) -> None:
    page = client.get(f"/staff/invitation/{token}")

    page = client.submit(page, {"password": password, "again": again}, status=422)

    assert sentence in page.errors
    assert password == "" or f'value="{password}"' not in page.html
    client.submit(page, {"password": NEW, "again": NEW}, button="设好密码，登录")


def test_signing_out_ends_a_copied_session_too(
    app: Flask, client: Client, session: Session, lilei: Staff
) -> None:
    sign_in(client, "lilei", PASSWORD)
    copied = Client(app)
    with client.session_transaction() as given, copied.session_transaction() as kept:
        kept.update(given)
    assert is_in(copied)

    client.submit(client.get("/staff/queue/"), action="/staff/sign-out")

    assert not is_in(client)
    assert not is_in(copied)
    assert actions(session)[-1] == "sign_out"


@pytest.mark.parametrize(
    "values", [{"role": Role.APPROVER}, {"region": "140100"}, {"active": False}]
)
def test_a_changed_role_ends_the_session(
    client: Client,
    session: Session,
    staff_client: StaffClient,
    lilei: Staff,
    values: dict[str, object],
) -> None:
    staff_client(Role.ADMIN)
    sign_in(client, "lilei", PASSWORD)
    assert is_in(client)

    start_writing(session)
    staff = session.get_one(Staff, lilei.id)
    staffing.change_staff(session, staff, values, actor=ADMIN, now=NOW)
    session.commit()

    assert not is_in(client)
    assert sign_in(client, "lilei", PASSWORD).status == (200 if "active" in values else 303)


def test_a_new_password_ends_every_other_session(
    app: Flask, client: Client, session: Session, lilei: Staff
) -> None:
    other = Client(app)
    for each in (client, other):
        sign_in(each, "lilei", PASSWORD)
    page = client.get("/staff/password")
    given = {"current": PASSWORD, "password": NEW, "again": NEW}

    refused = client.submit(page, given | {"current": "not this one"}, status=422)
    assert refused.errors == ["现在的密码不对，请核对"]
    assert is_in(other)
    client.submit(client.get("/staff/password"), given, button="修改密码")

    assert is_in(client)
    assert not is_in(other)
    assert sign_in(other, "lilei", PASSWORD).errors == [WRONG]
    assert sign_in(other, "lilei", NEW).status == 303
    assert "change_password" in actions(session)
