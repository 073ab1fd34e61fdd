"""The notice: who is asked for what until when; the pre-check; how the pages are used."""

from __future__ import annotations

import enum
import re
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ..db import db
from ..domain.days import read_day
from ..domain.identity import read_number
from ..domain.refusal import Invalid
from ..domain.rules import Facts, assess
from ..domain.text import clean_digits, clean_line
from ..domain.vocabulary import Education, IdType
from ..models import Recruitment
from ..services import recruiting
from .access import PUBLIC, https, open_to
from .account import status_of
from .clock import now, today
from .inputs import Required, VolunteerForm

notice = Blueprint("notice", __name__)


#: An address of this site, in signs that a browser does not read otherwise.
_HERE = re.compile(r"/(?:[!-.0-\[\]-~][!-~]*)?")


class Phase(enum.Enum):
    """The three forms of the notice page, and none at all."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"
    NONE = "none"


def phase_of(recruitment: Recruitment | None) -> Phase:
    if recruitment is None:
        return Phase.NONE
    if recruitment.terms.is_open(now()):
        return Phase.OPEN
    return Phase.COMING if now() < recruitment.terms.opens_at else Phase.CLOSED


class CheckForm(VolunteerForm):
    """What is enough to say whether somebody may apply; nothing of it is stored."""

    born = StringField(
        "出生日期或身份证号码",
        validators=[Required()],
        filters=[lambda text: clean_line(text or "")],
        description="例如1960-3-12。填身份证号码的，只用来算年龄，不保存。",
    )
    education = RadioField(
        "最高学历",
        choices=[SelectChoice(*choice) for choice in Education.choices()],
        validators=[Required(verb="请选择")],
        description="选已经取得的最高一项，在读的不算。",
    )
    speciality = RadioField(
        "有没有能证明的专业特长",
        choices=[SelectChoice("yes", "有"), SelectChoice("no", "没有")],
        validators=[Required(verb="请选择")],
        description="例如食品检验、法律、计量、会计，有资格证、职称证或单位证明。",
    )

    def validate_born(self, field: Any) -> None:
        try:
            self.birth_date = _birth_date(field.data)
        except Invalid as invalid:
            raise ValidationError(invalid.message) from invalid

    def facts(self) -> Facts:
        return Facts(
            at=now(),
            born=self.birth_date,
            education=Education(self.education.data),
            speciality=self.speciality.data == "yes",
        )


def _birth_date(text: str) -> Any:
    """A number of 15 or more characters is a card's, anything else a day."""
    if len(clean_digits(text)) >= 15:
        number = read_number(IdType.RESIDENT_ID, text, on=today())
        return number.birth_date
    born = read_day(text, field="born")
    if not born.year >= 1900 or born > today():
        raise Invalid("出生日期不合理，请核对年份", field="born")
    return born


@notice.get("/")
@open_to(PUBLIC)
def home() -> ResponseReturnValue:
    recruitment = recruiting.current(db.session, today())
    days = (recruitment.closes_on - today()).days if recruitment else 0
    return render_template(
        "notice/home.html",
        recruitment=recruitment,
        phase=phase_of(recruitment).value,
        days=days,
        days_to_opening=(recruitment.opens_on - today()).days if recruitment else 0,
    )


@notice.route("/check", methods=["GET", "POST"])
@open_to(PUBLIC)
def check() -> ResponseReturnValue:
    """先看看我能不能报名: the rule sheet for a few answers, nothing stored."""
    recruitment = recruiting.current(db.session, today())
    if recruitment is None:
        return redirect(url_for("notice.home"), 303)
    form = CheckForm()
    assessment = None
    if form.validate_on_submit():
        assessment = assess(form.facts(), recruitment.terms)
    page = render_template(
        "notice/check.html",
        form=form,
        assessment=assessment,
        recruitment=recruitment,
        phase=phase_of(recruitment).value,
    )
    return page, status_of(form)


@notice.get("/privacy")
@open_to(PUBLIC)
def privacy() -> ResponseReturnValue:
    return render_template("notice/privacy.html")


@notice.get("/accessibility")
@open_to(PUBLIC)
def accessibility() -> ResponseReturnValue:
    return render_template("notice/accessibility.html")


@notice.get("/ui/<any(elder, standard):mode>")
@open_to(PUBLIC)
def ui(mode: str) -> ResponseReturnValue:
    """长辈版 or not: a preference of this browser, kept for a year."""
    target = request.args.get("next", "/")
    if not _HERE.fullmatch(target):
        abort(400)
    response = redirect(target, 303)
    response.set_cookie("ui", mode, max_age=31_536_000, samesite="Lax", secure=https())
    return response
