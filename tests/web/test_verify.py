"""聘书查验: a code tells whether its certificate holds today, and nothing more."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import ActorFor, Clock
from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.codes import new_reference
from volunteer_app.domain.terms import start_of
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.models import Application, Appointment
from volunteer_app.services import certifying, erasing

UNKNOWN = "没有这个查验码的聘书，请对照聘书左下角核对后再试"
SECOND = dt.timedelta(seconds=1)


def appointed(session: Session, name: str = "乔秀兰") -> Appointment:
    """From 1 September 2027 to 31 August 2029."""
    term = make_application(session, name=name, status=Status.APPROVED).appointment
    assert term is not None
    assert term.code
    return term


def status(page: Page) -> str:
    [tag] = page.tree.with_class("tag")
    return tag.text


def facts(page: Page) -> dict[str, str]:
    [rows] = page.tree.with_class("rows")
    words = [each.text for each in rows.all("dt")], [each.text for each in rows.all("dd")]
    return dict(zip(*words, strict=True))


def test_a_code_tells_name_in_part_number_days_and_status(client: Client, session: Session) -> None:
    term = appointed(session)

    page = client.get(f"/verify/{term.code}")

    assert facts(page) == {
        "姓名": "乔*兰",
        "编号": "晋消志聘〔2027〕第0001号",
        "聘期第一日": "2027年9月1日",
        "聘期最后一日": "2029年8月31日",
    }
    assert status(page) == "未开始"
    assert "乔秀兰" not in page.html
    assert term.application.reference not in page.html
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    [robots] = [m for m in page.tree.all("meta") if m.get("name") == "robots"]
    assert robots.get("content") == "noindex"


def test_any_spelling_of_a_code_will_do(client: Client, session: Session) -> None:
    code = appointed(session).code
    wide = code.translate({ord(c): ord(c) + 0xFEE0 for c in code})

    for spelling in (code.lower(), code.replace("-", ""), f" {code[:4]}　{code[5:]} ", wide):
        assert facts(client.get(f"/verify/{spelling}"))["姓名"] == "乔*兰"
        page = client.submit(client.get("/verify/"), {"code": spelling}, button="查验")
        assert page.path == f"/verify/{code}"


@pytest.mark.parametrize(
    ("at", "word"),
    [
        (start_of(dt.date(2027, 9, 1)) - SECOND, "未开始"),
        (start_of(dt.date(2027, 9, 1)), "在聘"),
        (start_of(dt.date(2029, 9, 1)) - SECOND, "在聘"),
        (start_of(dt.date(2029, 9, 1)), "期满"),
    ],
)
def test_the_status_turns_at_midnight_in_shanghai(
    client: Client, session: Session, clock: Clock, at: dt.datetime, word: str
) -> None:
    code = appointed(session).code

    clock.at = at.astimezone(dt.UTC)

    page = client.get(f"/verify/{code}")
    assert status(page) == word
    assert page.title.startswith(f"{word}：聘书查验")


@pytest.mark.parametrize(
    ("ends_from", "before", "after", "words"),
    [
        (dt.date(2028, 3, 1), "2028年2月29日", "2028年2月29日", "从2028年3月1日起不再是志愿者"),
        (dt.date(2027, 8, 20), "不会开始", "没有开始过", "没有担任过志愿者"),
    ],
)
def test_a_term_that_was_ended_early_says_so_from_its_day_on(
    client: Client,
    session: Session,
    clock: Clock,
    ends_from: dt.date,
    before: str,
    after: str,
    words: str,
) -> None:
    term = appointed(session)
    start_writing(session)
    session.get_one(Appointment, term.id).terminated_on = ends_from
    session.commit()
    clock.at = start_of(ends_from) - SECOND
    page = client.get(f"/verify/{term.code}")
    assert status(page) in ("在聘", "未开始")
    assert facts(page)["聘期最后一日"] == before
    assert "与聘书上印的不同" in page.text
    assert ("不会生效" in page.text) is (before == "不会开始")

    clock.at += SECOND

    page = client.get(f"/verify/{term.code}")
    assert status(page) == "提前解聘"
    assert facts(page)["聘期最后一日"] == after
    assert words in page.text


def test_of_who_was_erased_a_code_tells_number_and_days_only(
    client: Client, session: Session, clock: Clock, actor_for: ActorFor
) -> None:
    term = appointed(session)
    clock.at = start_of(dt.date(2039, 9, 2))
    start_writing(session)
    application = session.get_one(Application, term.application_id)
    admin = actor_for(Role.ADMIN)
    start_writing(session)
    erasing.erase(session, application, reason="期满", actor=admin, now=clock.at)
    session.commit()

    page = client.get(f"/verify/{term.code}")

    assert "资料已按规定删除" in page.text
    assert facts(page) == {
        "编号": "晋消志聘〔2027〕第0001号",
        "聘期第一日": "2027年9月1日",
        "聘期最后一日": "2029年8月31日",
    }
    assert "已*除" not in page.text


def test_an_old_code_says_that_it_was_replaced_and_names_nobody(
    client: Client, session: Session, actor_for: ActorFor
) -> None:
    term, approver = appointed(session), actor_for(Role.APPROVER)
    old = term.code
    start_writing(session)
    term = session.get_one(Appointment, term.id)
    certifying.reissue(session, term, replaces=old, reason="遗失", actor=approver, now=NOW)
    session.commit()

    page = client.get(f"/verify/{old}")

    assert status(page) == "已换发"
    assert facts(page) == {"编号": term.number}
    assert "乔" not in page.text
    assert term.code not in page.html
    assert "2027年8月12日换发了新的聘书" in page.text
    assert facts(client.get(f"/verify/{term.code}"))["编号"] == term.number


def test_an_unknown_code_and_one_with_a_wrong_check_character_get_one_answer(
    client: Client, session: Session
) -> None:
    code = appointed(session).code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")

    pages = [client.get(f"/verify/{each}", status=404) for each in (new_reference(), wrong)]
    pages.append(client.submit(client.get("/verify/"), {"code": wrong}, button="查验", status=404))

    for page in pages:
        assert page.errors == [UNKNOWN]
        assert page.heading == "聘书查验"
        assert page.headers["X-Robots-Tag"].startswith("noindex")


def test_nothing_typed_is_an_error_of_the_form(client: Client) -> None:
    page = client.submit(client.get("/verify/"), {"code": "　"}, button="查验", status=422)

    assert page.error_fields == {"code": "请填写查验码"}


@pytest.mark.parametrize(
    "code",
    ["%00", "'; drop table certificate --", "<script>", "x" * 3000, "%F0%9F%98%80", "..%2f", "乔"],
)
def test_hostile_codes_are_only_unknown(client: Client, session: Session, code: str) -> None:
    known = appointed(session).code

    page = client.get(f"/verify/{code}", status=404)

    assert "<script>x" not in page.html
    assert facts(client.get(f"/verify/{known}"))["姓名"] == "乔*兰"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_codes_cannot_be_tried_for_ever_and_right_ones_are_not_counted(
    app: Flask, session: Session
) -> None:
    code, client = appointed(session).code, Client(app)
    for _ in range(40):
        client.get(f"/verify/{code}")
    for _ in range(15):
        client.get(f"/verify/{new_reference()}", status=404)
    form = client.get("/verify/")
    for _ in range(15):
        client.submit(form, {"code": new_reference()}, button="查验", status=303, follow=False)
        client.get(f"/verify/{new_reference()}", status=404)

    page = client.get(f"/verify/{new_reference()}", status=429)

    assert page.heading == "操作太频繁"


def test_who_never_began_is_not_said_to_have_been_a_volunteer(
    client: Client, session: Session, clock: Clock
) -> None:
    term = appointed(session)
    start_writing(session)
    session.get_one(Appointment, term.id).terminated_on = term.starts_on
    session.commit()

    clock.at = start_of(term.starts_on)
    page = client.get(f"/verify/{term.code}")

    assert status(page) == "提前解聘"
    assert "聘期还没有开始就结束了，没有担任过志愿者" in page.text
    assert "不再是志愿者" not in page.text
