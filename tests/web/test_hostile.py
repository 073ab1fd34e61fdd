"""Hostile input on every public page: refused clearly or shown inert, never a failure."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client, Page, read_page
from tests.factories import answers
from tests.pages import controls, filled
from tests.web.applicants import fill_in
from volunteer_app.models import Draft
from volunteer_app.web.access import PUBLIC

HOSTILE = {
    "NUL": "李\x00雷",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% for x in () %}",
    "formula": '=HYPERLINK("http://elsewhere.example")',
    "long": "长" * 100_000,
    "digits": "9" * 20_000,
    "zero-width": "\u200b\u200d\ufeff",
    "direction": "\u202e雷李\u202c",
    "astral": "𠮷\U0010ffff\U000e0041",
    "full-width": "１４０１０５１９９００３０７１２３ｘ",
    "empty": " \t\r\n",
    "SQL": "' OR 1=1; DROP TABLE application; --",
}
FORMS = [
    "/check",
    "/apply/identity",
    "/apply/career",
    "/apply/service",
    "/apply/pledges",
    "/status/",
    "/staff/sign-in",
]


def send(client: Client, path: str, body: str | bytes | dict[str, object]) -> Page:
    """Straight to the server; good manners are asserted of whatever page comes back."""
    kind = {} if isinstance(body, dict) else {"content_type": "application/x-www-form-urlencoded"}
    response = client.http.post(
        path, data=body, headers={"Origin": ORIGIN}, base_url=ORIGIN, **kind
    )
    page = read_page(response)
    assert page.status < 500, f"{path} answered {page.status}"
    return page


@pytest.mark.parametrize("path", FORMS)
def test_no_typed_text_breaks_a_form(client: Client, path: str) -> None:
    form = client.get(path).form()
    asked = [(each.attributes["name"], each.get("value") or "") for each in controls(form)]
    assert len(asked) > 1

    for text in HOSTILE.values():
        page = send(client, path, {
            name: value if name == "csrf_token" else text for name, value in asked
        })  # fmt: skip
        assert "<script>alert" not in page.html
        assert "<img src=x" not in page.html
        assert page.status in (200, 303, 413, 422, 429)


BODIES = [
    b"name=%ED%A0%80&id_number=%FF%FE&csrf_token=%C0%80",
    b"name=\xff\xfe\x00&csrf_token=\xed\xa0\x80",
    b"name=%u674e&=&&&=%&csrf_token",
    b"\x00" * 1_000,
    "&".join(f"f{n}=1" for n in range(2_000)).encode(),
]


@pytest.mark.parametrize("path", FORMS)
def test_no_body_breaks_a_form(client: Client, path: str) -> None:
    for body in BODIES:
        send(client, path, body)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "x"])
def test_what_no_form_sends_is_refused(client: Client, path: str, kind: str) -> None:
    assert client.post(path, b"1", content_type=kind, status=415).heading == "不能这样提交"


def test_an_empty_body_is_a_form_without_answers(client: Client) -> None:
    client.post("/staff/sign-in", None, status=200)


@pytest.mark.parametrize(("topic", "name"), [("identity", "address"), ("career", "occupation")])
def test_nothing_invisible_is_kept(client: Client, session: Session, topic: str, name: str) -> None:
    fill_in(client, answers(), "identity")
    for kind in ("NUL", "zero-width", "direction", "astral"):
        page = client.get(f"/apply/{topic}")
        given = dict(filled(page.form(button="保存并继续"))) | {name: HOSTILE[kind]}

        send(client, f"/apply/{topic}", {**given, "later": "1"})

        shown = client.get(f"/apply/{topic}").values(button="保存并继续").get(name, "")
        assert not set(shown) & set("\x00\u200b\u200d\ufeff\u202e\u202c\U000e0041")
        assert (shown != "") is (kind != "zero-width")
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1


PATHS = [
    "/apply/" + "9" * 4_000,
    "/apply/resume/" + "9" * 4_000,
    "/apply/resume/%00",
    "/apply/resume/%ED%A0%80",
    "/apply/resume/..%2f..%2fetc%2fpasswd",
    "/staff/invitation/" + "A" * 4_000,
    "/staff/invitation/%FF%00",
    "/status/progress?reference=99999999999999999999999999",
    "/apply/identity?check=%00&section=" + "9" * 500,
    "/apply/eligibility?section=%ED%A0%80",
    "/ui/elder?next=https://elsewhere.example",
    "/ui/elder?back=//elsewhere.example",
    "/ui/" + "9" * 500,
    "/%00",
    "/%ED%A0%80",
    "/static/%00",
    "/static/../../settings.py",
    "/static/" + "a" * 5_000,
    "/?" + "&".join(f"a{n}=1" for n in range(2_000)),
    "/staff/queue/?after=" + "9" * 400,
    "/staff/sign-in?next=%00//elsewhere.example",
]


def test_no_address_breaks_the_server(client: Client) -> None:
    for path in PATHS:
        response = client.http.get(path, headers={"Referer": "https://elsewhere.example/"})
        page = read_page(response)

        assert page.status < 500, path[:60]
        assert "elsewhere" not in page.headers.get("Location", "").partition("next=")[0], path[:60]


def test_no_cookie_breaks_a_public_page(app: Flask, client: Client) -> None:
    pages = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "open_to", None) is PUBLIC
        and "GET" in (rule.methods or ())
        and not rule.arguments
    ]
    assert len(pages) > 10
    for cookie in ("x" * 40, "%00" * 10, "\u00ff" * 30, "9" * 3_000, "../../../../etc/passwd"):
        for name in ("draft", "session", "elder", "ui"):
            client.http.set_cookie(name, cookie)

        statuses = {path: client.http.get(path).status_code for path in pages}

        assert [path for path, status in statuses.items() if status >= 500] == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("host", ["elsewhere.example", "localhost:99999", "a b"])
def test_no_host_breaks_the_server(client: Client, host: str) -> None:
    assert client.http.get("/", headers={"Host": host}).status_code < 500
