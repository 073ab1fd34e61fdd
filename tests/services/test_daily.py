"""Each job once a day after seven in Shanghai, by one poller, whatever becomes of the others."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.serving import at, days_before, kinds, make_term
from volunteer_app.cli.jobs import Jobs
from volunteer_app.db import db, start_writing
from volunteer_app.models import JobRun
from volunteer_app.services import daily, expiring

TODAY = dt.date(2027, 8, 12)
DAY = dt.timedelta(days=1)
NAMES = [job.name for job in daily.JOBS]


def due(session: Session, now: dt.datetime) -> list[str]:
    session.rollback()
    return [job.name for job in daily.due(session, now=now)]


def run_all(session: Session, now: dt.datetime) -> list[int | None]:
    wrote = []
    for job in daily.JOBS:
        start_writing(session)
        wrote.append(daily.run_due(session, job, now=now))
        session.commit()
    return wrote


def test_a_job_is_due_once_a_day_from_seven_in_shanghai(session: Session) -> None:
    assert due(session, at(TODAY, 6, 59)) == []
    assert due(session, at(TODAY, 7, 0)) == NAMES

    assert run_all(session, at(TODAY, 7, 0)) == [0] * len(NAMES)

    assert due(session, at(TODAY, 23, 59)) == []
    assert due(session, at(TODAY + DAY, 6, 59)) == []
    assert due(session, at(TODAY + DAY, 7, 0)) == NAMES
    assert run_all(session, at(TODAY, 23, 59)) == [None] * len(NAMES)


def test_what_it_wrote_is_kept_with_it(session: Session) -> None:
    make_term(session)
    morning = days_before(90)

    run_all(session, morning)

    runs, job = daily.last_runs(session), daily.NOTIFY_EXPIRY
    kept = runs[job.name]
    assert (kept.at, kept.wrote) == (morning, 1)
    assert not daily.overdue(runs, job, since=morning - DAY, now=morning + 2 * DAY)
    assert daily.overdue(runs, job, since=morning, now=morning + 2 * DAY + dt.timedelta(seconds=1))
    assert not daily.overdue({}, job, since=morning, now=morning + 2 * DAY)
    assert daily.overdue({}, job, since=morning - DAY, now=morning + 2 * DAY)


def test_a_job_that_has_more_to_do_stays_due(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "MOST_AT_ONCE", 2)
    job = daily.Job(name="notify_expiry", label="", run=expiring.notify_expiry, batch=2)
    for _person in range(3):
        make_term(session)
    morning = days_before(30)

    wrote = []
    for _go in range(3):
        start_writing(session)
        wrote.append(daily.run_due(session, job, now=morning))
        session.commit()

    assert wrote == [2, 1, None]
    assert daily.last_runs(session)["notify_expiry"].wrote == 3


def test_asked_for_by_hand_it_runs_again(session: Session) -> None:
    make_term(session)
    run_all(session, at(TODAY))

    start_writing(session)
    wrote = daily.run(session, daily.NOTIFY_EXPIRY, now=days_before(7))
    session.commit()

    assert wrote == 1
    assert daily.run(session, daily.NOTIFY_EXPIRY, now=days_before(7)) == 0


def test_two_pollers_run_each_job_once(app: Flask, session: Session, clock: Clock) -> None:
    for _person in range(3):
        make_term(session)
    clock.at = days_before(7)
    together = Barrier(4)

    def poll() -> None:
        jobs = Jobs(app)
        together.wait(timeout=20)
        jobs.run_due()

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(poll) for _poller in range(4)]:
            each.result(40)

    assert [key.partition(":")[2].partition(":")[0] for key in kinds(session)] == ["7"] * 3
    assert {run.wrote for run in session.scalars(sa.select(JobRun))} == {0, 3}


def test_who_comes_second_while_the_first_still_works_does_nothing(
    app: Flask, session: Session
) -> None:
    make_term(session)
    morning, job = days_before(7), daily.NOTIFY_EXPIRY
    with app.app_context():
        sessions = db.sessionmaker

    def second() -> int | None:
        with sessions() as other:
            start_writing(other)
            wrote = daily.run_due(other, job, now=morning)
            other.commit()
            return wrote

    with ThreadPoolExecutor(1) as pool:
        start_writing(session)
        assert daily.run_due(session, job, now=morning) == 1
        waits = pool.submit(second)
        with pytest.raises(TimeoutError):
            waits.result(0.3)
        session.commit()
        assert waits.result(20) is None


def test_a_job_that_fails_is_logged_and_stops_no_other(
    app: Flask,
    session: Session,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries = []

    def fails(session: Session, *, now: dt.datetime) -> int:
        tries.append(now)
        raise RuntimeError("out of order")

    broken = daily.Job(name="broken", label="坏了的", run=fails)
    monkeypatch.setattr(daily, "JOBS", (broken, *daily.JOBS))
    jobs = Jobs(app)

    jobs.run_due()
    jobs.run_due()

    assert "a job of the day failed: broken" in caplog.text
    assert set(daily.last_runs(session)) == set(NAMES)
    assert len(tries) == 1
    clock.at += dt.timedelta(hours=1)
    jobs.run_due()
    assert len(tries) == 2
