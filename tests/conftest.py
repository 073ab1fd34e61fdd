"""What tests are given: both databases, a clock that stands still, the program, people at work."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask import session as cookie_session
from flask_security import login_user
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.databases import Databases
from tests.mail_server import server_at
from volunteer_app.app import create_app
from volunteer_app.db import db, start_writing
from volunteer_app.domain.vocabulary import Role
from volunteer_app.migrating import upgrade
from volunteer_app.models import Association, JobRun, KeyCheck, Recruitment, Staff
from volunteer_app.services import preparing, recruiting
from volunteer_app.services.auditing import Actor, staff_actor
from volunteer_app.settings import Settings
from volunteer_app.vault import new_keys, read_vault

os.environ["TZ"] = "America/New_York"  # nothing may depend on the zone of the machine
time.tzset()

StaffClient = Callable[..., Client]
ActorFor = Callable[..., Actor]


@dataclasses.dataclass
class Clock:
    """Stands still at `at`, an aware moment, until a test moves it."""

    at: dt.datetime = factories.NOW

    def __call__(self) -> dt.datetime:
        return self.at


def make_settings(database_url: str, instance: Path) -> Settings:
    """Settings with fresh keys."""
    keys = new_keys()
    return Settings(
        instance=instance,
        database_url=database_url,
        secret_key=keys["secret_key"],
        vault=read_vault(keys),
    )


def _migrate(database_url: str) -> None:
    app = create_app(make_settings(database_url, Path.cwd()))
    with app.app_context():
        upgrade(app)
    dispose(app)


def dispose(app: Flask) -> None:
    """Close every connection of that program."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    databases = Databases(_migrate)
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Whatever needs a database runs on both engines."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(databases: Databases, engine_name: str) -> Iterator[str]:
    with databases.fresh(engine_name) as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases, engine_name: str) -> Iterator[str]:
    with databases.fresh(engine_name, empty=True) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return make_settings(database_url, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The program on its first day: an association, the recruitment of 2027, nobody else."""
    app = create_app(settings, clock=clock)
    # As slow as the real one is safe; four roles in each test need not be.
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=32)
    with app.app_context():
        db.session.execute(sa.delete(JobRun))  # of the day the template was made, by another clock
        db.session.add_all(
            [
                Association(id=1),
                recruiting.first_recruitment(dt.date(2027, 7, 28)),
                _key_check(db.session),
            ]
        )
        db.session.commit()
    yield app
    dispose(app)


@pytest.fixture
def mailing(app: Flask) -> None:
    """As if VOLUNTEER_MAIL_URL named a mail server; nothing is listening there."""
    settings, server = app.extensions["settings"], server_at(9)
    app.extensions["settings"] = dataclasses.replace(settings, mail=server)


def _key_check(session: Session) -> KeyCheck:
    return preparing._key_check(session)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session beside those of the requests. After a request, `session.rollback()` ends what was
    read so far, and what is read next is new."""
    with app.app_context():
        sessions = db.sessionmaker
    with sessions() as session:
        yield session


@pytest.fixture
def recruitment(session: Session) -> Recruitment:
    found = recruiting.find_recruitment(session, "2027")
    assert found is not None
    session.commit()
    return found


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody who is not signed in."""
    return Client(app)


@pytest.fixture
def staff_client(app: Flask, session: Session) -> StaffClient:
    """`staff_client(Role.REVIEWER, region="140100")`: somebody of that role, signed in."""

    def signed_in(role: Role, region: str | None = None, *, staff: Staff | None = None) -> Client:
        staff = staff or factories.make_staff(session, role, region)
        client = Client(app, staff=staff)
        sign_in(app, client, staff)
        return client

    return signed_in


def sign_in(app: Flask, client: Client, staff: Staff) -> None:
    """Give the client the session that signing in with the right password gives."""
    with app.test_request_context():
        app.preprocess_request()
        start_writing(db.session)
        login_user(db.session.get_one(Staff, staff.id), authn_via=["password"])
        db.session.commit()
        given = dict(cookie_session)
    with client.session_transaction() as kept:
        kept.update(given)


@pytest.fixture
def actor_for(session: Session) -> ActorFor:
    """`actor_for(Role.APPROVER)`: a new member of staff each time, as services know them."""

    def actor(role: Role, region: str | None = None) -> Actor:
        return staff_actor(factories.make_staff(session, role, region))

    return actor


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program without a database: only what it is wired of."""
    folder = tmp_path_factory.mktemp("bare")
    app = create_app(make_settings(f"sqlite:///{folder}/none.sqlite3", folder))
    yield app
    dispose(app)
