"""The jobs of the day by hand and by the poller, with and without a mail server."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.commands import InProcess
from tests.conftest import Clock
from tests.mail_server import wait_until
from tests.serving import days_before, kinds, make_term
from volunteer_app.cli.worker import start_thread
from volunteer_app.db import start_writing
from volunteer_app.domain.terms import day_of
from volunteer_app.models import Appointment, JobRun
from volunteer_app.services import daily
from volunteer_app.settings import Settings
from volunteer_app.vault import new_keys, read_vault
from volunteer_app.web.clock import system_clock

KEYS = new_keys()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        database_url=database_url,
        secret_key=KEYS["secret_key"],
        vault=read_vault(KEYS),
    )


def test_without_a_mail_server_the_website_runs_the_jobs_all_the_same(
    app: Flask, session: Session, clock: Clock
) -> None:
    make_term(session)
    clock.at = days_before(30)
    assert app.extensions["settings"].mail is None
    stop = threading.Event()

    thread = start_thread(app, stop)
    try:
        wait_until(lambda: len(runs(session)) == len(daily.JOBS), 20)
    finally:
        stop.set()
        thread.join(20)

    assert kinds(session) == ["expiring:30"]
    assert runs(session)["notify_expiry"] == 1


def runs(session: Session) -> dict[str, int]:
    session.rollback()
    return {run.name: run.wrote for run in session.scalars(sa.select(JobRun))}


def test_by_hand_it_writes_at_any_hour_and_says_how_many(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    term, today = make_term(session), day_of(system_clock())
    start_writing(session)
    session.get_one(Appointment, term.id).starts_on = today
    session.get_one(Appointment, term.id).ends_on = today
    session.commit()
    url = settings.database_url.replace("postgresql+psycopg", "postgresql")
    environment = {"VOLUNTEER_KEYS": json.dumps(KEYS), "VOLUNTEER_DATABASE_URL": url}

    said = [InProcess(tmp_path).say("notify-expiry", **environment) for _time in range(2)]

    assert said == ["已写1条通知。\n", "没有要写的通知。\n"]
    assert kinds(session) == ["expiring:7"]
    assert runs(session) == {"notify_expiry": 1}


def test_its_help_is_chinese(tmp_path: Path) -> None:
    said = InProcess(tmp_path).say("notify-expiry", "--help")

    assert "写聘期快满（90天、30天、7天）和届满的通知" in said
