"""From the first application to the second term, page by page, over two years."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import Clock, StaffClient
from tests.renewals import DECLARED, next_recruitment
from tests.web.applicants import apply_online, look_up
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import Application, Message
from volunteer_app.services import renewing
from volunteer_app.web.letters import letter_of


def renew_by(person: Client, link: str, **changed: str) -> str:
    """All pages as they are filled, but for what is changed on the second; the reference."""
    page = person.follow(person.get(link, status=303))
    step = person.submit(page, button="开始续聘报名")
    step = person.submit(step, button="保存并继续")
    step = person.submit(step, changed, button="保存并继续")
    step = person.submit(step, button="保存并继续")
    agreed = {name: True for name, yes in DECLARED.items() if yes}
    check = person.submit(step, agreed, button="保存并继续")
    receipt = person.submit(check, button="提交报名")
    return str(receipt.tree.with_class("reference")[0].text)


def test_a_volunteer_of_2027_serves_again_from_the_day_after(
    app: Flask, client: Client, session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    first, given = apply_online(client, occupation="教师")
    reviewer = staff_client(Role.REVIEWER)
    reviewer.submit(reviewer.get(f"/staff/applications/{first}"), button="通过")

    clock.at = dt.datetime(2029, 7, 20, 9, 0, tzinfo=SHANGHAI)
    next_recruitment(session)
    page = look_up(client, first, given["id_number"])
    client.submit(client.get(page.link("办续聘")), button="开始后通知我")

    clock.at = dt.datetime(2029, 7, 28, 8, 0, tzinfo=SHANGHAI)
    start_writing(session)
    assert renewing.announce(session, now=clock.at) == 1
    session.commit()
    [message] = session.scalars(sa.select(Message).where(Message.kind == MessageKind.OPENS.value))
    letter = letter_of(app, session, message, now=clock.at)[1]
    [link] = [line for line in letter.text.splitlines() if "/link/" in line]
    session.rollback()

    second = renew_by(Client(app), link.partition(":8000")[2], occupation="退休")

    reviewer = staff_client(Role.REVIEWER)
    page = reviewer.get(f"/staff/applications/{second}")
    assert "晋消志聘〔2027〕第0001号" in page.text
    assert "职业 教师 → 退休" in page.text
    reviewer.submit(page, button="通过")

    session.rollback()
    application = session.scalars(
        sa.select(Application).where(Application.reference == second)
    ).one()
    assert application.renews is not None
    assert application.renews.reference == first
    term = application.appointment
    assert term is not None
    assert (term.starts_on, term.ends_on) == (dt.date(2029, 9, 1), dt.date(2031, 8, 31))
    assert term.number == "晋消志聘〔2029〕第0001号"
