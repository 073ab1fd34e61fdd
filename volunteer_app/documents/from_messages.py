"""What a letter may say, gathered from what the message is about and tells of."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain import days
from ..domain.appointments import NEEDS_WORDS
from ..domain.fields import LABELS
from ..domain.messages import MessageKind
from ..domain.terms import day_of, last_day
from ..domain.wording import PLACEHOLDERS
from ..models import Application, Association, Message, Recruitment
from ..services import certifying, drafting, ending, expiring, lacking, recruiting
from .letters import Facts

#: Makes the address of a page of this site: `address("status.look_up")`.
Address = Callable[..., str]


def facts_of(session: Session, message: Message, *, address: Address, now: dt.datetime) -> Facts:
    """All that is known for this message; its wording takes what it needs."""
    known = _of_the_person(session, message, address)
    for gather in (_of_the_decision, _of_the_nominee, _of_the_link, _of_the_request, _of_the_term):
        known |= gather(session, message, address)
    known |= _of_the_certificate(message, address, now)
    known |= _of_the_renewal(session, message)
    return _with_the_recruitment(session, message, known, now)


def _of_the_person(session: Session, message: Message, address: Address) -> dict[str, Any]:
    if message.application is not None:
        application = message.application
        return {
            "name": application.name,
            "reference": application.reference,
            "look_up": address("status.look_up"),
        }
    if message.recommendation is not None:
        unit = message.recommendation
        left = "\n".join(f"· {each}" for each in lacking.outstanding(session, unit))
        return {"name": unit.contact_name, "unit": unit.unit_name, "outstanding": left}
    answers = drafting.all_answers(session, message.draft) if message.draft else {}
    return {"name": str(answers.get("name") or "报名人")}


def _of_the_decision(_session: Session, message: Message, _address: Address) -> dict[str, Any]:
    if message.decision is None:
        return {}
    if message.kind == MessageKind.APPROVED.value:  # its words are between officers
        return {}
    known = {"reason": message.decision.reason}
    if message.kind == MessageKind.RETURNED.value and message.application is not None:
        known = _returned(message.application, message.decision.reason)
    return known


def _returned(application: Application, reason: str) -> dict[str, str]:
    """As the return is now: an extension has no words of its own."""
    returns = [decision for decision in application.decisions if decision.move == "return"]
    names = application.fields_to_correct
    return {
        "reason": reason or (returns[-1].reason if returns else ""),
        "fields": "、".join(LABELS[name] for name in names if name in LABELS),
        "due_on": in_words(application.due_on),
    }


def _of_the_nominee(session: Session, message: Message, address: Address) -> dict[str, Any]:
    nominee = message.nominee
    if nominee is None:
        return {}
    return {
        "name": nominee.name,
        "unit": nominee.recommendation.unit_name,
        "private_link": address("nominee.answer", token=nominee.open_token(vault_of(session))),
    }


def _of_the_link(session: Session, message: Message, address: Address) -> dict[str, Any]:
    link = message.link
    if link is None:
        return {}
    return {
        "private_link": address("links.follow", token=link.open_token(vault_of(session))),
        # the last whole day: on the next it ends at some hour
        "expires_on": in_words(day_of(link.expires_at) - dt.timedelta(days=1)),
    }


def _of_the_request(_session: Session, message: Message, _address: Address) -> dict[str, Any]:
    asked = message.request
    if asked is None:
        return {}
    return {
        "request": asked.kind.label,
        "reason": "。".join(filter(None, (asked.status.label, asked.answer))),
    }


def _of_the_term(_session: Session, message: Message, _address: Address) -> dict[str, Any]:
    term = message.application.appointment if message.application is not None else None
    if term is None:
        return {}
    known = {
        "starts_on": in_words(term.starts_on),
        "ends_on": in_words(term.ends_on),
        "terminated_on": in_words(term.terminated_on),
        "number": term.number,
    }
    early = ending.current_ending(term)
    if message.kind == MessageKind.ENDED_EARLY.value and early is not None:
        known["reason"] = early.words if early.reason in NEEDS_WORDS else early.reason.label
    return known


def _of_the_certificate(message: Message, address: Address, now: dt.datetime) -> dict[str, Any]:
    """Nothing of one that is no longer valid: lines that name it are left out."""
    term = message.application.appointment if message.application is not None else None
    if term is None or not certifying.in_force(term, day_of(now)):
        return {}
    return {"verify": address("verify.show", code=term.code)}


def _of_the_renewal(session: Session, message: Message) -> dict[str, str]:
    """How to apply again; who has done so waits, and has no use for the link."""
    if message.kind not in _TELLS_OF_THE_NEXT or message.application is None:
        return {}
    if expiring.waits_for_an_answer(session, message.application):
        return {"renewal": _APPLIED_AGAIN, "private_link": "", "expires_on": ""}
    return {"renewal": _HOW_TO_RENEW}


_APPLIED_AGAIN = "您的续聘报名正在审核，有结果再通知您。"
_HOW_TO_RENEW = (
    "愿意继续服务的，请重新报名：在“查询进度”里填报名编号和证件号码后四位，再点“办续聘”。"
)


def _with_the_recruitment(
    session: Session, message: Message, known: dict[str, Any], now: dt.datetime
) -> Facts:
    recruitment = message.recruitment or session.get(Recruitment, message.recruitment_of)
    association = recruiting.association(session)
    facts = Facts(
        recruitment=recruitment.title if recruitment else "",
        association=association.name,
        contact=contact(association),
        mailbox=association.mailbox,
        **known,
    )
    if message.kind in _TELLS_OF_THE_NEXT:
        if facts.renewal == _APPLIED_AGAIN:
            return facts
        return dataclasses.replace(facts, **_of_the_next(session, day_of(now)))
    if recruitment is None:
        return facts
    facts = dataclasses.replace(
        facts, opens_on=in_words(recruitment.opens_on), closed_on=in_words(message.closed_on)
    )
    unit = message.recommendation
    days_left = (recruitment.closes_on - day_of(now)).days
    if days_left < 0 or (unit is not None and unit.handed_in_at is not None):
        return facts  # the day does not matter any more: lines that name it are left out
    return dataclasses.replace(
        facts, closes_on=in_words(recruitment.closes_on), days_left=str(days_left)
    )


def sample(session: Session, recruitment: Recruitment, *, now: dt.datetime) -> Facts:
    """Nobody's: what a letter of that recruitment could say, to show its wording by."""
    association = recruiting.association(session)
    starts_on = recruitment.term_starts_on or recruitment.closes_on + dt.timedelta(days=1)
    made_up = {placeholder: f"（示例：{name}）" for name, placeholder in PLACEHOLDERS.items()}
    return Facts(
        **made_up
        | {
            "recruitment": recruitment.title,
            "association": association.name,
            "contact": contact(association),
            "starts_on": in_words(starts_on),
            "ends_on": in_words(last_day(starts_on, recruitment.term_years)),
            "opens_on": in_words(recruitment.opens_on),
            "closes_on": in_words(recruitment.closes_on),
            "days_left": str(max((recruitment.closes_on - day_of(now)).days, 0)),
        },
        mailbox=association.mailbox,
    )


#: These ask to apply again: their days are those of the recruitment that is open or coming.
_TELLS_OF_THE_NEXT = {MessageKind.EXPIRING.value, MessageKind.ENDED.value}


def _of_the_next(session: Session, today: dt.date) -> dict[str, str]:
    """Open: until when; coming: from when; neither: nothing, and their lines are left out."""
    following = recruiting.current(session, today)
    if following is None or following.closes_on < today:
        return {}
    if following.opens_on > today:
        return {"recruitment": following.title, "opens_on": in_words(following.opens_on)}
    return {
        "recruitment": following.title,
        "closes_on": in_words(following.closes_on),
        "days_left": str((following.closes_on - today).days),
    }


def contact(association: Association) -> str:
    """How to reach the association, as the end of a sentence that begins 有疑问请."""
    mail = f"写信到{association.mailbox}"
    if not association.telephone:
        return mail
    hours = f"（{association.office_hours}）" if association.office_hours else ""
    return f"打电话{association.telephone}{hours}，或{mail}"


def in_words(day: dt.date | None) -> str:
    return days.in_words(day) if day else ""
