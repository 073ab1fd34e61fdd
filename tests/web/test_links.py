"""Private links: they lead on while they are good, and are sent again without telling to whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import units
from tests.client import Client, Page
from tests.conftest import Clock
from tests.factories import NOW, answers, make_application, make_staff
from tests.services.statements import statements_of
from tests.web.applicants import fill_in
from tests.web.reviewers import audited
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.requests import LinkPurpose
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import Draft, Message, PrivateLink, Recommendation
from volunteer_app.services import confirming, drafting, linking
from volunteer_app.services.auditing import Actor
from volunteer_app.web.letters import letter_of

pytestmark = pytest.mark.usefixtures("mailing")
GOOD_FOR = dt.timedelta(days=30)


def saved(client: Client, **given: str) -> str:
    """A draft that is put aside; the path of its private link."""
    page = client.submit(client.get("/apply/identity"), given, button="先保存，以后再填")
    return link_on(page)


def link_on(page: Page) -> str:
    [shown] = page.tree.with_class("private-link")
    return urlsplit(shown.text).path


def asked(client: Client, email: str) -> Page:
    return client.submit(client.get("/link/"), {"email": email}, button="把链接再发到我的邮箱")


def sent_links(app: Flask, session: Session) -> list[str]:
    """The paths of the links in the letters that wait."""
    session.rollback()
    kind = MessageKind.RESUME_LINK.value
    query = sa.select(Message).where(Message.kind == kind).order_by(Message.id)
    letters = [letter_of(app, session, each, now=NOW)[1].text for each in session.scalars(query)]
    session.rollback()
    return [
        urlsplit(line).path
        for text in letters
        for line in text.splitlines()
        if line.startswith("http") and "/link/" in line
    ]


def test_a_draft_is_found_by_its_link_until_it_expires(
    app: Flask, client: Client, clock: Clock
) -> None:
    link = saved(client, name="武晓峰")
    assert link.startswith("/link/")
    clock.at = dt.datetime(2027, 8, 30, 23, tzinfo=NOW.tzinfo)
    other = Client(app)
    other.follow(other.get(link, status=303))
    assert other.get("/apply/identity").values(button="保存并继续")["name"] == "武晓峰"

    clock.at = NOW + GOOD_FOR
    page = Client(app).get(link, status=410)

    assert page.heading == "这个链接已经失效"
    assert "把链接再发到我的邮箱" in page.html


def test_the_page_says_until_which_day_and_makes_a_new_one_afterwards(
    client: Client, clock: Clock, session: Session
) -> None:
    first = saved(client, name="武晓峰")
    page = client.get("/apply/later")
    assert "9月10日以前有效" in page.text
    assert link_on(page) == first
    session.execute(sa.delete(PrivateLink))
    session.commit()
    page = client.get("/apply/later")
    assert page.tree.with_class("private-link") == []

    page = client.submit(page, button="生成私人链接")

    assert link_on(page) not in ("", first)


def test_a_link_of_before_links_expired_is_good_for_as_long(
    app: Flask, client: Client, session: Session, clock: Clock
) -> None:
    saved(client, name="武晓峰")
    draft = session.scalars(sa.select(Draft)).one()
    token = drafting.token_of(session, draft)
    session.rollback()
    assert Client(app).get(f"/apply/resume/{token}", status=303).location == "/apply/"

    clock.at = NOW + GOOD_FOR

    Client(app).get(f"/apply/resume/{token}", status=410)


def test_following_a_link_changes_nothing(client: Client, app: Flask) -> None:
    link = saved(client, name="武晓峰")

    with statements_of(app) as sent:
        Client(app).get(link, status=303)

    assert {each.split()[0] for each in sent} <= {"BEGIN", "SELECT"}


def test_the_link_comes_again_by_the_address_on_file(
    app: Flask, client: Client, session: Session
) -> None:
    fill_in(client, answers(name="武晓峰", email="Wu@example.com"), "identity")

    asked(Client(app), "wu@EXAMPLE.com")

    [link] = sent_links(app, session)
    other = Client(app)
    other.follow(other.get(link, status=303))
    assert other.get("/apply/identity").values(button="保存并继续")["name"] == "武晓峰"


def test_a_unit_gets_its_link_again_and_the_one_before_ends_when_staff_renew(
    app: Flask, session: Session, client: Client
) -> None:
    recommendation = units.begin(session, email="office@example.com")
    asked(client, "office@example.com")
    [link] = sent_links(app, session)
    other = Client(app)
    assert other.follow(other.get(link, status=303)).heading == "太原市消费研究中心"

    start_writing(session)
    found = session.get_one(Recommendation, recommendation.id)
    confirming.renew_link(session, found, actor=Actor(name="tests"), now=NOW)
    session.commit()

    Client(app).get(link, status=410)


@pytest.mark.parametrize("email", ["known@example.com", "unknown@example.com"])
def test_everybody_gets_the_same_answer_for_the_same_work(
    app: Flask, client: Client, session: Session, email: str
) -> None:
    fill_in(Client(app), answers(email="known@example.com"), "identity")
    units.begin(session, email="known@example.com")
    page = client.get("/link/")

    with statements_of(app) as sent:
        page = client.submit(page, {"email": email}, button="把链接再发到我的邮箱")

    assert len(sent_links(app, session)) == (2 if email.startswith("known") else 0)
    assert page.path == "/link/asked"
    assert email not in page.html
    assert page.body == Client(app).get("/link/asked").body
    assert len([each for each in sent if each.startswith("INSERT")]) == 13
    [event] = audited(session, "ask_link")
    assert (event.actor, event.subject, event.detail) == ("applicant", "", {})
    assert len(sent) == len(statements(app, "nobody@example.com"))


def statements(app: Flask, email: str) -> list[str]:
    client = Client(app)
    page = client.get("/link/")
    with statements_of(app) as sent:
        client.submit(page, {"email": email}, button="把链接再发到我的邮箱")
    return sent


def test_one_draft_is_written_to_once_an_hour(
    app: Flask, client: Client, session: Session, clock: Clock
) -> None:
    fill_in(client, answers(email="wu@example.com"), "identity")
    for _ in range(2):
        asked(client, "wu@example.com")
    assert len(sent_links(app, session)) == 1

    clock.at = NOW + dt.timedelta(hours=1)
    asked(client, "wu@example.com")

    assert len(sent_links(app, session)) == 2


def test_a_form_at_the_counter_is_not_the_applicants(
    app: Flask, client: Client, session: Session
) -> None:
    fill_in(client, answers(email="wu@example.com"), "identity")
    staff = make_staff(session, Role.REVIEWER)
    start_writing(session)
    session.execute(sa.update(Draft).values(staff_id=staff.id))
    session.commit()

    asked(client, "wu@example.com")

    assert sent_links(app, session) == []


def test_one_address_cannot_be_asked_for_for_ever(app: Flask) -> None:
    for _ in range(5):
        asked(Client(app), "wu@example.com")
    client = Client(app)

    page = client.submit(client.get("/link/"), {"email": "Wu@example.com"}, status=429)

    assert page.heading == "操作太频繁"


def test_without_a_mail_server_it_says_who_helps(app: Flask, session: Session) -> None:
    page = Client(app).get("/link/")
    values = page.values(button="把链接再发到我的邮箱").to_dict() | {"email": "wu@example.com"}
    app.extensions["settings"] = replace(app.extensions["settings"], mail=None)
    client = Client(app)

    for page in (
        client.get("/link/"), client.get("/link/expired", status=410),
        client.post("/link/", values, status=None),
    ):  # fmt: skip
        assert "现在不能发邮件" in page.text
        assert "单位推荐请与协会联系" in page.text
        assert "把链接再发到我的邮箱" not in [each.text for each in page.tree.all("button")]


def test_an_address_that_cannot_be_one_is_an_error(client: Client) -> None:
    page = client.submit(client.get("/link/"), {"email": "wu"}, status=422)

    assert page.title.startswith("错误：")
    assert page.values(action="/link/")["email"] == "wu"


def test_a_link_to_renew_leads_to_the_renewal(app: Flask, session: Session) -> None:
    application = make_application(session)
    start_writing(session)
    link = linking.new_link(session, LinkPurpose.RENEW, application=application, now=NOW, days=30)
    token = link.open_token(app.extensions["vault"])
    session.commit()

    to = Client(app).get(f"/link/{token}", status=303).location

    assert to == f"/renew/{token}"
