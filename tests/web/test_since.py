"""After a resubmission the reviewer sees what changed, and no number."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import Clock, StaffClient
from tests.factories import make_application, valid_identity
from tests.web.applicants import look_up
from tests.web.clerks import picture
from tests.web.reviewers import address, fresh
from tests.web.uploading import send_file
from volunteer_app.db import vault_of
from volunteer_app.domain.vocabulary import Role, Status


def box(page: Page) -> str:
    found = [e.text for e in page.tree.all("section") if e.get("aria-labelledby") == "since"]
    return found[0] if found else ""


def test_what_was_and_what_is_stand_side_by_side(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    number = valid_identity()
    fields = ("occupation", "education", "id_number", "speciality")
    application = make_application(
        session, status=Status.RETURNED, fields=fields, occupation="教师", education="college"
    )
    reviewer = staff_client(Role.REVIEWER)
    assert box(reviewer.get(address(application))) == ""
    person = Client(app)
    look_up(person, application.reference, application.id_number_last4)
    given = {"occupation": "会计", "education": "master", "id_number": number}
    person.submit(person.get("/status/correct"), given, button="提交补正")

    text = box(reviewer.get(address(application)))

    assert "职业 原来：教师 → 现在：会计" in text
    assert "最高学历 原来：大专 → 现在：硕士" in text
    assert "证件号码 改过" in text
    assert number not in text
    assert "专业特长" not in text
    decision = fresh(session, application).decisions[-1]
    assert decision.before_sealed is not None
    assert "教师".encode() not in decision.before_sealed
    assert decision.open_before(vault_of(session))["occupation"] == "教师"


def test_what_was_uploaded_since_is_named(
    app: Flask, session: Session, staff_client: StaffClient, clock: Clock
) -> None:
    application = make_application(session, status=Status.RETURNED, fields=("photo",))
    clock.at += dt.timedelta(hours=1)
    person = Client(app)
    look_up(person, application.reference, application.id_number_last4)
    send_file(person, "/status/attachments", picture(), "脸.png", kind="photo")
    person.submit(person.get("/status/correct"), button="提交补正")

    text = box(staff_client(Role.REVIEWER).get(address(application)))

    assert "新上传照片" in text
