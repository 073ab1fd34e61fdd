"""What the pages of one term show: its days, its number, who ended it and who took that back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import render_template

from ..domain.appointments import certificate_number
from ..domain.terms import SHANGHAI, term_status
from ..domain.vocabulary import TermStatus
from ..models import Appointment
from ..services import ending
from .clock import today
from .filters import full_day, moment


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the history of a term, as the timeline macro reads it."""

    title: str
    when: str
    moment: str
    detail: str
    state: str = "done"


def render(page: str, appointment: Appointment, **given: Any) -> str:
    """The page `terms/PAGE.html` of one term."""
    return render_template(
        f"terms/{page}.html",
        term=appointment,
        application=appointment.application,
        status=appointment.status(today()),
        ending=ending.current_ending(appointment),
        may_end=may_end(appointment),
        days=days_of(appointment),
        days_served=days_served,
        **{"conflict": "", "log": [], "history": []} | given,
    )


def may_end(appointment: Appointment) -> bool:
    return appointment.terminated_on is None and appointment.ends_on >= today()


def days_of(appointment: Appointment) -> str:
    """共731天，已服务120天，还有611天: as far as it says something."""
    total = (appointment.ends_on - appointment.starts_on).days + 1
    status, said = appointment.status(today()), [f"共{total:,}天"]
    if status is not TermStatus.UPCOMING:
        said.append(f"服务{days_served(appointment):,}天")
    last = appointment.last_day_served
    if status is TermStatus.ACTIVE and last is not None:
        left = (last - today()).days
        said.append(f"还有{left:,}天" if left else "今天是最后一日")
    return "，".join(said)


def days_served(appointment: Appointment) -> int:
    """Up to today, both ends included."""
    last = appointment.last_day_served
    return 0 if last is None else max(0, (min(last, today()) - appointment.starts_on).days + 1)


def entries(appointment: Appointment) -> list[Entry]:
    """Appointed, ended early, taken back: in the order in which it happened."""
    told = [_entry(appointment.created_at, "聘任", f"发给聘书{appointment.number}")]
    for each in appointment.endings:
        words = f"“{each.words}”" if each.words else ""
        detail = "　".join(
            filter(None, [each.staff.name, f"从{full_day(each.ends_from)}起不再在聘", words])
        )
        told.append(_entry(each.at, f"提前解聘：{each.reason.label}", detail))
        if each.undone_at and each.undone_by:
            detail = f"{each.undone_by.name}　“{each.undone_reason}”"
            told.append(_entry(each.undone_at, "撤销提前解聘", detail))
    return told


def _entry(at: dt.datetime, title: str, detail: str) -> Entry:
    local = at.astimezone(SHANGHAI).isoformat(timespec="minutes")
    return Entry(title=title, when=moment(at), moment=local, detail=detail)


def summary(row: Any) -> dict[str, Any]:
    """What a row of the list says beside its columns; `left` is the days to its last one."""
    status = term_status(row.starts_on, row.ends_on, row.terminated_on, today())
    running = status is TermStatus.ACTIVE and row.terminated_on is None
    return {
        "row": row,
        "term": status,
        "number": certificate_number(row.prefix, row.year, row.serial),
        "left": (row.ends_on - today()).days if running else None,
    }
