"""What the page of one application shows, put together from the domain's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from ..db import db, vault_of
from ..documents.application_form import unprintable
from ..domain.appointments import certificate_number
from ..domain.fields import LABELS
from ..domain.permissions import Permission, may
from ..domain.rules import Assessment
from ..domain.terms import SHANGHAI, completed_years, day_of, term_status
from ..domain.vocabulary import (
    UNDECIDED,
    AgeReference,
    DocumentKind,
    Status,
)
from ..domain.workflow import DECISION_LABELS
from ..models import Application, Decision, SubjectRequest
from ..services import (
    appointing,
    comparing,
    finding,
    inspecting,
    judging,
    nominating,
    requesting,
    reviewing,
    showing,
)
from ..services.answering import SEALED
from ..services.appointing import Plan
from .access import actor, current_staff
from .clock import today
from .earlier import earlier
from .filters import day, moment
from .narrowing import queue_args, queue_filter
from .review_forms import DecisionForm
from .search_forms import RevealForm

_SEEN_IN_ORIGINAL = (DocumentKind.SPECIALITY_PROOF, DocumentKind.GUARDIAN_CONSENT)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of 审核记录, as the timeline macro reads it."""

    title: str
    when: str
    moment: str
    detail: str
    state: str = "done"


def render(
    application: Application,
    *,
    form: DecisionForm | None = None,
    reveal: tuple[str, RevealForm] | None = None,
    revealed: str | None = None,
    conflict: str = "",
) -> str:
    """The page. `conflict` says why a decision did not come through, its text is in `form`;
    `reveal` is a form that came back; `revealed` names the sealed answer that is shown in clear."""
    staff, vault = current_staff(), vault_of(db.session)
    filters, args = came_from(application)
    assessment = judging.assess_application(application)
    clear = frozenset({revealed} if revealed else ())
    before = earlier(application, staff)
    planned = plan(application) if before.terms else None
    others = inspecting.others_of_the_person(db.session, staff, application)
    return render_template(
        "review/application.html",
        application=application,
        args=args,
        sections=showing.shown_application(application, vault, revealed=clear),
        reveals=reveal_forms(application) | dict([reveal] if reveal else []),
        revealed=revealed,
        labels=LABELS,
        proposal=_proposal(application),
        second_look=_second_look(application),
        age=_age(application),
        findings=assessment.findings,
        outcome=assessment.outcome,
        originals=originals(application, assessment),
        others=[_other(row) for row in others],
        earlier=before,
        nominations=nominating.nominations(db.session, application),
        timeline=[_entry(decision) for decision in application.decisions],
        since=comparing.since_the_return(db.session, application),
        waited=_waited(application),
        choices=reviewing.choices(
            application, assessment, actor=actor(), today=today(), plan=planned
        ),
        planned=planned,
        form=form or DecisionForm.of(application, staff.role),
        conflict=conflict,
        unprintable=unprintable(application),
        neighbours=neighbours(application, filters, args),
    )


def plan(application: Application) -> Plan | None:
    """The term that an approval today would bring; None once it is decided."""
    if application.status not in UNDECIDED:
        return None
    return appointing.plan(db.session, application, today=today())


def came_from(application: Application) -> tuple[finding.QueueFilter, dict[str, Any]]:
    """The queue whose link led here, as a filter and as the arguments of an address."""
    staff = current_staff()
    filters = queue_filter(request.args, application.recruitment, staff)
    return filters, queue_args(filters, application.recruitment, staff)


def reveal_forms(application: Application) -> dict[str, RevealForm]:
    """One for each sealed answer that was given."""
    given = [name for name in SEALED if getattr(application, f"{name}_sealed")]
    return {name: RevealForm.of(name, formdata=None) for name in given}


def neighbours(
    application: Application, filters: finding.QueueFilter, args: dict[str, Any]
) -> tuple[str | None, str | None]:
    """The addresses of the application before and the one after, in the queue it came from."""
    query, key = finding.queue(filters, vault_of(db.session))
    found = [
        finding.neighbour(db.session, query, key, application.id, forward=forward)
        for forward in (False, True)
    ]
    previous, following = (
        url_for("review.show", reference=reference, **args) if reference else None
        for reference in found
    )
    return previous, following


def after_the_decision(application: Application) -> str:
    """The next one with the same filters, or the queue when there is none."""
    filters, args = came_from(application)
    _previous, following = neighbours(application, filters, args)
    return following or url_for("queue.index", **args)


def what_happened(application: Application) -> str:
    """For who decided too late: what it is now, who changed it last, and when."""
    seen = [(s.at, s.staff, f"{s.kind.label}原件已核") for s in application.sightings]
    moved = [(d.at, d.staff, DECISION_LABELS[d.move]) for d in application.decisions]
    at, staff, what = sorted([*seen, *moved], key=lambda change: change[0])[-1]
    return (
        f"这份报名在您打开以后有了变化，您的决定没有记下。它现在是“{application.status.label}”："
        f"{moment(at)}，{staff.name if staff else '申请人'}，{what}。"
    )


def originals(application: Application, assessment: Assessment) -> list[dict[str, Any]]:
    """Papers that a finding wants or somebody has seen, each with who saw it."""
    wanted = {finding.rule for finding in assessment.findings}
    seen = {sighting.kind: sighting for sighting in application.sightings}
    uploaded = {attachment.kind for attachment in application.attachments}
    may_record = application.status in (Status.SUBMITTED, Status.RETURNED)
    return [
        {
            "kind": kind,
            "sighting": seen.get(kind),
            "open": may_record and kind not in seen,
            "uploaded": kind in uploaded,
        }
        for kind in DocumentKind
        if kind in seen or (kind in _SEEN_IN_ORIGINAL and kind.value in wanted)
    ]


def _age(application: Application) -> str:
    recruitment = application.recruitment
    if recruitment.age_reference is AgeReference.CLOSING_DATE:
        on, word = recruitment.closes_on, "截止日"
    else:
        on, word = application.received_on or day_of(application.submitted_at), "报名当日"
    return f"{word}{completed_years(application.birth_date, on)}周岁"


def _proposal(application: Application) -> str:
    """The words with which the exception was proposed, while an approver has to decide."""
    proposed = [d.reason for d in application.decisions if d.target is Status.AWAITING_APPROVAL]
    return proposed[-1] if proposed else ""


def _second_look(application: Application) -> tuple[SubjectRequest, str] | None:
    """With the person's words, which may name a number, for who decides again."""
    look = requesting.second_look_at(application)
    if look is None or not may(current_staff().role, Permission.REVIEW):
        return None
    return look, look.open_words(vault_of(db.session))


def _waited(application: Application) -> int | None:
    if application.status not in UNDECIDED:
        return None
    return (today() - day_of(application.submitted_at)).days


def _other(row: Any) -> dict[str, Any]:
    if row.starts_on is None:
        return {"row": row, "term": None}
    return {
        "row": row,
        "term": term_status(row.starts_on, row.ends_on, row.terminated_on, today()),
        "number": certificate_number(row.prefix, row.year, row.serial),
    }


def _entry(decision: Decision) -> Entry:
    labels = "、".join(LABELS[name] for name in decision.fields if name in LABELS)
    local = decision.at.astimezone(SHANGHAI)
    label = DECISION_LABELS[decision.move]
    if decision.source is None and decision.application.received_via:
        label = "登记"
    return Entry(
        title=label + (f"：{labels}" if labels else ""),
        when=moment(decision.at),
        moment=local.isoformat(timespec="minutes"),
        detail="　".join(filter(None, _details(decision))),
    )


def _arrival(application: Application) -> list[str]:
    if application.received_via is None:
        return [application.channel.label]
    return [application.received_via.label, f"{day(application.received_on)}收到"]


def _details(decision: Decision) -> list[str]:
    who = decision.staff.name if decision.staff else "申请人"
    if decision.source is None:
        return [who, *_arrival(decision.application)]
    return [
        who,
        f"{decision.source.label} → {decision.target.label}"
        if decision.source is not decision.target
        else "",
        f"期限{day(decision.due_on)}" if decision.due_on else "",
        f"“{decision.reason}”" if decision.reason else "",
    ]
