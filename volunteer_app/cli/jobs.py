"""What the poller does besides letters: each job of the day once; and the same by hand."""

from __future__ import annotations

import datetime as dt
import logging

import click
from flask import Flask
from sqlalchemy.orm import Session

from ..db import db, start_writing
from ..services import daily
from ..web.clock import system_clock
from .chinese import ChineseCommand, Unready, sentence
from .opening import ready_session

#: How long a job that failed rests, so that it does not fill the log.
REST = dt.timedelta(hours=1)
_log = logging.getLogger(__name__)


class Jobs:
    """The jobs of one poller, with those of them that failed and when."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._failed: dict[str, dt.datetime] = {}

    def run_due(self) -> bool:
        """Each in a transaction of its own; one that fails is logged, and the others are run.
        Returns whether one of them has more to do at once."""
        now: dt.datetime = self._app.extensions["clock"]()
        with self._app.app_context():
            sessions = db.sessionmaker
        with sessions() as session:
            due = daily.due(session, now=now)
        more = False
        for job in due:
            if self._rests(job, now):
                continue
            try:
                more |= self._run(job, now)
            except Exception:
                _log.exception("a job of the day failed: %s", job.name)
                self._failed[job.name] = now
        return more

    def _rests(self, job: daily.Job, now: dt.datetime) -> bool:
        return job.name in self._failed and now < self._failed[job.name] + REST

    def _run(self, job: daily.Job, now: dt.datetime) -> bool:
        with self._app.app_context():
            sessions = db.sessionmaker
        with sessions() as session:
            start_writing(session)
            wrote = daily.run_due(session, job, now=now)
            session.commit()
        if wrote is not None:
            _log.info("job %s wrote %d", job.name, wrote)
        return wrote is not None and not daily.is_done(job, wrote)


@click.command(name="notify-expiry", cls=ChineseCommand)
def notify_expiry() -> None:
    """写聘期快满（90天、30天、7天）和届满的通知。

    volunteer serve和volunteer worker每天7点以后自己办一次；只在要马上办时才用这个命令，
    多运行几次没有关系。
    """
    with ready_session() as session:
        total = run_whole(session, daily.NOTIFY_EXPIRY)
    click.echo(f"已写{total}条通知。" if total else "没有要写的通知。")


@click.command(name="daily", cls=ChineseCommand)
def run_daily() -> None:
    """把每天的事都办一遍，说出各办了多少。

    volunteer serve和volunteer worker每天7点以后自己办；两样都不整天运行的，用cron每天运行
    一次这个命令。多运行几次没有关系。
    """
    failed = 0
    with ready_session() as session:
        for job in daily.JOBS:
            try:
                click.echo(f"{job.label}：{run_whole(session, job)}")
            except Exception as error:  # the others are done all the same
                session.rollback()
                failed += 1
                click.echo(f"{job.label}：没有办成。{sentence(error)}")
    if failed:
        raise Unready(f"有{failed}件没有办成，原因写在上面。")


def run_whole(session: Session, job: daily.Job) -> int:
    """All of a job, whenever it was run last, each batch committed by itself. Returns how much it
    did."""
    total = 0
    while True:
        start_writing(session)
        wrote = daily.run(session, job, now=system_clock())
        session.commit()
        total += wrote
        if daily.is_done(job, wrote):
            return total
