"""更正资料 by staff: the chosen answers of one application, in place, with the reason."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing
from ..domain.permissions import Permission
from ..domain.refusal import Refused
from ..models import Application
from ..services import correcting, inspecting
from .access import actor, current_staff, open_to
from .account import status_of
from .clock import now
from .correction_forms import AMENDABLE, AmendForm, ChooseForm

corrections = Blueprint("corrections", __name__, url_prefix="/staff/applications")

_MEANWHILE = "您打开以后，这份报名有了变化，没有更正。您填的还在，请看过现在的情况再提交。"


def get_or_404(reference: str) -> Application:
    """What this member of staff may open; another prefecture's is as if it were not there."""
    return inspecting.find_application(db.session, current_staff(), reference) or abort(404)


@corrections.get("/<reference:reference>/correct")
@open_to(Permission.APPROVE)
def choose(reference: str) -> ResponseReturnValue:
    """Which answers: the choice becomes the arguments of the next address."""
    application = get_or_404(reference)
    asked = "field" in request.args or "go" in request.args
    form = ChooseForm(request.args if asked else None, meta={"csrf": False})
    if asked and form.validate():
        address = url_for("corrections.amend", reference=reference, field=form.field.data)
        return redirect(address, 303)
    page = render_template("corrections/choose.html", application=application, form=form)
    return page, 422 if form.errors else 200


@corrections.route("/<reference:reference>/amend", methods=["GET", "POST"])
@open_to(Permission.APPROVE)
def amend(reference: str) -> ResponseReturnValue:
    if request.method == "POST":
        start_writing(db.session)
    application = get_or_404(reference)
    chosen = [name for name in request.args.getlist("field") if name in AMENDABLE]
    if not chosen:
        return redirect(url_for("corrections.choose", reference=reference), 303)
    form = AmendForm.of(application, correcting.together(chosen))
    if not form.validate_on_submit():
        return show(application, form), status_of(form)
    if form.version.raw_data != [str(application.version)]:
        return conflict(reference, form, _MEANWHILE)
    return carry_out(application, form)


def carry_out(application: Application, form: AmendForm) -> ResponseReturnValue:
    """Put it right, or say why it cannot be, with what was typed kept."""
    reference, reason = application.reference, form.reason.data or ""
    try:
        correcting.amend(
            db.session, application, form.answers(), reason=reason, actor=actor(), now=now()
        )
        db.session.commit()
    except (Refused, StaleDataError, IntegrityError) as error:
        db.session.rollback()
        sentence = error.message if isinstance(error, Refused) else _MEANWHILE
        return conflict(reference, form, sentence)
    if inspecting.find_application(db.session, current_staff(), reference) is None:
        flash(f"{reference}已更正。它现在归别的市，您不能再打开。")
        return redirect(url_for("queue.index"), 303)
    flash(f"{reference} 已更正。")
    return redirect(url_for("review.show", reference=reference, _anchor="history"), 303)


def conflict(reference: str, form: AmendForm, sentence: str) -> ResponseReturnValue:
    return show(get_or_404(reference), form, conflict=sentence), 409


def show(application: Application, form: AmendForm, conflict: str = "") -> str:
    form.blank()
    form.version.data = str(application.version)
    return render_template(
        "corrections/amend.html",
        application=application,
        form=form,
        conflict=conflict,
        chosen=request.args.getlist("field"),
    )
