"""材料 of a draft: added one at a time at any moment before 提交报名, or not at all."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.refusal import Invalid
from ..domain.uploads import BY_APPLICANT
from ..models import Attachment, Draft, Recruitment
from ..services import attaching, carrying, drafting, recruiting, renewing
from . import drafts
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .apply_pages import show_closed
from .clock import now, today
from .inputs import VolunteerForm
from .limits import limiter
from .uploads import UploadForm, allow_large_body, send_attachment, send_preview

apply_papers = Blueprint("apply_papers", __name__, url_prefix="/apply/attachments")


@apply_papers.route("", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("60 per 15 minutes", methods=["POST"])
def index() -> ResponseReturnValue:
    """One file at a time; what was answered so far is not touched by any of it."""
    allow_large_body()
    recruitment = recruiting.current(db.session, today())
    if recruitment is None or not recruitment.terms.is_open(now()):
        return show_closed()
    if drafts.current_draft() is None and drafts.submitted():
        return redirect(url_for("apply.receipt"), 303)
    form = UploadForm.of(BY_APPLICANT)
    if not form.validate_on_submit():
        return show(form)
    return add(recruitment, form)


def show(form: UploadForm) -> ResponseReturnValue:
    draft = drafts.current_draft()
    attachments = draft.attachments if draft else []
    page = render_template(
        "apply/attachments.html",
        form=form,
        attachments=attachments,
        hidden={each.slug for each in attachments if not may_see(draft, each)},
        offered=carrying.offered_papers(db.session, draft) if draft else [],
        by_link=draft is not None and is_by_link(draft),
    )
    return page, status_of(form)


def is_by_link(draft: Draft) -> bool:
    """Whether who renews came by the private link, and so may look into the earlier papers."""
    return bool(drafting.all_answers(db.session, draft).get(renewing.BY_LINK))


def may_see(draft: Draft | None, paper: Attachment) -> bool:
    """Whoever knows a reference and four figures carries papers over without looking into them."""
    if draft is None:
        return False
    return not carrying.is_carried_over(db.session, draft, paper) or is_by_link(draft)


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
    draft = drafts.current_draft() or abort(404)
    found = attaching.find_attachment(db.session, draft, slug)
    found = found or carrying.find_offered(db.session, draft, slug) or abort(404)
    if not may_see(draft, found):
        abort(404)
    return send_preview(found, page) if page else send_attachment(found)


@apply_papers.post("/<slug>/keep")
@open_to(PUBLIC)
@limiter.limit("60 per 15 minutes")
def keep(slug: str) -> ResponseReturnValue:
    """沿用上次的: a paper of the earlier application goes with this draft too."""
    if not VolunteerForm().validate():
        flash("页面停留太久，没有沿用，请再点一次。", "wait")
        return redirect(url_for("apply_papers.index"), 303)
    start_writing(db.session)
    draft = drafts.current_draft() or abort(404)
    offered = carrying.find_offered(db.session, draft, slug) or abort(404)
    try:
        carrying.carry_over(db.session, draft, offered, actor=applicant(), now=now())
        db.session.commit()
        flash(f"{offered.kind.label}已沿用上次的。")
    except Invalid as invalid:
        db.session.rollback()
        flash(f"{invalid.message}。", "wait")
    return redirect(url_for("apply_papers.index"), 303)


@apply_papers.post("/<slug>/remove")
@open_to(PUBLIC)
def remove(slug: str) -> ResponseReturnValue:
    if not VolunteerForm().validate():
        flash("页面停留太久，没有删除，请再点一次。", "wait")
        return redirect(url_for("apply_papers.index"), 303)
    start_writing(db.session)
    draft = drafts.current_draft() or abort(404)
    found = attaching.find_attachment(db.session, draft, slug) or abort(404)
    attaching.detach(db.session, found, actor=applicant(), now=now())
    db.session.commit()
    flash("已删除。")
    return redirect(url_for("apply_papers.index"), 303)
