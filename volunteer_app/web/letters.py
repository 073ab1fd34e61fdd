"""The letter of a message, with addresses of this site; also where there is no request."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from ..documents import from_messages
from ..documents.letters import Facts, Letter, write
from ..domain.messages import MessageKind
from ..models import Message


def letter_of(app: Flask, session: Session, message: Message) -> tuple[Facts, Letter]:
    """What the message says as things are now."""
    site, urls = app.extensions["settings"].url, app.url_map.bind("")

    def private(token: str) -> str:
        return str(site + urls.build("nominee.answer", {"token": token}))

    facts = from_messages.facts_of(
        session, message, look_up=site + urls.build("status.look_up"), private=private
    )
    return facts, write(MessageKind(message.kind), facts)
