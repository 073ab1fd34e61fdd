"""What could be misused is stored sealed, in drafts and in applications."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import NOW, answers, make_application, submit, valid_identity
from volunteer_app.db import Base, Moment, start_writing, vault_of
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.models import Application, Draft, Recruitment
from volunteer_app.services import drafting
from volunteer_app.settings import Settings
from volunteer_app.vault import WrongKeyError, digest


def stored_bytes(session: Session, settings: Settings) -> bytes:
    """Everything the database holds: SQLite's files as they are, PostgreSQL's rows."""
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        path = Path(settings.database_url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return b"\n".join(_cells(session))


def _cells(session: Session) -> Iterator[bytes]:
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            for cell in row:
                yield bytes(cell) if isinstance(cell, bytes) else str(cell).encode()


def test_nothing_that_could_be_misused_is_stored_in_clear(
    session: Session, settings: Settings, recruitment: Recruitment
) -> None:
    private = {
        "id_number": valid_identity(),
        "phone": "13912345678",
        "email": "li.lei.unusual@example.com",
        "wechat": "wechat-of-li-lei",
    }
    start_writing(session)
    drafting.save_answers(session, "secret", recruitment.id, answers(**private), now=NOW)
    submit(session, answers(name="李雷雷", **private))
    session.commit()

    stored = stored_bytes(session, settings)

    assert "李雷雷".encode() in stored
    assert digest("secret").encode() in stored
    assert hashlib.sha256(b"secret").hexdigest() == digest("secret")
    leaked = {
        name for name, text in (private | {"token": "secret"}).items() if text.encode() in stored
    }
    assert leaked == set()


def test_what_was_sealed_opens_for_its_row_and_column_only(session: Session) -> None:
    given: dict[str, Any] = {"phone": "13912345678", "email": "li@example.com", "wechat": "li_lei"}
    application = make_application(session, **given)
    other = make_application(session)
    vault = vault_of(session)

    assert {name: application.open(name, vault) for name in given} == given

    other.phone_sealed = application.phone_sealed
    with pytest.raises(WrongKeyError, match="密文与现有密钥不符"):
        other.open("phone", vault)
    session.rollback()


def test_a_draft_keeps_what_was_given_before(session: Session, recruitment: Recruitment) -> None:
    start_writing(session)
    drafting.save_answers(
        session, "secret", recruitment.id, {"name": "李雷", "phone": "1"}, now=NOW
    )
    session.commit()
    start_writing(session)
    later = NOW + dt.timedelta(hours=1)
    drafting.save_answers(session, "secret", recruitment.id, {"phone": "2"}, now=later)
    session.commit()

    [draft] = session.scalars(sa.select(Draft))
    assert drafting.answers_in(session, draft, recruitment.id) == {"name": "李雷", "phone": "2"}
    assert (draft.created_at, draft.changed_at) == (NOW, later)
    assert drafting.find_draft(session, "secret") is draft
    assert drafting.find_draft(session, "Secret") is None


def test_the_draft_ends_with_its_submission(session: Session, recruitment: Recruitment) -> None:
    given = answers()
    start_writing(session)
    drafting.save_answers(session, "secret", recruitment.id, given, now=NOW)
    session.commit()
    assert drafting.find_draft(session, "secret") is not None

    start_writing(session)
    submit(session, given, token=digest("secret"))
    session.commit()

    session.expunge_all()
    assert drafting.find_draft(session, "secret") is None


def test_a_moment_without_a_zone_is_not_stored(session: Session) -> None:
    naive = dt.datetime(2027, 8, 12, 10, 0)  # noqa: DTZ001 - the fault that is refused

    with pytest.raises(ValueError, match="a moment needs a time zone"):
        Moment().process_bind_param(naive, session.get_bind().dialect)


def test_a_moment_comes_back_as_it_was_whatever_its_zone(session: Session) -> None:
    make_application(session, now=NOW)

    session.expunge_all()
    [read] = session.scalars(sa.select(Application.submitted_at))
    assert (read, read.tzinfo) == (NOW, dt.UTC)


def test_drafts_are_deleted_thirty_days_after_the_closing_day(
    session: Session, recruitment: Recruitment
) -> None:
    start_writing(session)
    drafting.save_answers(session, "secret", recruitment.id, {"name": "李雷"}, now=NOW)
    session.commit()
    last_day = dt.datetime(2027, 9, 29, 23, 59, tzinfo=SHANGHAI)

    kept, deleted = (
        drafting.purge(session, now=moment)
        for moment in (last_day, last_day + dt.timedelta(minutes=1))
    )

    assert (kept, deleted) == (0, 1)
    assert drafting.find_draft(session, "secret") is None
