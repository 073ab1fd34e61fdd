"""被推荐人确认: a private link; sees own data, corrects, declares, consents - or declines."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from ..db import db, start_writing
from ..domain.refusal import Invalid, Refused
from ..domain.vocabulary import NomineeStatus
from ..models import Nominee
from ..services import nominating
from ..vault import digest
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .clock import now
from .forms import ApplicationForm
from .inputs import VolunteerForm

nominee = Blueprint("nominee", __name__, url_prefix="/nominee")


class ConfirmForm(ApplicationForm):
    """The whole form, filled with what the unit wrote; who does not meet a rule may still ask."""

    human_review = BooleanField("不符合的一项，请工作人员核定。")


def find(token: str) -> Nominee | None:
    return nominating.find_nominee(db.session, token) if 20 <= len(token) <= 64 else None


@nominee.route("/<token>", methods=["GET", "POST"])
@open_to(PUBLIC)
def answer(token: str) -> ResponseReturnValue:
    """愿意: the form. It looks the same where the person applied alone, as the link was in the
    clerk's hands and must not tell who applied; the answers then stay the person's own."""
    named = find(token)
    if named is None:
        return render_template("nominee/expired.html"), 410
    if named.status is not NomineeStatus.ASKED:
        return answered(named)
    form = form_for(named)
    if not form.validate_on_submit():
        return show(named, form)
    start_writing(db.session)
    try:
        nominating.confirm(db.session, renewed(token), form.answers(), actor=applicant(), now=now())
        db.session.commit()
    except Refused as refusal:
        return refused(token, form, refusal)
    session["confirmed"] = digest(token)
    return redirect(url_for("nominee.answer", token=token), 303)


def form_for(named: Nominee) -> ConfirmForm:
    posted = request.method == "POST"
    return ConfirmForm(data=None if posted else nominating.answers_for(db.session, named))


def answered(named: Nominee) -> str:
    """The reference only to the browser that confirmed: whoever else has the link, such as the
    unit, does not follow the application with it."""
    own = session.get("confirmed") == named.token_digest and not nominating.is_own(named)
    return render_template("nominee/answered.html", nominee=named, reference_shown=own)


def renewed(token: str) -> Nominee:
    """The same nominee, read in the writer's turn."""
    named = find(token)
    if named is None:
        raise Refused("这个链接已经失效，请向推荐单位要新的链接。")
    return named


def refused(token: str, form: ConfirmForm, refusal: Refused) -> ResponseReturnValue:
    """Nothing was stored; what was typed is in the form."""
    db.session.rollback()
    named = renewed(token)
    if named.status is not NomineeStatus.ASKED:
        return redirect(url_for("nominee.answer", token=token), 303)
    if isinstance(refusal, Invalid) and refusal.field in form:
        form[refusal.field].errors = [refusal.message]
    else:
        form.form_errors.append(refusal.message)
    return show(named, form)


def show(named: Nominee, form: ConfirmForm) -> ResponseReturnValue:
    page = render_template(
        "nominee/confirm.html",
        form=form,
        nominee=named,
        recommendation=named.recommendation,
    )
    return page, status_of(form)


@nominee.route("/<token>/decline", methods=["GET", "POST"])
@open_to(PUBLIC)
def decline(token: str) -> ResponseReturnValue:
    """不参加: asks once, says that the unit is not told why."""
    named, form = find(token), VolunteerForm()
    if named is None:
        return render_template("nominee/expired.html"), 410
    if named.status is not NomineeStatus.ASKED:
        return redirect(url_for("nominee.answer", token=token), 303)
    if not form.validate_on_submit():
        page = render_template("nominee/decline.html", form=form, nominee=named, token=token)
        return page, status_of(form)
    start_writing(db.session)
    nominating.decline(db.session, renewed(token), actor=applicant(), now=now())
    db.session.commit()
    return redirect(url_for("nominee.answer", token=token), 303)
