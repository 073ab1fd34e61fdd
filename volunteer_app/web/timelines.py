"""The applicant's timeline: what happened, and what comes next, in plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ..domain.fields import LABELS
from ..domain.terms import SHANGHAI, day_of
from ..domain.vocabulary import ReceivedVia, Status, TermStatus
from ..models import Application, Decision, SubjectRequest
from .clock import today
from .filters import day, full_day, moment


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`state` is done, now or later; `moment` is for machines."""

    title: str
    when: str | None = None
    moment: str | None = None
    detail: str | None = None
    state: str = "done"


#: Move: what the applicant reads, and whether the officer's words are for them.
_TOLD = {
    "submit": ("已提交", False),
    "approve": ("审核通过", False),
    "propose": ("转另一名工作人员复核", False),
    "return": ("退回补正", True),
    "reject": ("未通过", True),
    "confirm": ("复核通过", False),
    "send_back": ("继续审核", False),
    "extend": ("补正期限延长", False),
    "reopen": ("重新审核", False),
    "resubmit": ("您补正后再次提交", False),
    "withdraw": ("您撤回了报名", False),
    "amend": ("工作人员更正了资料", False),
}

_CAME = {
    ReceivedVia.COUNTER: "收到您当面递交的报名表",
    ReceivedVia.POST: "收到您邮寄的报名表",
    ReceivedVia.EMAIL: "收到您用电子邮件发来的报名表",
}

#: What lies ahead, by who must act now.
_AHEAD = {
    Status.SUBMITTED: (("审核", "一般5个工作日"), ("聘任", None)),
    Status.AWAITING_APPROVAL: (("复核", "由另一名工作人员决定"), ("聘任", None)),
    Status.RETURNED: (("继续审核", "收到补正后一般3个工作日"), ("聘任", None)),
    Status.APPROVED: (),
    Status.REJECTED: (),
    Status.WITHDRAWN: (),
}


def timeline(application: Application) -> list[Entry]:
    """Past decisions, the last of them marked while somebody must act, then what lies ahead."""
    waiting = bool(_AHEAD[application.status])
    moves = [place for place, each in enumerate(application.decisions) if each.move != "amend"]
    last = moves[-1] if moves else -1
    past = [
        (decision.at, _past(decision, now=waiting and place == last))
        for place, decision in enumerate(application.decisions)
    ]
    past += [each for request in application.requests for each in _asked(request)]
    past.sort(key=lambda entry: entry[0])
    ahead = [
        Entry(title=title, detail=detail, state="later")
        for title, detail in _AHEAD[application.status]
    ]
    return [entry for _at, entry in past] + ahead + _service(application)


def _service(application: Application) -> list[Entry]:
    """The term that an approval brought, as it is today."""
    term = application.appointment
    if term is None:
        return []
    days = f"{full_day(term.starts_on)}至{full_day(term.ends_on)}"
    title, state = _TERM[term.status(today())]
    if term.terminated_on is not None:
        days += f"，{full_day(term.terminated_on)}起提前解聘"
    return [Entry(title=title, when=days, detail=f"聘书编号{term.number}", state=state)]


_TERM = {
    TermStatus.UPCOMING: ("聘期还没有开始", "later"),
    TermStatus.ACTIVE: ("在聘期内", "now"),
    TermStatus.ENDED: ("聘期已满", "done"),
    TermStatus.TERMINATED: ("聘期提前结束", "done"),
}


def _asked(request: SubjectRequest) -> list[tuple[dt.datetime, Entry]]:
    """That it was asked, and what was answered."""
    told = [(request.asked_at, f"您提出：{request.kind.label}", f"{day(request.due_on)}前答复")]
    if request.answered_at is not None:
        words = f"工作人员说：“{request.answer}”" if request.answer else ""
        answered = f"{request.kind.label}：{request.status.label}"
        told.append((request.answered_at, answered, words))
    return [
        (at, Entry(title=title, when=moment(at), moment=_iso(at), detail=detail or None))
        for at, title, detail in told
    ]


def _iso(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes")


def _past(decision: Decision, *, now: bool) -> Entry:
    via = decision.application.received_via
    if decision.source is None and via is not None:
        return _came(decision, via, now=now)
    title, told = _TOLD[decision.move]
    details = []
    if decision.move == "return" and decision.fields:
        labels = "、".join(LABELS[name] for name in decision.fields if name in LABELS)
        details.append(f"要补的是：{labels}")
    if decision.due_on:
        details.append(f"请在{day(decision.due_on)}前提交")
    if told and decision.reason:
        details.append(f"工作人员说：“{decision.reason}”")
    return Entry(
        title=title,
        when=moment(decision.at),
        moment=_iso(decision.at),
        detail="；".join(details) or None,
        state="now" if now else "done",
    )


def _came(decision: Decision, via: ReceivedVia, *, now: bool) -> Entry:
    """A form that staff entered counts from the day it was received."""
    application, entered_on = decision.application, day_of(decision.at)
    entered = "当天" if entered_on == application.received_on else day(entered_on)
    return Entry(
        title=_CAME[via],
        when=day(application.received_on),
        moment=application.received_on.isoformat() if application.received_on else None,
        detail=f"{entered}由工作人员登记",
        state="now" if now else "done",
    )
