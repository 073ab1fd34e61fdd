"""What a reviewer sees of a person's earlier terms, and of what they answered then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..db import db, vault_of
from ..domain.fields import Field
from ..models import Application, Appointment, Staff
from ..services import renewing
from ..services.answering import SEALED
from .clock import today
from .filters import full_day

NOT_SHOWN = "上次在别的市，只看得到聘期，看不到当时填的内容。"


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """`terms` are newest first, each with how it ended. `changes` compare with the application
    `compared`; None where there is none that this member of staff may open."""

    terms: list[dict[str, Any]]
    compared: Application | None
    changes: list[tuple[Field, str, str]]
    not_shown: str = ""

    @property
    def before(self) -> dict[str, str]:
        """What is said beside a changed answer, by the name of the field."""
        return {
            field.name: "与上次不同" if field.name in SEALED else f"上次：{old or '未填'}"
            for field, old, _new in self.changes
        }


def earlier(application: Application, staff: Staff) -> Earlier:
    terms = renewing.earlier_terms(db.session, application)
    last = renewing.compared_with(application, terms)
    visible = last is not None and staff.region in (None, last.region)
    return Earlier(
        terms=[_term(term, staff) for term in terms],
        compared=last if visible else None,
        changes=renewing.changes(application, last, vault_of(db.session))
        if visible and last
        else [],
        not_shown="" if visible or last is None else NOT_SHOWN,
    )


def _term(term: Appointment, staff: Staff) -> dict[str, Any]:
    mine: Sequence[str | None] = (None, term.region)
    return {
        "recruitment": term.application.recruitment.title,
        "number": term.number,
        "days": f"{full_day(term.starts_on)}至{full_day(term.ends_on)}",
        "status": term.status(today()),
        "ended": _ended(term),
        "reference": term.application.reference if staff.region in mine else "",
    }


def _ended(term: Appointment) -> str:
    """How it ended before its last day; the words of staff stay where the appointment is kept."""
    if term.terminated_on is None:
        return ""
    reasons = [ending.reason.label for ending in term.endings if ending.undone_at is None]
    why = f"（{reasons[-1]}）" if reasons else ""
    return f"提前解聘{why}，{full_day(term.terminated_on)}起不再服务"
