"""查询进度: the applicant's own page, by reference and the last four of the identity number."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from ..db import db, start_writing
from ..domain.fields import LABELS
from ..domain.identity import last_four
from ..domain.masking import mask_name
from ..domain.refusal import Refused
from ..domain.text import clean_line
from ..domain.uploads import BY_APPLICANT
from ..domain.vocabulary import Verdict
from ..domain.workflow import find_move
from ..models import Application
from ..services import certifying, correcting, judging, renewing, requesting
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .clock import now, today
from .correction_forms import CorrectionForm
from .errors import not_looked_up
from .inputs import Required, VolunteerForm
from .limits import limiter, tried_reference, was_wrong
from .own import find_own, forget_own, own_application, remember_own
from .timelines import timeline

status = Blueprint("status", __name__, url_prefix="/status")

WRONG = "报名编号或证件号码后四位不对，请核对后再试。编号在提交成功的页面、回执和通知里。"


class LookUpForm(VolunteerForm):
    reference = StringField(
        "报名编号",
        validators=[Required()],
        filters=[lambda text: clean_line(text or "")],
        description="例如K7M4-2RQX-9，不分大小写，横线可以不填。",
    )
    last4 = StringField(
        "证件号码后四位",
        validators=[Required()],
        filters=[lambda text: last_four(text or "")],
        description="末位是X的填X。",
    )


@status.route("/", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("30 per 15 minutes", methods=["POST"], deduct_when=was_wrong)
@limiter.limit(
    "5 per 15 minutes", key_func=tried_reference, methods=["POST"], deduct_when=was_wrong
)
def look_up() -> ResponseReturnValue:
    form = LookUpForm()
    if not form.validate_on_submit():
        return render_template("status/look_up.html", form=form), status_of(form)
    application = find_own(form.reference.data)
    if application is None or application.id_number_last4 != form.last4.data:
        form.form_errors.append(WRONG)
        return render_template("status/look_up.html", form=form), 422
    remember_own(application)
    return redirect(url_for("status.progress"), 303)


@status.get("/progress")
@open_to(PUBLIC)
def progress() -> ResponseReturnValue:
    application = own_application()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    due_on = application.due_on
    return render_template(
        "status/progress.html",
        application=application,
        masked_name=mask_name(application.name),
        timeline=timeline(application),
        findings=judging.kept_findings(application),
        officer=officer_words(application),
        lacking=lacks_papers(application),
        to_correct=[LABELS[name] for name in application.fields_to_correct if name in LABELS],
        days_left=(due_on - today()).days if due_on else None,
        may_renew=renewing.is_offered(application, today()),
        may_ask=requesting.kinds_open_to(application),
        asked=application.requests,
        may_withdraw=find_move("withdraw", application.status) is not None,
        certificate=has_certificate(application),
        form=VolunteerForm(),
    )


def has_certificate(application: Application) -> bool:
    """Whether there is one, and the term was not ended early."""
    appointment = application.appointment
    return appointment is not None and certifying.in_force(appointment, today())


def lacks_papers(application: Application) -> bool:
    """Whether a finding waits for a paper that has not been uploaded."""
    at_hand = {attachment.kind.value for attachment in application.attachments}
    wanted = {kind.value for kind in BY_APPLICANT} - at_hand
    findings = judging.kept_findings(application)
    return any(f.verdict is Verdict.PENDING and f.rule in wanted for f in findings)


@status.route("/correct", methods=["GET", "POST"])
@open_to(PUBLIC)
def correct() -> ResponseReturnValue:
    """补正: the officer's words on top, only the returned fields open."""
    if request.method == "POST":
        start_writing(db.session)
    application = own_application()
    if application is None and request.method == "POST":
        return not_looked_up()
    if application is None or not may_correct(application):
        if request.method == "POST":
            flash("刚才填的补正没有提交：这份报名的情况已经变化，请看下面。", "wait")
        return redirect(url_for("status.progress"), 303)
    form = CorrectionForm.of(application, correcting.opened_fields(application))
    if form.validate_on_submit() and _resubmitted(application, form):
        flash("补正已提交，回到审核队列。")
        return redirect(url_for("status.progress"), 303)
    form.blank()
    page = render_template(
        "status/correct.html",
        form=form,
        application=application,
        officer=officer_words(application),
    )
    return page, status_of(form)


def _resubmitted(application: Application, form: CorrectionForm) -> bool:
    """Send it again; a refusal becomes a sentence above the form."""
    try:
        answers = form.answers()
        correcting.resubmit(db.session, application, answers, actor=applicant(), now=now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return False
    return True


def may_correct(application: Application) -> bool:
    """It is the applicant's turn, and the due date has not passed."""
    due_on = application.due_on
    return bool(correcting.opened_fields(application)) and (due_on is None or due_on >= today())


def officer_words(application: Application) -> str:
    """What the officer said to the applicant last: with the return or the rejection. Words with
    an extension or between officers are not for them."""
    told = [d.reason for d in application.decisions if d.move in ("return", "reject")]
    return told[-1] if told else ""


@status.route("/withdraw", methods=["GET", "POST"])
@open_to(PUBLIC)
def withdraw() -> ResponseReturnValue:
    """撤回: asks once, and says what it means."""
    form = VolunteerForm()
    if request.method == "POST":
        start_writing(db.session)
    application = own_application()
    if application is None or find_move("withdraw", application.status) is None:
        return redirect(url_for("status.progress"), 303)
    if not form.validate_on_submit():
        page = render_template("status/withdraw.html", form=form, application=application)
        return page, status_of(form)
    correcting.withdraw(db.session, application, actor=applicant(), now=now())
    db.session.commit()
    return redirect(url_for("status.progress"), 303)


@status.post("/leave")
@open_to(PUBLIC)
def leave() -> ResponseReturnValue:
    """Close the own page on a shared device."""
    forget_own()
    return redirect(url_for("status.look_up"), 303)
