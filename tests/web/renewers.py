"""How somebody comes to renew, for the tests that begin there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.web.applicants import look_up
from volunteer_app.models import Application, Draft


def own_page(client: Client, earlier: Application, given: dict[str, str]) -> Page:
    look_up(client, earlier.reference, given["id_number"])
    return client.get("/renew")


def drafts(session: Session) -> list[Draft]:
    session.rollback()
    return list(session.scalars(sa.select(Draft)))
