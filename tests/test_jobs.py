"""The jobs of the day by hand and by the poller, with and without a mail server."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import threading
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.commands import InProcess
from tests.conftest import Clock
from tests.factories import NOW, make_application
from tests.mail_server import post_office, wait_until
from tests.serving import days_before, kinds, make_term
from volunteer_app.cli.jobs import Jobs
from volunteer_app.cli.worker import start_thread, work_some
from volunteer_app.db import start_writing
from volunteer_app.domain.terms import day_of
from volunteer_app.models import Appointment, JobRun
from volunteer_app.services import daily, expiring
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


def environment_of(settings: Settings) -> dict[str, str]:
    url = settings.database_url.replace("postgresql+psycopg", "postgresql")
    return {"VOLUNTEER_KEYS": json.dumps(KEYS), "VOLUNTEER_DATABASE_URL": url}


def end_today(session: Session, count: int) -> None:
    """That many terms whose last day is today by the clock of this machine."""
    today = day_of(system_clock())
    terms = [make_term(session).id for _person in range(count)]
    start_writing(session)
    for term in terms:
        session.get_one(Appointment, term).starts_on = today
        session.get_one(Appointment, term).ends_on = today
    session.commit()


def test_by_hand_it_writes_at_any_hour_and_says_how_many(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    end_today(session, 1)
    environment = environment_of(settings)

    said = [InProcess(tmp_path).say("notify-expiry", **environment) for _time in range(2)]

    assert said == ["已写1条通知。\n", "没有要写的通知。\n"]
    assert kinds(session) == ["expiring:7"]
    assert runs(session) == {"notify_expiry": 1}


def in_batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "MOST_AT_ONCE", 2)
    first, *others = daily.JOBS
    assert first is daily.NOTIFY_EXPIRY
    monkeypatch.setattr(daily, "JOBS", (dataclasses.replace(first, batch=2), *others))


def test_daily_runs_every_job_to_its_end_and_records_it(
    session: Session, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_today(session, 3)
    in_batches_of_two(monkeypatch)
    nothing = [f"{job.label}：0" for job in daily.JOBS]

    said = [InProcess(tmp_path).say("daily", **environment_of(settings)) for _time in range(2)]

    assert said[0].splitlines() == ["聘期快满和届满的通知：3", *nothing[1:]]
    assert said[1].splitlines() == nothing
    assert kinds(session) == ["expiring:7"] * 3
    assert runs(session) == {job.name: 0 for job in daily.JOBS} | {"notify_expiry": 3}
    [today] = {run.day for run in session.scalars(sa.select(JobRun))}
    assert today == day_of(system_clock())


def test_daily_says_which_job_failed_and_runs_the_others(
    session: Session, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(session: Session, *, now: dt.datetime) -> int:
        raise RuntimeError("out of order")

    broken = daily.Job(name="broken", label="坏了的", run=fails)
    monkeypatch.setattr(daily, "JOBS", (broken, *daily.JOBS))

    done = InProcess(tmp_path).run("daily", **environment_of(settings))

    assert done.returncode == 1
    assert done.stderr.decode() == "有1件没有办成，原因写在上面。\n"
    assert done.stdout.decode().startswith("坏了的：没有办成。程序出错了（RuntimeError")
    assert set(runs(session)) == {job.name for job in daily.JOBS} - {"broken"}


def test_a_poller_says_that_there_is_more_until_all_batches_are_written(
    app: Flask, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_batches_of_two(monkeypatch)
    for _person in range(5):
        make_term(session)
    clock.at = days_before(30)
    jobs, stop = Jobs(app), threading.Event()

    assert [work_some(stop, app, jobs, None) for _go in range(4)] == [True, True, False, False]

    assert kinds(session) == ["expiring:30"] * 5


def test_jobs_get_their_turn_while_many_letters_wait(
    app: Flask, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module(work_some.__module__), "LETTERS_BETWEEN_JOBS", 2)
    for _person in range(5):
        make_application(session)
    jobs, stop = Jobs(app), threading.Event()
    morning = NOW + dt.timedelta(hours=21)

    with post_office() as (office, server):
        clock.at = morning - dt.timedelta(minutes=1)
        assert work_some(stop, app, jobs, server)
        assert (len(office.letters), runs(session)) == (2, {})
        clock.at = morning
        assert work_some(stop, app, jobs, server)
        assert len(office.letters) == 4
        assert set(runs(session)) == {job.name for job in daily.JOBS}
        assert not work_some(stop, app, jobs, server)
        assert len(office.letters) == 5


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("notify-expiry", "写聘期快满（90天、30天、7天）和届满的通知"),
        ("daily", "把每天的事都办一遍，说出各办了多少"),
    ],
)
def test_their_help_is_chinese(tmp_path: Path, command: str, sentence: str) -> None:
    assert sentence in InProcess(tmp_path).say(command, "--help")
