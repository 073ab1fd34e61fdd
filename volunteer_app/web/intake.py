"""登记纸质报名: whose form it is, then the whole form, then a receipt for whoever brought it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.permissions import Permission
from ..domain.refusal import Duplicate, Invalid, Refused
from ..domain.vocabulary import Channel
from ..models import Application, Draft
from ..services import applying, attaching, drafting, entering, inspecting
from ..services.attaching import Upload
from ..vault import digest
from .access import actor, current_staff, open_to
from .clock import now, today
from .inputs import VolunteerForm
from .intake_forms import EntryForm, FirstForm
from .intake_pages import seen_rules, show_closed, show_entry, show_first, show_receipt, unmet
from .uploads import allow_large_body, send_attachment, send_preview

intake = Blueprint("intake", __name__, url_prefix="/staff/intake")

#: Buttons that keep what is there and check nothing.
_KEEPING = frozenset({"later", "upload", "remove"})


@intake.route("/", methods=["GET", "POST"])
@open_to(Permission.REVIEW)
def start() -> ResponseReturnValue:
    """Enough to find somebody who has a place already, before anything else is typed."""
    recruitments = entering.open_for_entry(db.session, today())
    if not recruitments:
        return show_closed()
    form = FirstForm.of(recruitments)
    if not form.validate_on_submit():
        return show_first(form)
    start_writing(db.session)
    given = form.id_type.data, form.id_number.data
    if taken := entering.find_taken(db.session, form.chosen, *given):
        return show_first(form, taken)
    token = entering.begin(db.session, current_staff(), form.chosen, form.answers(), now=now())
    db.session.commit()
    return redirect(url_for("intake.entry", token=token), 303)


@intake.route("/<token>", methods=["GET", "POST"])
@open_to(Permission.REVIEW)
def entry(token: str) -> ResponseReturnValue:
    """The form as it lies on the desk; what is typed is kept at every press of a button."""
    if not 20 <= len(token) <= 64:
        abort(404)
    if done := applying.find_submitted(db.session, digest(token)):
        return redirect(url_for("intake.receipt", reference=done.reference), 303)
    recruitments = entering.open_for_entry(db.session, today())
    if not recruitments:
        return show_closed()
    if request.method == "POST":
        allow_large_body()
        return entered(token, EntryForm.at_desk(recruitments, current_staff()))
    draft = entering.find_entry(db.session, current_staff(), token)
    if draft is None:
        flash("那份登记不在了：已经删除，或者是别人开始的。", "wait")
        return redirect(url_for("intake.start"), 303)
    kept = drafting.answers_in(db.session, draft, draft.recruitment_id)
    return show_entry(token, EntryForm.at_desk(recruitments, current_staff(), data=kept))


def entered(token: str, form: EntryForm) -> ResponseReturnValue:
    """Keep it, with its files; go on if that was all, or if it is complete."""
    only_kept = not _KEEPING.isdisjoint(request.form)
    accepted = form.token_is_good() if only_kept else form.validate()
    if form.csrf_token.errors:
        return show_entry(token, form)
    keep(token, form, form.read_files())
    if not accepted or form.errors:
        return show_entry(token, form)
    return kept(token) if only_kept else judged(token, form)


def kept(token: str) -> ResponseReturnValue:
    if "later" not in request.form:
        return redirect(url_for("intake.entry", token=token, at="papers"), 303)
    flash("已经保存，在“没有登记完的”里可以接着登记。")
    return redirect(url_for("intake.start"), 303)


def judged(token: str, form: EntryForm) -> ResponseReturnValue:
    """File it, unless somebody has the place, or the clerk has not seen yet what is not met."""
    if taken := taken_by_another(token, form):
        return show_entry(token, form, taken=taken)
    if not unmet(form) <= seen_rules():
        return show_entry(token, form, complete=True)
    return filed(token, form)


def keep(token: str, form: EntryForm, uploads: list[Upload]) -> None:
    """What was typed and the files, in a transaction of their own."""
    start_writing(db.session)
    staff = current_staff()
    entering.save(db.session, staff, token, form.chosen, form.answers(), now=now())
    db.session.flush()
    draft = db.session.get_one(Draft, digest(token))
    if gone := attaching.find_attachment(db.session, draft, request.form.get("remove", "")):
        attaching.detach(db.session, gone, actor=actor(), now=now())
    for upload in uploads:
        try:
            attaching.attach(db.session, upload, draft, actor=actor(), now=now())
        except Invalid as invalid:
            form[f"file_{upload.kind.value}"].errors = [invalid.message]
    db.session.commit()


def taken_by_another(token: str, form: EntryForm) -> Application | None:
    """Who holds this person's place, unless it is this very form, pressed twice."""
    given = form.id_type.data, form.id_number.data
    taken = entering.find_taken(db.session, form.chosen, *given)
    return taken if taken and taken.submission_token != digest(token) else None


def filed(token: str, form: EntryForm) -> ResponseReturnValue:
    """To the receipt; who was overtaken by another form of the same person reads so."""
    start_writing(db.session)
    try:
        application = entering.enter(
            db.session,
            form.chosen,
            form.answers(),
            token_digest=digest(token),
            received_on=form.day_received(),
            received_via=form.via,
            actor=actor(),
            now=now(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        taken = taken_by_another(token, form) if isinstance(refusal, Duplicate) else None
        if taken is None:
            form.form_errors.append(refusal.message)
        return show_entry(token, form, taken=taken)
    return redirect(url_for("intake.receipt", reference=application.reference), 303)


@intake.get("/<token>/papers/<slug>")
@intake.get("/<token>/papers/<slug>/<int:page>")
@open_to(Permission.REVIEW)
def paper(token: str, slug: str, page: int = 0) -> ResponseReturnValue:
    """A file that was added, or a page of it as a picture."""
    draft = entering.find_entry(db.session, current_staff(), token) or abort(404)
    found = attaching.find_attachment(db.session, draft, slug) or abort(404)
    return send_preview(found, page) if page else send_attachment(found)


@intake.post("/<token>/discard")
@open_to(Permission.REVIEW)
def discard(token: str) -> ResponseReturnValue:
    """不登记了: forget what was typed; the person took the form back, say."""
    if not VolunteerForm().validate():
        flash("页面停留太久，没有删除，请再点一次。", "wait")
        return redirect(url_for("intake.start"), 303)
    start_writing(db.session)
    if entering.find_entry(db.session, current_staff(), token):
        drafting.discard(db.session, digest(token))
        db.session.commit()
        flash("已经删除。")
    return redirect(url_for("intake.start"), 303)


@intake.get("/<reference:reference>/receipt")
@open_to(Permission.REVIEW)
def receipt(reference: str) -> ResponseReturnValue:
    application = inspecting.find_application(db.session, current_staff(), reference)
    if application is None or application.channel is not Channel.PAPER:
        abort(404)
    return show_receipt(application)
