"""材料 of a draft: added one at a time at any moment before 提交报名, or not at all."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.refusal import Invalid
from ..domain.uploads import BY_APPLICANT
from ..models import Draft, Recruitment
from ..services import attaching, drafting, recruiting
from . import drafts
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .apply_pages import show_closed
from .clock import now, today
from .inputs import VolunteerForm
from .limits import limiter
from .uploads import UploadForm, allow_large_body, send_attachment, send_preview

apply_papers = Blueprint("apply_papers", __name__, url_prefix="/apply/attachments")


def current_draft() -> Draft | None:
    """This browser's draft; none before the first answer, and none once it was submitted."""
    token = drafts.draft_token()
    return drafting.find_draft(db.session, token) if token else None


@apply_papers.route("", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("60 per 15 minutes", methods=["POST"])
def index() -> ResponseReturnValue:
    """One file at a time; what was answered so far is not touched by any of it."""
    allow_large_body()
    recruitment = recruiting.current(db.session, today())
    if recruitment is None or not recruitment.terms.is_open(now()):
        return show_closed()
    if current_draft() is None and drafts.submitted():
        return redirect(url_for("apply.receipt"), 303)
    form = UploadForm.of(BY_APPLICANT)
    if not form.validate_on_submit():
        return show(form)
    return add(recruitment, form)


def show(form: UploadForm) -> ResponseReturnValue:
    draft = current_draft()
    attachments = draft.attachments if draft else []
    page = render_template("apply/attachments.html", form=form, attachments=attachments)
    return page, status_of(form)


def add(recruitment: Recruitment, form: UploadForm) -> ResponseReturnValue:
    """Keep it with the draft, beginning one where there is none."""
    token, _answers = drafts.keep(recruitment.id, {})
    start_writing(db.session)
    draft = drafting.find_draft(db.session, token)
    if draft is None or form.upload is None:
        abort(409)
    try:
        attaching.attach(db.session, form.upload, draft, actor=applicant(), now=now())
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        form.file.errors = [invalid.message]
        return show(form)
    flash(f"{form.upload.kind.label}已上传。")
    return drafts.remember(redirect(url_for("apply_papers.index"), 303), token)


@apply_papers.get("/<slug>")
@apply_papers.get("/<slug>/<int:page>")
@open_to(PUBLIC)
def paper(slug: str, page: int = 0) -> ResponseReturnValue:
    """The file, or a page of it as a picture, for the browser that holds the draft."""
    draft = current_draft() or abort(404)
    found = attaching.find_attachment(db.session, draft, slug) or abort(404)
    return send_preview(found, page) if page else send_attachment(found)


@apply_papers.post("/<slug>/remove")
@open_to(PUBLIC)
def remove(slug: str) -> ResponseReturnValue:
    if not VolunteerForm().validate():
        flash("页面停留太久，没有删除，请再点一次。", "wait")
        return redirect(url_for("apply_papers.index"), 303)
    start_writing(db.session)
    draft = current_draft() or abort(404)
    found = attaching.find_attachment(db.session, draft, slug) or abort(404)
    attaching.detach(db.session, found, actor=applicant(), now=now())
    db.session.commit()
    flash("已删除。")
    return redirect(url_for("apply_papers.index"), 303)
