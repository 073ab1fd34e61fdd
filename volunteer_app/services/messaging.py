"""通知: rows in the outbox, written in the transaction of what they tell."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import BY_PHONE, MessageKind, MessageStatus, MessageVia
from ..domain.terms import day_of
from ..models import Application, Decision, Draft, Message, Nominee, PrivateLink, Recommendation


def enqueue(
    session: Session, kind: str, application: Application, *, decision: Decision, now: dt.datetime
) -> Message | None:
    """Add the message that tells of a decision."""
    key = f"{kind}:{application.reference}:{decision.id}"
    return tell(session, MessageKind(kind), application, key=key, now=now, decision_id=decision.id)


def tell(
    session: Session,
    kind: MessageKind,
    application: Application,
    *,
    key: str,
    now: dt.datetime,
    **about: Any,
) -> Message | None:
    """Add a message for the person of an application: by e-mail, or by telephone for who left no
    address and has to know. None where neither is so, or one with that key was added before.

    `about` are further columns, such as `decision_id` or `recruitment_id`.
    """
    if application.email_sealed is not None:
        via = MessageVia.EMAIL
    elif kind in BY_PHONE:
        via = MessageVia.PHONE
    else:
        return None
    return _add(session, kind, key, now=now, application_id=application.id, via=via, **about)


def write_to_draft(
    session: Session, kind: MessageKind, draft: Draft, *, key: str, now: dt.datetime, **about: Any
) -> Message | None:
    """The same for a draft whose answers have an e-mail address."""
    if draft.email_index is None:
        return None
    return _add(session, kind, key, now=now, draft_digest=draft.token_digest, **about)


def write_to_unit(
    session: Session,
    kind: MessageKind,
    recommendation: Recommendation,
    *,
    key: str,
    now: dt.datetime,
    **about: Any,
) -> Message | None:
    """The same for a unit: its contact is rung up where it left no e-mail address."""
    via = MessageVia.EMAIL if recommendation.email_sealed is not None else MessageVia.PHONE
    return _add(session, kind, key, now=now, recommendation_id=recommendation.id, via=via, **about)


def send_link(session: Session, kind: MessageKind, link: PrivateLink, *, now: dt.datetime) -> None:
    """The message with a private link, to the address on file of what the link opens."""
    _add(
        session,
        kind,
        f"{kind.value}:{link.token_digest[:32]}",
        now=now,
        application_id=link.application_id,
        draft_digest=link.draft_digest,
        recommendation_id=link.recommendation_id,
        link_digest=link.token_digest,
    )


def ask_nominee(session: Session, nominee: Nominee, *, now: dt.datetime) -> Message | None:
    """Add the message with the private link to confirm, once a day at most; None where it was
    added today already, or the unit gave no address."""
    application = nominee.application
    if application is None or not nominee.open_answers(vault_of(session)).get("email"):
        return None
    key = f"confirm_nomination:{nominee.token_digest[:16]}:{day_of(now)}"
    if was_added(session, key):
        return None
    nominee.sent_at = now
    session.flush()  # a new nominee has no id before
    kind = MessageKind.CONFIRM_NOMINATION
    return _add(session, kind, key, now=now, application_id=application.id, nominee_id=nominee.id)


def leave_to_the_telephone(
    session: Session, about: Application | Recommendation, *, now: dt.datetime
) -> None:
    """Their e-mail address is gone: what waits and they have to know, they are rung up for. What a
    poller has in its hands goes out, or the poller finds no address and does the same."""
    of_it = (
        Message.application_id if isinstance(about, Application) else Message.recommendation_id
    ) == about.id
    waiting = sa.and_(
        Message.status == MessageStatus.WAITING,
        Message.kind.in_([kind.value for kind in BY_PHONE]),
        sa.or_(Message.leased_until.is_(None), Message.leased_until <= now),
    )
    session.execute(sa.update(Message).where(of_it, waiting).values(via=MessageVia.PHONE))


def was_added(session: Session, key: str) -> bool:
    return session.scalar(sa.select(Message.id).where(Message.dedupe_key == key)) is not None


def _add(
    session: Session, kind: MessageKind, dedupe_key: str, *, now: dt.datetime, **columns: Any
) -> Message | None:
    if kind not in ONCE_BY_THEIR_NATURE and was_added(session, dedupe_key):
        return None
    message = Message(
        slug=secrets.token_hex(8),
        kind=kind.value,
        dedupe_key=dedupe_key,
        status=MessageStatus.WAITING,
        created_at=now,
        due_since=now,
        next_try_at=now,
        **columns,
    )
    session.add(message)
    return message


#: Their keys have the id of a decision, or the version of a change, that was made just now: no
#: need to look.
ONCE_BY_THEIR_NATURE = frozenset(
    {
        MessageKind.RECEIVED,
        MessageKind.RETURNED,
        MessageKind.APPROVED,
        MessageKind.REJECTED,
        MessageKind.WITHDRAWN,
        MessageKind.DEADLINE_MOVED,
    }
)
