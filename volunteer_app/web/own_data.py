"""本人全部资料: a link to the e-mail address on file opens it; staff make it for who has none."""

from __future__ import annotations

from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from ..db import db, start_writing, vault_of
from ..documents import own_data as everything
from ..domain.masking import mask_email
from ..domain.permissions import Permission
from ..domain.requests import LinkPurpose
from ..models import Application
from ..services import disclosing, inspecting, linking
from ..services.auditing import record
from .access import PUBLIC, actor, applicant, current_staff, open_to
from .clock import now
from .inputs import VolunteerForm
from .letters import can_send
from .limits import limiter
from .own import own_application, own_link
from .search_forms import RevealForm

own_data = Blueprint("own_data", __name__)

_CLOSED = "打开以后过了一个小时，已经关上。要再看，请再点一次邮件里的链接。"
_TYPES = {"json": "application/json", "zip": "application/zip"}


@own_data.route("/status/own-data", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("10 per hour", methods=["POST"])
def ask() -> ResponseReturnValue:
    """Whoever knows a reference and four figures has the link sent, and sees nothing here."""
    if request.method == "POST":
        start_writing(db.session)
    application = own_application()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    form, may_send = VolunteerForm(), can_send(current_app)
    if may_send and application.email_sealed is not None and form.validate_on_submit():
        disclosing.send_link(db.session, application, actor=applicant(), now=now())
        db.session.commit()
        flash("链接已经发到登记的邮箱，24小时内有效。1小时内只发一次。")
        return redirect(url_for("status.progress"), 303)
    address = application.open("email", vault_of(db.session))
    return render_template(
        "own_data/ask.html",
        form=form,
        address=mask_email(address) if address else "",
        can_send=may_send,
    ), (422 if form.errors else 200)


def linked_application() -> Application:
    """What the link that was followed here opens; else the page of links that expired."""
    token, closed = own_link()
    link = linking.find_link(db.session, token, now=now())
    if link is None or link.purpose is not LinkPurpose.OWN_DATA or link.application is None:
        abort(redirect(url_for("links.expired"), 303))
    if closed:
        flash(_CLOSED, "wait")
        abort(redirect(url_for("status.look_up"), 303))
    return link.application


@own_data.route("/own-data/", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("30 per hour", methods=["POST"])
def show() -> ResponseReturnValue:
    """Asks once, so that looking is recorded and no mail scanner looks; then everything, to read
    and to print, with the files to take away."""
    form = VolunteerForm()
    if not form.validate_on_submit():
        application = linked_application()
        page = render_template("own_data/open.html", application=application, form=form)
        return page, 422 if form.errors else 200
    start_writing(db.session)
    application = linked_application()
    reference = application.reference
    record(db.session, "own_data", reference, actor=applicant(), now=now(), format="page")
    db.session.commit()
    return paper(application, form=form, staff=False)


@own_data.post("/own-data/<any(json, zip):extension>")
@open_to(PUBLIC)
@limiter.limit("30 per hour")
def download(extension: str) -> ResponseReturnValue:
    if not VolunteerForm().validate():
        flash("页面停留太久，没有下载，请再点一次。", "wait")
        return redirect(url_for("own_data.show"), 303)
    start_writing(db.session)
    application = linked_application()
    reference = application.reference
    record(db.session, "own_data", reference, actor=applicant(), now=now(), format=extension)
    db.session.commit()
    return as_file(application, extension)


@own_data.route("/staff/applications/<reference:reference>/own-data", methods=["GET", "POST"])
@open_to(Permission.REVEAL)
def for_staff(reference: str) -> ResponseReturnValue:
    """For a person who came with the identity card: the same, with a reason, recorded."""
    form = RevealForm.of("own-data")
    if request.method == "POST":
        start_writing(db.session)
    application = inspecting.find_application(db.session, current_staff(), reference) or abort(404)
    if not form.validate_on_submit():
        page = render_template("own_data/staff.html", application=application, form=form)
        return page, 422 if form.errors else 200
    chosen = request.form.get("format", "page")
    record(
        db.session, "own_data", reference, actor=actor(), now=now(),
        format=chosen if chosen in _TYPES else "page", reason=form.reason.data,
    )  # fmt: skip
    db.session.commit()
    if chosen in _TYPES:
        return as_file(application, chosen)
    return paper(application, form=VolunteerForm(formdata=None), staff=True)


def paper(application: Application, *, form: VolunteerForm, staff: bool) -> str:
    return render_template(
        "own_data/paper.html",
        layout="staff.html" if staff else "base.html",
        application=application,
        parts=everything.gather(db.session, application),
        staff=staff,
        at=now(),
        form=form,
    )


def as_file(application: Application, extension: str) -> Response:
    """Made after it was recorded; the archive is made while it is sent."""
    reference, at = application.reference, now()
    if extension == "zip":
        pieces = stream_with_context(everything.as_zip(db.session, application, at=at))
        answer = Response(pieces, mimetype=_TYPES[extension])
    else:
        content = everything.as_json(everything.gather(db.session, application), at=at)
        answer = Response(content, mimetype=_TYPES[extension])
    name = quote(f"本人资料-{reference}.{extension}", safe="")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=own-data-{reference}.{extension}; filename*=UTF-8''{name}"
    )
    return answer
