"""专用链接: follow one while it is good, or have it sent again to the e-mail address on file."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from ..db import db, start_writing, vault_of
from ..domain.identity import read_email
from ..domain.requests import LinkPurpose
from ..models import PrivateLink
from ..services import drafting, linking, resuming
from ..vault import digest
from . import drafts
from .access import PUBLIC, applicant, open_to
from .account import status_of
from .clock import now
from .inputs import Read, VolunteerForm, line
from .letters import can_send
from .limits import limiter
from .own import remember_link
from .recommend_access import remembered

links = Blueprint("links", __name__, url_prefix="/link")


class AddressForm(VolunteerForm):
    email = line("email", Read(read_email), most=120, label="电子邮箱")


def tried_address() -> str:
    """Asking is counted for the address too, from wherever it comes; never kept in clear."""
    typed = request.form.get("email", "").strip().lower()
    return f"email:{digest(typed) if typed else get_remote_address()}"


@links.get("/<token>")
@open_to(PUBLIC)
def follow(token: str) -> ResponseReturnValue:
    """Where the link leads; nothing is changed by looking."""
    link = linking.find_link(db.session, token, now=now())
    answer = onwards(link, token) if link is not None else None
    return answer or expired()


@links.get("/expired")
@open_to(PUBLIC)
def expired() -> ResponseReturnValue:
    """What happened, and the form to have a new one sent."""
    form, may_send = AddressForm(formdata=None), can_send(current_app)
    return render_template("links/expired.html", form=form, can_send=may_send), 410


def onwards(link: PrivateLink, token: str) -> ResponseReturnValue | None:
    """None where what it opened is gone."""
    vault = vault_of(db.session)
    if link.purpose is LinkPurpose.RESUME_DRAFT and link.draft is not None:
        kept = drafting.token_of(db.session, link.draft)
        return drafts.remember(redirect(url_for("apply.start"), 303), kept) if kept else None
    if link.purpose is LinkPurpose.RESUME_RECOMMENDATION and link.recommendation is not None:
        kept = link.recommendation.open("token", vault)
        return remembered(redirect(url_for("recommend.tasks"), 303), kept) if kept else None
    if link.purpose is LinkPurpose.OWN_DATA:
        remember_link(token)
        return redirect(url_for("own_data.show"), 303)
    if link.purpose is LinkPurpose.RENEW:
        return redirect(url_for("renew.begin", token=token), 303)
    return redirect(url_for("status.look_up"), 303)


@links.route("/", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("20 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=tried_address, methods=["POST"])
def ask() -> ResponseReturnValue:
    """把链接再发到我的邮箱: the same answer whether something is on file or not. Without a
    mail server it says who helps instead."""
    form, may_send = AddressForm(), can_send(current_app)
    if not may_send or not form.validate_on_submit():
        return render_template("links/ask.html", form=form, can_send=may_send), status_of(form)
    start_writing(db.session)
    resuming.send_links(db.session, form.email.data, actor=applicant(), now=now())
    db.session.commit()
    return redirect(url_for("links.asked"), 303)


@links.get("/asked")
@open_to(PUBLIC)
def asked() -> ResponseReturnValue:
    return render_template("links/asked.html", hours=1)
