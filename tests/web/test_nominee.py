"""被推荐人确认: a private link; the own data, an answer, and nothing for who has no link."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.conftest import Clock
from tests.units import PERSON, UNIT, begin, confirm_in_person, handed_in, nominee
from volunteer_app.db import start_writing, vault_of
from volunteer_app.domain.vocabulary import Declaration, NomineeStatus, Status
from volunteer_app.models import Nominee
from volunteer_app.services import handing_in, nominating, recommending

_PLEDGES = {declaration.value: True for declaration in Declaration} | {
    "consent": True,
    "consent_sensitive": True,
}
YES = "我愿意参加，确认"


@pytest.fixture
def person(session: Session) -> Nominee:
    [named] = handed_in(session, count=1).nominees
    session.commit()
    return named


@pytest.fixture
def link(session: Session, person: Nominee) -> str:
    return f"/nominee/{person.open_token(vault_of(session))}"


def test_the_person_sees_the_own_data_and_confirms(
    client: Client, session: Session, person: Nominee, link: str
) -> None:
    page = client.get(link)
    assert page.values(button=YES)["name"] == person.name

    done = client.submit(page, _PLEDGES, button=YES)

    session.refresh(person)
    assert person.status is NomineeStatus.CONFIRMED
    assert person.application is not None
    assert person.application.reference in done.text


def test_without_the_consents_nothing_is_confirmed(
    client: Client, session: Session, person: Nominee, link: str
) -> None:
    page = client.submit(client.get(link), {"phone": "13955550000"}, button=YES, status=422)

    assert set(page.error_fields) == {"consent", "consent_sensitive"}
    assert page.values(button=YES)["phone"] == "13955550000"
    session.refresh(person)
    assert person.status is NomineeStatus.ASKED


def test_what_is_not_declared_can_go_to_a_person(
    client: Client, session: Session, person: Nominee, link: str
) -> None:
    refused = client.submit(client.get(link), _PLEDGES | {"health": False}, button=YES, status=422)
    assert any("没有声明" in sentence for sentence in refused.errors)

    client.submit(refused, {"human_review": True}, button=YES)

    session.refresh(person)
    assert person.application is not None
    assert person.application.human_review


def test_declining_asks_once_and_tells_the_unit_no_reason(
    client: Client, session: Session, person: Nominee, link: str
) -> None:
    page = client.get(client.get(link).link("我不参加"))
    assert "不会把您的选择告诉单位" in page.text

    done = client.submit(page, button="我不参加")

    assert done.heading == "这份推荐已经撤出"
    session.refresh(person)
    assert person.application is not None
    assert person.application.status is Status.WITHDRAWN


def test_an_answered_link_shows_the_answer_whatever_is_pressed_again(
    client: Client, person: Nominee, link: str
) -> None:
    page = client.get(link)
    client.submit(page, _PLEDGES, button=YES)

    again = client.post(link, page.values(button=YES))

    assert again.heading == "已确认"
    assert client.get(f"{link}/decline", status=303).location == link


def test_a_link_that_is_no_link_says_what_to_do(client: Client) -> None:
    for path in (f"/nominee/{secrets.token_urlsafe(24)}", "/nominee/x"):
        assert "已经失效" in client.get(path, status=410).heading


def test_a_link_works_after_closing(client: Client, clock: Clock, link: str) -> None:
    clock.at = factories.NOW.replace(month=9, day=5)

    assert client.submit(client.get(link), _PLEDGES, button=YES).heading == "已确认"


def test_before_the_unit_hands_in_there_is_nothing_to_confirm(
    client: Client, session: Session
) -> None:
    [named] = begin(session, count=1).nominees

    page = client.get(f"/nominee/{named.open_token(vault_of(session))}")

    assert page.heading == "单位还没有提交"


def test_the_link_does_not_tell_the_unit_who_applied_alone(
    client: Client, session: Session, app: Flask, person: Nominee, link: str
) -> None:
    given = factories.answers()
    start_writing(session)
    own = factories.submit(session, given)
    session.commit()
    recommendation = begin(session, count=0)
    start_writing(session)
    recommending.add_nominees(
        session, recommendation, [nominee(id_number=given["id_number"])], actor=UNIT,
        now=factories.NOW,
    )  # fmt: skip
    handing_in.hand_in(session, recommendation, actor=UNIT, now=factories.NOW)
    session.commit()
    path = f"/nominee/{recommendation.nominees[0].open_token(vault_of(session))}"

    page = client.get(path)
    done = client.submit(page, _PLEDGES | {"occupation": "会计"}, button=YES)

    assert page.heading == client.get(link).heading.replace(person.name, given["name"])
    assert own.reference not in done.text
    session.refresh(own)
    assert own.occupation == given["occupation"]


def test_only_the_browser_that_confirmed_is_shown_the_reference(
    app: Flask, client: Client, session: Session, person: Nominee, link: str
) -> None:
    client.submit(client.get(link), _PLEDGES, button=YES)
    session.refresh(person)
    assert person.application is not None

    assert person.application.reference in client.get(link).text
    assert person.application.reference not in Client(app).get(link).text


def test_a_withdrawn_application_has_nothing_to_confirm(
    client: Client, session: Session, person: Nominee, link: str
) -> None:
    page = client.get(link)
    start_writing(session)
    nominating.decline(session, person, actor=PERSON, now=factories.NOW)
    session.commit()

    late = client.post(link, page.values(button=YES))

    assert late.heading == "这份推荐已经撤出"


def test_a_confirmed_person_is_found_by_reference(
    client: Client, session: Session, person: Nominee
) -> None:
    confirm_in_person(session, person)
    assert person.application is not None

    found = client.submit(
        client.get("/status/"),
        {"reference": person.application.reference, "last4": person.id_number_last4},
        button="查询",
    )

    assert "报名进度" in found.title
