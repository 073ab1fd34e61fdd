"""接着办: the private link of an unfinished draft or a recommendation, made again or sent again.

Who asks by an e-mail address learns nothing: whether something is on file or not, the same
statements are sent to the database, and the same is sealed.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import MessageKind, MessageStatus, MessageVia
from ..domain.requests import LinkPurpose
from ..models import Draft, Message, PrivateLink, Recommendation
from ..vault import digest
from . import drafting, linking
from .auditing import Actor, record

#: Days for which a link to go on is good; a draft is kept no longer after the closing day.
LINK_DAYS = drafting.KEEP_DAYS
#: The newest that one address is sent links for.
MOST = 3
_WAIT = dt.timedelta(hours=1)
_KIND = MessageKind.RESUME_LINK


def link_of(session: Session, draft: Draft, *, now: dt.datetime) -> PrivateLink | None:
    """The newest link of a draft that has not expired."""
    query = sa.select(PrivateLink).where(
        PrivateLink.draft_digest == draft.token_digest, PrivateLink.expires_at > now
    )
    return session.scalars(query.order_by(PrivateLink.expires_at.desc()).limit(1)).first()


def make_link(session: Session, draft: Draft, *, now: dt.datetime) -> PrivateLink:
    """A link to go on; the one of the same day where there is one."""
    link = link_of(session, draft, now=now)
    if link is not None and now - link.created_at < dt.timedelta(days=1):
        return link
    purpose = LinkPurpose.RESUME_DRAFT
    return linking.new_link(session, purpose, draft=draft, now=now, days=LINK_DAYS)


def send_links(session: Session, email: str, *, actor: Actor, now: dt.datetime) -> None:
    """Write to that address with a link for each of its drafts and recommendations, once an hour
    at most. That somebody asked is recorded, without the address: so there is something to commit
    whether anything is on file or not."""
    record(session, "ask_link", "", actor=actor, now=now)
    index = drafting.email_index(vault_of(session), email)
    drafts = session.scalars(
        sa.select(Draft.token_digest)
        .where(Draft.email_index == index, Draft.staff_id.is_(None))
        .order_by(Draft.changed_at.desc())
        .limit(MOST)
    ).all()
    units = session.scalars(
        sa.select(Recommendation.id)
        .where(Recommendation.email_index == index, Recommendation.token_sealed.is_not(None))
        .order_by(Recommendation.id.desc())
        .limit(MOST)
    ).all()
    for place in range(MOST):
        _send(session, _OF_DRAFT, drafts[place] if place < len(drafts) else "", now)
        _send(session, _OF_UNIT, units[place] if place < len(units) else 0, now)


#: Purpose, key of what it opens, and the column of a link or message that names it.
_OF_DRAFT = (LinkPurpose.RESUME_DRAFT, Draft.token_digest, "draft_digest")
_OF_UNIT = (LinkPurpose.RESUME_RECOMMENDATION, Recommendation.id, "recommendation_id")


def _send(session: Session, what: Any, key: str | int, now: dt.datetime) -> None:
    """Put a link and its message in, where there is something with that key and nothing was sent
    within the hour: the database decides in the statement itself."""
    purpose, owner, column = what
    token = secrets.token_urlsafe(24)
    link = PrivateLink(token_digest=digest(token))
    link.seal_token(token, vault_of(session))
    lately = sa.exists().where(
        getattr(Message, column) == key,
        Message.kind == _KIND.value,
        Message.created_at > now - _WAIT,
    )
    _put(
        session,
        PrivateLink,
        sa.and_(owner == key, ~lately),
        token_digest=link.token_digest,
        token_sealed=link.token_sealed,
        purpose=purpose,
        created_at=now,
        expires_at=now + dt.timedelta(days=LINK_DAYS),
        **{column: key},
    )
    _put(
        session,
        Message,
        PrivateLink.token_digest == link.token_digest,
        slug=secrets.token_hex(8),
        kind=_KIND.value,
        dedupe_key=f"{_KIND.value}:{link.token_digest[:32]}",
        via=MessageVia.EMAIL,
        status=MessageStatus.WAITING,
        created_at=now,
        due_since=now,
        next_try_at=now,
        attempts=0,
        rounds=1,
        error="",
        link_digest=link.token_digest,
        **{column: key},
    )


def _put(
    session: Session, model: type[Any], condition: sa.ColumnElement[bool], **values: Any
) -> None:
    """Insert that row where the condition finds something."""
    table = model.__table__
    row = [sa.literal(value, table.c[name].type) for name, value in values.items()]
    session.execute(sa.insert(table).from_select(list(values), sa.select(*row).where(condition)))
