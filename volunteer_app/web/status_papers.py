"""材料 after submission: added or replaced until somebody decides.

Whoever knows a reference and four figures sees kinds and names here, and no file.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.refusal import Invalid
from ..domain.uploads import BY_APPLICANT
from ..domain.vocabulary import Status
from ..models import Application
from ..services import attaching
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .clock import now, today
from .inputs import VolunteerForm
from .limits import limiter
from .own import own_application
from .uploads import UploadForm, allow_large_body

status_papers = Blueprint("status_papers", __name__, url_prefix="/status/attachments")


def open_application() -> Application:
    """The one that was looked up, while it can still be completed; else to where its state is."""
    application = own_application()
    if application is None or application.status not in (Status.SUBMITTED, Status.RETURNED):
        abort(redirect(url_for("status.progress"), 303))
    overdue = application.due_on is not None and application.due_on < today()
    if application.status is Status.RETURNED and overdue:
        abort(redirect(url_for("status.progress"), 303))
    return application


@status_papers.route("", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("60 per 15 minutes", methods=["POST"])
def index() -> ResponseReturnValue:
    allow_large_body()
    application = open_application()
    form = UploadForm.of(BY_APPLICANT)
    if not form.validate_on_submit() or form.upload is None:
        return show(form, application)
    start_writing(db.session)
    try:
        attaching.attach(db.session, form.upload, open_application(), actor=applicant(), now=now())
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        form.file.errors = [invalid.message]
        return show(form, open_application())
    flash(f"{form.upload.kind.label}已上传。")
    return redirect(url_for("status_papers.index"), 303)


def show(form: UploadForm, application: Application) -> ResponseReturnValue:
    page = render_template(
        "status/attachments.html",
        form=form,
        attachments=application.attachments,
        returned=application.status is Status.RETURNED,
        own=applicant().name,
    )
    return page, status_of(form)


@status_papers.post("/<slug>/remove")
@open_to(PUBLIC)
def remove(slug: str) -> ResponseReturnValue:
    """Only what the applicant uploaded; what staff added at the counter stays."""
    if not VolunteerForm().validate():
        flash("页面停留太久，没有删除，请再点一次。", "wait")
        return redirect(url_for("status_papers.index"), 303)
    start_writing(db.session)
    application = open_application()
    found = attaching.find_attachment(db.session, application, slug) or abort(404)
    if found.uploaded_by != applicant().name:
        abort(403)
    attaching.detach(db.session, found, actor=applicant(), now=now())
    db.session.commit()
    flash("已删除。")
    return redirect(url_for("status_papers.index"), 303)
