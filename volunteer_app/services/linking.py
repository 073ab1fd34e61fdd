"""专用链接: private links that open one thing until they expire."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.requests import LinkPurpose
from ..models import Application, Draft, PrivateLink, Recommendation
from ..vault import digest


def new_link(
    session: Session,
    purpose: LinkPurpose,
    *,
    application: Application | None = None,
    draft: Draft | None = None,
    recommendation: Recommendation | None = None,
    now: dt.datetime,
    days: int,
) -> PrivateLink:
    """A link to one of the three that expires so many days (of 24 hours) from now."""
    link = _made(
        session,
        purpose,
        now=now,
        days=days,
        application_id=application.id if application else None,
        draft_digest=draft.token_digest if draft else None,
        recommendation_id=recommendation.id if recommendation else None,
    )
    session.add(link)
    session.flush()
    return link


def links_to_drafts(
    session: Session, drafts: Sequence[Draft], *, now: dt.datetime, days: int
) -> list[PrivateLink]:
    """A link to go on with each, in their order, all sent to the database at once."""
    purpose = LinkPurpose.RESUME_DRAFT
    links = [
        _made(session, purpose, now=now, days=days, draft_digest=draft.token_digest)
        for draft in drafts
    ]
    session.add_all(links)
    session.flush()
    return links


def _made(
    session: Session, purpose: LinkPurpose, *, now: dt.datetime, days: int, **opens: Any
) -> PrivateLink:
    token = secrets.token_urlsafe(24)
    link = PrivateLink(
        token_digest=digest(token),
        purpose=purpose,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
        **opens,
    )
    link.seal_token(token, vault_of(session))
    return link


def find_link(session: Session, token: str, *, now: dt.datetime) -> PrivateLink | None:
    """The link with that token; None for an unknown one and for one that has expired."""
    link = session.get(PrivateLink, digest(token))
    return link if link is not None and now < link.expires_at else None


def end_links(session: Session, owner: Application | Recommendation) -> None:
    """Its links open nothing from now on."""
    column = (
        PrivateLink.application_id
        if isinstance(owner, Application)
        else PrivateLink.recommendation_id
    )
    session.execute(sa.delete(PrivateLink).where(column == owner.id))


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete the links that have expired; returns how many."""
    expired = sa.delete(PrivateLink).where(PrivateLink.expires_at <= now)
    return len(session.scalars(expired.returning(PrivateLink.token_digest)).all())
