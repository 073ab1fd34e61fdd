"""删除资料 by an administrator: asks once, and says what it means."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import BooleanField, HiddenField

from ..db import db, start_writing
from ..domain.permissions import Permission
from ..domain.refusal import Refused
from ..models import Application
from ..services import erasing, inspecting
from .access import actor, current_staff, open_to
from .account import status_of
from .clock import now, today
from .inputs import Required, VolunteerForm, line

erasure = Blueprint("erasure", __name__, url_prefix="/staff/applications")

_MEANWHILE = "您打开以后，这份报名有了变化，没有删除，请看过现在的情况再决定。"


class EraseForm(VolunteerForm):
    version = HiddenField()
    reason = line("reason", most=200, label="删除的理由和依据")
    sure = BooleanField(
        "我已核对是本人的要求，并告诉本人删除后不能恢复",
        validators=[Required(verb="请勾选：")],
    )


def get_or_404(reference: str) -> Application:
    """What this member of staff may open; another prefecture's is as if it were not there."""
    return inspecting.find_application(db.session, current_staff(), reference) or abort(404)


@erasure.route("/<reference:reference>/erase", methods=["GET", "POST"])
@open_to(Permission.ERASE)
def ask(reference: str) -> ResponseReturnValue:
    if request.method == "POST":
        start_writing(db.session)
    application, form = get_or_404(reference), EraseForm()
    if not form.validate_on_submit():
        return show(application, form), status_of(form)
    if form.version.raw_data != [str(application.version)]:
        return show(application, form, conflict=_MEANWHILE), 409
    try:
        erasing.erase(
            db.session, application, reason=form.reason.data or "", actor=actor(), now=now()
        )
        db.session.commit()
    except (Refused, StaleDataError, IntegrityError) as error:
        db.session.rollback()
        sentence = error.message if isinstance(error, Refused) else _MEANWHILE
        return show(get_or_404(reference), form, conflict=sentence), 409
    flash(f"{reference} 的资料已删除。")
    return redirect(url_for("review.show", reference=reference), 303)


def show(application: Application, form: EraseForm, conflict: str = "") -> str:
    form.version.data = str(application.version)
    return render_template(
        "erasure/ask.html",
        application=application,
        form=form,
        conflict=conflict,
        refusal=erasing.why_not(application, today=today()) or "",
    )
