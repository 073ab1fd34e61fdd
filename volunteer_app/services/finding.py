"""Queries: one `Select` for a page, its export and its neighbours; keyset pages by id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ..domain.codes import normalise_reference
from ..domain.identity import identity_key
from ..domain.names import query_tokens
from ..domain.text import clean_digits
from ..domain.vocabulary import Channel, IdType, Status, TermStatus, Verdict
from ..models import Application, Appointment, NameToken, Recruitment, Staff
from ..vault import Vault

Key = InstrumentedAttribute[int]
Rows = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """What a queue page shows; None = all. `text`: name, reference, phone or identity number.
    `renewal`: only those that were begun from an earlier term; `due_before`: the corrections whose
    due day is before it."""

    recruitment_id: int
    status: Status | None = None
    region: str | None = None
    channel: Channel | None = None
    outcome: Verdict | None = None
    due_before: dt.date | None = None
    text: str = ""
    renewal: bool = False


@dataclass(frozen=True, kw_only=True)
class RosterFilter:
    """Appointments as of a day; None = all. `within`: only those that run and whose last day is at
    most so many days after `on`."""

    on: dt.date
    recruitment_id: int | None = None
    region: str | None = None
    status: TermStatus | None = None
    within: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Page:
    """Rows in the order of the list, and whether there are more on either side."""

    rows: Sequence[sa.Row[Any]] = field(default=())
    has_previous: bool = False
    has_next: bool = False


def visible_to(staff: Staff) -> sa.Select[Application]:
    """The applications that this member of staff may open."""
    query = sa.select(Application)
    return query if staff.region is None else query.where(Application.region == staff.region)


def queue(filters: QueueFilter, vault: Vault) -> tuple[Rows, Key]:
    """The columns of the queue and the key that orders it: oldest first."""
    query = sa.select(
        Application.reference,
        Application.name,
        Application.gender,
        Application.birth_date,
        Application.region,
        Application.county,
        Application.channel,
        Application.education,
        Application.outcome,
        Application.status,
        Application.submitted_at,
        Application.due_on,
        Application.human_review,
        Application.renews_id,
    ).where(Application.recruitment_id == filters.recruitment_id)
    wanted = {
        Application.status: filters.status,
        Application.region: filters.region,
        Application.channel: filters.channel,
        Application.outcome: filters.outcome,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if filters.renewal:
        query = query.where(Application.renews_id.is_not(None))
    if filters.due_before is not None:
        query = query.where(is_overdue(filters.due_before))
    return _matching(query, filters.text, vault)


def is_overdue(today: dt.date) -> sa.ColumnElement[bool]:
    """Returned for correction, and its last day has passed."""
    return sa.and_(Application.status == Status.RETURNED, Application.due_on < today)


def roster(filters: RosterFilter, vault: Vault, columns: Sequence[Any]) -> tuple[Rows, Key]:
    """Appointments with the people they are of, in the order they were made."""
    query = (
        sa.select(*columns)
        .select_from(Appointment)
        .join(Application, Application.id == Appointment.application_id)
        .join(Recruitment, Recruitment.id == Appointment.recruitment_id)
    )
    if filters.recruitment_id is not None:
        query = query.where(Appointment.recruitment_id == filters.recruitment_id)
    if filters.region is not None:
        query = query.where(Appointment.region == filters.region)
    if filters.status is not None:
        query = query.where(term_condition(filters.status, filters.on))
    if filters.within is not None:
        query = query.where(expires_within(filters.within, filters.on))
    query, _key = _matching(query, filters.text, vault)
    return query, Appointment.id


def term_condition(status: TermStatus, on: dt.date) -> sa.ColumnElement[bool]:
    """The same answer as `domain.terms.term_status`, asked of the database."""
    ended_early = sa.and_(Appointment.terminated_on.is_not(None), Appointment.terminated_on <= on)
    return {
        TermStatus.TERMINATED: ended_early,
        TermStatus.UPCOMING: ~ended_early & (Appointment.starts_on > on),
        TermStatus.ACTIVE: ~ended_early
        & (Appointment.starts_on <= on)
        & (Appointment.ends_on >= on),
        TermStatus.ENDED: ~ended_early & (Appointment.ends_on < on),
    }[status]


def expires_within(days: int, on: dt.date) -> sa.ColumnElement[bool]:
    """The last day is that day or one of the `days` after it; not for who leaves before it."""
    return sa.and_(
        Appointment.ends_on.between(on, on + dt.timedelta(days=days)),
        Appointment.terminated_on.is_(None),
    )


def _matching(query: Rows, text: str, vault: Vault) -> tuple[Rows, Key]:
    """Narrow to a reference, a phone, an identity number or neighbouring characters of a name."""
    text = text.strip()
    if not text:
        return query, Application.id
    if reference := normalise_reference(text):
        return query.where(Application.reference == reference), Application.id
    if any(character.isdigit() for character in text):
        return query.where(has_number(text, vault)), Application.id
    return _named(query, query_tokens(text))


def has_number(text: str, vault: Vault) -> sa.ColumnElement[bool]:
    """Applications with that phone or identity number, however it was typed and of any paper."""
    number = clean_digits(text)
    keys = {identity_key(id_type, number) for id_type in IdType}
    phone = number[-11:] if number[-11:].isdecimal() else number
    return sa.or_(
        Application.phone_index == vault.index("phone", phone),
        Application.id_number_index.in_([vault.index("id_number", key) for key in keys]),
    )


def _named(query: Rows, tokens: list[str]) -> tuple[Rows, Key]:
    if not tokens:
        return query.where(sa.false()), Application.id
    first, *others = tokens
    query = query.join(NameToken, NameToken.application_id == Application.id).where(
        NameToken.token == first
    )
    for token in others:
        more = aliased(NameToken)
        query = query.where(
            sa.exists().where(more.token == token, more.application_id == Application.id)
        )
    return query, NameToken.application_id


def page(
    session: Session,
    query: Rows,
    key: Key,
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = 50,
) -> Page:
    """One page by key: the work does not grow with how far down it is."""
    if before is not None:
        rows = session.execute(query.where(key < before).order_by(key.desc()).limit(size + 1))
        found = rows.all()
        return Page(found[:size][::-1], has_previous=len(found) > size, has_next=True)
    if after is not None:
        query = query.where(key > after)
    found = session.execute(query.order_by(key).limit(size + 1)).all()
    return Page(found[:size], has_previous=after is not None, has_next=len(found) > size)


def id_of(session: Session, reference: str) -> int | None:
    """The place of a reference in the order of submission."""
    return session.scalar(sa.select(Application.id).where(Application.reference == reference))


def neighbour(
    session: Session, query: Rows, key: Key, application_id: int, *, forward: bool
) -> str | None:
    """The reference before or after that one in a list, None at its end."""
    if forward:
        query = query.where(key > application_id).order_by(key)
    else:
        query = query.where(key < application_id).order_by(key.desc())
    return session.scalar(query.with_only_columns(Application.reference).limit(1))
