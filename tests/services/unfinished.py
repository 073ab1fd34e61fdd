"""Drafts and settings for the tests of reminders, and the letters that leave."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import NOW, answers
from tests.mail_server import post_office
from volunteer_app.cli.worker import deliver_next
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageKind
from volunteer_app.models import Message, Recruitment
from volunteer_app.services import drafting, recruiting, reminding
from volunteer_app.services.auditing import Actor

ADMIN = Actor(name="tests")


def make_draft(session: Session, **values: Any) -> str:
    """A draft that somebody began at NOW; its token."""
    token = secrets.token_urlsafe(24)
    staff_id = values.pop("staff_id", None)
    start_writing(session)
    recruitment = session.scalars(sa.select(Recruitment)).one()
    given = answers(**values)
    drafting.save_answers(session, token, recruitment.id, given, now=NOW, staff_id=staff_id)
    session.commit()
    return token


def remind(session: Session, now: dt.datetime) -> tuple[int, int]:
    start_writing(session)
    counts = reminding.remind_drafts(session, now=now), reminding.remind_units(session, now=now)
    session.commit()
    return counts


def settings(session: Session, now: dt.datetime = NOW, **values: Any) -> None:
    """As an administrator changes them."""
    start_writing(session)
    row = session.scalars(sa.select(Recruitment)).one()
    names = [*recruiting._COPIED, "title", "opens_on", "closes_on", "term_starts_on"]
    given = {name: getattr(row, name) for name in names} | values
    recruiting.change(session, row, given, actor=ADMIN, now=now)
    session.commit()


def told(session: Session, kind: MessageKind) -> list[Message]:
    session.rollback()
    query = sa.select(Message).where(Message.kind == kind.value).order_by(Message.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def deliver_all(app: Flask) -> list[str]:
    """Every letter's text, by the real server."""
    with post_office() as (office, server):
        while deliver_next(app, server):
            pass
    return [
        f"{letter['Subject']}\n{letter.get_content()}".replace("\r", "")
        for letter in office.letters
    ]
