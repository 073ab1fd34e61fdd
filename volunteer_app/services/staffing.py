"""工作人员: invited by a one-time link, given a role and perhaps a prefecture."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.refusal import Invalid, NotAllowed, Refused
from ..domain.vocabulary import Role
from ..models import Staff
from ..vault import digest
from .auditing import Actor, record

INVITATION_DAYS = 7


def find_staff(session: Session, username: str) -> Staff | None:
    return session.scalar(sa.select(Staff).where(Staff.username == username))


def all_staff(session: Session) -> list[Staff]:
    return list(session.scalars(sa.select(Staff).order_by(Staff.active.desc(), Staff.username)))


def invite(
    session: Session,
    *,
    username: str,
    name: str,
    role: Role,
    region: str | None,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """Create an account without a password; returns the token of its one-time link.

    Raises Invalid when the username is taken, or an administrator is bound to a prefecture.
    """
    _check_reach(role, region)
    if find_staff(session, username) is not None:
        raise Invalid("这个登录名已经有人用，请换一个。", field="username")
    staff = Staff(
        username=username,
        name=name,
        role=role,
        region=region,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
    )
    session.add(staff)
    token = _new_link(staff, now)
    record(session, "invite_staff", username, actor=actor, now=now, role=role.value)
    return token


def renew_invitation(session: Session, staff: Staff, *, actor: Actor, now: dt.datetime) -> str:
    """A new one-time link, also for a forgotten password; the old password and sessions end.

    Raises NotAllowed for an account out of use, whose link would open nothing.
    """
    if not staff.active:
        raise NotAllowed("这个账号已停用，请先改为在用，再给新的链接。")
    staff.password = None
    end_sessions(staff)
    record(session, "renew_invitation", staff.username, actor=actor, now=now)
    return _new_link(staff, now)


def _new_link(staff: Staff, now: dt.datetime) -> str:
    token = secrets.token_urlsafe(32)
    staff.invitation_digest = digest(token)
    staff.invitation_expires_at = now + dt.timedelta(days=INVITATION_DAYS)
    return token


def find_invited(session: Session, token: str, *, now: dt.datetime) -> Staff | None:
    """Whose link that is; None when it is unknown, used or expired."""
    staff = session.scalar(sa.select(Staff).where(Staff.invitation_digest == digest(token)))
    if staff is None or not staff.active or staff.invitation_expires_at is None:
        return None
    return staff if now < staff.invitation_expires_at else None


def accept(
    session: Session, staff: Staff, password_hash: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Use up the link and set the password."""
    if staff.invitation_digest is None:
        raise Refused("这个链接已经用过，请向管理员要一个新的。")
    staff.password = password_hash
    staff.invitation_digest = staff.invitation_expires_at = None
    end_sessions(staff)
    record(session, "accept_invitation", staff.username, actor=actor, now=now)


def change_password(
    session: Session, staff: Staff, password_hash: str, *, actor: Actor, now: dt.datetime
) -> None:
    staff.password = password_hash
    end_sessions(staff)
    record(session, "change_password", staff.username, actor=actor, now=now)


def change_staff(
    session: Session, staff: Staff, values: Mapping[str, Any], *, actor: Actor, now: dt.datetime
) -> None:
    """Name, role, prefecture, active. A changed role or place ends the person's sessions.

    Raises NotAllowed when nobody would be left who can administer, Invalid when an administrator
    would be bound to a prefecture.
    """
    changed = [name for name, value in values.items() if getattr(staff, name) != value]
    if not changed:
        return
    if {"role", "region"}.intersection(changed):
        _check_reach(values.get("role", staff.role), values.get("region", staff.region))
    for name in changed:
        setattr(staff, name, values[name])
    session.flush()
    if not _administrators(session):
        raise NotAllowed("至少要留一名在用的管理员，请先指定另一名管理员。")
    if changed != ["name"]:
        end_sessions(staff)
    detail = {name: _plain(values[name]) for name in changed}
    record(session, "change_staff", staff.username, actor=actor, now=now, **detail)


def _check_reach(role: Role, region: str | None) -> None:
    """Settings, accounts and the log are those of the whole province, and so is who keeps them."""
    if role is Role.ADMIN and region:
        raise Invalid("管理员管的是全省，请把地区改为“全省”。", field="region")


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _administrators(session: Session) -> int:
    """How many can sign in: an invitation that was never used helps nobody."""
    rows = sa.select(sa.func.count()).where(
        Staff.role == Role.ADMIN, Staff.active, Staff.password.is_not(None)
    )
    return session.scalar(rows) or 0


def end_sessions(staff: Staff) -> None:
    """Every session carries the uniquifier; a new one ends them all."""
    staff.fs_uniquifier = secrets.token_hex(32)
