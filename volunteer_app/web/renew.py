"""续聘: from the last term to a new draft that is filled already, or a wish to be told when."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NoReturn

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
from ..domain.fields import Section
from ..domain.refusal import Refused
from ..domain.requests import LinkPurpose
from ..models import Application
from ..services import linking, renewing
from . import drafts
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .clock import now
from .inputs import VolunteerForm
from .limits import limiter
from .own import own_application
from .renew_page import show

renew = Blueprint("renew", __name__, url_prefix="/renew")


@dataclass(frozen=True)
class Comer:
    """Whose term it was, and the token of the private link, if that is how they came."""

    application: Application
    token: str | None


def comer_or_turn_away(token: str | None) -> Comer:
    """By the private link of a message, or by what was looked up in this browser."""
    if token is not None:
        link = linking.find_link(db.session, token, now=now())
        found = link.application if link and link.purpose is LinkPurpose.RENEW else None
    else:
        found = own_application()
    if found is None or found.appointment is None:
        turn_away(token, found)
    return Comer(found, token)


def turn_away(token: str | None, found: Application | None) -> NoReturn:
    """A link that opens nothing says so; else to where one is looked up, or has no term."""
    if token is not None:
        abort(make_response(render_template("renew/expired.html"), 410))
    abort(redirect(url_for("status.look_up" if found is None else "status.progress"), 303))


@renew.get("")
@renew.get("/<token>")
@open_to(PUBLIC)
def begin(token: str | None = None) -> ResponseReturnValue:
    """The last term, what is carried over, and whether a recruitment is open."""
    comer = comer_or_turn_away(token)
    return show(VolunteerForm(), comer.application, comer.token)


@renew.post("")
@renew.post("/<token>")
@open_to(PUBLIC)
@limiter.limit("30 per 15 minutes")
def start(token: str | None = None) -> ResponseReturnValue:
    """A draft of its own for this browser. One that is there already gets a private link first,
    and its owner is asked."""
    form = VolunteerForm()
    start_writing(db.session)
    comer = comer_or_turn_away(token)
    if not form.validate():
        return show(form, comer.application, token), status_of(form)
    if drafts.renewed_id() == comer.application.id:
        return redirect(url_for("apply.start"), 303)
    if drafts.is_begun() and "aside" not in request.form:
        drafts.make_link(drafts.draft_token() or "")
        return redirect(url_for("renew.begin", token=token), 303)
    draft_token = secrets.token_urlsafe(24)
    if refusal := filled(comer, draft_token):
        return show(form, comer.application, token, refusal), 409
    step = redirect(url_for("apply.step", section=Section.IDENTITY), 303)
    return drafts.remember(step, draft_token)


def filled(comer: Comer, draft_token: str) -> str:
    """Begin the draft; the sentence where it cannot be begun."""
    recruitment = renewing.open_one(db.session, now=now())
    if recruitment is None:
        return "现在没有招募接受报名，请看下面。"
    try:
        renewing.begin(
            db.session,
            comer.application,
            recruitment,
            draft_token,
            with_numbers=comer.token is not None,
            actor=applicant(),
            now=now(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return refusal.message
    return ""


@renew.post("/wish")
@renew.post("/<token>/wish")
@open_to(PUBLIC)
@limiter.limit("30 per 15 minutes")
def wish(token: str | None = None) -> ResponseReturnValue:
    """开始后通知我, or not any more."""
    form = VolunteerForm()
    start_writing(db.session)
    comer = comer_or_turn_away(token)
    if not form.validate():
        return show(form, comer.application, token), status_of(form)
    if "no_more" in request.form:
        renewing.wish_no_more(db.session, comer.application, actor=applicant(), now=now())
        flash("已取消，招募开始时不再通知您。")
    else:
        renewing.wish(db.session, comer.application, actor=applicant(), now=now())
        flash("已登记，招募开始后通知您。")
    db.session.commit()
    return redirect(url_for("renew.begin", token=token), 303)
