"""专用链接: private links that open one thing until they expire."""

from __future__ import annotations

import datetime as dt
import secrets

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
    token = secrets.token_urlsafe(24)
    link = PrivateLink(
        token_digest=digest(token),
        purpose=purpose,
        application_id=application.id if application else None,
        draft_digest=draft.token_digest if draft else None,
        recommendation_id=recommendation.id if recommendation else None,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    link.seal_token(token, vault_of(session))
    session.add(link)
    session.flush()
    return link


def find_link(session: Session, token: str, *, now: dt.datetime) -> PrivateLink | None:
    """The link with that token; None for an unknown one and for one that has expired."""
    link = session.get(PrivateLink, digest(token))
    return link if link is not None and now < link.expires_at else None


def end_links(session: Session, recommendation: Recommendation) -> None:
    """Its links open nothing from now on."""
    session.execute(
        sa.delete(PrivateLink).where(PrivateLink.recommendation_id == recommendation.id)
    )


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete the links that have expired; returns how many."""
    expired = sa.delete(PrivateLink).where(PrivateLink.expires_at <= now)
    return len(session.scalars(expired.returning(PrivateLink.token_digest)).all())
