"""本人全部资料: the link with which a person opens everything that is stored."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..domain.messages import MessageKind
from ..domain.requests import LinkPurpose
from ..models import Application, PrivateLink
from . import linking, messaging
from .auditing import Actor, record

LINK_DAYS = 1
_WAIT = dt.timedelta(hours=1)


def send_link(
    session: Session, application: Application, *, actor: Actor, now: dt.datetime
) -> PrivateLink | None:
    """Write to the address on file with a link that is good for LINK_DAYS, once an hour at most;
    None where one was sent within it."""
    lately = sa.select(PrivateLink.token_digest).where(
        PrivateLink.application_id == application.id,
        PrivateLink.purpose == LinkPurpose.OWN_DATA,
        PrivateLink.created_at > now - _WAIT,
    )
    if session.scalars(lately).first() is not None:
        return None
    purpose = LinkPurpose.OWN_DATA
    link = linking.new_link(session, purpose, application=application, now=now, days=LINK_DAYS)
    messaging.send_link(session, MessageKind.OWN_DATA, link, now=now)
    record(session, "ask_own_data", application.reference, actor=actor, now=now)
    return link
