"""How staff ring people up, for the tests of the list."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.factories import make_application
from volunteer_app.domain.vocabulary import Status
from volunteer_app.models import Message

LIST = "/staff/messages/calls"
RESULT = "记下结果"


def to_be_called(session: Session, name: str = "乔秀兰", **overrides: Any) -> str:
    """Somebody without e-mail who was rejected; the slug of the message."""
    make_application(session, name=name, email="", status=Status.REJECTED, **overrides)
    return newest(session).slug


def newest(session: Session) -> Message:
    session.rollback()
    return session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()


def message(session: Session, slug: str) -> Message:
    session.rollback()
    return session.scalars(
        sa.select(Message).where(Message.slug == slug).execution_options(populate_existing=True)
    ).one()


def tick(client: Client, page: Page, *ticks: tuple[str, str], status: int = 200) -> Page:
    given = {f"outcome-{slug}": outcome for slug, outcome in ticks}
    return client.submit(page, given, button=RESULT, status=status)
