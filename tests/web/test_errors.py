"""Every refusal is a page: what happened, what to do, whom to call, and nothing typed is lost."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.client import Client
from tests.conftest import StaffClient, dispose, make_settings
from tests.factories import NOW, answers, make_staff
from tests.web.applicants import TOPICS
from volunteer_app import db as database
from volunteer_app.app import create_app
from volunteer_app.db import start_writing
from volunteer_app.domain.refusal import NotAllowed
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import Draft, Staff
from volunteer_app.web import errors
from volunteer_app.web.uploads import LARGEST_UPLOAD

MAILBOX = "sxxsjdb@163.com"


@pytest.fixture
def client(app: Flask) -> Client:
    """With three views that fail, each in its way."""

    def failing(name: str, error: Exception) -> None:
        def view() -> str:
            raise error

        app.add_url_rule(f"/{name}", name, view)

    failing("broken", RuntimeError("李雷 14010519900307123X"))
    failing("refused", NotAllowed("这份报名由您提请复核，须由另一名复核员决定。"))
    failing("stale", StaleDataError("lost"))
    return Client(app)


@pytest.mark.parametrize(
    ("path", "status", "heading", "sentence"),
    [
        ("/nowhere", 404, "找不到这个页面", "请核对网址"),
        ("/apply/discard", 405, "不能这样打开", "只接受表单提交"),
        ("/refused", 409, "没有办成", "须由另一名复核员决定"),
        ("/stale", 409, "没有办成", "别人刚刚处理过"),
        ("/broken", 500, "系统出错了", "不是您的问题"),
    ],
)
def test_an_error_page_says_what_to_do_and_whom_to_ask(
    client: Client, path: str, status: int, heading: str, sentence: str
) -> None:
    response = client.http.get(path)
    body = response.get_data(as_text=True)

    assert response.status_code == status
    assert f'<h1 class="mb-4">{heading}</h1>' in body
    assert sentence in body
    assert MAILBOX in body
    assert "no-store" in response.headers["Cache-Control"]


def test_a_405_says_which_methods_there_are(client: Client) -> None:
    assert "POST" in client.get("/apply/discard", status=405).headers["Allow"]


def test_the_number_on_the_page_is_the_number_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "volunteer"):
        body = client.http.get("/broken").get_data(as_text=True)

    [number] = {
        record.args[1]
        for record in caplog.records
        if isinstance(record.args, tuple) and len(record.args) == 2
    }
    assert f'问题编号 <span class="nb">{number}</span>' in body
    assert "李雷" not in body


def test_ten_megabytes_are_refused_before_they_are_read(client: Client) -> None:
    token = client.get("/check").values().to_dict()

    page = client.post("/check", {**token, "born": "9" * 10_000_000}, status=413)

    assert page.heading == "内容太大"


def test_a_refused_body_is_read_to_its_end_and_thrown_away(client: Client) -> None:
    """Otherwise a browser that is still sending shows a broken connection, not this page."""
    length = LARGEST_UPLOAD + 1_000_000
    body = io.BytesIO(bytes(length))
    kind = "multipart/form-data; boundary=b"

    answer = client.http.post("/check", input_stream=body, content_length=length, content_type=kind)

    assert answer.status_code == 413
    assert "文件太大" in answer.text
    assert body.tell() == length


@contextmanager
def somebody_else_writes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second real connection holds the writer's turn; ours wait for a moment only."""
    monkeypatch.setitem(database.PRAGMAS, "busy_timeout", 50)
    with app.app_context():
        url = database.db.engine.url
    other = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with other.connect() as connection:
        if url.drivername == "sqlite":
            held, free = ["BEGIN IMMEDIATE"], "ROLLBACK"
        else:
            connection.exec_driver_sql(f"ALTER DATABASE {url.database} SET lock_timeout = '100ms'")
            held = ["BEGIN", "LOCK TABLE draft, audit_event IN SHARE ROW EXCLUSIVE MODE"]
            free = "ROLLBACK"
        dispose(app)  # what is connected from here on waits for a moment only
        for statement in held:
            connection.exec_driver_sql(statement)
        yield
        connection.exec_driver_sql(free)


def test_what_was_typed_is_in_the_page_when_nothing_can_be_stored(
    app: Flask, client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = answers(name="欧阳·𠮷", address='太原市"小店区"<b>')
    typed = {name: given[name] for name in TOPICS["identity"].split()}
    asked = client.get("/apply/identity")

    with somebody_else_writes(app, monkeypatch):
        page = client.submit(asked, typed, button="保存并继续", status=503)
        again = client.submit(page, button="再试一次", status=503)
        assert client.get("/").status == 200

    assert page.headers["Retry-After"] == "30"
    assert page.heading == "暂时办不了"
    kept = again.values(button="再试一次").to_dict()
    assert {name: kept[name] for name in typed} == typed
    assert client.submit(again, button="再试一次").heading == "学历与职业"
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1


@pytest.mark.parametrize("password", ["the wrong one", "一句只有我知道的话"])
def test_a_password_is_not_kept_in_the_page(
    app: Flask,
    client: Client,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
) -> None:
    from flask_security import hash_password

    with app.app_context():
        hashed = hash_password("一句只有我知道的话")
    make_staff(session, username="lilei", password=hashed)
    asked = client.get("/staff/sign-in")

    with somebody_else_writes(app, monkeypatch):
        given = {"email": "lilei", "password": password}
        page = client.submit(asked, given, button="登录", status=503)

    assert password not in page.html
    assert "密码不会留在页面上" in page.text
    assert "再试一次" not in page.text


@pytest.mark.parametrize("name", ["password", "again", "current"])
def test_no_field_of_a_password_is_kept_in_the_page(app: Flask, name: str) -> None:
    with app.test_request_context("/staff/x", method="POST", data={name: "一句只有我知道的话"}):
        app.preprocess_request()
        html, _status = errors.page(503, retry=True)

    assert "一句只有我知道的话" not in html
    assert "再试一次" not in html


def test_a_row_that_is_refused_leaves_nobody_in_the_log(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    make_staff(session, username="lilei14010519900307123")

    def view() -> str:
        start_writing(database.db.session)
        staff = Staff(username="lilei14010519900307123", name="李雷", role=Role.VIEWER)
        staff.fs_uniquifier, staff.created_at = "x", NOW
        database.db.session.add(staff)
        database.db.session.commit()
        return ""

    app.add_url_rule("/twice", "twice", view)
    with caplog.at_level(logging.INFO, "volunteer"):
        assert app.test_client().get("/twice").status_code == 500

    assert "IntegrityError" in caplog.text
    assert "in view" in caplog.text
    assert "lilei1401" not in caplog.text
    assert "李雷" not in caplog.text


def test_no_engine_tells_what_was_sent(app: Flask) -> None:
    with app.app_context():
        assert all(engine.hide_parameters for engine in database.db.engines.values())


def test_staff_keep_their_navigation_on_an_error_page(staff_client: StaffClient) -> None:
    page = staff_client(Role.VIEWER).get("/staff/nowhere", status=404)

    assert "审核队列" in page.links
    assert "招募通知" not in page.links


def test_without_a_database_a_page_still_says_so(tmp_path: Path) -> None:
    app = create_app(make_settings(f"sqlite:///{tmp_path}/nowhere/none.sqlite3", tmp_path))
    client = Client(app)

    page = client.get("/", status=503)

    assert (page.heading, page.headers["Retry-After"]) == ("暂时办不了", "30")
    assert page.forms == []
    dispose(app)
