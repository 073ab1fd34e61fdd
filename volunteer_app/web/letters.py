"""The letter of a message, with addresses of this site; also where there is no request."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import cache, partial

from flask import Flask
from sqlalchemy.orm import Session

from ..db import vault_of
from ..documents import certificate, from_messages
from ..documents.letters import Facts, Letter, standard, write
from ..domain.messages import MessageKind
from ..domain.rewording import LINK_MARK
from ..domain.terms import day_of
from ..models import Message
from ..services import certifying, recruiting, wordings

Words = Callable[[int, MessageKind], Letter]
#: Letters that bring the certificate, and what its file is called.
_WITH_CERTIFICATE = frozenset({MessageKind.APPROVED.value, MessageKind.CERTIFICATE.value})
CERTIFICATE_NAME = "聘书.pdf"
#: In the place of a private link, which opens full numbers: only the addressee gets it. A unit's
#: is renewed on its page, which is recorded; a nominee's is handed over by the unit.
_HIDDEN = "（链接只发给收信人，这里不显示）"


def letter_of(
    app: Flask, session: Session, message: Message, *, now: dt.datetime
) -> tuple[Facts, Letter]:
    """What is sent: the message as things are now, or as staff wrote it."""
    facts = facts_of(app, session, message, now=now)
    return facts, _letter(session, message, facts)


def shown_letter(app: Flask, session: Session, message: Message, *, now: dt.datetime) -> Letter:
    """The same for the eyes of staff."""
    return _letter(session, message, shown_facts(app, session, message, now=now))


def letter_to_edit(app: Flask, session: Session, message: Message, *, now: dt.datetime) -> Letter:
    """The same with a mark in the place of the private link."""
    facts = facts_of(app, session, message, now=now)
    marked = dataclasses.replace(facts, private_link=facts.private_link and LINK_MARK)
    return _letter(session, message, marked)


def words_to_say(
    app: Flask, session: Session, message: Message, *, now: dt.datetime, words: Words
) -> str:
    """What is read out on the telephone: the letter without its foot and without empty lines."""
    facts = shown_facts(app, session, message, now=now)
    text = _letter(session, message, facts, below=False, words=words).text
    return "\n".join(line for line in text.splitlines() if line)


def shown_facts(app: Flask, session: Session, message: Message, *, now: dt.datetime) -> Facts:
    facts = facts_of(app, session, message, now=now)
    return dataclasses.replace(facts, private_link=facts.private_link and _HIDDEN)


def wording_for(session: Session, recruitment_id: int, kind: MessageKind) -> Letter:
    """The words of that kind in that recruitment, with their placeholders."""
    changed = wordings.wording_of(session, recruitment_id, kind)
    return Letter(changed.subject, changed.text) if changed else standard(kind)


def written(kind: MessageKind, wording: Letter, facts: Facts, *, below: bool = True) -> Letter:
    """The wording with its values. A subject that comes out empty is that of the file."""
    letter = write(wording, facts, below=below)
    subject = letter.subject or write(standard(kind), facts).subject or kind.label
    return Letter(subject, letter.text)


def words_of(session: Session) -> Words:
    """`wording_for` that looks up each kind once, for a page of many letters."""
    return cache(partial(wording_for, session))


def _letter(
    session: Session,
    message: Message,
    facts: Facts,
    *,
    below: bool = True,
    words: Words | None = None,
) -> Letter:
    edited = message.open_edited(vault_of(session))
    if edited is not None:
        subject, text = edited
        return Letter(subject, text.replace(LINK_MARK, facts.private_link))
    kind = MessageKind(message.kind)
    recruitment_id = message.recruitment_id or message.recruitment_of
    wording = (words or partial(wording_for, session))(recruitment_id, kind)
    return written(kind, wording, facts, below=below)


def facts_of(app: Flask, session: Session, message: Message, *, now: dt.datetime) -> Facts:
    return from_messages.facts_of(session, message, address=address_in(app), now=now)


def can_send(app: Flask) -> bool:
    """Whether letters go out at all."""
    return app.extensions["settings"].mail is not None


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
