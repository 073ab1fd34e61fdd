"""How a clerk enters a form at the counter, for the tests that begin there or after it."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.factories import answers, valid_identity
from tests.web.applicants import TOPICS
from volunteer_app.models import Application

FIRST = "/staff/intake/"


def typed(**overrides: Any) -> dict[str, Any]:
    """The whole form as the clerk types it."""
    given = answers(**overrides)
    return {name: given[name] for topic in TOPICS.values() for name in topic.split()}


def begin(client: Client, number: str | None = None, **given: str) -> Page:
    """The first page, sent; the page of the whole form comes back."""
    sent = {"id_number": number or valid_identity()} | given
    page = client.submit(client.get(FIRST), sent, button="继续")
    assert page.heading == "录入纸质报名表"
    return page


def enter(client: Client, **overrides: Any) -> Page:
    """From the first page to the receipt."""
    given = typed(**overrides)
    page = client.submit(begin(client, given["id_number"]), given, button="登记")
    assert "报名回执" in page.heading
    return page


def reference_of(receipt: Page) -> str:
    element = receipt.tree.by_id("reference")
    assert element is not None
    return element.text


def applications(session: Session) -> list[Application]:
    session.rollback()
    return list(session.scalars(sa.select(Application)))


def picture() -> bytes:
    """A scan of a form, small."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 85), "white").save(kept, "PNG")
    return kept.getvalue()
