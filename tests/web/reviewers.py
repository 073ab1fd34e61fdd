"""What the tests of 报名详情 look at."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Page
from volunteer_app.models import Application, AuditEvent


def address(application: Application) -> str:
    return f"/staff/applications/{application.reference}"


def fresh(session: Session, application: Application) -> Application:
    session.rollback()
    session.refresh(application)
    return application


def offered(page: Page) -> list[str]:
    """The words on the buttons of the decision bar."""
    bar = page.tree.by_id("decide")
    assert bar is not None
    return [b.text for b in bar.all("button") if b.get("disabled") is None]


def audited(session: Session, action: str) -> list[AuditEvent]:
    session.rollback()
    return list(session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)))
