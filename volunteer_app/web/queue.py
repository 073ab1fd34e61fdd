"""审核队列: one tab a status, filters in the address, oldest first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db, vault_of
from ..domain.permissions import Permission
from ..domain.terms import completed_years, day_of
from ..domain.vocabulary import UNDECIDED, Status
from ..models import Recruitment
from ..services import counting, finding, recruiting
from .access import current_staff, open_to
from .clock import today
from .lists import page_of, searched, turns
from .narrowing import chips, queue_args, queue_filter
from .search_forms import QueueSearchForm, SearchForm

queue = Blueprint("queue", __name__, url_prefix="/staff/queue")


@queue.get("/")
@open_to(Permission.VIEW)
def index() -> ResponseReturnValue:
    recruitments = recruiting.all_recruitments(db.session)
    if not recruitments:
        return render_template("review/no_recruitment.html")
    recruitment = chosen(recruitments, request.args.get("recruitment"))
    filters = queue_filter(request.args, recruitment, current_staff())
    args = queue_args(filters, recruitment, current_staff())
    return show(recruitment, filters, QueueSearchForm.of(current_staff(), recruitments, args))


@queue.post("/search")
@open_to(Permission.VIEW)
def search() -> ResponseReturnValue:
    """A number leads to its application; names and filters become an address."""
    recruitments = recruiting.all_recruitments(db.session)
    form = QueueSearchForm.of(current_staff(), recruitments, {})
    if form.validate():
        status = request.args.get("status", "")
        kept = {"status": status} if status else {}
        asked = form.asked()
        return searched(form.q.data) or redirect(url_for("queue.index", **(asked | kept)), 303)
    recruitment = chosen(recruitments, request.form.get("recruitment"))
    filters = queue_filter(request.args, recruitment, current_staff())
    return show(recruitment, filters, form), 422


def chosen(recruitments: list[Recruitment], slug: str | None) -> Recruitment:
    """The recruitment with that slug, else the one whose applications are under way."""
    asked = next((each for each in recruitments if each.slug == slug), None)
    return asked or recruiting.under_way(db.session, today()) or abort(404)


def show(recruitment: Recruitment, filters: finding.QueueFilter, form: SearchForm) -> str:
    args = queue_args(filters, recruitment, current_staff())
    query, key = finding.queue(filters, vault_of(db.session))
    page = page_of(query, key, lambda reference: finding.id_of(db.session, reference))
    previous, following = turns(page, "queue.index", args)
    return render_template(
        "review/queue.html",
        recruitment=recruitment,
        days_left=(recruitment.closes_on - today()).days,
        tabs=tabs(recruitment, filters, args),
        form=form,
        args=args,
        chips=chips(args),
        rows=[shown(row, recruitment) for row in page.rows],
        previous=previous,
        following=following,
        turned="after" in request.args or "before" in request.args,
    )


def tabs(
    recruitment: Recruitment, filters: finding.QueueFilter, args: dict[str, Any]
) -> list[tuple[str, str, str, bool]]:
    """(word, address, count, whether it is this one); counts are those of the prefecture."""
    counts = counting.counts(db.session, recruitment.id, filters.region)
    others = {name: value for name, value in args.items() if name not in ("status", "overdue")}
    every: list[tuple[Status | None, str, str, int]] = [
        (status, status.label, status.value, counts[status]) for status in Status
    ]
    every.append((None, "全部", "all", counts.total()))
    return [
        (
            word,
            url_for("queue.index", **others, status=value),
            f"{count:,}",
            status is filters.status,
        )
        for status, word, value, count in every
    ]


def shown(row: Any, recruitment: Recruitment) -> dict[str, Any]:
    """What a row of the list says beside its columns."""
    waits = row.status in UNDECIDED
    return {
        "row": row,
        "age": completed_years(row.birth_date, recruitment.closes_on),
        "waited": waited(row.submitted_at) if waits else None,
        "overdue": overdue_days(row.due_on),
    }


def waited(since: dt.datetime) -> int:
    """Whole days in Shanghai since then; 0 = today."""
    return (today() - day_of(since)).days


def overdue_days(due_on: dt.date | None) -> int:
    """Days since the due day has passed; 0 = it has not."""
    return max(0, (today() - due_on).days) if due_on else 0
