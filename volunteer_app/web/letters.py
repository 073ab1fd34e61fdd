"""The letter of a message, with addresses of this site; also where there is no request."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy.orm import Session

from ..documents import certificate, from_messages
from ..documents.letters import Facts, Letter, standard, write
from ..domain.messages import MessageKind
from ..domain.terms import day_of
from ..models import Message
from ..services import certifying, recruiting

#: Letters that bring the certificate, and what its file is called.
_WITH_CERTIFICATE = frozenset({MessageKind.APPROVED.value, MessageKind.CERTIFICATE.value})
CERTIFICATE_NAME = "聘书.pdf"


def letter_of(
    app: Flask, session: Session, message: Message, *, now: dt.datetime
) -> tuple[Facts, Letter]:
    """What the message says as things are now."""
    facts = facts_of(app, session, message, now=now)
    return facts, write(standard(MessageKind(message.kind)), facts)


def facts_of(app: Flask, session: Session, message: Message, *, now: dt.datetime) -> Facts:
    return from_messages.facts_of(session, message, address=address_in(app), now=now)


def address_in(app: Flask) -> from_messages.Address:
    """Makes addresses of this site without a request."""
    site, urls = app.extensions["settings"].url, app.url_map.bind("")

    def address(endpoint: str, **values: str) -> str:
        return str(site + urls.build(endpoint, values))

    return address


def enclosed(
    app: Flask, session: Session, message: Message, *, now: dt.datetime
) -> dict[str, bytes]:
    """What goes with the letter, by file name: the certificate as it is now, where it is valid."""
    term = message.application.appointment if message.application is not None else None
    if message.kind not in _WITH_CERTIFICATE or term is None:
        return {}
    if not certifying.in_force(term, day_of(now)):
        return {}
    link = address_in(app)("verify.show", code=term.code)
    association = recruiting.association(session)
    facts = certificate.facts_of(term, association=association.name, link=link)
    return {CERTIFICATE_NAME: certificate.pdf(facts, seal=association.seal_image)}
