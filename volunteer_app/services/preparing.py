"""A database made ready for its first day: the association, a recruitment, an administrator."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.terms import day_of
from ..domain.vocabulary import Role
from ..models import Association, KeyCheck, Recruitment, Staff
from ..vault import WrongKeyError
from . import recruiting, staffing
from .auditing import Actor

_WORD = "消费维权志愿者"
FIRST_ADMINISTRATOR = "admin"


def prepare(session: Session, *, actor: Actor, now: dt.datetime) -> str | None:
    """Add what is missing, and nothing else. Returns the token of the administrator's one-time
    link while no administrator has used one yet; a second call makes a new link."""
    if session.get(Association, 1) is None:
        session.add(Association(id=1))
    if session.scalar(sa.select(sa.exists().select_from(Recruitment))) is not True:
        session.add(recruiting.first_recruitment(day_of(now)))
    if session.get(KeyCheck, 1) is None:
        session.add(_key_check(session))
    session.flush()
    return _first_link(session, actor=actor, now=now)


def _first_link(session: Session, *, actor: Actor, now: dt.datetime) -> str | None:
    if session.scalar(
        sa.select(Staff.id).where(Staff.role == Role.ADMIN, Staff.password.is_not(None)).limit(1)
    ):
        return None
    waiting = staffing.find_staff(session, FIRST_ADMINISTRATOR)
    if waiting is not None:
        return staffing.renew_invitation(session, waiting, actor=actor, now=now)
    return staffing.invite(
        session,
        username=FIRST_ADMINISTRATOR,
        name="管理员",
        role=Role.ADMIN,
        region=None,
        actor=actor,
        now=now,
    )


def _key_check(session: Session) -> KeyCheck:
    vault = vault_of(session)
    return KeyCheck(id=1, sealed=vault.seal(_WORD, "key_check"), index=vault.index("check", _WORD))


def wrong_keys(session: Session) -> bool:
    """Whether this database was written with other keys than those at hand."""
    check = session.get(KeyCheck, 1)
    if check is None:
        return False
    vault = vault_of(session)
    try:
        opened = vault.open(check.sealed, "key_check")
    except WrongKeyError:
        return True
    return opened != _WORD or check.index != vault.index("check", _WORD)
