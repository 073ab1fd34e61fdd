"""单位推荐: the clerk's task list, in any order, found again by a private link."""

from __future__ import annotations

import secrets
import time

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.vocabulary import NomineeStatus
from ..models import Recommendation, Recruitment
from ..services import confirming, handing_in, recommending, recruiting
from .access import PUBLIC, open_to
from .account import status_of
from .clock import now, today
from .inputs import VolunteerForm
from .limits import limiter
from .recommend_access import (
    clerk,
    current_recommendation,
    find_current,
    forgotten,
    recommendation_token,
    remembered,
)
from .recommend_forms import UnitForm

#: How many batches one press takes, and the seconds between them in which others write.
_TURNS, _BREATH = 20, 0.12

recommend = Blueprint("recommend", __name__, url_prefix="/recommend")


def open_recruitment() -> Recruitment | None:
    recruitment = recruiting.current(db.session, today())
    return recruitment if recruitment and recruitment.terms.is_open(now()) else None


@recommend.get("/")
@open_to(PUBLIC)
def start() -> ResponseReturnValue:
    """What a unit does and needs; whoever has begun goes on."""
    if find_current() is not None:
        return redirect(url_for("recommend.tasks"), 303)
    return render_template("recommend/start.html", recruitment=open_recruitment())


@recommend.route("/unit", methods=["GET", "POST"])
@open_to(PUBLIC)
@limiter.limit("40 per hour", methods=["POST"])
def unit() -> ResponseReturnValue:
    """单位信息: the first time it begins the recommendation."""
    recommendation, recruitment = find_current(), open_recruitment()
    if recommendation is None and recruitment is None:
        return redirect(url_for("recommend.start"), 303)
    form = UnitForm(data=unit_data(recommendation) if request.method == "GET" else None)
    if not form.validate_on_submit():
        page = render_template("recommend/unit.html", form=form, recommendation=recommendation)
        return page, status_of(form)
    start_writing(db.session)
    if recommendation is not None:
        recommending.change_unit(
            db.session, current_recommendation(), form.answers(), actor=clerk(), now=now()
        )
        db.session.commit()
        flash("单位信息已保存。")
        return redirect(url_for("recommend.tasks"), 303)
    return begin(form)


def unit_data(recommendation: Recommendation | None) -> dict[str, object]:
    if recommendation is None:
        return {}
    answers = recommending.unit_answers(db.session, recommendation)
    return answers | {"no_uscc": recommendation.uscc is None}


def begin(form: UnitForm) -> ResponseReturnValue:
    recruitment = open_recruitment()
    if recruitment is None:
        return redirect(url_for("recommend.start"), 303)
    token = secrets.token_urlsafe(24)
    recommending.begin(
        db.session, recruitment, form.answers(), token=token, actor=clerk(), now=now()
    )
    db.session.commit()
    flash("已开始推荐。请先把下面的私人链接保存下来。")
    return remembered(redirect(url_for("recommend.tasks"), 303), token)


@recommend.get("/tasks")
@open_to(PUBLIC)
def tasks() -> ResponseReturnValue:
    """What is done, what is left, and for each nominee what is outstanding."""
    recommendation = current_recommendation()
    counts = confirming.nominees_by_status(recommendation)
    return render_template(
        "recommend/tasks.html",
        recommendation=recommendation,
        confirmed=counts[NomineeStatus.CONFIRMED],
        listed=counts.total() - counts[NomineeStatus.WITHDRAWN],
        waiting=[n for n in recommendation.nominees if n.status is NomineeStatus.ASKED],
        link=current_app.extensions["settings"].url
        + url_for("recommend.resume", token=recommendation_token()),
        recruitment=recommendation.recruitment,
        open_now=recommendation.recruitment.terms.is_open(now()),
        form=VolunteerForm(),
    )


@recommend.get("/resume/<token>")
@open_to(PUBLIC)
def resume(token: str) -> ResponseReturnValue:
    if recommending.find_recommendation(db.session, token) is None:
        return render_template("recommend/expired.html"), 410
    return remembered(redirect(url_for("recommend.tasks"), 303), token)


@recommend.post("/leave")
@open_to(PUBLIC)
def leave() -> ResponseReturnValue:
    """On a shared computer: forget the link here; nothing is deleted."""
    if not VolunteerForm().validate():
        return redirect(url_for("recommend.tasks"), 303)
    return forgotten(redirect(url_for("recommend.start"), 303))


@recommend.route("/check", methods=["GET", "POST"])
@open_to(PUBLIC)
def check() -> ResponseReturnValue:
    """核对提交: who is handed in now, what is still to come afterwards."""
    recommendation = current_recommendation()
    form = VolunteerForm()
    if request.method == "POST" and form.validate():
        if left := hand_in():
            flash(f"名单较长，分几次提交：还剩{left}人，请接着点“提交推荐”。")
            return redirect(url_for("recommend.check"), 303)
        flash("推荐已提交。请把确认链接交给每位被推荐人，由本人确认。")
        return redirect(url_for("recommend.tasks"), 303)
    page = render_template(
        "recommend/check.html",
        form=form,
        recommendation=recommendation,
        listed=handing_in.unsubmitted(db.session, recommendation),
        recruitment=recommendation.recruitment,
        open_now=recommendation.recruitment.terms.is_open(now()),
    )
    return page, status_of(form)


def hand_in() -> int:
    """In turns, with a breath between them, so that a long list holds nobody else up; what is in,
    is in. Returns how many are left for the next press."""
    left = 0
    for turn in range(_TURNS):
        if turn:
            time.sleep(_BREATH)
        start_writing(db.session)
        left = handing_in.hand_in(db.session, current_recommendation(), actor=clerk(), now=now())
        db.session.commit()
        if not left:
            break
    return left
