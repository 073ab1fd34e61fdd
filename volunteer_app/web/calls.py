"""打电话: what became of each call, many at once; full numbers for who says why."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.messages import PhoneOutcome
from ..domain.permissions import Permission
from ..services import calling
from ..services.calling import Tick
from .access import actor, current_staff, open_to
from .call_page import render
from .clock import now
from .inputs import VolunteerForm
from .narrowing import one_of
from .search_forms import RevealForm

calls = Blueprint("calls", __name__, url_prefix="/staff/messages/calls")

_STAYED = "页面停留太久，没有记下，请再点一次。"
_NOTHING = "还没有选结果。请在打过的人旁边选一项，再点“记下结果”。"
#: As many as one page may ask for.
_MOST = 200


def rows_of_the_page() -> list[str]:
    return request.form.getlist("row")[:_MOST]


def ticked() -> dict[str, str]:
    """What was chosen, by slug."""
    chosen = {slug: request.form.get(f"outcome-{slug}", "") for slug in rows_of_the_page()}
    return {slug: value for slug, value in chosen.items() if value}


def ticks() -> dict[str, Tick]:
    found = {}
    for slug, value in ticked().items():
        outcome, tried = one_of(PhoneOutcome, value), request.form.get(f"tried-{slug}", "")
        if outcome is not None and tried.isdecimal():
            found[slug] = Tick(outcome=outcome, tried=int(tried[:9]))
    return found


@calls.post("")
@open_to(Permission.REVIEW)
def record() -> ResponseReturnValue:
    """Rows that a colleague was at before are told, the others count."""
    after = request.form.get("after", "")
    start_writing(db.session)
    if not VolunteerForm().validate() or not ticks():
        sentence = _STAYED if ticks() else _NOTHING
        return render(after=after, ticked=ticked(), conflict=sentence), 422
    count, refused = calling.record_calls(
        db.session, current_staff(), ticks(), actor=actor(), now=now()
    )
    page = calling.named(db.session, current_staff(), rows_of_the_page())
    calling.drop_outdated(db.session, page.values(), now=now())
    db.session.commit()
    if count:
        flash(f"记下了{count}条结果。")
    if refused:
        flash(f"这些没有记：{''.join(refused)}", "wait")
    return redirect(url_for("messages.calls", after=after or None), 303)


@calls.post("/numbers")
@open_to(Permission.REVEAL)
def numbers() -> ResponseReturnValue:
    """查看完整号码: of one row or of the whole page, on this page only, each recorded."""
    after, form = request.form.get("after", ""), RevealForm.of("phone")
    start_writing(db.session)
    if not form.validate():
        return render(after=after, form=form, ticked=ticked()), 422
    slugs = request.form.getlist("only") or rows_of_the_page()
    wanted = calling.named(db.session, current_staff(), slugs).values()
    full = calling.reveal(
        db.session, wanted, reason=form.reason.data or "", actor=actor(), now=now()
    )
    db.session.commit()
    return render(after=after, form=form, numbers=full, ticked=ticked())
