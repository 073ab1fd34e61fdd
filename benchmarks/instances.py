"""Instances to measure on: a database with as many applications as wanted, written fast."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password
from sqlalchemy.orm import Session

from volunteer_app import create_app
from volunteer_app.cli.opening import keep_log
from volunteer_app.db import Base, db, start_writing, vault_of
from volunteer_app.domain.appointments import DEFAULT_PREFIX
from volunteer_app.domain.codes import new_reference
from volunteer_app.domain.names import name_tokens
from volunteer_app.domain.vocabulary import Channel, Role, Status
from volunteer_app.migrating import upgrade
from volunteer_app.models import Application, Appointment, NameToken, Recruitment
from volunteer_app.models.application import sealed_for
from volunteer_app.services import applying, counting, preparing, recruiting, staffing
from volunteer_app.services.auditing import Actor
from volunteer_app.services.inventing import invent
from volunteer_app.settings import KEYS_FILE, load_settings
from volunteer_app.vault import digest, new_keys, write_keys

PASSWORD = "a password of benchmarks"  # noqa: S105 - opens nothing but a temporary database
ACTOR = Actor(name="cli:benchmark")
_CHUNK = 5_000


def make_instance(folder: Path, people: int = 0) -> Flask:
    """The application on a new database, with an administrator and that many applications."""
    keep_log(logging.WARNING)
    folder.mkdir()
    write_keys(folder / KEYS_FILE, new_keys())
    app = create_app(load_settings({"VOLUNTEER_INSTANCE": str(folder)}))
    now = dt.datetime.now(dt.UTC)
    with app.app_context():
        upgrade(app)
        start_writing(db.session)
        preparing.prepare(db.session, actor=ACTOR, now=now)
        _hire(db.session, now)
        if people:
            _fill(db.session, people, now)
        db.session.commit()
        db.session.execute(sa.text("ANALYZE"))
    return app


def _hire(session: Session, now: dt.datetime) -> None:
    staff = staffing.find_staff(session, preparing.FIRST_ADMINISTRATOR)
    assert staff is not None
    assert staff.role is Role.ADMIN
    staffing.accept(session, staff, hash_password(PASSWORD), actor=ACTOR, now=now)


def _fill(session: Session, people: int, now: dt.datetime) -> None:
    """One application by the service; the others are its row with other people in it. Every
    second one is approved and appointed."""
    recruitment = recruiting.current(session, now.date())
    assert recruitment is not None
    first = applying.submit(
        session,
        recruitment,
        invent(1, age=40, on=recruitment.closes_on),
        submission_token=digest("benchmark:1"),
        channel=Channel.INDIVIDUAL,
        actor=ACTOR,
        now=now,
    )
    session.flush()
    table = Base.metadata.tables[Application.__tablename__]
    pattern = session.execute(sa.select(table).where(table.c.id == first.id)).one()._asdict()
    for start in range(2, people + 1, _CHUNK):
        numbers = range(start, min(start + _CHUNK, people + 1))
        rows = [_row(session, pattern, recruitment, number) for number in numbers]
        session.execute(sa.insert(table), rows)
        session.execute(sa.insert(NameToken), list(_tokens(rows)))
        appointed = _appointments(rows, recruitment, now)
        session.execute(sa.insert(Base.metadata.tables[Appointment.__tablename__]), list(appointed))
    counting.recount(session)


def _row(
    session: Session, pattern: dict[str, Any], recruitment: Recruitment, number: int
) -> dict[str, Any]:
    vault, reference = vault_of(session), new_reference()
    answers = _invented(number % 1_009, recruitment.closes_on)
    phone = f"{19_000_000_000 + number}"
    id_number = f"1499001980{number:08d}"
    return pattern | {
        "id": number,
        "reference": reference,
        "submission_token": digest(f"benchmark:{number}"),
        "status": Status.APPROVED if number % 2 else Status.SUBMITTED,
        **{name: answers[name] for name in ("name", "region", "county", "address", "occupation")},
        "id_number_sealed": vault.seal(id_number, sealed_for(reference, "id_number")),
        "id_number_index": vault.index("id_number", id_number),
        "id_number_last4": id_number[-4:],
        "phone_sealed": vault.seal(phone, sealed_for(reference, "phone")),
        "phone_index": vault.index("phone", phone),
        "phone_last4": phone[-4:],
        "email_sealed": None,
        "wechat_sealed": None,
    }


@cache
def _invented(number: int, on: dt.date) -> dict[str, Any]:
    """A thousand different people are enough; their numbers differ all the same."""
    return invent(number, age=20 + number % 45, on=on)


def _tokens(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for token in name_tokens(row["name"]):
            yield {"token": token, "application_id": row["id"]}


def _appointments(
    rows: list[dict[str, Any]], recruitment: Recruitment, now: dt.datetime
) -> Iterator[dict[str, Any]]:
    starts_on = recruitment.closes_on + dt.timedelta(days=1)
    for row in rows:
        if row["status"] is Status.APPROVED:
            yield {
                "application_id": row["id"],
                "recruitment_id": recruitment.id,
                "region": row["region"],
                "starts_on": starts_on,
                "ends_on": starts_on + dt.timedelta(days=729),
                "prefix": DEFAULT_PREFIX,
                "year": recruitment.closes_on.year,
                "serial": row["id"],
                "created_at": now,
                "version": 1,
            }
