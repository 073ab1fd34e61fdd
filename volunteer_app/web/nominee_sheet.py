"""名单表格, the unit's pages: template, upload, what is wrong, the sheet back, import."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import HiddenField

from ..db import db, start_writing, vault_of
from ..documents import nominee_sheet as documents
from ..domain.refusal import Invalid, Refused
from ..models import Recommendation
from ..services import nominee_sheets, recommending
from ..services.nominee_sheets import JudgedRow, Sheet
from .access import PUBLIC, open_to
from .account import status_of
from .clock import now
from .inputs import VolunteerForm
from .nominee_rows import judge
from .recommend_access import clerk, current_recommendation
from .uploads import allow_large_body

nominee_sheet = Blueprint("nominee_sheet", __name__, url_prefix="/recommend/nominees")

LARGEST_FILE = 10 * 1024 * 1024
#: Faults listed on the page; a phone has to show them.
MOST_SHOWN = 100
_TOO_LARGE = "文件超过10MB，请删去表格里的图片和名单以外的工作表后再上传。"
_CLOSED = "报名已经截止，不能再加人。"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(VolunteerForm):
    file = FileField(
        "填好的表格",
        description=".xlsx、.xls或.csv文件，不超过10MB，一次最多2000人。",
    )

    def sheet(self) -> Sheet | None:
        """What was uploaded; None with a sentence at the field where it cannot be used."""
        file = self.file.data
        if not file:
            self.file.errors = ["请选择填好的表格"]
            return None
        content = file.read(LARGEST_FILE + 1)
        file.close()
        if len(content) > LARGEST_FILE:
            self.file.errors = [_TOO_LARGE]
            return None
        try:
            return nominee_sheets.read_sheet(content)
        except Invalid as invalid:
            self.file.errors = [invalid.message]
            return None


class ImportForm(VolunteerForm):
    """`version` says which upload the page showed; `choice` is the button."""

    version = HiddenField()
    choice = HiddenField()


@nominee_sheet.get("/template.xlsx")
@open_to(PUBLIC)
def template() -> ResponseReturnValue:
    content = documents.template(current_recommendation().recruitment.terms)
    return _attached(content, "被推荐人名单模板.xlsx")


@nominee_sheet.route("/sheet", methods=["GET", "POST"])
@open_to(PUBLIC)
def upload() -> ResponseReturnValue:
    allow_large_body()
    recommendation = current_recommendation()
    try:
        form = UploadForm()
    except RequestEntityTooLarge:
        form = UploadForm(formdata=None)
        form.file.errors = [_TOO_LARGE]
        return _shown(recommendation, form)
    if not (form.validate_on_submit() and _may_add(recommendation, form)):
        return _shown(recommendation, form)
    if (sheet := form.sheet()) is None:
        return _shown(recommendation, form)
    start_writing(db.session)
    filename = form.file.data.filename or ""
    nominee_sheets.keep_sheet(db.session, current_recommendation(), filename, sheet, now=now())
    db.session.commit()
    return redirect(url_for("nominee_sheet.upload"), 303)


@nominee_sheet.get("/sheet.xlsx")
@open_to(PUBLIC)
def returned() -> ResponseReturnValue:
    """The sheet with what is wrong of each row; without one, to where it is uploaded."""
    recommendation = current_recommendation()
    sheet = nominee_sheets.kept_sheet(db.session, recommendation)
    if sheet is None:
        return redirect(url_for("nominee_sheet.upload"), 303)
    judged = _judged(recommendation, sheet)
    content = documents.returned(sheet, judged, recommendation.recruitment.terms)
    return _attached(content, "名单（带错误说明）.xlsx")


@nominee_sheet.post("/import")
@open_to(PUBLIC)
def take() -> ResponseReturnValue:
    """全部导入, or only the rows without a fault; those with one stay to be corrected."""
    form, recommendation = ImportForm(), current_recommendation()
    sheet = nominee_sheets.kept_sheet(db.session, recommendation)
    if sheet is None:
        flash("没有等着导入的表格，可能已经导入过了，请核对名单。", "wait")
        return redirect(url_for("nominee_sheet.upload"), 303)
    judged = _judged(recommendation, sheet)
    if not (form.validate() and _may_add(recommendation, form) and _may_take(form, judged)):
        return _shown(recommendation, UploadForm(formdata=None), form)
    try:
        wrong = _take(form, sheet, judged)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _shown(recommendation, UploadForm(formdata=None), form)
    flash(f"已导入{len(judged) - wrong}人。" + (f"还有{wrong}行有错没有导入。" if wrong else ""))
    return redirect(url_for("nominee_sheet.upload" if wrong else "nominees.index"), 303)


def _take(form: ImportForm, sheet: Sheet, judged: list[JudgedRow]) -> int:
    """Put the good rows into the list, keep the others; returns how many others there are.
    Raises Refused when the sheet or the list changed meanwhile."""
    start_writing(db.session)
    recommendation = current_recommendation()
    kept = nominee_sheets.kept_file(db.session, recommendation)
    if kept is None or kept[1] != form.version.data:
        raise Refused("表格刚刚换过，请看过新的结果再导入。")
    good = [row.answers for row in judged if row.good]
    recommending.add_nominees(db.session, recommendation, good, actor=clerk(), now=now())
    wrong = {row.number for row in judged if not row.good}
    if wrong:
        left = nominee_sheets.only_rows(sheet, wrong)
        nominee_sheets.keep_sheet(db.session, recommendation, kept[0], left, now=now())
    else:
        nominee_sheets.forget_sheet(db.session, recommendation)
    db.session.commit()
    return len(wrong)


def _may_add(recommendation: Recommendation, form: VolunteerForm) -> bool:
    if recommendation.recruitment.terms.is_open(now()):
        return True
    form.form_errors.append(_CLOSED)
    return False


def _may_take(form: ImportForm, judged: list[JudgedRow]) -> bool:
    good = sum(row.good for row in judged)
    if not good:
        form.form_errors.append("没有可以导入的行，请先按“怎么改”改好表格，再上传。")
    elif form.choice.data != "good" and good < len(judged):
        form.form_errors.append(f"还有{len(judged) - good}行有错，不能全部导入，请先改好。")
    return not form.form_errors


def _judged(recommendation: Recommendation, sheet: Sheet) -> list[JudgedRow]:
    return judge(
        sheet,
        recommendation.recruitment,
        existing=recommending.identity_keys(db.session, recommendation),
        vault=vault_of(db.session),
        now=now(),
    )


def _shown(
    recommendation: Recommendation, form: UploadForm, taking: ImportForm | None = None
) -> ResponseReturnValue:
    """The page: where to upload, and what the kept sheet is like."""
    sheet = nominee_sheets.kept_sheet(db.session, recommendation)
    kept = nominee_sheets.kept_file(db.session, recommendation)
    judged = _judged(recommendation, sheet) if sheet is not None else []
    filename, version = kept or ("", "")
    taking = taking or ImportForm(formdata=None)
    taking.version.data = version
    faults = [(row, fault) for row in judged for fault in row.faults]
    page = render_template(
        "recommend/sheet.html",
        form=form,
        taking=taking,
        sheet=sheet,
        filename=filename,
        judged=judged,
        good=sum(row.good for row in judged),
        faults=faults[:MOST_SHOWN],
        fault_count=len(faults),
        noted=[row for row in judged if row.good and row.notes],
    )
    return page, max(status_of(form), status_of(taking))


def _attached(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, mimetype=_XLSX, headers=headers)
