"""volunteer worker: delivers what waits and runs what is due; serve does so in a thread."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import click
from flask import Flask
from sqlalchemy.orm import Session

from ..db import db, start_writing
from ..documents.letters import envelope
from ..mail import MailServer, Undelivered, deliver
from ..models import Message
from ..services import delivering
from ..settings import load_settings
from ..web.letters import enclosed, letter_of
from .chinese import ChineseCommand, Unready
from .jobs import Jobs
from .opening import keep_log, opened, why_not_ready

#: Seconds between looks at the outbox, and after something went wrong (the database is away).
PAUSE, LONG_PAUSE = 5.0, 30.0
#: Where more waits: nobody else should stand in line behind us for long.
BREATH = 0.05
#: After so many letters the jobs of the day get their turn, however many more letters wait.
LETTERS_BETWEEN_JOBS = 50
UNCONFIGURED = "没有配置发信，只办每天的事。要发信请设置VOLUNTEER_MAIL_URL，见docs/operations.md。"
_UNWRITTEN = "这封信写不出来，请把报名编号告诉维护人员"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """A letter that was leased to us, to be handed to the server outside of any transaction."""

    message_id: int
    kind: str
    leased_until: dt.datetime
    letter: EmailMessage | None


@click.command(cls=ChineseCommand)
@click.option("--once", is_flag=True, help="办完现在该办的、发完该发的就结束，用于cron。")
def worker(once: bool) -> None:
    """发送待发的通知，办每天的事，直到收到停止信号（Ctrl-C或SIGTERM）。

    volunteer serve自己也办；网站和发信要分开时才用这个命令，同时运行多个也不会重发。
    没有配置发信的，只办每天的事。
    """
    settings = load_settings()
    if settings.mail is None:
        click.echo(UNCONFIGURED)
    keep_log(logging.INFO)
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_signal: stop.set())
    with opened(settings) as app:
        if cause := why_not_ready(app):
            raise Unready(cause)
        db.session.close()
        if once:
            jobs = Jobs(app)
            while not stop.is_set() and work_some(stop, app, jobs, settings.mail):
                stop.wait(BREATH)
        else:
            work_until(stop, app, settings.mail)


def start_thread(app: Flask, stop: threading.Event) -> threading.Thread:
    """Work beside the requests of this process until `stop`; without a mail server, on the jobs
    of the day alone."""
    server: MailServer | None = app.extensions["settings"].mail
    thread = threading.Thread(target=work_until, args=(stop, app, server), name="work", daemon=True)
    thread.start()
    return thread


def work_until(stop: threading.Event, app: Flask, server: MailServer | None) -> None:
    """Whatever goes wrong is logged, and it goes on: a letter waits, it is never lost."""
    jobs = Jobs(app)
    while not stop.is_set():
        try:
            pause = BREATH if work_some(stop, app, jobs, server) else PAUSE
        except Exception:
            _log.exception("delivery is interrupted")
            pause = LONG_PAUSE
        stop.wait(pause)


def work_some(stop: threading.Event, app: Flask, jobs: Jobs, server: MailServer | None) -> bool:
    """What is due of the jobs, a batch of each, and some letters; returns whether more waits."""
    more_to_do = jobs.run_due()
    if server is None:
        return more_to_do
    for _letter in range(LETTERS_BETWEEN_JOBS):
        if stop.is_set() or not deliver_next(app, server):
            return more_to_do
    return True


def deliver_next(app: Flask, server: MailServer) -> bool:
    """Deliver one message; False when none is due. Any number may do so at once: each message is
    leased to one of them."""
    clock = app.extensions["clock"]
    with app.app_context():
        sessions = db.sessionmaker
    with sessions() as session:
        if delivering.next_due(session, now=clock()) is None:
            return False
        start_writing(session)
        message = delivering.lease(session, now=clock())
        session.commit()
        if message is None:
            return True
        parcel = _pack(app, session, message, server, clock())
        session.rollback()  # nothing is held while the server takes its time
        outcome = _hand_over(server, parcel)
        start_writing(session)
        _mark(session, parcel, outcome, clock())
        session.commit()
    return True


def _pack(
    app: Flask, session: Session, message: Message, server: MailServer, at: dt.datetime
) -> Parcel:
    assert message.leased_until is not None  # noqa: S101 - just leased
    parcel = Parcel(message.id, message.kind, message.leased_until, None)
    try:
        facts, letter = letter_of(app, session, message, now=at)
        written = envelope(
            letter,
            facts,
            sender=server.sender,
            recipient=delivering.recipient(session, message),
            name=f"{message.slug}.{message.rounds}",
            at=at,
            enclosed=enclosed(app, session, message, now=at),
        )
    except Exception:
        _log.exception("a letter cannot be written: %s", parcel.kind)
        return parcel
    return Parcel(parcel.message_id, parcel.kind, parcel.leased_until, written)


def _hand_over(server: MailServer, parcel: Parcel) -> Undelivered | None:
    if parcel.letter is None:
        return Undelivered(_UNWRITTEN, final=True)
    try:
        deliver(server, parcel.letter)
    except Undelivered as undelivered:
        return undelivered
    return None


def _mark(session: Session, parcel: Parcel, outcome: Undelivered | None, now: dt.datetime) -> None:
    values: dict[str, Any] = {"kind": parcel.kind, "delivered": outcome is None}
    _log.info("message %(kind)s delivered: %(delivered)s", values)
    if outcome is None:
        delivering.mark_sent(session, parcel.message_id, now=now)
        return
    delivering.mark_undelivered(
        session,
        parcel.message_id,
        outcome.words,
        final=outcome.final,
        leased_until=parcel.leased_until,
        now=now,
    )
