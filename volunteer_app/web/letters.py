"""The letter of a message, with addresses of this site; also where there is no request."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy.orm import Session

from ..documents import from_messages
from ..documents.letters import Facts, Letter, standard, write
from ..domain.messages import MessageKind
from ..models import Message


def letter_of(
    app: Flask, session: Session, message: Message, *, now: dt.datetime
) -> tuple[Facts, Letter]:
    """What the message says as things are now."""
    facts = facts_of(app, session, message, now=now)
    return facts, write(standard(MessageKind(message.kind)), facts)


def facts_of(app: Flask, session: Session, message: Message, *, now: dt.datetime) -> Facts:
    site, urls = app.extensions["settings"].url, app.url_map.bind("")

    def address(endpoint: str, **values: str) -> str:
        return str(site + urls.build(endpoint, values))

    return from_messages.facts_of(session, message, address=address, now=now)
