"""What a letter may say, gathered from the message's application, decision and nominee."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.fields import BY_NAME
from ..domain.messages import MessageKind
from ..models import Application, Message
from ..services import recruiting
from .letters import Facts


def facts_of(
    session: Session, message: Message, *, look_up: str, private: Callable[[str], str]
) -> Facts:
    """`look_up` is the address of the page to look up; `private` makes that of a token."""
    application = message.application
    association = recruiting.association(session)
    facts = Facts(
        name=application.name,
        reference=application.reference,
        recruitment=application.recruitment.title,
        association=association.name,
        telephone=association.telephone,
        office_hours=association.office_hours,
        mailbox=association.mailbox,
        look_up=look_up,
    )
    kind = MessageKind(message.kind)
    if kind is MessageKind.CONFIRM_NOMINATION:
        return _nominated(session, facts, message, private)
    facts = dataclasses.replace(facts, reason=message.decision.reason if message.decision else "")
    if kind is MessageKind.RETURNED:
        return _returned(facts, application)
    if kind is MessageKind.APPROVED and application.appointment is not None:
        term = application.appointment
        return dataclasses.replace(
            facts, reason="", starts_on=_day(term.starts_on), ends_on=_day(term.ends_on)
        )
    return facts


def _nominated(
    session: Session, facts: Facts, message: Message, private: Callable[[str], str]
) -> Facts:
    nominee = message.nominee
    if nominee is None:
        return facts
    return dataclasses.replace(
        facts,
        name=nominee.name,
        unit=nominee.recommendation.unit_name,
        private_link=private(nominee.open_token(vault_of(session))),
    )


def _returned(facts: Facts, application: Application) -> Facts:
    """As the return is now: an extension has no words of its own."""
    returns = [decision for decision in application.decisions if decision.move == "return"]
    names = application.fields_to_correct
    return dataclasses.replace(
        facts,
        reason=facts.reason or (returns[-1].reason if returns else ""),
        fields=tuple(BY_NAME[name].label for name in names if name in BY_NAME),
        due_on=_day(application.due_on),
    )


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
