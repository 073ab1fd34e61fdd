"""聘书上的印章: seen, uploaded, removed, by who may change settings."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from ..db import db, start_writing
from ..documents.certificate import seal_address
from ..domain.permissions import Permission
from ..domain.refusal import Invalid
from ..services import imprinting, recruiting
from .access import actor, open_to
from .account import status_of
from .clock import now
from .inputs import VolunteerForm
from .uploads import allow_large_body

seal = Blueprint("seal", __name__, url_prefix="/staff/settings/seal")


class SealForm(VolunteerForm):
    file = FileField(
        "印章图片",
        description="JPEG或PNG，最多1MB。最好是背景透明的PNG，印出来直径42毫米，压在落款上。",
    )
    accept = "image/jpeg,image/png"


@seal.route("/", methods=["GET", "POST"])
@open_to(Permission.SETTINGS)
def index() -> ResponseReturnValue:
    allow_large_body()
    form = SealForm()
    picture = read(form) if form.validate_on_submit() else None
    if picture is None:
        return page(form), status_of(form)
    start_writing(db.session)
    association = recruiting.association(db.session)
    imprinting.change_seal(db.session, association, picture, actor=actor(), now=now())
    db.session.commit()
    flash("印章已保存，以后打开、下载的聘书都带它。")
    return redirect(url_for("seal.index"), 303)


@seal.post("/remove")
@open_to(Permission.SETTINGS)
def remove() -> ResponseReturnValue:
    if not VolunteerForm().validate():
        flash("页面停留太久，印章没有删除，请再点一次。")
    else:
        start_writing(db.session)
        association = recruiting.association(db.session)
        imprinting.change_seal(db.session, association, None, actor=actor(), now=now())
        db.session.commit()
        flash("印章图片已删除，聘书落款处留出盖章的地方。")
    return redirect(url_for("seal.index"), 303)


def read(form: SealForm) -> bytes | None:
    """What was chosen, as it will be kept; a sentence at the field where it cannot be."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid("请选择要上传的图片", field="file")
        return imprinting.read_seal(file.stream.read())
    except Invalid as invalid:
        form.file.errors = [invalid.message]
        return None


def page(form: SealForm) -> str:
    picture = recruiting.association(db.session).seal_image
    shown = seal_address(picture) if picture else ""
    return render_template("admin/seal.html", form=form, picture=shown)
