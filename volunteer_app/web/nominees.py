"""被推荐人名单: one by one on the page; links to hand over; the sealed form that goes with it."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing, vault_of
from ..documents.qr import qr_address
from ..domain.refusal import Invalid, Refused
from ..domain.rules import assess
from ..domain.vocabulary import Channel, NomineeStatus, Verdict
from ..models import Nominee
from ..services import judging, nominating, recommending
from ..services.answering import readable_answers
from .access import PUBLIC, open_to
from .account import status_of
from .clock import now, today
from .forms import NomineeForm
from .inputs import VolunteerForm
from .recommend_access import clerk, current_recommendation

nominees = Blueprint("nominees", __name__, url_prefix="/recommend/nominees")


def get_or_404(number: int) -> Nominee:
    """The nominee with that number in this browser's recommendation."""
    listed = current_recommendation().nominees
    return next((nominee for nominee in listed if nominee.number == number), None) or abort(404)


@nominees.get("/")
@open_to(PUBLIC)
def index() -> ResponseReturnValue:
    recommendation = current_recommendation()
    return render_template(
        "recommend/nominees.html",
        recommendation=recommendation,
        open_now=recommendation.recruitment.terms.is_open(now()),
        form=VolunteerForm(),
    )


@nominees.route("/new", methods=["GET", "POST"])
@open_to(PUBLIC)
def new() -> ResponseReturnValue:
    """One nominee more; judged as the individual form would be."""
    current_recommendation()
    form = NomineeForm()
    if not form.validate_on_submit() or not meets_the_rules(form):
        return show(form, None)
    start_writing(db.session)
    try:
        recommending.add_nominees(
            db.session, current_recommendation(), [form.answers()], actor=clerk(), now=now()
        )
        db.session.commit()
    except Invalid as invalid:
        return taken(form, None, invalid)
    flash(f"{form.name.data}已加入名单。")
    return redirect(url_for("nominees.index"), 303)


@nominees.route("/<int:number>", methods=["GET", "POST"])
@open_to(PUBLIC)
def change(number: int) -> ResponseReturnValue:
    nominee = get_or_404(number)
    if nominee.status is not NomineeStatus.LISTED:
        return redirect(url_for("nominees.link", number=number), 303)
    form = NomineeForm(data=nominee.open_answers(vault_of(db.session)))
    if not form.validate_on_submit() or not meets_the_rules(form):
        return show(form, nominee)
    start_writing(db.session)
    try:
        nominee = get_or_404(number)
        recommending.change_nominee(db.session, nominee, form.answers(), actor=clerk(), now=now())
        db.session.commit()
    except Invalid as invalid:
        return taken(form, nominee, invalid)
    flash(f"{form.name.data}的资料已保存。")
    return redirect(url_for("nominees.index"), 303)


def taken(form: NomineeForm, nominee: Nominee | None, invalid: Invalid) -> ResponseReturnValue:
    """Somebody with that number is in the list already."""
    db.session.rollback()
    form.id_number.errors = [invalid.message]
    return show(form, nominee)


def show(form: NomineeForm, nominee: Nominee | None) -> ResponseReturnValue:
    page = render_template("recommend/nominee.html", form=form, nominee=nominee)
    return page, status_of(form)


def meets_the_rules(form: NomineeForm) -> bool:
    """The same rules as for who applies alone; what fails is an error of the page."""
    recommendation = current_recommendation()
    given = readable_answers(form.answers(), on=today())
    facts = judging.facts_from(given, channel=Channel.UNIT, now=now())
    failed = assess(facts, recommendation.recruitment.terms).with_verdict(Verdict.FAIL)
    form.form_errors += [finding.explanation for finding in failed]
    return not failed


@nominees.route("/<int:number>/remove", methods=["GET", "POST"])
@open_to(PUBLIC)
def remove(number: int) -> ResponseReturnValue:
    """Asks once, says what it means."""
    nominee, form = get_or_404(number), VolunteerForm()
    if not form.validate_on_submit():
        page = render_template("recommend/remove.html", form=form, nominee=nominee)
        return page, status_of(form)
    name = nominee.name
    start_writing(db.session)
    recommending.remove_nominee(db.session, get_or_404(number), actor=clerk(), now=now())
    db.session.commit()
    flash(f"{name}已撤出名单。")
    return redirect(url_for("nominees.index"), 303)


@nominees.get("/<int:number>/link")
@open_to(PUBLIC)
def link(number: int) -> ResponseReturnValue:
    """The private link of one nominee, to copy, scan or print."""
    nominee = get_or_404(number)
    if nominee.status is not NomineeStatus.ASKED:
        flash(f"{nominee.name}：{nominee.status.label}。")
        return redirect(url_for("nominees.index"), 303)
    address = address_of(nominee)
    return render_template(
        "recommend/link.html",
        nominee=nominee,
        link=address,
        qr=qr_address(address),
        email=bool(nominee.open_answers(vault_of(db.session)).get("email")),
        form=VolunteerForm(),
    )


def address_of(nominee: Nominee) -> str:
    token = nominee.open_token(vault_of(db.session))
    site: str = current_app.extensions["settings"].url
    return site + url_for("nominee.answer", token=token)


@nominees.post("/<int:number>/remind")
@open_to(PUBLIC)
def remind(number: int) -> ResponseReturnValue:
    """Send the link again, by the association's outbox."""
    if not VolunteerForm().validate():
        return redirect(url_for("nominees.link", number=number), 303)
    start_writing(db.session)
    nominee = get_or_404(number)
    try:
        nominating.remind(db.session, nominee, actor=clerk(), now=now())
        db.session.commit()
        flash(f"发给{nominee.name}的确认邮件已排入待发。")
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message)
    return redirect(url_for("nominees.link", number=number), 303)
