"""个人报名: four topics, one a page; a check; a receipt. Saved at every step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ..db import db, start_writing, vault_of
from ..domain.fields import Section
from ..domain.refusal import Refused
from ..domain.terms import Terms, day_of
from ..domain.vocabulary import Channel, Verdict
from ..models import Recruitment
from ..services import applying, drafting, judging, recruiting, resuming
from ..vault import digest
from . import drafts
from .access import PUBLIC, applicant, open_to
from .apply_pages import (
    SECTIONS,
    RelaxForm,
    show_check,
    show_closed,
    show_eligibility,
    show_step,
)
from .clock import now, today
from .forms import SECTION_FORMS
from .inputs import VolunteerForm

apply = Blueprint("apply", __name__, url_prefix="/apply")


#: Buttons that keep a page as it is and lead away from it.
ASIDE = frozenset({"later", "papers"})


#: Said after submitting only, as it tells whether a number is that of the earlier application.
NOT_RENEWED = (
    "您填的证件号码与上次聘任登记的不同，这份按新报名处理，不算续聘；沿用的材料没有带过来，"
    "可以在“查询进度”里重新上传。证件换过号码的，请告诉协会。"
)


def open_recruitment() -> Recruitment | None:
    recruitment = recruiting.current(db.session, today())
    return recruitment if recruitment and recruitment.terms.is_open(now()) else None


@apply.get("/")
@open_to(PUBLIC)
def start() -> ResponseReturnValue:
    if drafts.submitted():
        return redirect(url_for("apply.receipt"), 303)
    recruitment = open_recruitment()
    if recruitment is None:
        return show_closed()
    answers = drafts.answers_so_far(recruitment)
    if not answers:
        return redirect(url_for("apply.step", section=SECTIONS[0]), 303)
    missing = drafts.incomplete(answers)
    return render_template(
        "apply/resume.html", form=VolunteerForm(), missing=missing, sections=SECTIONS
    )


@apply.route("/<section:section>", methods=["GET", "POST"])
@open_to(PUBLIC)
def step(section: Section) -> ResponseReturnValue:
    """One topic. 保存并继续 checks it; 先保存 keeps it as it is, whatever is in it."""
    recruitment = open_recruitment()
    if recruitment is None:
        return show_closed()
    answers = drafts.answers_so_far(recruitment)
    if not answers and drafts.submitted():
        return redirect(url_for("apply.receipt"), 303)
    if request.method == "GET":
        return show_step(section, SECTION_FORMS[section](formdata=None, data=answers)), 200
    form = SECTION_FORMS[section]()
    accepted = form.validate()
    if not accepted and (not ASIDE & request.form.keys() or form.csrf_token.errors):
        return show_step(section, form), 422
    terms = recruitment.terms
    marked = drafts.with_mark(section, form.answers(), answers, accepted=accepted)
    token, answers = drafts.keep(recruitment.id, marked)
    if "later" in request.form:
        drafts.make_link(token)
    return drafts.remember(onwards(section, terms, answers), token)


def onwards(section: Section, terms: Terms, answers: dict[str, Any]) -> Response:
    """Where a saved page leads: the way out, what is not met, the check, or the next topic."""
    if "later" in request.form:
        return redirect(url_for("apply.later"), 303)
    if "papers" in request.form:
        return redirect(url_for("apply_papers.index"), 303)
    if not answers.get("human_review") and not_met(answers, terms):
        return redirect(url_for("apply.eligibility", section=section.slug), 303)
    if "check" in request.args or section is SECTIONS[-1]:
        return redirect(url_for("apply.check"), 303)
    following = SECTIONS[SECTIONS.index(section) + 1]
    return redirect(url_for("apply.step", section=following), 303)


def not_met(answers: dict[str, Any], terms: Terms) -> bool:
    return drafts.assess_so_far(answers, terms).outcome is Verdict.FAIL


@apply.route("/eligibility", methods=["GET", "POST"])
@open_to(PUBLIC)
def eligibility() -> ResponseReturnValue:
    """What is not met, before anything else is asked: relax, ask for a person, or go back."""
    recruitment = open_recruitment()
    if recruitment is None:
        return show_closed()
    answers = drafts.answers_so_far(recruitment)
    assessment = drafts.assess_so_far(answers, recruitment.terms)
    if assessment.outcome is not Verdict.FAIL or answers.get("human_review"):
        return redirect(url_for("apply.start" if not answers else "apply.check"), 303)
    form = RelaxForm(data=answers if request.method == "GET" else None)
    if not form.validate_on_submit() or not form.chosen():
        return show_eligibility(form, assessment, section_asked())
    drafts.keep(recruitment.id, form.chosen())
    with_papers = request.form.get("choice") == "papers"
    return redirect(url_for("apply_papers.index" if with_papers else "apply.start_again"), 303)


def section_asked() -> Section:
    """The topic that led here; the first one where the address does not say."""
    slug = request.args.get("section")
    return next((section for section in SECTIONS if section.slug == slug), SECTIONS[0])


@apply.get("/next")
@open_to(PUBLIC)
def start_again() -> ResponseReturnValue:
    """After the page that says what is not met: on from the topic that led there."""
    recruitment = open_recruitment()
    if recruitment is None:
        return show_closed()
    answers = drafts.answers_so_far(recruitment)
    if not answers.get("human_review") and not_met(answers, recruitment.terms):
        return redirect(url_for("apply.eligibility"), 303)
    missing = drafts.incomplete(answers)
    if missing:
        return redirect(url_for("apply.step", section=missing[0]), 303)
    return redirect(url_for("apply.check"), 303)


@apply.route("/check", methods=["GET", "POST"])
@open_to(PUBLIC)
def check() -> ResponseReturnValue:
    """Every answer with 修改, the rule sheet, 提交报名."""
    if request.method == "POST":
        return submit()
    recruitment = open_recruitment()
    if recruitment is None:
        return show_closed()
    return show_check(recruitment, VolunteerForm())


def submit() -> ResponseReturnValue:
    """A second press, ten at once, or a resend after a lost answer: the same receipt."""
    form, token, recruitment = VolunteerForm(), drafts.draft_token(), open_recruitment()
    if drafts.submitted():
        return redirect(url_for("apply.receipt"), 303)
    if recruitment is None:
        return show_closed()
    answers = drafts.answers_so_far(recruitment)
    if token is None or not answers:
        return redirect(url_for("apply.start"), 303)
    if not form.validate() or drafts.incomplete(answers):
        return show_check(recruitment, form)
    renews = drafts.renewed_id() is not None
    start_writing(db.session)
    try:
        application = applying.submit(
            db.session,
            recruitment,
            answers,
            submission_token=digest(token),
            channel=Channel.INDIVIDUAL,
            actor=applicant(),
            now=now(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return show_check(recruitment, form, refusal.message)
    if renews and application.renews_id is None:
        flash(NOT_RENEWED, "wait")
    return redirect(url_for("apply.receipt"), 303)


@apply.get("/receipt")
@open_to(PUBLIC)
def receipt() -> ResponseReturnValue:
    application = drafts.submitted()
    if application is None:
        return redirect(url_for("status.look_up"), 303)
    return render_template(
        "apply/receipt.html",
        application=application,
        findings=judging.kept_findings(application),
        form=VolunteerForm(),
    )


@apply.get("/later")
@open_to(PUBLIC)
def later() -> ResponseReturnValue:
    """The private link of the draft, to go on with another day or on another device."""
    recruitment = recruiting.current(db.session, today())
    if recruitment is None or not drafts.answers_so_far(recruitment):
        return redirect(url_for("apply.start"), 303)
    link = drafts.link()
    token = link.open_token(vault_of(db.session)) if link else ""
    address = current_app.extensions["settings"].url
    return render_template(
        "apply/later.html",
        form=VolunteerForm(),
        link=address + url_for("links.follow", token=token) if link else "",
        last_day=day_of(link.expires_at) - dt.timedelta(days=1) if link else None,
        recruitment=recruitment,
    )


@apply.post("/later")
@open_to(PUBLIC)
def link_again() -> ResponseReturnValue:
    """A new link, where the last one has expired."""
    token = drafts.draft_token()
    if token is not None and VolunteerForm().validate():
        drafts.make_link(token)
    return redirect(url_for("apply.later"), 303)


@apply.get("/resume/<token>")
@open_to(PUBLIC)
def resume(token: str) -> ResponseReturnValue:
    """A link from before links expired: good for as many days after the last change."""
    known = drafting.find_draft(db.session, token) or applying.find_submitted(
        db.session, digest(token)
    )
    good_for = dt.timedelta(days=resuming.LINK_DAYS)
    if known is None or now() - known.changed_at >= good_for:
        return render_template("apply/expired.html"), 410
    return drafts.remember(redirect(url_for("apply.start"), 303), token)


@apply.post("/discard")
@open_to(PUBLIC)
def discard() -> ResponseReturnValue:
    """重新开始, or somebody else's turn on this device: forget the draft and its cookie."""
    token = drafts.draft_token()
    if not VolunteerForm().validate():
        return redirect(url_for("apply.start"), 303)
    if token is not None:
        start_writing(db.session)
        drafting.discard(db.session, digest(token))
        db.session.commit()
    return drafts.forget(redirect(url_for("apply.start"), 303))
