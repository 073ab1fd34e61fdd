"""Who may open what: every route of the map, for everybody; and what a change must carry."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.client import ORIGIN, Client
from tests.conftest import StaffClient, sign_in
from tests.factories import make_application
from volunteer_app.db import Base
from volunteer_app.domain.permissions import ROLE_PERMISSIONS, Permission
from volunteer_app.domain.vocabulary import Role
from volunteer_app.web.access import ANY_STAFF, PUBLIC

#: Values for the parts of addresses; a route with a part that is not here fails the tests.
PARTS = {
    "section": "identity",
    "token": "x" * 32,
    "name": "approve",
    "kind": "speciality_proof",
    "username": "somebody",
    "slug": "2027",
    "mode": "elder",
    "extension": "pdf",
    "number": "1",
    "page": "1",
    "code": "K7M4-2RQX-9",
}
SIGN_IN, SIGN_OUT = "/staff/sign-in", "/staff/sign-out"


def routes(app: Flask, reference: str) -> list[tuple[str, str, object]]:
    """(method, address, who may) of every route of ours."""
    found = []
    for rule in app.url_map.iter_rules():
        who = getattr(app.view_functions[rule.endpoint], "open_to", None)
        if who is not None:
            path = address(rule, reference)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [(method, path, who) for method in sorted(methods)]
    return found


def address(rule: Rule, reference: str) -> str:
    path = str(rule)
    for _part in rule.arguments:
        start, end = path.index("<"), path.index(">") + 1
        name = path[start + 1 : end - 1].rpartition(":")[2]
        path = path[:start] + (PARTS | {"reference": reference})[name] + path[end:]
    return path


def answered(client: Client, method: str, path: str) -> tuple[int, str]:
    response = client.http.open(path, method=method, base_url=ORIGIN, headers={"Origin": ORIGIN})
    location = response.headers.get("Location", "").partition("?")[0]
    response.close()
    return response.status_code, location


def test_the_map_has_public_pages_and_pages_of_every_permission(bare_app: Flask) -> None:
    kinds = {who for _method, _path, who in routes(bare_app, "K7M4-2RQX-9")}

    assert kinds == {PUBLIC, ANY_STAFF, *Permission}


def test_who_is_not_signed_in_is_sent_to_sign_in(
    app: Flask, client: Client, session: Session
) -> None:
    reference = make_application(session).reference
    guarded = [each for each in routes(app, reference) if each[2] is not PUBLIC]

    answers = {each: answered(client, *each[:2]) for each in guarded}

    assert len(answers) > 15
    assert answers == {each: (401, "") if each[0] == "POST" else (303, SIGN_IN) for each in guarded}


def test_anybody_opens_what_is_public(app: Flask, client: Client, session: Session) -> None:
    public = [
        each
        for each in routes(app, make_application(session).reference)
        if each[2] is PUBLIC and each[0] == "GET"
    ]

    answers = {path: answered(client, "GET", path) for _method, path, _who in public}

    turned_away = {
        path: answer
        for path, answer in answers.items()
        if answer[0] in (401, 403) or answer[0] >= 500 or answer[1] == SIGN_IN
    }
    assert turned_away == {}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_its_permissions_say(
    app: Flask, session: Session, staff_client: StaffClient, role: Role
) -> None:
    reference = make_application(session).reference
    client = staff_client(role)
    guarded = [each for each in routes(app, reference) if isinstance(each[2], Permission)]

    refused = {each for each in guarded if answered(client, *each[:2])[0] == 403}

    assert refused == {each for each in guarded if each[2] not in ROLE_PERMISSIONS[role]}
    assert answered(client, "GET", "/staff/password")[0] == 200


def test_another_prefectures_application_is_not_there(
    session: Session, staff_client: StaffClient
) -> None:
    reference = make_application(session, region="140200", county="140213").reference
    here, elsewhere = (
        staff_client(Role.APPROVER, region="140200"),
        staff_client(Role.APPROVER, region="140100"),
    )

    pages = [("GET", ""), ("POST", "/approve"), ("POST", "/seen/speciality_proof")]

    assert answered(here, "GET", f"/staff/applications/{reference}")[0] == 200
    assert [
        answered(elsewhere, method, f"/staff/applications/{reference}{path}")[0]
        for method, path in pages
    ] == [404] * len(pages)


def test_who_was_sent_to_sign_in_comes_back(client: Client) -> None:
    page = client.get("/staff/roster/?region=140100", status=303)

    assert page.location == "/staff/sign-in?next=/staff/roster/?region%3D140100"


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table."""
    session.rollback()
    rows = {
        table.name: sorted(map(repr, session.execute(sa.select(table))))
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return rows


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_page_of_another_site_changes_nothing(
    app: Flask, session: Session, staff_client: StaffClient, headers: dict[str, str]
) -> None:
    client = staff_client(Role.ADMIN)
    reference = make_application(session).reference
    before = everything(session)
    posts = {path for method, path, _who in routes(app, reference) if method == "POST"}
    posts |= {SIGN_IN, SIGN_OUT}

    statuses = {path: client.post(path, {}, headers=headers, status=403).status for path in posts}

    assert len(statuses) > 20
    assert everything(session) == before
    assert answered(client, "GET", "/staff/queue/")[0] == 200


def test_an_old_session_ends(staff_client: StaffClient) -> None:
    client = staff_client(Role.VIEWER)
    assert answered(client, "GET", "/staff/queue/")[0] == 200

    make_old(client)

    assert answered(client, "GET", "/staff/queue/") == (303, SIGN_IN)


def make_old(client: Client) -> None:
    with client.session_transaction() as kept:
        kept["fs_paa"] -= 12 * 3600 + 1


def test_a_reason_typed_for_too_long_is_sent_again_after_signing_in(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    application = make_application(session)
    client = staff_client(Role.REVIEWER)
    asked = client.get(f"/staff/applications/{application.reference}")
    make_old(client)

    page = client.submit(asked, {"words": "电话核对属实"}, button="通过", status=401)

    assert page.heading == "登录已过期"
    assert page.values(button="再试一次")["words"] == "电话核对属实"
    [link] = [a for a in page.tree.all("a") if a.get("target") == "_blank"]
    assert (link.get("href"), link.get("rel")) == (SIGN_IN, "noopener")
    assert "审核队列" not in page.links
    assert client.staff is not None
    sign_in(app, client, client.staff)
    client.submit(page, button="再试一次")
    session.rollback()
    session.refresh(application)
    assert application.decisions[-1].reason == "电话核对属实"


def test_an_expired_session_keeps_no_password_in_the_page(staff_client: StaffClient) -> None:
    client = staff_client(Role.VIEWER)
    asked = client.get("/staff/password")
    make_old(client)
    given = dict.fromkeys(("current", "password", "again"), "一句只有我知道的话")

    page = client.submit(asked, given, button=asked.form().all("button")[-1].text, status=401)

    assert "一句只有我知道的话" not in page.html
    assert "再试一次" not in page.text
