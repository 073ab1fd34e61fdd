"""What the poller does besides letters: each job of the day once; and notify-expiry by hand."""

from __future__ import annotations

import datetime as dt
import logging

import click
from flask import Flask

from ..db import db, start_writing
from ..services import daily
from ..web.clock import system_clock
from .chinese import ChineseCommand
from .opening import ready_session

#: How long a job that failed rests, so that it does not fill the log.
REST = dt.timedelta(hours=1)
_log = logging.getLogger(__name__)


class Jobs:
    """The jobs of one poller, with those of them that failed and when."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._failed: dict[str, dt.datetime] = {}

    def run_due(self) -> None:
        """Each in a transaction of its own; one that fails is logged, and the others are run."""
        now: dt.datetime = self._app.extensions["clock"]()
        with self._app.app_context():
            sessions = db.sessionmaker
        with sessions() as session:
            due = daily.due(session, now=now)
        for job in due:
            if self._rests(job, now):
                continue
            try:
                self._run(job, now)
            except Exception:
                _log.exception("a job of the day failed: %s", job.name)
                self._failed[job.name] = now

    def _rests(self, job: daily.Job, now: dt.datetime) -> bool:
        return job.name in self._failed and now < self._failed[job.name] + REST

    def _run(self, job: daily.Job, now: dt.datetime) -> None:
        with self._app.app_context():
            sessions = db.sessionmaker
        with sessions() as session:
            start_writing(session)
            wrote = daily.run_due(session, job, now=now)
            session.commit()
        if wrote is not None:
            _log.info("job %s wrote %d", job.name, wrote)


@click.command(name="notify-expiry", cls=ChineseCommand)
def notify_expiry() -> None:
    """写聘期快满（90天、30天、7天）和届满的通知。

    volunteer serve和volunteer worker每天7点以后自己办一次；只在要马上办时才用这个命令，
    多运行几次没有关系。
    """
    job, total, wrote = daily.NOTIFY_EXPIRY, 0, None
    with ready_session() as session:
        while wrote is None or not daily.is_done(job, wrote):
            start_writing(session)
            wrote = daily.run(session, job, now=system_clock())
            session.commit()
            total += wrote
    click.echo(f"已写{total}条通知。" if total else "没有要写的通知。")
