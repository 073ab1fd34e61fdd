"""How an applicant goes through the pages, for the tests that begin after it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from tests.client import Client, Page
from tests.factories import answers
from volunteer_app.web import own

#: The answers of each topic, as its page asks them.
TOPICS = {
    "identity": "name id_type id_number ethnicity phone email wechat region county address",
    "career": "education political_status occupation employer job_title",
    "service": "service_areas availability speciality experience",
    "pledges": "health conduct law_knowledge local_knowledge ability obedience unpaid "
    "consent consent_sensitive consent_public",
}


def fill_in(client: Client, given: dict[str, Any], *topics: str) -> Page:
    """Send those topics, in their order; the page after the last one comes back."""
    page = None
    for topic in topics or TOPICS:
        asked = client.get(f"/apply/{topic}")
        sent = {name: given[name] for name in TOPICS[topic].split()}
        page = client.submit(asked, sent, button="保存并继续")
    assert page is not None
    return page


def apply_online(client: Client, **overrides: Any) -> tuple[str, dict[str, Any]]:
    """From the first page to the receipt; returns the reference and what was answered."""
    given = answers(**overrides)
    check = fill_in(client, given)
    receipt = client.submit(check, button="提交报名")
    assert receipt.heading == "报名已提交"
    [reference] = [e.text for e in receipt.tree.with_class("reference")]
    return reference, given


def pass_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was opened in a browser until now is closed by now."""
    late = time.time() + own.OPEN_SECONDS
    monkeypatch.setattr(own, "time", SimpleNamespace(time=lambda: late))


def look_up(client: Client, reference: str, number: str, *, status: int = 200) -> Page:
    given = {"reference": reference, "last4": number[-4:]}
    return client.submit(client.get("/status/"), given, button="查询", status=status)
