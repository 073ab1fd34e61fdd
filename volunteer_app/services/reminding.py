"""提醒: who has something unfinished before the closing day hears of it, with a link to go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.identity import identity_key
from ..domain.messages import MessageKind, MessageStatus
from ..domain.requests import LinkPurpose
from ..domain.terms import day_of
from ..models import Draft, Message, PrivateLink, Recommendation, Recruitment
from . import drafting, linking, messaging, resuming
from .answering import readable_answers
from .lacking import outstanding
from .placing import find_holder

#: Who worked on it so lately knows that it is unfinished.
QUIET = dt.timedelta(days=1)
#: A unit is reminded no more often than that.
EVERY = dt.timedelta(days=3)
#: Days after the closing day for which a unit is reminded of what it handed in.
AFTER_CLOSING = 14
#: As many messages as one run writes, so that others get their turn.
MOST_AT_ONCE = 200
CLOSED, DONE = "报名已经截止", "单位已经办好"


def remind_drafts(session: Session, *, now: dt.datetime) -> int:
    """Write to who left an address in an unfinished draft, from `reminder_days` before the closing
    day: once for each draft and closing day. Returns how many: MOST_AT_ONCE when there may be
    more."""
    count = 0
    for recruitment in _with_reminders(session, now, after=0):
        if _days_left(recruitment, now) > (recruitment.reminder_days or 0):
            continue
        kind, day = MessageKind.DRAFT_REMINDER, recruitment.closes_on
        key = sa.literal(f"{kind.value}:") + sa.func.substr(Draft.token_digest, 1, 32) + f":{day}"
        unsent = ~sa.exists().where(Message.dedupe_key == key)
        query = drafts_with_address(recruitment).where(Draft.changed_at <= now - QUIET, unsent)
        drafts = session.scalars(query.limit(MOST_AT_ONCE - count)).all()
        write_to_drafts(session, kind, drafts, recruitment, mark=str(day), now=now)
        count += len(drafts)
    return count


def remind_units(session: Session, *, now: dt.datetime) -> int:
    """Write to units that have not handed in, from `reminder_days` before the closing day, and to
    those whose nominees or seal are outstanding; at most one every three days. Returns how many:
    MOST_AT_ONCE when there may be more."""
    count, kind, day = 0, MessageKind.UNIT_REMINDER, str(day_of(now))
    for recruitment in _with_reminders(session, now, after=AFTER_CLOSING):
        for unit in _units(session, recruitment, now):
            if count < MOST_AT_ONCE and outstanding(session, unit):
                write_to_unit(session, kind, unit, recruitment, mark=day, now=now)
                count += 1
    return count


def nothing_outstanding(session: Session, message: Message) -> str | None:
    unit = message.recommendation
    return None if unit is not None and outstanding(session, unit) else DONE


def has_applied(session: Session, message: Message) -> str | None:
    """Who left a draft may have applied on another device or on paper."""
    if message.draft is None or message.recruitment is None:
        return None
    given = readable_answers(
        drafting.all_answers(session, message.draft), on=day_of(message.due_since)
    )
    if "id_number" not in given or "id_type" not in given:
        return None
    key = identity_key(given["id_type"], given["id_number"])
    person = vault_of(session).index("id_number", key)
    holder = find_holder(session, message.recruitment.id, person)
    return "本人已经报名" if holder is not None else None


def outlived(message: Message, *, now: dt.datetime) -> str | None:
    """Why a reminder comes too late: nothing can be handed in any more."""
    kind, unit = MessageKind(message.kind), message.recommendation
    before_closing = kind in (MessageKind.DRAFT_REMINDER, MessageKind.DEADLINE_MOVED) or (
        kind is MessageKind.UNIT_REMINDER and unit is not None and unit.handed_in_at is None
    )
    if not before_closing or message.recruitment is None:
        return None
    return CLOSED if message.recruitment.closes_on < day_of(now) else None


def _with_reminders(session: Session, now: dt.datetime, *, after: int) -> Sequence[Recruitment]:
    """Those that have begun and closed no longer ago than so many days."""
    today = day_of(now)
    query = sa.select(Recruitment).where(
        Recruitment.reminder_days.is_not(None),
        Recruitment.opens_on <= today,
        Recruitment.closes_on >= today - dt.timedelta(days=after),
    )
    return session.scalars(query).all()


def _days_left(recruitment: Recruitment, now: dt.datetime) -> int:
    return (recruitment.closes_on - day_of(now)).days


def drafts_with_address(recruitment: Recruitment) -> sa.Select[Draft]:
    """Applicants' own, unfinished."""
    return sa.select(Draft).where(
        Draft.recruitment_id == recruitment.id,
        Draft.staff_id.is_(None),
        Draft.email_index.is_not(None),
    )


def _units(
    session: Session, recruitment: Recruitment, now: dt.datetime
) -> Iterator[Recommendation]:
    """Those whose turn it may be, and who were not reminded lately, nor are about to be."""
    lately = sa.exists().where(
        Message.recommendation_id == Recommendation.id,
        Message.kind == MessageKind.UNIT_REMINDER.value,
        sa.or_(Message.created_at > now - EVERY, Message.status == MessageStatus.WAITING),
    )
    query = sa.select(Recommendation).where(
        Recommendation.recruitment_id == recruitment.id,
        Recommendation.changed_at <= now - QUIET,
        ~lately,
    )
    left = _days_left(recruitment, now)
    soon = 0 <= left <= (recruitment.reminder_days or 0)
    for unit in session.scalars(query).all():
        handed_in = unit.handed_in_at is not None
        if soon if not handed_in else unit.changed_at <= now - EVERY:
            yield unit


def write_to_drafts(
    session: Session,
    kind: MessageKind,
    drafts: Sequence[Draft],
    recruitment: Recruitment,
    *,
    mark: str,
    now: dt.datetime,
    closed_on: Mapping[str, dt.date] | None = None,
) -> None:
    """A message for each with a link to go on; `mark` tells it from another of its kind.
    `closed_on` is the closing day that each knows, by the draft's digest."""
    links = linking.links_to_drafts(session, drafts, now=now, days=resuming.LINK_DAYS)
    for draft, link in zip(drafts, links, strict=True):
        messaging.write_to_draft(
            session,
            kind,
            draft,
            key=f"{kind.value}:{draft.token_digest[:32]}:{mark}",
            now=now,
            link_digest=link.token_digest,
            recruitment_id=recruitment.id,
            closed_on=(closed_on or {}).get(draft.token_digest),
        )


def write_to_unit(
    session: Session,
    kind: MessageKind,
    unit: Recommendation,
    recruitment: Recruitment,
    *,
    mark: str,
    now: dt.datetime,
    closed_on: dt.date | None = None,
) -> None:
    """The same for a unit."""
    link = _link_of(session, unit, now)
    messaging.write_to_unit(
        session,
        kind,
        unit,
        key=f"{kind.value}:{unit.reference}:{mark}",
        now=now,
        link_digest=link.token_digest if link else None,
        recruitment_id=recruitment.id,
        closed_on=closed_on,
    )


def _link_of(session: Session, unit: Recommendation, now: dt.datetime) -> PrivateLink | None:
    """A link to go on; none by telephone, nor where its token was never kept."""
    if unit.email_sealed is None or unit.token_sealed is None:
        return None
    return linking.new_link(
        session,
        LinkPurpose.RESUME_RECOMMENDATION,
        recommendation=unit,
        now=now,
        days=resuming.LINK_DAYS,
    )
