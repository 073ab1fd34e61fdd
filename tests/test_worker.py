"""Worker and website deliver; one that is killed loses no letter and doubles at most one."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.commands import Shell
from tests.factories import make_application
from tests.mail_server import PostOffice, post_office, wait_until
from volunteer_app.cli.worker import UNCONFIGURED
from volunteer_app.db import start_writing
from volunteer_app.domain.messages import MessageStatus
from volunteer_app.models import Message
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


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, dict[str, str]]]:
    """A mail server, and the variable that names it."""
    with post_office() as (office, server):
        url = f"smtp://127.0.0.1:{server.port}?from=volunteer@example.org"
        yield office, {"VOLUNTEER_MAIL_URL": url}


def variables(settings: Settings, mail: dict[str, str]) -> dict[str, str]:
    url = settings.database_url.replace("postgresql+psycopg", "postgresql")
    return mail | {"VOLUNTEER_KEYS": json.dumps(KEYS), "VOLUNTEER_DATABASE_URL": url}


@contextmanager
def working(shell: Shell, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own."""
    with subprocess.Popen(
        [*shell.program, "worker"],
        cwd=shell.folder,
        env=shell.environ(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def make_due(session: Session, count: int) -> None:
    """That many letters that wait, by the clock of this machine."""
    for _person in range(count):
        make_application(session)
    set_all(session, due_since=system_clock(), next_try_at=system_clock())


def set_all(session: Session, **values: object) -> None:
    start_writing(session)
    session.execute(sa.update(Message).values(**values))
    session.commit()


def statuses(session: Session) -> list[MessageStatus]:
    session.rollback()
    return list(session.scalars(sa.select(Message.status)))


def test_a_worker_that_is_killed_loses_no_letter_and_doubles_at_most_one(
    session: Session,
    settings: Settings,
    tmp_path: Path,
    office: tuple[PostOffice, dict[str, str]],
) -> None:
    post, environment = office[0], variables(settings, office[1])
    make_due(session, 6)
    post.seconds = 0.5

    with working(Shell(tmp_path), environment) as first:
        wait_until(lambda: len(post.letters) >= 3, 60)
        first.send_signal(signal.SIGKILL)
        first.wait()
    post.seconds = 0
    assert MessageStatus.WAITING in statuses(session)
    set_all(session, leased_until=None)  # as if its five minutes had passed
    with working(Shell(tmp_path), environment) as second:
        wait_until(lambda: set(statuses(session)) == {MessageStatus.SENT}, 60)
        second.terminate()
        assert second.wait(20) == 0

    names = [letter["Message-ID"] for letter in post.letters]
    assert len(set(names)) == 6
    assert len(names) <= 7


def test_once_delivers_what_is_due_and_ends(
    session: Session,
    settings: Settings,
    tmp_path: Path,
    office: tuple[PostOffice, dict[str, str]],
) -> None:
    make_due(session, 2)

    done = Shell(tmp_path).run("worker", "--once", **variables(settings, office[1]))

    assert done.returncode == 0, done.stderr.decode()
    assert len(office[0].letters) == 2
    for recipient in office[0].recipients:
        assert recipient not in done.stderr.decode()


def test_without_a_mail_server_the_worker_runs_the_jobs_and_says_so(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    make_due(session, 1)

    done = Shell(tmp_path).run("worker", "--once", **variables(settings, {}))

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == f"{UNCONFIGURED}\n"
    assert statuses(session) == [MessageStatus.WAITING]


@pytest.mark.parametrize("server", ["gunicorn", "waitress"])
def test_the_website_delivers_by_itself(
    session: Session,
    settings: Settings,
    tmp_path: Path,
    office: tuple[PostOffice, dict[str, str]],
    server: str,
) -> None:
    make_due(session, 4)

    with Shell(tmp_path).serving("--server", server, **variables(settings, office[1])):
        wait_until(lambda: set(statuses(session)) == {MessageStatus.SENT}, 30)

    assert len(office[0].letters) == 4
