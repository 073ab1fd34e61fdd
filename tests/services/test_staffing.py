"""Accounts of staff: one-time links, roles, and sessions that end when something changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import NOW, make_staff
from volunteer_app.db import Base, start_writing, vault_of
from volunteer_app.domain.refusal import Invalid, NotAllowed, Refused
from volunteer_app.domain.vocabulary import Role
from volunteer_app.models import Association, AuditEvent, KeyCheck, Recruitment, Staff
from volunteer_app.services import preparing, staffing
from volunteer_app.services.auditing import Actor
from volunteer_app.vault import new_keys, read_vault

ACTOR = Actor(name="staff:admin")


def invite(session: Session, username: str = "lilei", role: Role = Role.REVIEWER) -> str:
    start_writing(session)
    token = staffing.invite(
        session, username=username, name="李雷", role=role, region=None, actor=ACTOR, now=NOW
    )
    session.commit()
    return token


def accept(session: Session, token: str) -> Staff:
    staff = staffing.find_invited(session, token, now=NOW)
    assert staff is not None
    start_writing(session)
    staffing.accept(session, staff, "hash", actor=ACTOR, now=NOW)
    session.commit()
    return staff


def test_a_link_is_found_by_its_token_until_it_expires(session: Session) -> None:
    token = invite(session)
    last = NOW + dt.timedelta(days=7) - dt.timedelta(microseconds=1)

    found = staffing.find_invited(session, token, now=last)

    assert found is not None
    assert (found.username, found.password) == ("lilei", None)
    assert staffing.find_invited(session, token, now=NOW + dt.timedelta(days=7)) is None
    assert staffing.find_invited(session, token + "x", now=NOW) is None


def test_only_the_digest_of_a_link_is_stored(session: Session) -> None:
    token = invite(session)

    stored = session.scalars(sa.select(Staff.invitation_digest)).all()

    assert len(stored) == 1
    assert stored != [token]


def test_a_link_works_once(session: Session) -> None:
    token = invite(session)

    staff = accept(session, token)

    assert staff.password == "hash"
    assert staffing.find_invited(session, token, now=NOW) is None
    with pytest.raises(Refused, match="已经用过"):
        staffing.accept(session, staff, "other", actor=ACTOR, now=NOW)


def test_a_new_link_ends_the_old_one_the_password_and_every_session(session: Session) -> None:
    old = invite(session)
    staff = accept(session, old)
    session_mark = staff.fs_uniquifier

    start_writing(session)
    new = staffing.renew_invitation(session, staff, actor=ACTOR, now=NOW)
    session.commit()

    assert staffing.find_invited(session, old, now=NOW) is None
    assert staffing.find_invited(session, new, now=NOW) is staff
    assert staff.password is None
    assert staff.fs_uniquifier != session_mark


def test_a_link_of_somebody_who_left_is_dead(session: Session) -> None:
    token = invite(session)
    make_staff(session, Role.ADMIN)
    staff = staffing.find_staff(session, "lilei")
    assert staff is not None
    start_writing(session)
    staffing.change_staff(session, staff, {"active": False}, actor=ACTOR, now=NOW)
    session.commit()

    assert staffing.find_invited(session, token, now=NOW) is None


def test_a_username_is_given_once(session: Session) -> None:
    invite(session)

    with pytest.raises(Invalid, match="已经有人用") as refused:
        invite(session)

    assert refused.value.field == "username"


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"name": "韩梅"}, False),
        ({"role": Role.APPROVER}, True),
        ({"region": "140100"}, True),
        ({"active": False}, True),
        ({"name": "韩梅", "role": Role.VIEWER}, True),
        ({"role": Role.REVIEWER}, False),
    ],
)
def test_what_changes_power_ends_sessions(
    session: Session, values: dict[str, Any], ends: bool
) -> None:
    make_staff(session, Role.ADMIN)
    staff = make_staff(session, Role.REVIEWER)
    before = staff.fs_uniquifier

    start_writing(session)
    staffing.change_staff(session, staff, values, actor=ACTOR, now=NOW)
    session.commit()

    assert (staff.fs_uniquifier != before) is ends


def test_a_password_change_ends_sessions_and_is_recorded(session: Session) -> None:
    staff = accept(session, invite(session))
    before = staff.fs_uniquifier

    start_writing(session)
    staffing.change_password(session, staff, "new", actor=ACTOR, now=NOW)
    session.commit()

    assert (staff.password, staff.fs_uniquifier == before) == ("new", False)
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["invite_staff", "accept_invitation", "change_password"]


@pytest.mark.parametrize("values", [{"role": Role.APPROVER}, {"active": False}])
def test_the_last_administrator_stays(session: Session, values: dict[str, Any]) -> None:
    admin = make_staff(session, Role.ADMIN)

    start_writing(session)
    with pytest.raises(NotAllowed, match="至少要留一名在用的管理员"):
        staffing.change_staff(session, admin, values, actor=ACTOR, now=NOW)
    session.rollback()

    make_staff(session, Role.ADMIN)
    start_writing(session)
    staffing.change_staff(session, admin, values, actor=ACTOR, now=NOW)
    session.commit()


def test_an_administrator_who_never_came_does_not_count(session: Session) -> None:
    admin = make_staff(session, Role.ADMIN)
    make_staff(session, Role.ADMIN, password=None)

    start_writing(session)
    with pytest.raises(NotAllowed, match="至少要留一名在用的管理员"):
        staffing.change_staff(session, admin, {"active": False}, actor=ACTOR, now=NOW)
    session.rollback()


def test_a_change_is_recorded_with_the_new_values(session: Session) -> None:
    make_staff(session, Role.ADMIN)
    staff = make_staff(session, Role.REVIEWER, username="lilei")

    start_writing(session)
    values = {"role": Role.APPROVER, "region": "140100"}
    staffing.change_staff(session, staff, values, actor=ACTOR, now=NOW)
    session.commit()

    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "change_staff"))
    assert (event.subject, event.detail) == ("lilei", {"role": "approver", "region": "140100"})


def test_preparing_adds_what_is_missing_and_nothing_twice(session: Session) -> None:
    start_writing(session)
    for table in ("association", "recruitment", "key_check"):
        session.execute(sa.delete(Base.metadata.tables[table]))
    session.commit()
    session.expunge_all()

    tokens = []
    for _ in range(2):
        start_writing(session)
        tokens.append(preparing.prepare(session, actor=ACTOR, now=NOW))
        session.commit()

    assert all(tokens)
    assert len(set(tokens)) == 2
    for model in (Association, Recruitment, KeyCheck, Staff):
        assert len(session.scalars(sa.select(model)).all()) == 1
    accept(session, tokens[1] or "")
    start_writing(session)
    assert preparing.prepare(session, actor=ACTOR, now=NOW) is None
    session.rollback()


def test_keys_of_another_database_are_noticed(session: Session) -> None:
    own = vault_of(session)
    strange = read_vault(new_keys())
    assert not preparing.wrong_keys(session)

    session.info["vault"] = strange
    assert preparing.wrong_keys(session)
    session.info["vault"] = own
