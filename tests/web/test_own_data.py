"""下载全部资料: by a link to the address on file, or made by staff for who has none."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import ActorFor, Clock, StaffClient
from tests.factories import NOW, make_application, valid_identity
from tests.web.applicants import look_up, pass_an_hour
from tests.web.reviewers import audited
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.refusal import NotAllowed
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Application, Message
from volunteer_app.services import calling, linking
from volunteer_app.web.letters import letter_of

pytestmark = pytest.mark.usefixtures("mailing")


def asked(app: Flask, session: Session, application: Application) -> str:
    """Ask for the link on the own page; the path of the one in the letter."""
    client = Client(app)
    page = look_up(client, application.reference, application.id_number_last4)
    page = client.get(page.link("下载全部资料…"))
    client.submit(page, button="把链接发到邮箱")
    session.rollback()
    kind = MessageKind.OWN_DATA.value
    [message] = session.scalars(sa.select(Message).where(Message.kind == kind)).all()
    text = letter_of(app, session, message, now=NOW)[1].text
    session.rollback()
    [line] = [line for line in text.splitlines() if "/link/" in line]
    return urlsplit(line).path


def test_a_link_by_e_mail_opens_everything_for_a_day(
    app: Flask, session: Session, clock: Clock
) -> None:
    number = valid_identity()
    application = make_application(session, id_number=number, phone="13912345678")
    link = asked(app, session, application)
    other = Client(app)

    page = other.follow(other.get(link, status=303))
    assert number not in page.html
    assert audited(session, "own_data") == []
    page = other.submit(page, button="打开", follow=False)

    assert page.heading == "本人全部资料"
    assert number in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = other.post("/own-data/json", page.values(action="/own-data/json"))
    assert json.loads(answer.body)["answers"][0]["phone"] == "13912345678"
    events = audited(session, "own_data")
    assert [(e.actor, e.detail["format"]) for e in events] == [
        ("applicant", "page"), ("applicant", "json"),
    ]  # fmt: skip
    clock.at = NOW + dt.timedelta(days=1)
    assert other.get("/own-data/", status=303).location == "/link/expired"
    other.get(link, status=410)


@pytest.mark.parametrize("opened", [False, True])
def test_who_leaves_leaves_nothing_open(
    app: Flask, session: Session, clock: Clock, opened: bool
) -> None:
    application = make_application(session)
    link = asked(app, session, application)
    client = Client(app)
    page = client.follow(client.get(link, status=303))
    if opened:
        page = client.submit(page, button="打开", follow=False)

    page = client.submit(page, button="看完了，离开" if opened else "离开")

    assert page.path == "/status/"
    assert client.get("/own-data/", status=303).location == "/link/expired"


def test_the_button_on_the_progress_page_closes_the_link_too(app: Flask, session: Session) -> None:
    application = make_application(session)
    link = asked(app, session, application)
    client = Client(app)
    client.get(link, status=303)
    page = look_up(client, application.reference, application.id_number_last4)

    client.submit(page, button="离开，下次再查")

    assert client.get("/own-data/", status=303).location == "/link/expired"


def test_what_a_link_opened_is_closed_after_an_hour(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = make_application(session)
    link = asked(app, session, application)
    client = Client(app)
    client.follow(client.get(link, status=303))
    pass_an_hour(monkeypatch)

    page = client.follow(client.get("/own-data/", status=303))

    assert "请再点一次邮件里的链接" in page.text


def test_who_only_looked_it_up_sees_no_number_in_full(app: Flask, session: Session) -> None:
    number = valid_identity()
    application = make_application(session, id_number=number, email="qiaoxiulan@example.com")
    client = Client(app)
    look_up(client, application.reference, number)

    page = client.get("/status/own-data")

    assert "qia***@example.com" in page.text
    assert "qiaoxiulan" not in page.html
    assert number not in page.html
    assert client.get("/own-data/", status=303).location == "/link/expired"


def test_the_link_is_sent_once_an_hour(app: Flask, session: Session, clock: Clock) -> None:
    application = make_application(session)
    for _ in range(2):
        asked(app, session, application)

    assert len(audited(session, "ask_own_data")) == 1


def test_who_left_no_address_is_told_to_come(app: Flask, session: Session) -> None:
    application = make_application(session, email="")
    client = Client(app)
    look_up(client, application.reference, application.id_number_last4)

    page = client.get("/status/own-data")

    assert "请带身份证到协会" in page.text
    assert "把链接发到邮箱" not in page.html


def test_without_a_mail_server_nothing_is_promised(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    link = asked(app, session, application)
    app.extensions["settings"] = replace(app.extensions["settings"], mail=None)
    client = Client(app)
    look_up(client, application.reference, application.id_number_last4)

    page = client.get("/status/own-data")

    assert "现在不能发邮件" in page.text
    assert "请带身份证到协会" in page.text
    assert "把链接发到邮箱" not in page.html
    page = client.post("/status/own-data", {}, status=None)
    assert "链接已经发到" not in page.text
    message = session.scalars(sa.select(Message).where(Message.link_digest.is_not(None))).one()
    slug = message.slug
    session.rollback()
    page = staff_client(Role.REVIEWER).get(f"/staff/messages/{slug}")
    assert "改为打电话" not in page.html
    assert link not in page.html


def test_a_call_cannot_tell_a_link(app: Flask, session: Session, actor_for: ActorFor) -> None:
    asked(app, session, make_application(session))
    message = session.scalars(sa.select(Message).where(Message.link_digest.is_not(None))).one()

    with pytest.raises(NotAllowed, match="只有一个链接"):
        calling.move_to_phone(session, message, actor=actor_for(Role.REVIEWER), now=NOW)


def test_staff_make_it_with_a_reason_and_it_is_recorded(
    session: Session, staff_client: StaffClient
) -> None:
    number = valid_identity()
    application = make_application(session, id_number=number, email="")
    reviewer = staff_client(Role.REVIEWER)
    address = f"/staff/applications/{application.reference}/own-data"
    page = reviewer.get(address)
    assert number not in page.html
    page = reviewer.submit(page, {"reason": "是"}, button="打开，可以打印", status=422)
    assert number not in page.html

    values = page.values(button="打开，可以打印").to_dict() | {"reason": "本人带证来要"}
    shown = reviewer.post(address, values | {"format": "page"})
    archive = reviewer.post(address, values | {"format": "zip"})

    assert number in shown.text
    assert archive.body.startswith(b"PK")
    events = audited(session, "own_data")
    assert [each.detail for each in events] == [
        {"format": "page", "reason": "本人带证来要"},
        {"format": "zip", "reason": "本人带证来要"},
    ]


def test_another_prefecture_and_a_viewer_make_nothing(
    session: Session, staff_client: StaffClient
) -> None:
    reference = make_application(session, region="140100", county="140105").reference
    address = f"/staff/applications/{reference}/own-data"

    staff_client(Role.REVIEWER, "140200").get(address, status=404)
    staff_client(Role.VIEWER).get(address, status=403)


def test_deleting_asks_once_and_the_person_finds_nothing_any_more(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session, status=Status.WITHDRAWN, name="武晓峰")
    admin = staff_client(Role.ADMIN)
    page = admin.get(f"/staff/applications/{application.reference}/erase")
    page = admin.submit(page, {"reason": "本人要求"}, button="删除资料", status=422)
    assert page.errors == ["请勾选：我已核对是本人的要求，并告诉本人删除后不能恢复"]

    page = admin.submit(page, {"sure": True}, button="删除资料")

    assert "资料已删除" in page.text
    assert "武晓峰" not in page.text
    for path in ("/staff/queue/?status=all", "/staff/roster/"):
        assert "武晓峰" not in admin.get(path).text
    number = application.id_number_last4
    look_up(Client(app), application.reference, number, status=422)


def test_what_has_to_be_kept_says_why(session: Session, staff_client: StaffClient) -> None:
    application = make_application(session)

    page = staff_client(Role.ADMIN).get(f"/staff/applications/{application.reference}/erase")

    assert "请先由本人撤回" in page.text
    assert "sure" not in page.html


def test_a_link_to_something_else_does_not_open_everything(app: Flask, session: Session) -> None:
    application = make_application(session)
    start_writing(session)
    link = linking.new_link(session, LinkPurpose.RENEW, application=application, now=NOW, days=30)
    token = link.open_token(vault_of(session))
    session.commit()
    client = Client(app)
    with client.session_transaction() as kept:
        kept["own_link"] = [token, time.time()]

    assert client.get("/own-data/", status=303).location == "/link/expired"
