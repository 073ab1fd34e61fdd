"""招募设置: the association, every recruitment with the numbers of its rules, and the next one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from ..db import db, start_writing
from ..domain.permissions import Permission
from ..domain.refusal import Invalid, Refused
from ..domain.text import clean_line
from ..models import Recruitment
from ..services import recruiting
from .access import actor, open_to
from .admin_forms import AssociationForm, RecruitmentForm, VersionedForm
from .clock import now, today
from .inputs import VolunteerForm

settings = Blueprint("settings", __name__, url_prefix="/staff/settings")

CHANGED = (
    "您打开以后，别人改过这些设置，您的修改还没有保存。"
    "下面是您填的内容，请与现在的设置核对后再保存。"
)


def get_or_404(slug: str) -> Recruitment:
    return recruiting.find_recruitment(db.session, clean_line(slug)) or abort(404)


@settings.get("/")
@open_to(Permission.SETTINGS)
def index() -> ResponseReturnValue:
    return show_index(AssociationForm.of(recruiting.association(db.session)))


def show_index(form: AssociationForm, *, conflict: str = "") -> str:
    return render_template(
        "admin/settings.html",
        form=form,
        conflict=conflict,
        recruitments=recruiting.all_recruitments(db.session),
        current=recruiting.current(db.session, today()),
        now=now(),
        has_seal=recruiting.association(db.session).seal_image is not None,
    )


@settings.post("/association")
@open_to(Permission.SETTINGS)
def association() -> ResponseReturnValue:
    start_writing(db.session)
    form, row = AssociationForm(), recruiting.association(db.session)
    if not form.is_of(row):
        form.renew(row)
        return show_index(form, conflict=CHANGED), 409
    if not form.validate():
        return show_index(form), 422
    recruiting.change_association(db.session, row, form.values(), actor=actor(), now=now())
    db.session.commit()
    flash("协会信息已保存，公众页面随即更新。")
    return redirect(url_for("settings.index"), 303)


@settings.get("/<slug>")
@open_to(Permission.SETTINGS)
def recruitment(slug: str) -> ResponseReturnValue:
    row = get_or_404(slug)
    return show(row, RecruitmentForm.of(row))


def show(row: Recruitment, form: RecruitmentForm, *, conflict: str = "") -> str:
    return render_template("admin/recruitment.html", recruitment=row, form=form, conflict=conflict)


@settings.post("/<slug>")
@open_to(Permission.SETTINGS)
def change(slug: str) -> ResponseReturnValue:
    """Undecided applications are judged again when a rule changed; the answer says how many."""
    start_writing(db.session)
    row, form = get_or_404(slug), RecruitmentForm()
    if not form.is_of(row):
        return stale(row, form)
    if not form.validate():
        return show(row, form), 422
    try:
        count = recruiting.change(db.session, row, form.values(), actor=actor(), now=now())
        db.session.commit()
    except Invalid as invalid:
        return refused(slug, form, invalid)
    except StaleDataError:
        db.session.rollback()
        return stale(get_or_404(slug), form)
    flash(f"设置已保存。{f'有{count}份报名的资格核对结果随之改变。' if count else ''}")
    return redirect(url_for("settings.recruitment", slug=slug), 303)


def stale(row: Recruitment, form: VersionedForm) -> ResponseReturnValue:
    form.renew(row)
    return show(row, form, conflict=CHANGED), 409


def refused(slug: str, form: RecruitmentForm, invalid: Invalid) -> ResponseReturnValue:
    """The error at its field, everything typed kept."""
    db.session.rollback()
    form[invalid.field].errors = [invalid.message.rstrip("。")]
    return show(get_or_404(slug), form), 422


@settings.post("/<slug>/next")
@open_to(Permission.SETTINGS)
def open_next(slug: str) -> ResponseReturnValue:
    """以此为模板开启下一次招募: a copy a year later, to be checked before it begins."""
    start_writing(db.session)
    row = get_or_404(slug)
    if not VolunteerForm().validate():
        form = RecruitmentForm.of(row, formdata=None)
        return show(row, form, conflict="页面停留太久，请再点一次。"), 422
    try:
        copy = recruiting.open_next(db.session, row, actor=actor(), now=now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message, "wait")
        return redirect(url_for("settings.recruitment", slug=slug), 303)
    flash(f"已开启{copy.title}，请核对日期和文字后保存。")
    return redirect(url_for("settings.recruitment", slug=copy.slug), 303)
