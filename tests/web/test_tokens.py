"""A change needs the token of the form it comes from, wherever it is sent; a session ends alone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client
from tests.conftest import StaffClient, sign_in
from tests.factories import answers, make_application, make_staff
from tests.web.test_access import everything, routes
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import AuditEvent

#: Enough of everything to be taken by any form, if only the token were right.
COMPLETE: dict[str, Any] = {
    key: ("y" if value is True else value) for key, value in answers().items() if value
} | {
    "reason": "核对身份", "reference": "K7M4-2RQX-9", "last4": "1234", "username": "new.person",
    "role": "viewer", "title": "新的标题", "mailbox": "new@example.com", "telephone": "0351-1",
    "office_hours": "早", "password": "ein langes Passwort", "again": "ein langes Passwort",
    "current": "ein langes Passwort", "opens_on": "2027-07-01", "closes_on": "2027-09-01",
    "due_on": "2027-09-30", "fields": ["occupation"], "born": "1990-01-01", "later": "1",
    "version": "1", "words": "没有联系上本人",
}  # fmt: skip


def send(client: Client, path: str, given: dict[str, Any]) -> int:
    response = client.http.post(path, data=given, base_url=ORIGIN, headers={"Origin": ORIGIN})
    response.close()
    return response.status_code


def test_without_its_token_no_form_changes_anything(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    reference = make_application(session).reference
    make_staff(session, username="somebody")
    admin = staff_client(Role.ADMIN)
    before = everything(session)
    paths = {path for method, path, _who in routes(app, reference) if method == "POST"}
    paths |= {"/staff/sign-out", "/staff/verify"}
    assert len(paths) > 18

    for path in sorted(paths):
        for given in (COMPLETE, COMPLETE | {"csrf_token": "made-up"}):
            status = send(admin, path, given)

            assert status < 500, path
            after = everything(session)
            assert {name for name in after if after[name] != before[name]} == set(), path
    assert admin.get("/staff/queue/").status == 200


def test_with_its_token_the_same_does(session: Session, staff_client: StaffClient) -> None:
    reference = make_application(session).reference
    admin = staff_client(Role.ADMIN)
    before = everything(session)
    page = admin.get(f"/staff/applications/{reference}")
    token = next(each for each in page.tree.all("input") if each.get("name") == "csrf_token")

    for path in (f"/staff/applications/{reference}/reject", "/apply/career", "/staff/people/"):
        assert send(admin, path, COMPLETE | {"csrf_token": token.get("value")}) == 303

    after = everything(session)
    assert {name for name in after if after[name] != before[name]} == {
        "application",
        "application_count",
        "audit_event",
        "decision",
        "draft",
        "message",
        "private_link",
        "staff",
    }


def test_a_token_of_somebody_else_does_not_do(
    session: Session, client: Client, staff_client: StaffClient
) -> None:
    reference = make_application(session).reference
    admin = staff_client(Role.ADMIN)
    page = client.get("/check")
    token = next(each for each in page.tree.all("input") if each.get("name") == "csrf_token")
    before = everything(session)

    status = send(
        admin,
        f"/staff/applications/{reference}/reject",
        COMPLETE | {"csrf_token": token.get("value")},
    )

    assert status == 422
    assert everything(session) == before


def test_a_session_that_is_too_old_ends_alone(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    staff = make_staff(session, Role.VIEWER)
    old, new = staff_client(Role.VIEWER, staff=staff), Client(app)
    sign_in(app, new, staff)
    with old.session_transaction() as kept:
        kept["fs_paa"] -= 12 * 3600 + 1

    assert old.get("/staff/queue/", status=303).location.startswith("/staff/sign-in")

    assert new.get("/staff/queue/").status == 200
    session.rollback()
    actions = session.scalars(sa.select(AuditEvent.action)).all()
    assert "sign_in" in actions
    assert "sign_out" not in actions


def test_an_application_elsewhere_looks_like_none(
    session: Session, staff_client: StaffClient
) -> None:
    reference = make_application(session, region="140100", county="140105").reference
    client = staff_client(Role.APPROVER, "140200")

    pages = [
        client.get(f"/staff/applications/{one}", status=404).text.partition("问题编号")[0]
        for one in (reference, "2222-2222-2")
    ]

    assert pages[0] == pages[1]
