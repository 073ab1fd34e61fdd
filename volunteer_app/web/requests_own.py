"""请求 by the applicant: a second look after a rejection, a correction, a deletion."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.refusal import Refused
from ..domain.requests import ANSWER_DAYS, RequestKind, due_on
from ..models import Application
from ..services import requesting
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .clock import now, today
from .errors import not_looked_up
from .inputs import VolunteerForm, paragraph
from .limits import limiter
from .narrowing import one_of
from .own import own_application

requests_own = Blueprint("requests_own", __name__, url_prefix="/status/requests")

_LABELS = {
    RequestKind.SECOND_LOOK: "您的意见",
    RequestKind.CORRECTION: "哪一项要改，改成什么",
    RequestKind.DELETION: "为什么要删除",
}


class RequestForm(VolunteerForm):
    words = paragraph("words", most=1000, label="说明")


@requests_own.route("/<kind>", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("20 per hour", methods=["POST"])
def ask(kind: str) -> ResponseReturnValue:
    """What happens and by when, and the person's words."""
    asked = one_of(RequestKind, kind) or abort(404)
    form = form_of(asked)
    if not form.validate_on_submit():
        return show(asked, form)
    start_writing(db.session)
    application = open_application()
    try:
        requesting.ask(
            db.session, application, asked, form.words.data, actor=applicant(), now=now()
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return show(asked, form)
    flash(f"已收到：{asked.label}。")
    return redirect(url_for("status.progress"), 303)


def form_of(kind: RequestKind) -> RequestForm:
    form = RequestForm()
    form.words.label.text = _LABELS[kind]
    return form


def open_application() -> Application:
    """The one that was looked up; who looked up none does so first, and keeps what they typed."""
    application = own_application()
    if application is None and request.method == "POST":
        abort(make_response(not_looked_up()))
    if application is None:
        abort(redirect(url_for("status.look_up"), 303))
    return application


def show(kind: RequestKind, form: RequestForm) -> ResponseReturnValue:
    application = open_application()
    if kind not in requesting.kinds_open_to(application) and not form.errors:
        return redirect(url_for("status.progress"), 303)
    page = render_template(
        "status/request.html",
        application=application,
        kind=kind,
        form=form,
        days=ANSWER_DAYS[kind],
        due_on=due_on(kind, today()),
    )
    return page, status_of(form)
