"""推荐表 of a unit: to print and seal, as PDF or Word; its scan; letters for the nominees."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing, vault_of
from ..documents import confirmation_letters, from_units, recommendation_form
from ..documents.typesetting import missing_glyphs
from ..domain.refusal import Refused
from ..domain.vocabulary import DocumentKind, NomineeStatus
from ..models import Nominee, Recommendation
from ..services import attaching, handing_in, nominating, recruiting
from .access import PUBLIC, open_to
from .account import status_of
from .clock import now, today
from .inputs import VolunteerForm
from .recommend_access import clerk, current_recommendation
from .uploads import UploadForm, allow_large_body, send_attachment, send_preview

recommend_papers = Blueprint("recommend_papers", __name__, url_prefix="/recommend")

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@recommend_papers.route("/sealed", methods=["GET", "POST"])
@open_to(PUBLIC)
def sealed() -> ResponseReturnValue:
    """Print, seal, upload; several pages one after the other."""
    allow_large_body()
    recommendation = current_recommendation()
    form = UploadForm.of((DocumentKind.SEALED_FORM,))
    if not form.validate_on_submit() or form.upload is None:
        names = [recommendation.unit_name, *(n.name for n in recommendation.nominees)]
        page = render_template(
            "recommend/sealed.html",
            form=form,
            recommendation=recommendation,
            missing=missing_glyphs("".join(names)),
        )
        return page, status_of(form)
    start_writing(db.session)
    handing_in.upload_scan(
        db.session, current_recommendation(), form.upload, actor=clerk(), now=now()
    )
    db.session.commit()
    flash("推荐表已上传。还有下一页的，请接着上传。")
    return redirect(url_for("recommend_papers.sealed"), 303)


@recommend_papers.post("/sealed/<slug>/remove")
@open_to(PUBLIC)
def remove(slug: str) -> ResponseReturnValue:
    if VolunteerForm().validate():
        start_writing(db.session)
        recommendation = current_recommendation()
        attachment = attaching.find_attachment(db.session, recommendation, slug) or abort(404)
        try:
            handing_in.remove_scan(db.session, recommendation, attachment, actor=clerk(), now=now())
            db.session.commit()
            flash("已删除。")
        except Refused as refusal:
            db.session.rollback()
            flash(refusal.message)
    return redirect(url_for("recommend_papers.sealed"), 303)


@recommend_papers.get("/sealed/<slug>")
@recommend_papers.get("/sealed/<slug>/<int:page>")
@open_to(PUBLIC)
def scan(slug: str, page: int = 0) -> ResponseReturnValue:
    recommendation = current_recommendation()
    attachment = attaching.find_attachment(db.session, recommendation, slug) or abort(404)
    return send_preview(attachment, page) if page else send_attachment(attachment)


@recommend_papers.get("/form.pdf")
@open_to(PUBLIC)
def form_pdf() -> ResponseReturnValue:
    recommendation = current_recommendation()
    content = recommendation_form.pdf(sheet_of(recommendation))
    return download(content, "application/pdf", f"推荐表-{recommendation.reference}.pdf")


@recommend_papers.get("/form.docx")
@open_to(PUBLIC)
def form_word() -> ResponseReturnValue:
    recommendation = current_recommendation()
    content = recommendation_form.docx(sheet_of(recommendation))
    return download(content, _WORD, f"推荐表-{recommendation.reference}.docx")


def sheet_of(recommendation: Recommendation) -> recommendation_form.Sheet:
    """What stands on the form now, with the code of it and the address for who checks it."""
    if not recommendation.nominees:
        abort(redirect(url_for("nominees.index"), 303))
    site = current_app.extensions["settings"].url
    path = url_for("recommendations.show", reference=recommendation.reference)
    return from_units.sheet_of(
        recommendation,
        recruiting.association(db.session),
        vault_of(db.session),
        url=site + path,
        on=today(),
    )


def download(content: bytes, mimetype: str, name: str) -> Response:
    """`name` is what the clerk finds in the folder of downloads."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@recommend_papers.get("/letters.pdf")
@open_to(PUBLIC)
def letters() -> ResponseReturnValue:
    """确认书 of all who were asked and have not answered."""
    recommendation = current_recommendation()
    asked = [n for n in recommendation.nominees if n.status is NomineeStatus.ASKED]
    if not asked:
        flash("现在没有要确认的人。提交推荐以后才能打印确认书。")
        return redirect(url_for("recommend.tasks"), 303)
    return letters_for(recommendation, asked)


@recommend_papers.get("/letters/<int:number>.pdf")
@open_to(PUBLIC)
def letter(number: int) -> ResponseReturnValue:
    recommendation = current_recommendation()
    asked = [n for n in recommendation.nominees if n.number == number]
    if not asked or asked[0].status is not NomineeStatus.ASKED:
        abort(404)
    return letters_for(recommendation, asked)


def letters_for(recommendation: Recommendation, asked: list[Nominee]) -> Response:
    association, vault = recruiting.association(db.session), vault_of(db.session)
    site = current_app.extensions["settings"].url
    written = [
        from_units.letter_of(
            nominee,
            association,
            nominating.answers_for(db.session, nominee),
            link=site + url_for("nominee.answer", token=nominee.open_token(vault)),
            on=today(),
        )
        for nominee in asked
    ]
    content = confirmation_letters.pdf(written)
    return download(content, "application/pdf", f"确认书-{recommendation.reference}.pdf")
