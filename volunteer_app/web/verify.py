"""聘书查验: what a code says of its certificate, to anybody who holds one; nothing is listed."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from ..db import db
from ..domain.codes import normalise_reference
from ..domain.masking import mask_name
from ..domain.text import clean_line
from ..services import certifying
from .access import PUBLIC, open_to
from .account import status_of
from .clock import today
from .inputs import Required, VolunteerForm
from .limits import limiter, was_wrong

verify = Blueprint("verify", __name__, url_prefix="/verify")

#: One budget for the form and the addresses: codes are not to be tried.
tries = limiter.shared_limit("30 per 15 minutes", scope="verify", deduct_when=was_wrong)
UNKNOWN = "没有这个查验码的聘书，请对照聘书左下角核对后再试。"


class CodeForm(VolunteerForm):
    code = StringField(
        "查验码",
        validators=[Required()],
        filters=[lambda text: clean_line(text or "")[:80]],
        description="在聘书左下角，例如K7M4-2RQX-9。不分大小写，横线可以不填。",
    )


@verify.after_request
def keep_out_of_search(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@verify.route("/", methods=["GET", "POST"])
@open_to(PUBLIC)
@tries
def index() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("verify/index.html", form=form), status_of(form)
    if normalise_reference(form.code.data) is None:
        return unknown(form)
    return redirect(url_for("verify.show", code=normalise_reference(form.code.data)), 303)


@verify.get("/<code>")
@open_to(PUBLIC)
@tries
def show(code: str) -> ResponseReturnValue:
    """As of today. A code that is wrong and one that nobody has get one answer."""
    certificate = certifying.find_certificate(db.session, code)
    if certificate is None:
        return unknown(CodeForm(formdata=None, data={"code": clean_line(code)[:80]}))
    appointment = certificate.appointment
    application = appointment.application
    return render_template(
        "verify/show.html",
        certificate=certificate,
        appointment=appointment,
        name="" if application.is_erased else mask_name(application.name),
        status=appointment.status(today()),
        on=today(),
    )


def unknown(form: CodeForm) -> ResponseReturnValue:
    """The form again, with what was typed and what to do."""
    form.code.errors = [UNKNOWN.rstrip("。")]
    return render_template("verify/index.html", form=form), 404
