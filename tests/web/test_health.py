"""Whether the process lives is told apart from whether it can work."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.client import Client
from tests.conftest import dispose, make_settings
from volunteer_app.app import create_app
from volunteer_app.db import db
from volunteer_app.migrating import downgrade
from volunteer_app.web.headers import JsonFormatter


def said(client: Client, path: str, *, status: int = 200) -> str:
    answer: str = json.loads(client.get(path, status=status).body)["status"]
    return answer


def test_a_database_with_every_migration_is_ready(client: Client) -> None:
    assert said(client, "/healthz") == "ok"
    assert said(client, "/readyz") == "ok"


def test_a_migration_that_waits_is_said(app: Flask, client: Client) -> None:
    with app.app_context():
        downgrade(app, "outbox_delivery")

    assert said(client, "/readyz", status=503) == "migrations pending"
    assert said(client, "/healthz") == "ok"


def test_a_database_that_is_away_is_said(tmp_path: Path) -> None:
    app = create_app(make_settings(f"sqlite:///{tmp_path}/nowhere/none.sqlite3", tmp_path))
    client = Client(app)

    assert said(client, "/readyz", status=503) == "database unavailable"
    assert said(client, "/healthz") == "ok"
    dispose(app)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_connection_that_would_not_flush_is_said(app: Flask, client: Client) -> None:
    def careless(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = NORMAL")

    dispose(app)
    with app.app_context():
        sa.event.listen(db.engine, "connect", careless)

    assert said(client, "/readyz", status=503) == "synchronous=1"


@pytest.mark.parametrize(("name", "phone"), [("乔秀兰", "13900000001")])
def test_the_log_says_where_it_failed_and_quotes_nobody(name: str, phone: str) -> None:
    try:
        try:
            raise ValueError(name)
        except ValueError as cause:
            raise RuntimeError(phone) from cause
    except RuntimeError as error:
        exc_info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("volunteer", logging.ERROR, "", 1, "unexpected", (), exc_info)

    told = json.loads(JsonFormatter().format(record))["exception"]

    assert [word in told for word in ("RuntimeError", "ValueError", "test_health.py")] == [True] * 3
    assert [word in told for word in (name, phone)] == [False] * 2
