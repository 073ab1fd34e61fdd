"""One message before it is sent: the words that staff put in the place of its own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.messages import MessageKind, MessageStatus
from ..domain.refusal import Invalid, NotAllowed
from ..domain.rewording import LINK, LINK_MARK, REQUIRED
from ..domain.text import clean_digits
from ..domain.wording import PLACEHOLDERS, names_in
from ..models import Message
from ..vault import digest
from . import drafting, outbox
from .auditing import Actor, record

_EDITABLE = (MessageStatus.WAITING, MessageStatus.FAILED)
_NUMBERS = {"id_number": "证件号码", "phone": "手机号码"}


def is_editable(message: Message, *, now: dt.datetime) -> bool:
    return message.status in _EDITABLE and not outbox.under_way(message, now=now)


def edition_of(message: Message) -> str:
    """Changes with the words that staff wrote; empty where nobody did."""
    return digest(message.edited_sealed.hex())[:16] if message.edited_sealed else ""


def edit(
    session: Session, message: Message, *, subject: str, text: str, actor: Actor, now: dt.datetime
) -> None:
    """Send these words. Raises NotAllowed for what is out or under way, Invalid for a letter
    without its link or with a number of the person."""
    _refuse_what_is_gone(message, now)
    if LINK in REQUIRED.get(MessageKind(message.kind), ()) and LINK_MARK not in text:
        raise Invalid(f"这种通知要有{LINK_MARK}，请加上，不然收信人没法办。", field="text")
    for field, typed, allowed in (("subject", subject, set()), ("text", text, {LINK})):
        if left := [name for name in names_in(typed) if name in PLACEHOLDERS.keys() - allowed]:
            raise Invalid(
                f"这里写的就是要发出的话，{{{left[0]}}}不会换成内容，请直接写出来。", field=field
            )
        for column, number in _numbers_of(session, message):
            if number and number in clean_digits(typed):
                raise Invalid(
                    f"不能写本人的完整{_NUMBERS[column]}，请删去，或只写末四位。", field=field
                )
    message.seal_edited(subject, text, vault_of(session))
    _record(session, "edit_message", message, actor, now)


def restore(session: Session, message: Message, *, actor: Actor, now: dt.datetime) -> None:
    """恢复: send the message's own words again. Raises NotAllowed as `edit` does."""
    _refuse_what_is_gone(message, now)
    message.edited_sealed = None
    _record(session, "restore_message", message, actor, now)


def _refuse_what_is_gone(message: Message, now: dt.datetime) -> None:
    outbox.refuse_under_way(message, now)
    if message.status not in _EDITABLE:
        raise NotAllowed(f"这条通知现在是“{message.status.label}”，不能再改。")


def _numbers_of(session: Session, message: Message) -> list[tuple[str, str]]:
    """The full numbers that no letter may have, as `clean_digits` writes them."""
    vault = vault_of(session)
    if message.application is not None:
        found = [(column, message.application.open(column, vault)) for column in _NUMBERS]
    elif message.recommendation is not None:
        found = [("phone", message.recommendation.open("phone", vault))]
    elif message.draft is not None:
        answers = drafting.all_answers(session, message.draft)
        found = [(column, str(answers.get(column) or "")) for column in _NUMBERS]
    else:
        found = []
    return [(column, clean_digits(number)) for column, number in found]


def _record(
    session: Session, action: str, message: Message, actor: Actor, now: dt.datetime
) -> None:
    record(session, action, message.subject, actor=actor, now=now, message=message.kind)
